"""A file and a credential: the accepted file is known by its digests, and no other one is."""

import hashlib
import io
from base64 import b64encode

import pytest

from credentials.core.errors import MalformedRelatedResource
from credentials.verifier.deliverables import ALGORITHMS, accepted_as, digests_of_stream

REPORT = b"What we found.\n"


def sri(content: bytes, name: str = "sha384") -> str:
    return f"{name}-{b64encode(hashlib.new(name, content).digest()).decode()}"


def evidence(digest: str, name: str | None = "Report", number: int = 1) -> dict[str, object]:
    made: dict[str, object] = {"id": f"https://files.example/{number}", "type": ["Evidence"], "digestSRI": digest}
    return made | ({} if name is None else {"name": name})


def digests(content: bytes) -> dict[str, bytes]:
    return dict(digests_of_stream(io.BytesIO(content)))


def test_digests_of_a_long_file_are_made_in_pieces() -> None:
    content = bytes(range(256)) * 4096

    assert digests(content) == {name: hashlib.new(name, content).digest() for name in ALGORITHMS}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_accepted_file(name: str) -> None:
    document = {"evidence": [evidence(sri(b"other", name), "Slides", 2), evidence(sri(REPORT, name))]}

    assert accepted_as(document, digests(REPORT)) == ("Report",)


def test_without_a_name_its_address_is_told() -> None:
    assert accepted_as({"evidence": evidence(sri(REPORT), None)}, digests(REPORT)) == ("https://files.example/1",)


@pytest.mark.parametrize("content", [b"", REPORT[:-1], REPORT + b" ", b"other"])
def test_any_other_file(content: bytes) -> None:
    document = {"evidence": [evidence(sri(REPORT)), {"type": ["Evidence"], "name": "No digest"}]}

    assert accepted_as(document, digests(content)) == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"evidence": []},
        {"evidence": "Report"},
        {"evidence": [None, "Report", {"name": "Report"}]},
        {"relatedResource": {"id": "https://files.example/1", "digestSRI": sri(REPORT)}},
    ],
    ids=["nothing", "empty", "text", "odd", "elsewhere"],
)
def test_what_states_no_digest_of_evidence(document: dict[str, object]) -> None:
    assert accepted_as(document, digests(REPORT)) == ()


def test_all_digests_that_are_stated_must_fit() -> None:
    multihash = b"\x20\x30" + hashlib.sha384(b"other").digest()
    both = evidence(sri(REPORT)) | {"digestMultibase": "u" + b64encode(multihash, b"-_").decode().rstrip("=")}

    assert accepted_as({"evidence": [both]}, digests(REPORT)) == ()
    assert accepted_as({"evidence": [both]}, digests(b"other")) == ()


def test_a_digest_that_is_none() -> None:
    with pytest.raises(MalformedRelatedResource):
        accepted_as({"evidence": [evidence("md5-abc")]}, digests(REPORT))
