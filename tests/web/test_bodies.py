"""Where a member is that was refused: msgspec's path as a JSON pointer (RFC 6901)."""

import pytest

from credentials.web.bodies import pointer
from credentials.web.metrics import method_label


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", ""),
        (".name", "/name"),
        (".deliverables[1].name", "/deliverables/1/name"),
        ("[0][2]", "/0/2"),
        (".a[...]", "/a/..."),
        (".a/b", "/a~1b"),
        (".a~b", "/a~0b"),
    ],
)
def test_pointers(path: str, said: str) -> None:
    assert pointer(path) == said


@pytest.mark.parametrize(("method", "label"), [("GET", "GET"), ("POST", "POST"), ("ANA SOUZA", "other"), ("", "other")])
def test_only_known_methods_are_labels(method: str, label: str) -> None:
    assert method_label(method) == label
