"""Whoever looks like somebody else is flagged, and is never shown as confirmed until the operator clears it."""

from datetime import timedelta

import pytest

from credentials.identity.errors import ClearingUnexplained, ResemblanceUnknown
from credentials.identity.resemblances import BY_DOMAIN, ResemblanceService
from credentials.issuer.registration import withdraw_confirmation
from credentials.store.resemblances import Resemblance
from tests.identity.world import Town


@pytest.fixture
def operator(town: Town) -> ResemblanceService:
    """What the operator works with."""
    return ResemblanceService(town.issuing.means.engine)


def brief(found: list[Resemblance]) -> list[tuple[str, str, str]]:
    """What, whom, how."""
    return [(one.what, one.resembles, one.how) for one in found]


def test_an_honest_company_is_not_flagged(town: Town, operator: ResemblanceService) -> None:
    town.prove()
    assert operator.standing() == []
    assert operator.flagged() == frozenset()


def test_a_name_is_looked_at_when_the_issuer_is_made(town: Town, operator: ResemblanceService) -> None:
    made = town.issuing.create_issuer("pp", "PayPa1 Careers")
    assert brief(operator.of_issuer(made.id)) == [("PayPa1 Careers", "paypal.com", "added-words")]
    assert operator.flagged() == {made.id}


def test_so_is_the_slug(town: Town, operator: ResemblanceService) -> None:
    made = town.issuing.create_issuer("paypal-jobs", "Bright Path Studio")
    assert brief(operator.of_issuer(made.id)) == [("paypal-jobs", "paypal.com", "added-words")]


def test_so_is_a_domain_that_somebody_wants_to_prove(town: Town, operator: ResemblanceService) -> None:
    town.identity.start(town.acme.id, "paypal.secure.example", "dns")
    assert brief(operator.standing()) == [("paypal.secure.example", "paypal.com", "subdomain")]


def test_so_is_a_domain_that_is_confirmed(town: Town, operator: ResemblanceService) -> None:
    town.issuing.confirm("acme", "micros0ft.example")
    assert brief(operator.standing()) == [("micros0ft.example", "microsoft.com", "letters")]


def test_so_is_the_domain_of_an_address(town: Town, operator: ResemblanceService) -> None:
    town.identity.record_address(town.acme.id, "ana@rnicrosoft.example", town.clock())
    assert brief(operator.standing()) == [("rnicrosoft.example", "microsoft.com", "letters")]


def test_others_confirmed_here_are_compared_with(town: Town, operator: ResemblanceService) -> None:
    town.prove()
    twin = town.issuing.create_issuer("twin", "Acme Analytics Ltd")
    town.issuing.confirm("twin", "acme-analytics.example")
    assert {one.issuer_id for one in operator.standing()} == {twin.id}
    assert {one.resembles for one in operator.standing()} == {"acme.example"}


def test_the_first_is_not_flagged_for_its_double(town: Town, operator: ResemblanceService) -> None:
    town.issuing.create_issuer("twin", "Acme Analytics Ltd")
    town.issuing.confirm("twin", "twin.example")
    town.prove()
    assert {one.issuer_id for one in operator.standing()} == {town.acme.id}
    for one in operator.standing():
        operator.clear(one, by="op", note="both are real", now=town.clock())
    town.issuing.confirm("twin", "twin.example")
    assert operator.standing() == []


def test_those_who_prove_nothing_are_not_compared_with(town: Town, operator: ResemblanceService) -> None:
    town.issuing.create_issuer("twin", "Acme Analytics Ltd")
    assert operator.standing() == []


def test_a_sandbox_is_let_be(town: Town, operator: ResemblanceService) -> None:
    town.issuing.create_issuer("paypal", "PayPal", sandbox=True)
    assert operator.standing() == []


def test_the_real_one_is_cleared_by_its_domain(town: Town, operator: ResemblanceService) -> None:
    real = town.issuing.create_issuer("paypal", "PayPal")
    assert operator.flagged() == {real.id}
    town.issuing.confirm("paypal", "jobs.paypal.com")
    assert operator.flagged() == frozenset()
    assert {one.cleared_by for one in operator.of_issuer(real.id)} == {BY_DOMAIN}


def test_for_as_long_as_it_is_its_domain(town: Town, operator: ResemblanceService) -> None:
    real = town.issuing.create_issuer("paypal", "PayPal")
    town.issuing.confirm("paypal", "paypal.com")
    withdraw_confirmation(town.issuing.means, "paypal")
    assert operator.flagged() == {real.id}
    town.issuing.confirm("paypal", "brightpath.example")
    assert operator.flagged() == {real.id}


def test_the_operator_clears_one_with_a_word_of_why(town: Town, operator: ResemblanceService) -> None:
    made = town.issuing.create_issuer("pp", "PayPa1 Careers")
    [one] = operator.of_issuer(made.id)
    for note in ("", "  ", "x" * 501):
        with pytest.raises(ClearingUnexplained):
            operator.clear(one, by="op", note=note, now=town.clock())
    assert operator.flagged() == {made.id}
    operator.clear(one, by="op", note="Rang them.", now=town.clock())
    assert operator.flagged() == frozenset()
    cleared = operator.of_issuer(made.id)[0]
    assert (cleared.cleared_by, cleared.cleared_note, cleared.cleared_at) == ("op", "Rang them.", town.clock())
    with pytest.raises(ResemblanceUnknown):
        operator.clear(one, by="op", note="Again.", now=town.clock())


def test_what_was_cleared_stays_so(town: Town, operator: ResemblanceService) -> None:
    made = town.issuing.create_issuer("pp", "PayPa1 Careers")
    operator.clear(operator.of_issuer(made.id)[0], by="op", note="Rang them.", now=town.clock())
    town.clock.advance(days=1)
    town.issuing.confirm("pp", "brightpath.example")
    assert operator.flagged() == frozenset()
    town.issuing.confirm("pp", "paypal-careers.example")
    assert brief(operator.standing()) == [("paypal-careers.example", "paypal.com", "added-words")]


def test_another_issuers_clearing_does_not_count(town: Town, operator: ResemblanceService) -> None:
    first = town.issuing.create_issuer("pp", "PayPa1")
    second = town.issuing.create_issuer("pq", "PayPa1")
    operator.clear(operator.of_issuer(first.id)[0], by="op", note="Rang them.", now=town.clock())
    assert operator.flagged() == {second.id}


def test_they_are_listed_oldest_first(town: Town, operator: ResemblanceService) -> None:
    made = []
    for slug in ("c", "a", "b"):
        made.append(town.issuing.create_issuer(slug, "PayPa1").id)
        town.clock.now += timedelta(seconds=1)
    assert [one.issuer_id for one in operator.standing()] == made
