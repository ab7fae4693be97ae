"""Each of the fourteen states, from real signed bytes."""

from collections.abc import Callable
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.base64url import decode, encode
from credentials.core.status_story import StatusEvent
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report, StatusNote
from credentials.verifier.states import SHOWN_STATES, State
from tests.verifier.world import (
    DAY,
    INDEX,
    NOW,
    SUCCESSOR,
    Ed25519Key,
    Issuer,
    P256Key,
    World,
    confirming,
    list_url,
)

WITHDRAWN_AT = NOW - 10 * DAY


def tampered(token: bytes) -> bytes:
    """The same token with another name in its payload, under the old signature."""
    head, body, tail = token.decode().split(".")
    changed = decode(body).replace(b"Ana Souza", b"Eve Souza")
    assert changed != decode(body)
    return f"{head}.{encode(changed)}.{tail}".encode()


def unsigned(world: World, **options: Any) -> bytes:
    return strict_json.dump(world.document(**options))


def unreadable() -> Report:
    return World().verify(World().token()[:-40])


def no_key() -> Report:
    world = World()
    world.published.clear()
    return world.verify(world.token())


def not_their_key() -> Report:
    world = World()
    thief = Issuer(world.issuer.did, {"k2": Ed25519Key(9)})
    return world.verify(thief.secure(unsigned(world), name="k2"))


def stolen_key() -> Report:
    world = World()
    world.issuer.revoked["k1"] = NOW - 3 * DAY
    world.publish_document()
    return world.verify(world.token())


def tampered_report() -> Report:
    return World().verify(tampered(World().token()))


def only_a_test() -> Report:
    world = World()
    world.policy = TrustPolicy(sandbox=frozenset({world.issuer.did}))
    return world.verify(world.token())


def replaced() -> Report:
    world = World()
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("replaced", WITHDRAWN_AT, "wrong hours", SUCCESSOR))
    return world.verify(world.token())


def revoked() -> Report:
    world = World()
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("revoked", WITHDRAWN_AT, "issued in error"))
    return world.verify(world.token())


def revoked_without_story() -> Report:
    world = World()
    world.publish_list("revocation", [INDEX])
    return world.verify(world.token())


def suspended() -> Report:
    world = World()
    world.publish_list("suspension", [INDEX])
    world.publish_story(StatusEvent("suspended", WITHDRAWN_AT, "under review"))
    return world.verify(world.token())


def expired() -> Report:
    world = World()
    return world.verify(world.token(valid_until=NOW - DAY))


def not_yet() -> Report:
    world = World()
    return world.verify(world.token(valid_from=NOW + DAY))


def issuer_suspended() -> Report:
    world = World()
    world.policy = TrustPolicy(suspended={world.issuer.did: (NOW - 5 * DAY, "the domain lapsed")})
    return world.verify(world.token())


def unconfirmed() -> Report:
    world = World(Issuer("did:web:credentials.example:issuers:acme"))
    return world.verify(world.token())


def unconfirmed_did_key() -> Report:
    world = World(Issuer(Ed25519Key(3).public.to_did_key(), {"k1": Ed25519Key(3)}))
    return world.verify(world.token())


def cant_check() -> Report:
    world = World()
    del world.published[list_url("revocation")]
    return world.verify(world.token())


def cant_check_stale() -> Report:
    world = World()
    world.publish_list("revocation", built=NOW - 2 * DAY)
    return world.verify(world.token())


def genuine() -> Report:
    return World().verify(World().token())


def genuine_hosted() -> Report:
    world = World(Issuer("did:web:credentials.example:issuers:acme"))
    world.policy = confirming(world.issuer.did)
    return world.verify(world.token())


def genuine_p256() -> Report:
    world = World(Issuer("did:web:acme.example", {"k1": P256Key()}))
    return world.verify(world.token())


