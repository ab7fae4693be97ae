"""Several signed forms of one credential, verified together: each must hold, and the report says whether it did."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.core.achievement import to_bytes
from credentials.core.did import did_web_to_url
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.keys import PublicKey
from credentials.core.securing import VC_JWT_PQ, Unsigned
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.errors import NotFoundThere, TimedOut
from credentials.verifier.intake import Code, Document, Link, QrPhoto, Token, Unrecognised, further_forms
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.core.parties import Party, ml_dsa_party
from tests.verifier.world import BASE, ISSUED, NOW, Ed25519Key, World, achievement

PQ: Party = ml_dsa_party()
METHOD = "did:web:acme.example#pq"


def world_with(key: PublicKey = PQ.key, **published: Any) -> World:
    """A world whose issuer lists an ML-DSA-44 key beside its ordinary one."""
    world = World()
    keys = [PublishedKey("k1", world.issuer.keys["k1"].public), PublishedKey("pq", key, **published)]
    world.published[did_web_to_url(world.issuer.did)] = write_did_document(world.issuer.did, keys)
    return world


def second(world: World, party: Party = PQ, **options: Any) -> bytes:
    prepared = VC_JWT_PQ.prepare(
        Unsigned.parse(to_bytes(achievement(world.issuer.did, **options))),
        verification_method=METHOD,
        algorithm=party.key.algorithm,
        created=ISSUED,
    )
    return VC_JWT_PQ.assemble(prepared, party.sign(prepared.signing_input))


def ask(world: World, *also: bytes) -> Report:
    return verify(world.token(), resolver=world.resolver(), policy=world.policy, now=NOW, also=also)


def outcomes(report: Report) -> list[tuple[str, Outcome]]:
    return [(proof.algorithm, proof.outcome) for proof in report.proofs]


def test_both_hold() -> None:
    world = world_with()
    report = ask(world, second(world))
    assert report.state is State.GENUINE
    assert outcomes(report) == [("EdDSA", Outcome.PASSED), ("ML-DSA-44", Outcome.PASSED)]
    assert report.to_json()["proofs"][1] == {
        "mechanism": "vc+jwt",
        "algorithm": "ML-DSA-44",
        "verificationMethod": METHOD,
        "outcome": "passed",
        "detail": "It matches.",
    }


def test_the_second_alone_is_a_credential_too() -> None:
    world = world_with()
    report = world.verify(second(world))
    assert report.state is State.GENUINE
    assert outcomes(report) == [("ML-DSA-44", Outcome.PASSED)]


def test_no_second_is_no_fault() -> None:
    assert outcomes(ask(world_with())) == [("EdDSA", Outcome.PASSED)]


def test_a_second_by_another_key_is_a_forgery() -> None:
    world = world_with()
    report = ask(world, second(world, ml_dsa_party(b"\x09" * 32)))
    assert report.state is State.TAMPERED
    assert report.credential is None
    assert outcomes(report) == [("EdDSA", Outcome.PASSED), ("ML-DSA-44", Outcome.FAILED)]


def test_a_second_that_says_something_else_is_a_forgery() -> None:
    world = world_with()
    report = ask(world, second(world, valid_until=NOW + timedelta(days=900)))
    assert report.state is State.TAMPERED
    assert report.check(CheckKind.SIGNATURE.public_id).code == "forms-differ"


@pytest.mark.parametrize("also", [b"", b"{}", b"eyJ.e30.AA", b"\xff", b"x" * 2_000_000])
def test_a_second_that_is_none_is_not_passed_over(also: bytes) -> None:
    assert ask(world_with(), also).state is State.TAMPERED


def test_a_second_by_a_key_that_is_not_listed() -> None:
    world = World()
    assert ask(world, second(world)).state is State.TAMPERED


def test_a_second_under_a_key_of_nothing_is_refused() -> None:
    """The key has to pass its gate: with this one anybody could have signed."""
    hollow = PublicKey("ML-DSA-44", bytes(1312))
    world = world_with(hollow)
    assert ask(world, second(world)).state is State.TAMPERED
    assert world.verify(second(world)).state is State.NO_KEY


def test_a_second_under_a_stolen_key_counts_no_more_and_the_first_stands() -> None:
    world = world_with(revoked=NOW - timedelta(days=1))
    report = ask(world, second(world))
    assert report.state is State.GENUINE
    assert outcomes(report) == [("EdDSA", Outcome.PASSED), ("ML-DSA-44", Outcome.FAILED)]
    assert "stolen" in report.proofs[1].detail
    assert world.verify(second(world)).state is State.NOT_THEIR_KEY


def test_a_first_under_a_stolen_key_is_not_saved_by_the_second() -> None:
    world = World()
    keys = [
        PublishedKey("k1", world.issuer.keys["k1"].public, NOW - timedelta(days=1)),
        PublishedKey("pq", PQ.key),
    ]
    world.published[did_web_to_url(world.issuer.did)] = write_did_document(world.issuer.did, keys)
    assert ask(world, second(world)).state is State.NOT_THEIR_KEY


def test_a_first_that_was_changed_is_not_saved_by_the_second() -> None:
    world = world_with()
    world.issuer.keys["k1"] = Ed25519Key(9)
    assert ask(world, second(world)).state is State.TAMPERED


def test_bit_flips_of_the_second_are_never_genuine() -> None:
    world = world_with()
    token = second(world)
    for place in range(0, len(token), 97):
        flipped = bytearray(token)
        flipped[place] ^= 1
        assert ask(world, bytes(flipped)).state is State.TAMPERED


# Where the second is found ------------------------------------------------------------------------------------------

ID = "0123456789ABCDEFGHJKMNPQRS"
SECOND_ADDRESS = f"{BASE}/c/{ID}.pq.jwt"
LINK = Link(f"{BASE}/c/{ID}", ID)


def found(intake: Any, resolver: Any = None) -> tuple[bytes, ...]:
    codes = {"7KQ2M9XV4T": ID}
    return further_forms(
        intake, resolver=resolver or StaticResolver({SECOND_ADDRESS: b"token"}), base_url=BASE, find_code=codes.get
    )


@pytest.mark.parametrize("intake", [LINK, Code("7KQ2M9XV4T"), QrPhoto("x", LINK), QrPhoto("x", Code("7KQ2M9XV4T"))])
def test_what_is_linked_or_named_here_is_asked_for(intake: Any) -> None:
    assert found(intake) == (b"token",)
    assert found(intake, StaticResolver({})) == ()


@pytest.mark.parametrize(
    "intake",
    [
        Token("a.b.c"),
        Document({}),
        Link("https://elsewhere.example/c/1"),
        Code("0000000000"),
        QrPhoto("x", Token("a.b.c")),
        Unrecognised(NotFoundThere()),
    ],
)
def test_nothing_else_is_asked_for(intake: Any) -> None:
    assert found(intake) == ()


def test_that_it_cannot_be_had_is_not_that_there_is_none() -> None:
    class Slow:
        def fetch(self, url: str, **_how: Any) -> Fetched:
            raise TimedOut(where=url)

    with pytest.raises(TimedOut):
        found(LINK, Slow())
