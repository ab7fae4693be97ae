"""What resolvers share."""

import subprocess
import sys

import pytest

from credentials.verifier import errors
from credentials.verifier.errors import AnswerTooLarge, ResolutionFailed
from credentials.verifier.resolvers.resolver import first_type, utc_now, within


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("", ""), ("*/*", "*/*"), ("A/B;q=0.1, c/d", "a/b"), (" a/b ,c/d", "a/b"), (";q=1", ""), (",a/b", "")],
)
def test_first_type(accept: str, expected: str) -> None:
    assert first_type(accept) == expected


def test_within() -> None:
    assert within(b"abc", 3, "u") == b"abc"
    with pytest.raises(AnswerTooLarge) as caught:
        within(b"abcd", 3, "u")
    assert caught.value.where == "u"


def test_the_clock_is_aware() -> None:
    assert utc_now().utcoffset() is not None


def test_resolving_offline_loads_no_http_client() -> None:
    program = "import sys, credentials.verifier.resolvers; print(sorted({'requests', 'urllib3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"[]\n"


def test_every_failure_is_of_one_family_with_a_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ResolutionFailed)]
    assert len(kinds) > 10
    assert all(kind.code and kind.advice for kind in kinds if kind is not ResolutionFailed)
