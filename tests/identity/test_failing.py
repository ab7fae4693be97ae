"""Proofs that are found no more: failing, new keys frozen meanwhile, found again or lost."""

import pytest

from credentials.issuer.errors import KeysFrozen
from tests.identity.test_service import METHODS, NOBODY
from tests.identity.world import DOMAIN, Town


@pytest.mark.parametrize("method", METHODS)
def test_what_is_gone_is_failing_within_a_day_then_lost(town: Town, method: str) -> None:
    town.prove(method)
    town.zone.texts.clear()
    town.zone.exists.add(f"_credentials-challenge.{DOMAIN}")
    town.site.scripts.clear()
    town.live(24)
    assert town.identity.listed(town.acme.id)[0].state == "failing"
    assert town.confirmed() == (DOMAIN, method)
    assert town.events == ["domain-proved", "domain-failing"]
    with pytest.raises(KeysFrozen):
        town.issuing.rotate_key("acme")
    town.live(23)
    assert town.confirmed() == (DOMAIN, method)
    town.live(1)
    assert town.identity.listed(town.acme.id)[0].state == "lost"
    assert town.confirmed() == NOBODY
    assert town.events[-1] == "domain-lost"
    town.live(48)
    assert town.events.count("domain-lost") == 1


def test_what_is_lost_falls_to_the_next_best(town: Town) -> None:
    town.prove("file")
    town.prove("dns")
    before = town.issuing.issuer("acme").confirmed_at
    town.zone.texts.clear()
    town.live(49)
    now = town.issuing.issuer("acme")
    assert (now.confirmed_domain, now.confirmed_level) == (DOMAIN, "file")
    assert before is not None
    assert now.confirmed_at is not None
    assert now.confirmed_at > before


def test_new_keys_are_frozen_at_once_and_freed_when_it_is_found_again(town: Town) -> None:
    proof = town.prove()
    town.zone.rcode = "SERVFAIL"
    town.live(24)
    for refused in (town.issuing.create_key, town.issuing.rotate_key):
        with pytest.raises(KeysFrozen) as caught:
            refused("acme")
        assert caught.value.code == "keys-frozen"
    assert len(town.issuing.keys("acme")) == 1
    town.zone.rcode = None
    town.live(1)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"
    assert town.events == ["domain-proved", "domain-failing", "domain-recovered"]
    town.issuing.rotate_key("acme")


def test_a_stolen_key_is_replaced_all_the_same(town: Town) -> None:
    town.prove()
    town.zone.rcode = "SERVFAIL"
    town.live(24)
    town.issuing.report_compromise("acme", town.issuing.keys("acme")[0].name, town.clock())
    assert [key.state for key in town.issuing.keys("acme")] == ["retired", "active"]


def test_one_of_two_that_fail_keeps_the_keys_frozen(town: Town) -> None:
    town.prove("file")
    town.prove("dns")
    town.zone.rcode = "SERVFAIL"
    town.site.scripts.clear()
    town.live(24)
    town.zone.rcode = None
    town.live(1)
    assert sorted(one.state for one in town.identity.listed(town.acme.id)) == ["failing", "holds"]
    assert town.identity.frozen(town.acme.id) is not None


def test_the_operator_lifts_a_freeze_until_a_proof_fails_anew(town: Town) -> None:
    town.prove()
    town.zone.rcode = "SERVFAIL"
    town.live(24)
    assert town.identity.lift_freeze(town.acme.id)
    assert not town.identity.lift_freeze(town.acme.id)
    town.live(3)
    town.issuing.rotate_key("acme")
    town.zone.rcode = None
    town.live(1)
    town.zone.rcode = "SERVFAIL"
    town.live(24)
    with pytest.raises(KeysFrozen):
        town.issuing.rotate_key("acme")


def test_a_sign_of_another_owner_freezes_until_the_operator_says_otherwise(town: Town) -> None:
    proof = town.prove()
    town.answer(proof, token="somebody-elses")
    town.live(24)
    town.answer(proof)
    town.live(24)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"
    with pytest.raises(KeysFrozen):
        town.issuing.create_key("acme")
    assert town.identity.lift_freeze(town.acme.id)
    town.issuing.create_key("acme")


def test_the_graver_reason_of_two_stays(town: Town) -> None:
    file, dns = town.prove("file"), town.prove("dns")
    town.answer(dns, token="somebody-elses")
    town.live(24)
    town.site.scripts.clear()
    town.clock.advance(hours=1)
    town.identity.check(file.id)
    town.answer(dns)
    town.answer(file)
    town.live(2)
    assert {one.state for one in town.identity.listed(town.acme.id)} == {"holds"}
    frozen = town.identity.frozen(town.acme.id)
    assert frozen is not None
    assert "another owner" in frozen[1]


def test_a_lost_proof_begins_anew_with_another_token(town: Town) -> None:
    old = town.prove()
    town.zone.rcode = "SERVFAIL"
    town.live(49)
    town.zone.rcode = None
    town.live(2)
    assert town.confirmed() == NOBODY
    new = town.identity.start(town.acme.id, DOMAIN, "dns")
    assert (new.id, new.state) == (old.id, "pending")
    assert town.identity.check(new.id).problem == "other-token"
    town.answer(new)
    assert town.identity.check(new.id).state == "holds"
    assert town.confirmed() == (DOMAIN, "dns")
