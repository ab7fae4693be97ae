"""From the company's file to the candidate's choice to the employer's verdict, on the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credentials.core import base64url
from credentials.core.keys import PublicKey
from credentials.core.sd_jwt.key_binding import KeyBinding, check_key_binding
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.keyring.private_keys import generate, load
from tests.cli.conftest import Credentials, Demo
from tests.cli.test_commands import SLUG, assert_one_line
from tests.verifier.sd_world import SdWorld

HEADING = "Name,Project,Summary,Start date,End date,Supervisor,Deliverables,Pay,Ratings"
ROW = (
    "Ana Souza,Survey,Asked 20 people,2026-02-02,2026-02-20,Kim Larsen,"
    "Report;Raw notes (confidential),EUR 400,SQL: 4 of 5 (Read all)"
)
SECRETS = ("EUR 400", "4 of 5", "Raw notes", "Read all")


@pytest.fixture
def issued(own_demo: Demo, credentials: Credentials, tmp_path: Path) -> str:
    """The link of a credential with private parts, from a CSV file."""
    sheet, report = tmp_path / "done.csv", tmp_path / "report.csv"
    sheet.write_text(f"{HEADING}\n{ROW}\n", encoding="utf-8")
    options = ("--issuer", SLUG, "--report", report, "--data", own_demo.folder)
    assert credentials("issue", sheet, *options).code == 0
    link = next(cell for cell in report.read_text(encoding="utf-8-sig").split(",") if "/c/" in cell)
    return link.strip()


def bound(holder: PublicKey) -> bytes:
    """An SD-JWT VC that names its holder's key."""
    return SdWorld().sd_jwt_vc(SdWorld().claims(holder=holder))


def exported(credentials: Credentials, demo: Demo, link: str, form: str, folder: Path) -> Path:
    outcome = credentials("export", link, "--form", form, "--data", demo.folder)
    assert outcome.code == 0
    file = folder / "mine.sd-jwt"
    file.write_text(outcome.out, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", ["vc+sd-jwt", "dc+sd-jwt"])
def test_from_the_file_to_the_verdict(
    own_demo: Demo, credentials: Credentials, issued: str, tmp_path: Path, form: str
) -> None:
    mine = exported(credentials, own_demo, issued, form, tmp_path)
    told = credentials("disclose", mine).out
    assert all(words in told for words in ("pay", "Compensation: EUR 400", "sql", "Deliverable: Raw notes"))
    hidden = [word for name in ("pay", "sql", "reason", "deliverable-2") for word in ("--without", name)]
    shown = tmp_path / "shown.sd-jwt"
    shown.write_text(credentials("disclose", mine, *hidden).out, encoding="utf-8")
    whole = credentials("verify", "--json", mine, "--data", own_demo.folder)
    rest = credentials("verify", "--json", shown, "--data", own_demo.folder)
    assert (whole.json()["state"], rest.json()["state"]) == ("GENUINE", "GENUINE")
    assert all(secret in whole.out for secret in SECRETS)
    assert not any(secret in rest.out for secret in SECRETS)
    assert "Ana Souza" in rest.out
    public = credentials("verify", "--json", issued, "--data", own_demo.folder).out
    assert not any(secret in public for secret in SECRETS)


def test_only_what_is_kept(own_demo: Demo, credentials: Credentials, issued: str, tmp_path: Path) -> None:
    mine = exported(credentials, own_demo, issued, "vc+sd-jwt", tmp_path)
    answer = credentials("disclose", mine, "--keep", "name", "--json").json()["presentation"]
    assert [one.value["identityHash"] for one in parse_sd_jwt(answer.encode()).disclosures] == ["Ana Souza"]
    parts = credentials("disclose", mine, "--json").json()["parts"]
    assert {"name": "name", "words": "Name: Ana Souza", "pointers": ["/credentialSubject/identifier/0"]} in parts


def test_what_cannot_be_done(own_demo: Demo, credentials: Credentials, issued: str, tmp_path: Path) -> None:
    mine = exported(credentials, own_demo, issued, "vc+sd-jwt", tmp_path)
    assert_one_line(credentials("disclose", mine, "--without", "nobody"), 65, "nothing-to-hide")
    key = tmp_path / "key.jwk"
    secret = generate("Ed25519")
    key.write_text(json.dumps({**load("Ed25519", secret).public.to_jwk(), "d": base64url.encode(secret)}))
    assert credentials("disclose", mine, "--key", key).code == 64
    signing = ("--key", key, "--audience", "a", "--nonce", "n")
    assert_one_line(credentials("disclose", mine, *signing), 65, "holder-key-missing")
    key.write_text("{}")
    theirs = tmp_path / "bound.sd-jwt"
    theirs.write_bytes(bound(load("Ed25519", secret).public))
    assert_one_line(credentials("disclose", mine, *signing), 65, "holder-key-unreadable")
    other = generate("P-256")
    key.write_text(json.dumps({**load("P-256", other).public.to_jwk(), "d": base64url.encode(other)}))
    assert_one_line(credentials("disclose", theirs, *signing), 65, "key-binding-mismatch")


def test_a_presentation_signed_by_its_holder(credentials: Credentials, tmp_path: Path) -> None:
    secret = generate("Ed25519")
    public = load("Ed25519", secret).public
    key, mine = tmp_path / "key.jwk", tmp_path / "mine.sd-jwt"
    key.write_text(json.dumps({**public.to_jwk(), "d": base64url.encode(secret)}))
    mine.write_bytes(bound(public))
    signing = ("--key", key, "--audience", "https://verifier.example", "--nonce", "n-1")
    answer = credentials("disclose", mine, "--without", "pay", *signing)
    sd_jwt = parse_sd_jwt(answer.out.strip().encode())
    check_key_binding(sd_jwt, KeyBinding("https://verifier.example", "n-1"), datetime.now(UTC))
    assert "EUR 400" not in str(sd_jwt.disclosures)


def test_forms_that_were_not_made(own_demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    sheet = tmp_path / "plain.csv"
    sheet.write_text("Name,Project,Summary,Start date,End date,Supervisor\nA B,C,D,2026-02-02,2026-02-20,E\n")
    for option, code in (((), 65), (("--selective",), 0)):
        options = ("--issuer", SLUG, "--report", tmp_path / "r.csv", "--data", own_demo.folder)
        assert credentials("issue", sheet, *option, *options).code == 0
        row = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()[1]
        link = next(cell for cell in row.split(",") if "/c/" in cell)
        outcome = credentials("export", link, "--form", "dc+sd-jwt", "--data", own_demo.folder)
        assert outcome.code == code
        assert ("[form-not-made]" in outcome.err) == bool(code)
