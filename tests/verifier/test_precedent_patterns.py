"""A credential of another pattern than the precedent's follows nothing: every step is made for it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from credentials.core.achievement import to_bytes
from credentials.core.credential import StatusEntry
from tests.verifier.precedents import both, follows, next_one, same_as_every_step, set_by, signed
from tests.verifier.precedents import precedents as precedents
from tests.verifier.world import BASE, DAY, INDEX, NOW, Ed25519Key, World, achievement, entry


def elsewhere(purpose: str, number: int) -> StatusEntry:
    return msgspec.structs.replace(entry(purpose, number), status_list_credential=f"{BASE}/status/other-{purpose}")


def named_otherwise(world: World) -> bytes:
    issuer = achievement(world.issuer.did).issuer_profile
    return signed(world, issuer=msgspec.structs.replace(issuer, name="Acme Bikes"))


def with_an_end(world: World) -> bytes:
    return next_one(world, valid_until=NOW + DAY)


def without_lists(world: World) -> bytes:
    return next_one(world, statuses=())


def on_one_list(world: World) -> bytes:
    return next_one(world, statuses=both()[:1])


def the_other_way_round(world: World) -> bytes:
    return next_one(world, statuses=both()[::-1])


def on_another_list(world: World) -> bytes:
    url = f"{BASE}/status/other-revocation"
    world.published[url] = world.issuer.status_list("revocation", [INDEX + 1], url=url)
    return next_one(world, statuses=(elsewhere("revocation", INDEX), both()[1]))


def for_another_purpose(world: World) -> bytes:
    one, other = both()
    return next_one(world, statuses=(msgspec.structs.replace(one, status_purpose="message"), other))


def of_another_type(world: World) -> bytes:
    return next_one(world, statuses=(msgspec.structs.replace(both()[0], type="Another"), both()[1]))


def of_more_bits(world: World) -> bytes:
    return next_one(world, statuses=(msgspec.structs.replace(both()[0], status_size=2), both()[1]))


def under_another_key(world: World) -> bytes:
    world.issuer.keys["k2"] = Ed25519Key(7)
    world.publish_document()
    set_by(world)
    return world.issuer.secure(to_bytes(achievement(world.issuer.did, statuses=both())), name="k2")


def under_another_name_of_the_key(world: World) -> bytes:
    world.issuer.keys["k2"] = world.issuer.keys["k1"]
    world.publish_document()
    set_by(world)
    return world.issuer.secure(to_bytes(achievement(world.issuer.did, statuses=both())), name="k2")


def with_a_digest(world: World) -> bytes:
    one = achievement(world.issuer.did).evidence[0]
    return signed(world, evidence=(msgspec.structs.replace(one, digest_sri="sha384-" + "A" * 64),))


def with_an_endorsement(world: World) -> bytes:
    return signed(world, endorsement_jwt=["a.b.c"])


def spelled_otherwise(world: World) -> bytes:
    return world.sign_document(world.document(statuses=both()) | {"level": "3"})


OTHERS = [
    named_otherwise, with_an_end, without_lists, on_one_list, the_other_way_round, on_another_list, for_another_purpose,
    of_another_type, of_more_bits, under_another_key,
    under_another_name_of_the_key, with_a_digest, with_an_endorsement, spelled_otherwise,
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.__name__)
def test_another_pattern_follows_nothing(world: World, other: Callable[[World], bytes]) -> None:
    before = set_by(world)
    secured = other(world)
    assert not follows(same_as_every_step(world, secured), before)
    published = other in (under_another_key, under_another_name_of_the_key)
    assert follows(world.verify(next_one(world)), before) is not published
