"""`credentials verify` with a file at hand: whether it is the one that was accepted, or the agreement."""

import hashlib
from pathlib import Path

import pytest

from credentials.cli.invocation import Invocation
from credentials.core.micro_internship import sri
from credentials.issuer.draft import Deliverable
from tests.cli.conftest import Credentials, Outcome
from tests.web.conftest import make_draft

FINDINGS = b"What we found.\n"


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, with the token of a credential that names a file beside it."""
    folder = tmp_path_factory.mktemp("accepted")
    digest = sri(hashlib.sha384(FINDINGS).digest())
    report = Deliverable("Final report", "link", None, digest, "text/plain", len(FINDINGS))
    with Invocation(folder / "data", as_json=False).service() as service:
        service.issuer.create_issuer("acme", "Acme", None)
        service.issuer.confirm("acme", "acme.example", note="checked")
        issued = service.issuer.issue("acme", make_draft(deliverables=(report,)))
        (folder / "token.jwt").write_bytes(service.portfolio.signed(issued.id).body)
    (folder / "same under another name.bin").write_bytes(FINDINGS)
    (folder / "report.txt").write_bytes(FINDINGS[:-1])
    return folder


def verified(accepted: Path, credentials: Credentials, *words: object) -> Outcome:
    return credentials("verify", accepted / "token.jwt", "--data", accepted / "data", *words)


def test_the_file_that_was_accepted(accepted: Path, credentials: Credentials) -> None:
    same = accepted / "same under another name.bin"
    outcome = verified(accepted, credentials, "--deliverable", same)

    assert (outcome.code, outcome.err) == (0, "")
    assert f"{same} is the file that was accepted: Final report" in outcome.out
    told = verified(accepted, credentials, "--json", "--deliverable", same).json()
    assert told["deliverables"] == [{"file": str(same), "accepted": True, "name": "Final report"}]


def test_a_file_that_was_not_accepted(accepted: Path, credentials: Credentials) -> None:
    files = ("--deliverable", accepted / "report.txt", "--deliverable", accepted / "same under another name.bin")
    outcome = verified(accepted, credentials, *files)

    assert outcome.code == 1
    assert outcome.out.startswith("GENUINE")
    assert "report.txt is none of the files" in outcome.out
    told = verified(accepted, credentials, "--json", *files).json()
    assert [one["accepted"] for one in told["deliverables"]] == [False, True]
    assert "deliverables" not in verified(accepted, credentials, "--json").json()


def test_no_file_is_compared_with_what_nobody_signed(accepted: Path, credentials: Credentials, tmp_path: Path) -> None:
    token = bytearray((accepted / "token.jwt").read_bytes())
    token[-20:-19] = b"B" if token[-20:-19] == b"A" else b"A"
    (tmp_path / "forged.jwt").write_bytes(token)
    given = ("--data", accepted / "data", "--deliverable", accepted / "same under another name.bin")
    outcome = credentials("verify", tmp_path / "forged.jwt", *given)

    assert outcome.code == 1
    assert "was not compared" in outcome.out
    assert (
        credentials("verify", tmp_path / "forged.jwt", "--json", *given).json()["deliverables"][0]["accepted"] is None
    )


def test_a_file_that_is_not_there_or_beside_a_key(accepted: Path, credentials: Credentials) -> None:
    assert verified(accepted, credentials, "--deliverable", accepted / "missing").code == 64
    assert verified(accepted, credentials, "--deliverable", accepted / "report.txt", "--key", "k.json").code == 64


AGREED = b'{"terms":{"title":"Final report"}}'


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, with the token of a credential that names an agreement, and of one that names none."""
    folder = tmp_path_factory.mktemp("agreed")
    digest = sri(hashlib.sha384(AGREED).digest())
    with Invocation(folder / "data", as_json=False).service() as service:
        service.issuer.create_issuer("acme", "Acme", None)
        service.issuer.confirm("acme", "acme.example", note="checked")
        for name, draft in (("token.jwt", make_draft(agreement=digest)), ("none.jwt", make_draft())):
            issued = service.issuer.issue("acme", draft)
            (folder / name).write_bytes(service.portfolio.signed(issued.id).body)
    (folder / "agreement.json").write_bytes(AGREED)
    (folder / "another.json").write_bytes(AGREED + b"\n")
    return folder


@pytest.mark.parametrize(
    ("token", "file", "code", "same", "said"),
    [
        ("token.jwt", "agreement.json", 0, True, "is the agreement that this credential names"),
        ("token.jwt", "another.json", 1, False, "is not the agreement that this credential names"),
        ("none.jwt", "agreement.json", 2, None, "the credential names no agreement"),
    ],
)
def test_whether_this_is_the_agreement(
    token: str, file: str, code: int, same: bool | None, said: str, agreed: Path, credentials: Credentials
) -> None:
    words = ("verify", agreed / token, "--data", agreed / "data", "--agreement", agreed / file)
    outcome, told = credentials(*words), credentials(*words, "--json")

    assert (outcome.code, told.code) == (code, code)
    assert said in outcome.out
    assert told.json()["agreement"] == {"file": str(agreed / file), "same": same}


def test_an_agreement_beside_a_broken_signature_or_a_key(
    agreed: Path, credentials: Credentials, tmp_path: Path
) -> None:
    token = bytearray((agreed / "token.jwt").read_bytes())
    token[-20:-19] = b"B" if token[-20:-19] == b"A" else b"A"
    (tmp_path / "forged.jwt").write_bytes(token)
    given = ("--agreement", agreed / "agreement.json")
    forged = credentials("verify", tmp_path / "forged.jwt", "--data", agreed / "data", "--json", *given)

    assert forged.code == 1
    assert forged.json()["agreement"]["same"] is None
    assert credentials("verify", agreed / "token.jwt", "--key", "k.json", *given).code == 64
    assert credentials("verify", agreed / "token.jwt", "--agreement", agreed / "missing").code == 64


def test_an_agreement_is_no_deliverable(agreed: Path, credentials: Credentials) -> None:
    words = ("verify", agreed / "token.jwt", "--data", agreed / "data", "--deliverable", agreed / "agreement.json")
    assert credentials(*words).code == 1
