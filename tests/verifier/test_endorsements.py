"""Check (19): an endorsement counts when it holds, and whatever is wrong with one never touches the credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.did import did_web_to_url
from credentials.core.endorsement import Endorsed, write_endorsement
from credentials.verifier.checks import Outcome
from credentials.verifier.endorsements import MOST
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.verifier.world import CREDENTIAL_ID, DAY, ISSUED, NOW, Ed25519Key, Issuer, P256Key, World, confirming, entry

WORDS = "Careful, curious and on time."
OTHER = Issuer("did:web:other.example", {"k1": Ed25519Key(7)})
UNKNOWN = Issuer("did:web:nobody.example", {"k1": Ed25519Key(8)})


def endorsement(issuer: Issuer, **changes: Any) -> dict[str, Any]:
    unsigned = write_endorsement(
        credential=CREDENTIAL_ID, issuer=issuer.did, issuer_name="Acme Cargo GmbH", words=WORDS, now=ISSUED
    )
    return {**strict_json.parse_object(unsigned, max_bytes=1 << 20), **changes}


def token(issuer: Issuer, *, name: str = "k1", **changes: Any) -> str:
    return issuer.secure(strict_json.dump(endorsement(issuer, **changes)), name=name).decode()


def carrying(world: World, *tokens: object, mechanism: str = "vc+jwt", name: str = "k1", **more: Any) -> Report:
    document = {**world.document(), **({"endorsementJwt": list(tokens)} if tokens else {}), **more}
    return world.verify(world.issuer.secure(strict_json.dump(document), mechanism=mechanism, name=name))


def outcome(report: Report) -> tuple[Outcome, str]:
    check = report.check("endorsements")
    return check.outcome, check.code


@pytest.mark.parametrize("mechanism", ["vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_the_issuers_own_endorsement_holds_in_every_form(world: World, mechanism: str) -> None:
    report = carrying(world, token(world.issuer), mechanism=mechanism)

    assert (report.state, outcome(report)) == (State.GENUINE, (Outcome.PASSED, ""))
    assert report.check("endorsements").number == 19
    assert report.endorsements == (Endorsed(world.issuer.did, WORDS, own=True),)
    assert report.to_json()["endorsements"] == [{"issuer": world.issuer.did, "words": WORDS}]


def test_a_p256_issuer_endorses_too() -> None:
    world = World(issuer=Issuer("did:web:acme.example", {"k1": P256Key()}))

    assert outcome(carrying(world, token(world.issuer))) == (Outcome.PASSED, "")


def test_one_by_somebody_else_holds_under_their_own_keys(world: World) -> None:
    world.published[did_web_to_url(OTHER.did)] = OTHER.document()
    report = carrying(world, token(OTHER))

    assert (outcome(report), report.endorsements) == ((Outcome.PASSED, ""), (Endorsed(OTHER.did, WORDS),))


def test_one_with_an_embedded_proof_holds(world: World) -> None:
    own = endorsement(world.issuer)
    signed = {**own, "proof": [world.issuer.proof(own)]}
    report = carrying(world, endorsement=[signed])

    assert (report.state, outcome(report)) == (State.GENUINE, (Outcome.PASSED, ""))


def test_without_one_there_is_nothing_to_say(world: World) -> None:
    report = world.verify(world.token())

    assert (outcome(report), report.endorsements) == ((Outcome.NOT_APPLICABLE, ""), ())
    assert "endorsements" not in report.to_json()


def tampered(world: World) -> object:
    head, body, signature = token(world.issuer).split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


BROKEN: dict[str, tuple[Callable[[World], object], str]] = {
    "changed": (tampered, "signature-mismatch"),
    "no token": (lambda _: "not a token", "unknown-form"),
    "a number": (lambda _: 7, "not-an-endorsement"),
    "an object": (lambda _: {"words": WORDS}, "unknown-form"),
    "about another": (
        lambda world: token(world.issuer, credentialSubject={"id": "urn:x", "type": ["EndorsementSubject"]}),
        "endorses-another",
    ),
    "about the person": (
        lambda world: token(
            world.issuer,
            credentialSubject={"id": world.document()["credentialSubject"]["id"], "type": ["EndorsementSubject"]},
        ),
        "endorses-another",
    ),
    "another type": (lambda world: token(world.issuer, type=["VerifiableCredential"]), "not-an-endorsement"),
    "the credential itself": (lambda world: world.token().decode(), "not-an-endorsement"),
    "not begun": (lambda world: token(world.issuer, validFrom="2030-01-01T00:00:00Z"), "endorsement-out-of-time"),
    "ended": (lambda world: token(world.issuer, validUntil="2026-04-01T00:00:00Z"), "endorsement-out-of-time"),
    "by a key of another": (
        lambda world: (
            Issuer(world.issuer.did, {"k1": Ed25519Key(9)})
            .secure(strict_json.dump(endorsement(world.issuer)), method=f"{OTHER.did}#k1")
            .decode()
        ),
        "key-not-listed",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_one_that_does_not_hold_is_said_and_changes_nothing_else(world: World, case: str) -> None:
    make, code = BROKEN[case]
    report = carrying(world, make(world))

    assert (report.state, report.endorsements) == (State.GENUINE, ())
    assert outcome(report) == (Outcome.FAILED, code)
    assert "not shown as endorsed" in report.check("endorsements").detail


def test_one_whose_issuer_cannot_be_asked_is_not_checked(world: World) -> None:
    report = carrying(world, token(UNKNOWN))

    assert (report.state, outcome(report)[0], report.endorsements) == (State.GENUINE, Outcome.NOT_CHECKED, ())


def test_a_false_one_beside_a_true_one_is_told_and_only_the_true_one_counts(world: World) -> None:
    report = carrying(world, token(UNKNOWN), tampered(world), token(world.issuer))

    assert outcome(report) == (Outcome.FAILED, "signature-mismatch")
    assert [one.words for one in report.endorsements] == [WORDS]


def test_only_so_many_are_looked_at(world: World) -> None:
    report = carrying(world, *[token(world.issuer)] * (MOST + 1))

    assert (report.state, outcome(report)[0], len(report.endorsements)) == (State.GENUINE, Outcome.NOT_CHECKED, MOST)


def test_one_that_was_withdrawn_counts_no_more(world: World) -> None:
    listed = token(world.issuer, credentialStatus=strict_json_of(entry(index=5)))
    assert outcome(carrying(world, listed)) == (Outcome.PASSED, "")

    world.publish_list("revocation", {5})
    report = carrying(world, listed)
    assert (report.state, outcome(report)) == (State.GENUINE, (Outcome.FAILED, "endorsement-out-of-time"))


def test_a_key_stolen_since_does_not_undo_what_the_issuer_signed_around_it_with_a_good_one(world: World) -> None:
    own = token(world.issuer)
    rob(world.issuer, world)
    report = carrying(world, own, name="k2")

    assert (report.state, outcome(report)) == (State.GENUINE, (Outcome.PASSED, ""))


def test_a_stolen_key_of_somebody_else_endorses_nothing(world: World) -> None:
    other = Issuer(OTHER.did, dict(OTHER.keys), {"k1": NOW - DAY})
    world.published[did_web_to_url(other.did)] = other.document()

    assert outcome(carrying(world, token(OTHER))) == (Outcome.FAILED, "key-reported-stolen")


@pytest.mark.parametrize("case", ["changed", "stolen"])
def test_where_the_credential_does_not_hold_nothing_is_endorsed(world: World, case: str) -> None:
    own = token(world.issuer)
    if case == "stolen":
        rob(world.issuer, world)
        report = carrying(world, own)
    else:
        secured = world.issuer.secure(strict_json.dump({**world.document(), "endorsementJwt": [own]}))
        report = world.verify(secured[:-8] + b"AAAAAAAA")

    assert report.state in (State.NOT_THEIR_KEY, State.TAMPERED)
    assert (outcome(report)[0], report.endorsements) == (Outcome.NOT_CHECKED, ())
    assert WORDS not in strict_json.dump(report.to_json()).decode()


@pytest.fixture(scope="module")
def shared() -> World:
    return World(policy=confirming("did:web:acme.example"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    )
)
def test_whatever_stands_in_its_place_the_credential_is_judged_without_it(shared: World, stated: Any) -> None:
    """Only what JSON-LD or VC 2.0 itself refuses anywhere makes the credential unreadable."""
    document = {**shared.document(), "endorsementJwt": stated}
    report = shared.verify(shared.issuer.secure(strict_json.dump(document)))

    assert report.endorsements == ()
    if report.state is not State.GENUINE:
        without = shared.verify(shared.issuer.secure(strict_json.dump({**shared.document(), "termsOfUse": stated})))
        assert without.state is report.state


def strict_json_of(status: Any) -> Any:
    return {
        "id": status.id,
        "type": status.type,
        "statusPurpose": status.status_purpose,
        "statusListIndex": status.status_list_index,
        "statusListCredential": status.status_list_credential,
    }


def rob(issuer: Issuer, world: World) -> None:
    """Its key k1 was stolen three days ago; it signs with k2 since."""
    issuer.keys["k2"] = Ed25519Key(2)
    issuer.revoked["k1"] = NOW - 3 * DAY
    world.publish_document()
    world.publish_list("revocation", name="k2")
    world.publish_list("suspension", name="k2")
