"""What is joined from a record and a database: the same whatever was written first, and never a step back."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.issuer.record import (
    Line,
    Parties,
    Record,
    RevokedApiKey,
    Seen,
    joined_issuer,
    joined_key,
    more_private,
)
from credentials.store.credentials import Visibility
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import RecordedEvent, StatusList

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ISSUER = Issuer(
    id="i",
    slug="acme",
    name="Acme",
    url=None,
    did="did:web:a.example",
    suspends=True,
    sandbox=False,
    created_at=NOW,
)
KEY = SigningKey(
    id="k",
    issuer_id="i",
    name="key-1",
    key_id="opaque",
    algorithm="Ed25519",
    public_jwk="{}",
    state="created",
    created_at=NOW,
)

VISIBILITIES: list[tuple[Visibility, Visibility | None, Visibility]] = [
    ("public", None, "public"),
    ("private", None, "private"),
    ("public", "unlisted", "unlisted"),
    ("public", "private", "private"),
    ("unlisted", "public", "unlisted"),
    ("unlisted", "private", "private"),
    ("private", "public", "private"),
    ("private", "unlisted", "private"),
]


@pytest.mark.parametrize(("one", "other", "joined"), VISIBILITIES)
def test_fewer_may_see_it_whoever_says_so(one: Visibility, other: Visibility | None, joined: Visibility) -> None:
    assert more_private(one, other) == joined


def moments() -> st.SearchStrategy[datetime | None]:
    return st.none() | st.integers(0, 3).map(lambda hours: NOW + hours * HOUR)


def keys() -> st.SearchStrategy[SigningKey]:
    states = st.sampled_from(["created", "active", "retired"])
    return st.builds(
        lambda state, *at: replace(KEY, state=state, activated_at=at[0], retired_at=at[1], compromised_since=at[2]),
        states,
        *[moments()] * 3,
    )


def issuers() -> st.SearchStrategy[Issuer]:
    """What is said follows from when it was said, as nobody says two things in one moment."""
    return st.builds(
        lambda confirmed, suspended, reinstated: replace(
            ISSUER,
            confirmed_at=confirmed,
            confirmed_domain=None if confirmed is None else f"{confirmed.hour}.example",
            suspended_at=suspended,
            suspended_reason=None if suspended is None else f"Reason {suspended.hour}",
            reinstated_at=reinstated,
            reinstated_note=None if reinstated is None else f"Note {reinstated.hour}",
        ),
        *[moments()] * 3,
    )


@given(keys(), keys(), keys())
def test_keys_join_in_any_order_to_the_same(one: SigningKey, two: SigningKey, three: SigningKey) -> None:
    assert joined_key(one, None) == joined_key(one, one) == one
    assert joined_key(one, two) == joined_key(two, one)
    assert joined_key(joined_key(one, two), three) == joined_key(one, joined_key(two, three))


@given(issuers(), issuers(), issuers())
def test_issuers_join_in_any_order_to_the_same(one: Issuer, two: Issuer, three: Issuer) -> None:
    assert joined_issuer(one, None) == joined_issuer(one, one) == one
    assert joined_issuer(one, two) == joined_issuer(two, one)
    assert joined_issuer(joined_issuer(one, two), three) == joined_issuer(one, joined_issuer(two, three))


KEYS: list[tuple[str, dict[str, object], dict[str, object], dict[str, object]]] = [
    ("a retired key is not active again", {"state": "active", "activated_at": NOW}, {"state": "retired"},
     {"state": "retired", "activated_at": NOW}),
    ("a theft is not forgotten", {"compromised_since": NOW}, {}, {"compromised_since": NOW}),
    ("the earliest theft that was named", {"compromised_since": NOW}, {"compromised_since": NOW - HOUR},
     {"compromised_since": NOW - HOUR}),
    ("the first use", {"activated_at": NOW + HOUR}, {"activated_at": NOW}, {"activated_at": NOW}),
    ("the first retirement", {"retired_at": NOW}, {"retired_at": NOW + HOUR}, {"retired_at": NOW}),
    ("its own words stay", {"name": "mine"}, {"name": "theirs", "state": "active"},
     {"name": "mine", "state": "active"}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "joined"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_a_key_goes_one_way(one: dict[str, object], other: dict[str, object], joined: dict[str, object]) -> None:
    made = [replace(KEY, **values) for values in (one, other, joined)]  # type: ignore[arg-type]
    assert joined_key(made[0], made[1]) == made[2]


ISSUERS: list[tuple[str, dict[str, object], dict[str, object], dict[str, object]]] = [
    ("the later confirmation, whole", {"confirmed_at": NOW, "confirmed_domain": "a", "confirmed_level": "dns",
     "confirmed_note": "old"}, {"confirmed_at": NOW + HOUR, "confirmed_domain": "b"},
     {"confirmed_at": NOW + HOUR, "confirmed_domain": "b"}),
    ("of one moment its own", {"confirmed_at": NOW, "confirmed_domain": "a"},
     {"confirmed_at": NOW, "confirmed_domain": "b"}, {"confirmed_at": NOW, "confirmed_domain": "a"}),
    ("an earlier suspension is no news", {"suspended_at": NOW, "suspended_reason": "x"},
     {"suspended_at": NOW - HOUR, "suspended_reason": "y"}, {"suspended_at": NOW, "suspended_reason": "x"}),
    ("each by itself", {"suspended_at": NOW, "suspended_reason": "x"}, {"reinstated_at": NOW + HOUR,
     "confirmed_at": NOW, "confirmed_domain": "a"}, {"suspended_at": NOW, "suspended_reason": "x",
     "reinstated_at": NOW + HOUR, "confirmed_at": NOW, "confirmed_domain": "a"}),
    ("its own name stays", {"name": "New name"}, {"name": "Old name", "suspended_at": NOW},
     {"name": "New name", "suspended_at": NOW}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "joined"), [row[1:] for row in ISSUERS], ids=[row[0] for row in ISSUERS])
def test_what_was_said_last_of_an_issuer_holds(
    one: dict[str, object], other: dict[str, object], joined: dict[str, object]
) -> None:
    made = [replace(ISSUER, **values) for values in (one, other, joined)]  # type: ignore[arg-type]
    assert joined_issuer(made[0], made[1]) == made[2]


def test_every_moment_of_a_key_and_an_issuer_is_joined() -> None:
    """A new column with a moment needs a rule of its own, and stands here once it has one."""
    of_issuer = {one.name for one in fields(Issuer) if one.name.endswith("_at")}
    of_key = {one.name for one in fields(SigningKey) if one.name.endswith(("_at", "_since"))}
    assert of_issuer == {"created_at", "confirmed_at", "suspended_at", "reinstated_at"}
    assert of_key == {"created_at", "activated_at", "retired_at", "compromised_since"}


LINES = [
    Line(issuer=ISSUER),
    Line(issuer=replace(ISSUER, suspended_at=NOW, suspended_reason="x")),
    Line(key=KEY),
    Line(key=replace(KEY, state="retired", compromised_since=NOW)),
]


@pytest.mark.parametrize("order", list(permutations(range(len(LINES)))), ids=str)
def test_lines_say_the_same_in_every_order(order: tuple[int, ...]) -> None:
    parties = Parties()
    for place in order:
        parties.take(LINES[place])
    assert parties.issuers == {"i": replace(ISSUER, suspended_at=NOW, suspended_reason="x")}
    assert list(parties.every_key()) == [replace(KEY, state="retired", compromised_since=NOW)]
    assert (parties.stolen, parties.slugs) == ({"opaque"}, {"acme": "i"})
    assert not any(parties.is_news(line) for line in LINES)


NEWS: list[tuple[str, Line, bool]] = [
    ("nothing at all", Line(), False),
    ("the issuer as it is", Line(issuer=ISSUER), False),
    ("the issuer, suspended", Line(issuer=replace(ISSUER, suspended_at=NOW)), True),
    ("the issuer under another name", Line(issuer=replace(ISSUER, name="Acme Ltd")), False),
    ("another issuer", Line(issuer=replace(ISSUER, id="j", slug="other")), True),
    ("the key as it is", Line(key=replace(KEY, state="active")), False),
    ("the key before it was used", Line(key=KEY), False),
    ("the key, retired", Line(key=replace(KEY, state="retired")), True),
    ("the key, stolen", Line(key=replace(KEY, state="active", compromised_since=NOW)), True),
    ("the key of another issuer", Line(key=replace(KEY, issuer_id="j")), True),
    ("an API key revoked before", Line(api_key=RevokedApiKey("a", NOW + HOUR)), False),
    ("another API key", Line(api_key=RevokedApiKey("b", NOW)), True),
    ("seen by as many", Line(seen=Seen("c", "private")), False),
    ("seen by more", Line(seen=Seen("c", "public")), True),
    ("seen, not told before", Line(seen=Seen("d", "public")), True),
]


@pytest.mark.parametrize(("line", "news"), [row[1:] for row in NEWS], ids=[row[0] for row in NEWS])
def test_only_what_says_more_is_news(line: Line, news: bool) -> None:
    parties = Parties()
    known = (
        Line(issuer=ISSUER),
        Line(key=replace(KEY, state="active")),
        Line(api_key=RevokedApiKey("a", NOW)),
        Line(seen=Seen("c", "private")),
    )
    for one in known:
        parties.take(one)
    assert parties.is_news(line) is news
    parties.take(line)
    assert not parties.is_news(line)


def test_who_may_see_it_is_what_was_said_last() -> None:
    parties = Parties()
    told: tuple[Visibility, ...] = ("private", "public", "unlisted")
    for visibility in told:
        parties.take(Line(seen=Seen("c", visibility)))
    assert parties.visibilities == {"c": "unlisted"}


def test_a_record_holds_lists_and_events_once_by_their_ids() -> None:
    record = Record()
    opened = StatusList(id="l", issuer_id="i", purpose="revocation", size=8, seed=b"", allotted=0, created_at=NOW)
    event = RecordedEvent(
        id="e",
        issuer_id="i",
        credential_id="c",
        list_id="l",
        idx=1,
        purpose="revocation",
        position=1,
        kind="revoked",
        at=NOW,
        reason="",
        private_note="",
    )
    for line in (Line(opened=opened), Line(event=event), Line(event=event), Line(opened=opened, issuer=ISSUER)):
        record.take(line)
    assert (record.lists, record.events) == ({"l": opened}, {"e": event})
    assert record.parties.issuers == {"i": ISSUER}
