"""Status lists that answer, and the many that do not: no answer is never "not withdrawn"."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from credentials.core import base64url, strict_json
from credentials.core.credential import StatusEntry
from credentials.core.status_list import encode
from credentials.core.status_story import StatusEvent
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.report import Report
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import CREDENTIAL_ID, DAY, INDEX, NOW, Ed25519Key, Issuer, World, entry, list_url

URL = list_url("revocation")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def code_of(report: Report, kind: CheckKind = CheckKind.REVOCATION) -> str:
    return report.check(kind.public_id).code


def bomb(world: World) -> bytes:
    document = strict_json.parse_object(_unsigned_list(world), max_bytes=1 << 20)
    document["credentialSubject"]["encodedList"] = encode([], size=8 * 64 * 1024 * 1024)
    return world.issuer.secure(strict_json.dump(document))


def _unsigned_list(world: World, **changes: object) -> bytes:
    from_token = world.issuer.status_list().split(b".")[1]
    document = strict_json.parse_object(base64url.decode(from_token), max_bytes=1 << 20)
    for claim in ("iss", "jti", "nbf", "sub", "exp"):
        document.pop(claim, None)
    document["credentialSubject"].update(changes)
    return strict_json.dump(document)


def changed(**changes: object) -> Callable[[World], bytes]:
    return lambda world: world.issuer.secure(_unsigned_list(world, **changes))


def by_a_stranger(world: World) -> bytes:
    return Issuer("did:web:other.example", {"k1": Ed25519Key(5)}).status_list()


def by_a_stranger_in_our_name(world: World) -> bytes:
    return Issuer(world.issuer.did, {"k1": Ed25519Key(5)}).status_list()


def by_a_key_that_is_not_listed(world: World) -> bytes:
    return Issuer(world.issuer.did, {"k9": Ed25519Key(1)}).status_list(name="k9")


def unsigned(world: World) -> bytes:
    return _unsigned_list(world)


def cut_off(world: World) -> bytes:
    return world.issuer.status_list()[:-5]


def flipped(world: World) -> bytes:
    token = bytearray(world.issuer.status_list())
    token[len(token) // 2] ^= 1
    return bytes(token)


def too_large(world: World) -> bytes:
    return world.issuer.status_list() + b" " * (1 << 20)


UNANSWERED: list[tuple[Callable[[World], bytes], str]] = [
    (by_a_stranger, "bad-status-list"),
    (by_a_stranger_in_our_name, "signature-mismatch"),
    (by_a_key_that_is_not_listed, "key-not-listed"),
    (unsigned, "unknown-form"),
    (cut_off, ""),
    (flipped, ""),
    (too_large, "answer-too-large"),
    (bomb, "status-list-too-large"),
    (lambda world: world.issuer.status_list("suspension", url=URL), "status-purpose-mismatch"),
    (lambda world: world.issuer.status_list(url=f"{URL}2"), "bad-status-list"),
    (lambda world: world.issuer.status_list(size=1024), "status-list-too-short"),
    (lambda world: world.issuer.status_list(built=NOW + HOUR), "status-list-stale"),
    (lambda world: world.issuer.status_list(built=NOW - DAY), "status-list-stale"),
    (lambda world: world.token(), "bad-status-list"),
    (lambda _: b"", "unknown-form"),
    (lambda _: b"<html>", "unknown-form"),
    (changed(type="StatusList2021"), "bad-status-list"),
    (changed(statusPurpose="refresh"), "status-purpose-mismatch"),
    (changed(encodedList=7), "bad-status-list"),
    (changed(encodedList="H4sI"), "bad-status-list"),
    (changed(encodedList="u!!"), "bad-status-list"),
    (changed(encodedList="uAAAA"), "bad-status-list"),
    (changed(ttl="soon"), "bad-status-list"),
    (changed(ttl=-1), "bad-status-list"),
    (changed(ttl=True), "bad-status-list"),
]


@pytest.mark.parametrize("make", [make for make, _ in UNANSWERED], ids=range(len(UNANSWERED)))
def test_a_list_that_cannot_be_believed_is_no_answer(world: World, make: Callable[[World], bytes]) -> None:
    code = next(code for made, code in UNANSWERED if made is make)
    world.published[URL] = make(world)
    for _ in range(2):  # The second time from memory, where there is one.
        report = world.verify(world.token())
        assert report.state is State.CANT_CHECK
        assert report.check("revocation").outcome is Outcome.NOT_CHECKED
        assert code_of(report) == code or not code


@pytest.mark.parametrize(
    "address", ["http://credentials.example/status/1", "ftp://x.example/l", "", "urn:x", "file:///x"]
)
def test_an_address_that_cannot_be_asked_is_no_answer(world: World, address: str) -> None:
    document = world.document()
    document["credentialStatus"][0]["statusListCredential"] = address
    report = world.verify(world.sign_document(document))
    assert report.state in {State.CANT_CHECK, State.UNREADABLE}


def test_an_index_past_the_end_is_no_answer(world: World) -> None:
    report = world.verify(world.token(statuses=(entry(index=131_072),)))
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "status-index-out-of-range")


@pytest.mark.parametrize("index", [0, 1, 7, 8, INDEX, 131_071])
def test_exactly_one_bit_is_one_credential(world: World, index: int) -> None:
    world.publish_list("revocation", [index])
    assert world.verify(world.token(statuses=(entry(index=index),))).state is State.REVOKED
    for other in {index - 1, index + 1} - {-1, 131_072}:
        assert world.verify(world.token(statuses=(entry(index=other),))).state is State.GENUINE


@pytest.mark.parametrize("kind", ["StatusList2021Entry", "CredentialStatusList2017", "1EdTechRevocationList"])
def test_a_kind_of_status_that_is_not_understood_is_no_answer(world: World, kind: str) -> None:
    foreign = StatusEntry(type=kind, status_purpose="revocation", status_list_index="1", status_list_credential=URL)
    report = world.verify(world.token(statuses=(foreign,)))
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "unsupported-status")


@pytest.mark.parametrize("purpose", ["refresh", "message", "Revocation", "x"])
def test_a_purpose_that_is_not_understood_is_no_answer(world: World, purpose: str) -> None:
    report = world.verify(world.token(statuses=(entry(), entry(purpose))))
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "unsupported-status")


def test_more_than_one_bit_an_entry_is_not_understood(world: World) -> None:
    document = world.document()
    document["credentialStatus"][0] |= {"statusSize": 2, "statusMessage": []}
    assert world.verify(world.sign_document(document)).state is State.CANT_CHECK


def test_one_set_bit_outweighs_what_other_entries_cannot_say(world: World) -> None:
    world.publish_list("revocation", [INDEX])
    gone = StatusEntry(
        type="BitstringStatusListEntry",
        status_purpose="revocation",
        status_list_index="1",
        status_list_credential="https://gone.example/list",
    )
    assert world.verify(world.token(statuses=(gone, entry()))).state is State.REVOKED
    assert world.verify(world.token(statuses=(gone, entry(index=1)))).state is State.CANT_CHECK


def test_an_unreachable_suspension_list_takes_the_green_away(world: World) -> None:
    del world.published[list_url("suspension")]
    report = world.verify(world.token())
    assert report.state is State.CANT_CHECK
    assert report.check("revocation").outcome is Outcome.PASSED
    assert report.check("suspension").outcome is Outcome.NOT_CHECKED


def test_a_list_is_fresh_to_the_second_give_or_take_a_minute(world: World) -> None:
    token = world.token(statuses=(entry(),))
    for built, state in [
        (NOW + MINUTE + SECOND, State.CANT_CHECK),
        (NOW + MINUTE, State.GENUINE),
        (NOW - HOUR - MINUTE, State.GENUINE),
        (NOW - HOUR - MINUTE - SECOND, State.CANT_CHECK),
    ]:
        world.publish_list("revocation", built=built)
        assert world.verify(token).state is state


def test_a_remembered_list_goes_stale_like_any_other(world: World) -> None:
    token = world.token(statuses=(entry(),))
    assert world.verify(token).state is State.GENUINE
    world.now = NOW + 2 * HOUR
    report = world.verify(token)
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "status-list-stale")


def test_a_copy_older_than_its_ttl_is_stale(world: World) -> None:
    resolver = StaticResolver(world.published, clock=lambda: NOW - timedelta(minutes=5, seconds=1))
    report = verify(world.token(), resolver=resolver, policy=world.policy, now=NOW)
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "status-list-stale")
    resolver = StaticResolver(world.published, clock=lambda: NOW - timedelta(minutes=5))
    assert verify(world.token(), resolver=resolver, policy=world.policy, now=NOW).state is State.GENUINE


@pytest.mark.parametrize(("seconds", "state"), [(-5, State.GENUINE), (60, State.GENUINE), (61, State.CANT_CHECK)])
def test_a_copy_that_names_no_ttl_is_used_for_a_minute(world: World, seconds: int, state: State) -> None:
    document = strict_json.parse_object(_unsigned_list(world), max_bytes=1 << 20)
    del document["credentialSubject"]["ttl"], document["validUntil"]
    world.published[URL] = world.issuer.secure(strict_json.dump(document))
    resolver = StaticResolver(world.published, clock=lambda: NOW - seconds * SECOND)
    assert verify(world.token(), resolver=resolver, policy=world.policy, now=NOW).state is state


@pytest.mark.parametrize("position", [0, 4, 15])
def test_more_lists_than_we_ask_are_no_answer(world: World, position: int) -> None:
    world.publish_list("revocation", [INDEX])
    many = [entry(index=number + 1) for number in range(16)]
    many[position] = entry()
    report = world.verify(world.token(statuses=tuple(many)))
    assert (report.state, code_of(report)) == (State.CANT_CHECK, "too-many-statuses")
    assert code_of(report, CheckKind.SUSPENSION) == "too-many-statuses"


def test_a_set_bit_among_as_many_lists_as_we_ask_counts(world: World) -> None:
    world.publish_list("revocation", [INDEX])
    assert world.verify(world.token(statuses=(*(entry(index=number) for number in (1, 2, 3)), entry()))).state is (
        State.REVOKED
    )
    assert world.verify(world.token(statuses=tuple(entry(index=number) for number in (1, 2, 3, 4)))).state is (
        State.GENUINE
    )


def test_a_remembered_list_falls_with_its_key(world: World) -> None:
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.publish_document()
    token = world.token(statuses=(entry(),))
    world.publish_list("revocation", name="k2")
    assert world.verify(token).state is State.GENUINE
    world.issuer.revoked["k2"] = NOW - DAY
    world.publish_document()
    assert (world.verify(token).state, code_of(world.verify(token))) == (State.CANT_CHECK, "key-reported-stolen")
    del world.issuer.keys["k2"]
    world.publish_document()
    assert code_of(world.verify(token)) == "key-not-listed"


def test_a_remembered_list_of_a_did_with_new_keys_is_not_believed(world: World) -> None:
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.publish_document()
    world.publish_list("revocation", name="k2")
    token = world.token(statuses=(entry(),))
    assert world.verify(token).state is State.GENUINE
    world.issuer.keys["k2"] = Ed25519Key(7)
    world.publish_document()
    assert world.verify(token).state is State.CANT_CHECK


@pytest.mark.parametrize(
    ("member", "moment", "state"),
    [
        ("validFrom", "0001-01-01T00:00:00Z", State.CANT_CHECK),
        ("validFrom", "9999-12-31T23:59:59Z", State.CANT_CHECK),
        ("validUntil", "0001-01-01T00:00:00Z", State.CANT_CHECK),
        ("validUntil", "9999-12-31T23:59:59Z", State.GENUINE),
    ],
)
def test_lists_from_the_end_of_time_raise_nothing(world: World, member: str, moment: str, state: State) -> None:
    document = strict_json.parse_object(_unsigned_list(world), max_bytes=1 << 20)
    world.published[URL] = world.sign_document({**document, member: moment})
    for _ in range(2):
        assert world.verify(world.token()).state is state


# The story behind a bit -----------------------------------------------------------------------------------------------

REVOKED = StatusEvent("revoked", NOW - DAY, "issued in error")


def stories() -> list[tuple[str, Callable[[World], bytes]]]:
    return [
        ("by a stranger", lambda world: Issuer(world.issuer.did, {"k1": Ed25519Key(5)}).story(REVOKED)),
        ("of another issuer", lambda world: world.issuer.story(REVOKED, issuer="did:web:other.example")),
        ("about another credential", lambda world: world.issuer.story(REVOKED, about=f"{CREDENTIAL_ID}X")),
        ("of another kind of token", lambda world: world.token()),
        ("without events", lambda world: world.issuer.story()),
        ("of other events only", lambda world: world.issuer.story(StatusEvent("suspended", NOW - DAY, "x"))),
        ("that is garbage", lambda _: b"<html>"),
        ("that is empty", lambda _: b""),
        ("that is cut off", lambda world: world.issuer.story(REVOKED)[:-9]),
    ]


@pytest.mark.parametrize(("told", "make"), stories(), ids=[told for told, _ in stories()])
def test_without_a_story_to_believe_the_bit_still_counts(
    world: World, told: str, make: Callable[[World], bytes]
) -> None:
    world.publish_list("revocation", [INDEX])
    world.published[f"{CREDENTIAL_ID}/status"] = make(world)
    report = world.verify(world.token())
    assert (report.state, report.words, report.status) == (State.REVOKED, "Withdrawn by the issuer.", None)


def test_a_story_alone_withdraws_nothing(world: World) -> None:
    world.publish_story(REVOKED)
    assert world.verify(world.token()).state is State.GENUINE


def test_a_hold_that_was_lifted_has_no_date_of_its_own(world: World) -> None:
    world.publish_list("suspension", [INDEX])
    world.publish_story(
        StatusEvent("suspended", NOW - 3 * DAY, "review"), StatusEvent("lifted", NOW - 2 * DAY, "cleared")
    )
    report = world.verify(world.token())
    assert (report.state, report.words) == (State.SUSPENDED, "On hold. Ask acme.example.")


@pytest.mark.parametrize(
    "successor",
    [
        "javascript:alert(1)",
        "https://elsewhere.example/c/1123456789ABCDEFGHJKMNPQRS",
        "http://credentials.example/c/1123456789ABCDEFGHJKMNPQRS",
        "https://credentials.example:444/c/1123456789ABCDEFGHJKMNPQRS",
        "https://credentials.example@elsewhere.example/c/1123456789ABCDEFGHJKMNPQRS",
        "https://user@credentials.example/c/1123456789ABCDEFGHJKMNPQRS",
        "https://credentials.example.elsewhere.example/",
        "https://credentials.example\\@elsewhere.example/",
        "https://[credentials.example/",
        "//credentials.example/c/1123456789ABCDEFGHJKMNPQRS",
    ],
)
def test_a_successor_that_is_not_at_the_issuers_own_place_is_not_linked(world: World, successor: str) -> None:
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("replaced", NOW - DAY, "typo", successor))
    report = world.verify(world.token())
    assert report.state is State.REPLACED
    assert report.status is not None
    assert report.status.successor is None


def test_a_correction_counts_as_one_whatever_else_happened(world: World) -> None:
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("replaced", NOW - 2 * DAY, "typo", CREDENTIAL_ID), REVOKED)
    assert world.verify(world.token()).state is State.REPLACED
