"""What a report says in public: the same in both forms, and nothing that was not signed."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.status_story import StatusEvent
from credentials.verifier.checks import CheckKind
from credentials.verifier.report import IssuerView, Report, StatusNote
from credentials.verifier.states import State
from tests.verifier.world import DAY, INDEX, World

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=9))
PROVED = IssuerView("did:web:a.example", None, "a.example", "operator", AT.astimezone(EAST))


def said(report: Report) -> dict[str, Any]:
    """What it says as JSON, once both ways to write it agree."""
    whole = strict_json.parse_object(report.to_bytes(), max_bytes=1 << 20)
    assert strict_json.parse_object(strict_json.dump(report.to_json()), max_bytes=1 << 20) == whole
    return whole


def tampered(token: bytes) -> bytes:
    head, body, signature = token.split(b".")
    return b".".join((head, body, (b"B" if signature[:1] == b"A" else b"A") + signature[1:]))


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_what_was_signed_is_said_with_who_signed_it(world: World) -> None:
    whole = said(world.verify(world.token()))
    assert (whole["verdict"], whole["state"]) == ("valid", "GENUINE")
    assert whole["credential"]["issuer"]["id"] == whole["issuer"]["id"] == world.issuer.did
    assert whole["issuer"]["since"] is None
    assert {"status", "endorsements"} & whole.keys() == set()
    assert [check["number"] for check in whole["checks"]] == [int(kind) for kind in CheckKind]


@pytest.mark.parametrize("kind", ["tampered", "no credential"])
def test_what_was_not_signed_is_not_repeated(world: World, kind: str) -> None:
    data = tampered(world.token()) if kind == "tampered" else b'{"name":"Ana Souza"}'
    report = world.verify(data)
    assert report.credential is None
    assert {"credential", "issuer", "status", "endorsements"} & said(report).keys() == set()
    assert b"Ana Souza" not in report.to_bytes()
    assert b"Acme Cargo" not in report.to_bytes()


def test_what_was_withdrawn_says_since_when_and_why() -> None:
    world = World()
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("revoked", (world.now - DAY).astimezone(EAST), 'Issued in "error"\\'))
    report = world.verify(world.token())
    assert report.state is State.REVOKED
    assert said(report)["status"] == {
        "kind": "revoked",
        "at": "2026-05-31T12:00:00Z",
        "reason": 'Issued in "error"\\',
        "successor": None,
    }


@pytest.mark.parametrize(
    ("view", "confirmed", "since"),
    [
        (IssuerView("did:web:a.example"), False, None),
        (IssuerView("did:web:a.example", "a.example"), False, None),
        (IssuerView("did:web:a.example", None, "a.example", "did:web"), True, None),
        (
            IssuerView("did:web:a.example", None, "a.example", "operator", AT.astimezone(EAST)),
            True,
            "2026-03-16T09:00:00Z",
        ),
    ],
    ids=["only an id", "a name is no domain", "proved anew each time", "proved once"],
)
def test_an_issuer_is_confirmed_by_a_domain_alone(view: IssuerView, confirmed: bool, since: str | None) -> None:
    whole = view.to_json()
    assert (whole["confirmed"], whole["since"]) == (confirmed, since)
    assert whole.keys() == {"id", "name", "confirmed", "domain", "level", "since"}


def test_the_corrected_version_is_named() -> None:
    note = StatusNote("replaced", AT, successor="https://a.example/c/2")
    assert note.to_json() == {
        "kind": "replaced",
        "at": "2026-03-16T09:00:00Z",
        "reason": "",
        "successor": "https://a.example/c/2",
    }


@pytest.mark.parametrize("name", ["", "FORM", "form ", "issuer_key", "20"])
def test_a_check_of_another_name_is_none(world: World, name: str) -> None:
    with pytest.raises(KeyError):
        world.verify(b"").check(name)


@pytest.mark.parametrize("kind", list(CheckKind), ids=lambda kind: kind.public_id)
def test_every_check_is_found_by_its_name(world: World, kind: CheckKind) -> None:
    assert world.verify(b"").check(kind.public_id).number == kind
