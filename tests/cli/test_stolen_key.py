"""A stolen key on the command line: report it, take timestamps, hand one over, verify with it."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.cli.invocation import Invocation
from credentials.core.timestamps import accept_answer, timestamp_request
from credentials.issuer.stamping import Stamper
from tests.cli.conftest import Credentials, Demo
from tests.timestamp_authority import TimestampAuthority

NORTHWIND = "northwind-bakeries"
HOUR = timedelta(hours=1)


def stamped(demo: Demo, authority: TimestampAuthority) -> str:
    """The id of a credential of the demo, once it has its timestamps."""

    def stamp(data: bytes) -> bytes:
        return accept_answer(authority.answer(timestamp_request(data, 7)), data, 7, authority.roots)

    with Invocation(demo.folder, as_json=False).service() as service:
        stamper = Stamper(service.engine, stamp, service.clock)
        for credential_id in stamper.missing(100):
            stamper.run(credential_id)
    return demo.links.genuine.rpartition("/")[2]


def key_in_use(credentials: Credentials, demo: Demo) -> str:
    listed = credentials("keys", "list", "--issuer", NORTHWIND, "--data", demo.folder, "--json")
    (name,) = [key["name"] for key in json.loads(listed.out)["keys"] if key["state"] == "active"]
    return str(name)


def test_what_was_stamped_before_the_theft_is_valid(
    own_demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    authority = TimestampAuthority(at=now - 2 * HOUR)
    credential_id = stamped(own_demo, authority)
    (tmp_path / "roots.pem").write_bytes(authority.root.pem)
    told = credentials(
        "keys", "stolen", "--issuer", NORTHWIND, key_in_use(credentials, own_demo),
        "--since", (now - HOUR).isoformat(timespec="seconds"), "--data", own_demo.folder,
    )  # fmt: skip
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("Reported key-")
    export = ("export", credential_id, "--form", "vc+jwt", "--stamp", tmp_path / "a.tst", "--data", own_demo.folder)
    exported = credentials(*export, "--json")
    document = json.loads(exported.out)
    assert base64.b64decode(document["stamp"]) == (tmp_path / "a.tst").read_bytes()
    (tmp_path / "a.jwt").write_text(document["body"], encoding="ascii")
    verify = ("verify", tmp_path / "a.jwt", "--data", own_demo.folder)
    other = ["openssl", "ts", "-verify", "-token_in", "-in", "a.tst", "-data", "a.jwt", "-CAfile", "roots.pem"]
    assert subprocess.run(other, cwd=tmp_path, capture_output=True, check=False).stdout == b"Verification: OK\n"

    assert "NOT_THEIR_KEY" in credentials(*verify).out  # nobody is trusted
    monkeypatch.setenv("CREDENTIALS_TIMESTAMP_ROOTS", str(tmp_path / "roots.pem"))
    assert "GENUINE" in credentials(*verify).out
    (tmp_path / "b.tst").write_bytes(b"garbage")
    refused = credentials(*verify, "--stamp", tmp_path / "b.tst")
    assert (refused.code, "timestamp-unreadable" in refused.out) == (1, True)
    assert credentials(*verify, "--stamp", tmp_path / "b.tst", "--stamp", tmp_path / "a.tst").code == 0


def test_without_a_service_the_roots_come_from_the_setting(
    own_demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline, with the documents and the timestamp as files."""
    now = datetime.now(UTC)
    authority = TimestampAuthority(at=now - 2 * HOUR)
    credential_id = stamped(own_demo, authority)
    since = (now - HOUR).isoformat(timespec="seconds")
    credentials(
        "keys", "stolen", "--issuer", NORTHWIND, key_in_use(credentials, own_demo), "--since", since,
        "--data", own_demo.folder,
    )  # fmt: skip
    exported = credentials(
        "export", credential_id, "--form", "vc+jwt", "--stamp", tmp_path / "a.tst", "--data", own_demo.folder
    )
    (tmp_path / "a.jwt").write_text(exported.out.strip(), encoding="ascii")
    with Invocation(own_demo.folder, as_json=False).service() as service:
        address = f"{service.base_url.replace('http:', 'https:')}/issuers/{NORTHWIND}/did.json"
        (tmp_path / "did.json").write_bytes(service.issuer.did_document(NORTHWIND))
    (tmp_path / "roots.pem").write_bytes(authority.root.pem)
    monkeypatch.setenv("CREDENTIALS_TIMESTAMP_ROOTS", str(tmp_path / "roots.pem"))
    verify = (
        "verify", tmp_path / "a.jwt", "--offline", "--document", f"{address}={tmp_path / 'did.json'}", "--json",
    )  # fmt: skip

    with_stamp = json.loads(credentials(*verify, "--stamp", tmp_path / "a.tst").out)
    without = json.loads(credentials(*verify).out)

    outcome = {check["id"]: check["outcome"] for check in with_stamp["checks"]}
    assert (outcome["earlier-than-compromise"], outcome["signature"]) == ("passed", "passed")
    assert without["state"] == "NOT_THEIR_KEY"


def test_a_form_without_a_timestamp(own_demo: Demo, credentials: Credentials, tmp_path: Path) -> None:
    credential_id = own_demo.links.genuine.rpartition("/")[2]
    export = ("export", credential_id, "--form", "vc+jwt", "--data", own_demo.folder)

    refused = credentials(*export, "--stamp", tmp_path / "a.tst")

    assert "stamp-not-taken" in refused.err
    assert not (tmp_path / "a.tst").exists()
    assert "stamp" not in json.loads(credentials(*export, "--json").out)


def test_stamping_without_an_authority(own_demo: Demo, credentials: Credentials) -> None:
    refused = credentials("stamp", "--data", own_demo.folder)

    assert (refused.out, refused.err.count("\n")) == ("", 1)
    assert refused.err.endswith("[no-timestamp-authority]\n")


def test_stamping_with_an_authority_that_is_away(
    own_demo: Demo, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roots.pem").write_bytes(TimestampAuthority().root.pem)
    monkeypatch.setenv("CREDENTIALS_TIMESTAMP_ROOTS", str(tmp_path / "roots.pem"))
    monkeypatch.setenv("CREDENTIALS_TIMESTAMP_AUTHORITY", "https://timestamps.invalid/")

    refused = credentials("stamp", "--limit", 1, "--data", own_demo.folder)

    assert (refused.code, refused.out) == (69, "")
    assert "timestamps.invalid" in refused.err


@pytest.mark.parametrize("since", ["yesterday", "2026-05-29", "2026-05-29T12:00:00", ""])
def test_the_moment_of_a_theft_has_a_zone(own_demo: Demo, credentials: Credentials, since: str) -> None:
    refused = credentials("keys", "stolen", "--issuer", NORTHWIND, "key-x", "--since", since, "--data", own_demo.folder)

    assert refused.err.endswith("[bad-instant]\n")


def test_an_unknown_key(own_demo: Demo, credentials: Credentials) -> None:
    moment = "2026-05-29T12:00:00Z"

    refused = credentials("keys", "stolen", "--issuer", NORTHWIND, "x", "--since", moment, "--data", own_demo.folder)

    assert "[issuer-key-unknown]" in refused.err