CASES = [
    (unreadable, State.UNREADABLE, "We can't read this. Ask for the link."),
    (no_key, State.NO_KEY, "We couldn't reach the issuer's key, so we can't say yet."),
    (not_their_key, State.NOT_THEIR_KEY, "Not genuine: the key it was signed with isn't the issuer's."),
    (stolen_key, State.NOT_THEIR_KEY, "Not genuine: the key it was signed with was reported stolen on 29 May 2026."),
    (tampered_report, State.TAMPERED, "Not genuine: it doesn't match its signature. Details hidden."),
    (only_a_test, State.TEST, "Test only. Proves nothing."),
    (replaced, State.REPLACED, "acme.example issued a corrected version on 22 May 2026. Open it."),
    (revoked, State.REVOKED, "Withdrawn by acme.example on 22 May 2026: issued in error. Don't rely on it."),
    (revoked_without_story, State.REVOKED, "Withdrawn by the issuer."),
    (suspended, State.SUSPENDED, "On hold since 22 May 2026. Ask acme.example."),
    (expired, State.EXPIRED, "Expired 31 May 2026. The signature is good and the work still happened."),
    (not_yet, State.NOT_YET, "Starts 2 Jun 2026. The signature is good."),
    (
        issuer_suspended,
        State.ISSUER_SUSPENDED,
        "This service no longer vouches for acme.example, since 27 May 2026: the domain lapsed.",
    ),
    (unconfirmed, State.UNCONFIRMED_ISSUER, "Signature good, but anyone could use this company name."),
    (unconfirmed_did_key, State.UNCONFIRMED_ISSUER, "Signature good, but anyone could use this company name."),
    (cant_check, State.CANT_CHECK, "Signature good; we couldn't ask whether it was withdrawn."),
    (
        cant_check_stale,
        State.CANT_CHECK,
        "Signature good; we couldn't ask whether it was withdrawn. Last confirmed 30 May 2026.",
    ),
    (genuine, State.GENUINE, "Genuine and current. Signed by acme.example on 16 Mar 2026; unchanged since."),
    (genuine_hosted, State.GENUINE, "Genuine and current. Signed by acme.example on 16 Mar 2026; unchanged since."),
    (genuine_p256, State.GENUINE, "Genuine and current. Signed by acme.example on 16 Mar 2026; unchanged since."),
]
"""How each state comes about, and what is then said."""


@pytest.mark.parametrize(("made", "state", "said"), CASES, ids=[made.__name__ for made, _, _ in CASES])
def test_every_state_comes_from_real_bytes(made: Callable[[], Report], state: State, said: str) -> None:
    report = made()
    assert (report.state, report.words) == (state, said)
    assert report.verdict is state.verdict


def test_no_state_is_left_out() -> None:
    assert {state for _, state, _ in CASES} == set(State)


@pytest.mark.parametrize("made", [made for made, _, _ in CASES], ids=[made.__name__ for made, _, _ in CASES])
def test_only_a_signature_that_holds_shows_what_was_signed(made: Callable[[], Report]) -> None:
    report = made()
    said = report.to_json()
    shown = report.state in SHOWN_STATES
    assert (report.credential is not None, report.verified is not None, report.issuer is not None) == (shown,) * 3
    assert ("credential" in said, "issuer" in said) == (shown, shown)
    if not shown:
        assert "Souza" not in strict_json.dump(said).decode()
        assert "Acme" not in strict_json.dump(said).decode()


@pytest.mark.parametrize("made", [made for made, _, _ in CASES], ids=[made.__name__ for made, _, _ in CASES])
def test_green_means_that_every_check_passed_or_does_not_apply(made: Callable[[], Report]) -> None:
    report = made()
    green = all(check.outcome in ("passed", "not_applicable") for check in report.checks)
    assert green is (report.state is State.GENUINE)
    assert [check.number for check in report.checks] == list(range(1, 20))


def test_the_story_behind_a_bit_is_told() -> None:
    assert replaced().status == StatusNote("replaced", WITHDRAWN_AT, "wrong hours", SUCCESSOR)
    assert revoked().status == StatusNote("revoked", WITHDRAWN_AT, "issued in error", None)
    assert revoked_without_story().status is None
    assert replaced().to_json()["status"]["successor"] == SUCCESSOR


def test_the_name_an_issuer_gave_itself_is_never_the_headline() -> None:
    report = unconfirmed()
    assert report.issuer is not None
    assert (report.issuer.name, report.issuer.domain, report.issuer.confirmed) == ("Acme Cargo GmbH", None, False)
    assert "Acme" not in report.words


def test_an_unconfirmed_issuer_is_called_the_issuer() -> None:
    world = World(Issuer("did:web:credentials.example:issuers:acme"))
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("revoked", WITHDRAWN_AT, "issued in error"))
    said = world.verify(world.token()).words
    assert said == "Withdrawn by the issuer on 22 May 2026: issued in error. Don't rely on it."


def test_the_first_state_that_matches_wins() -> None:
    world = World()
    world.policy = TrustPolicy(suspended={world.issuer.did: (NOW, "gone")}, sandbox=frozenset({world.issuer.did}))
    world.publish_list("revocation", [INDEX])
    world.publish_list("suspension", [INDEX])
    token = world.token(valid_until=NOW - DAY)
    seen = [world.verify(token).state]
    world.policy = TrustPolicy(suspended=world.policy.suspended)
    seen.append(world.verify(token).state)
    world.publish_list("revocation")
    seen.append(world.verify(token).state)
    world.publish_list("suspension")
    seen.append(world.verify(token).state)
    seen.append(world.verify(world.token()).state)
    assert seen == [State.TEST, State.REVOKED, State.SUSPENDED, State.EXPIRED, State.ISSUER_SUSPENDED]
