"""What is due: said to be paid by the company, confirmed by the candidate, seen by everybody when it is late."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import Thread

import msgspec
import pytest

from credentials.accounts.audit import trail
from credentials.core.errors import CredentialError
from credentials.projects.paying.errors import (
    NothingOwed,
    PaidDayUnusable,
    PaymentNotMade,
    PaymentSettled,
    ReferenceUnusable,
)
from credentials.projects.paying.owing import DUE_AFTER
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand, Order, Paid
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import payments
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.payments import Payment
from tests.projects.stages import TERMS, Stage

BOTH = {0: Verdict(True), 1: Verdict(True)}


def service_of(stage: Stage, now: datetime | None = None) -> PaymentService:
    """The service with the embedded provider, at another time if wanted."""
    means = stage.means
    if now is not None:
        means = replace(means, accounts=replace(means.accounts, clock=lambda: now))
    return PaymentService(means, ByHand())


def kept(stage: Stage, made: Engagement) -> Payment | None:
    with read(stage.service.engine) as connection:
        return payments.of_engagement(connection, made.id)


def today(stage: Stage) -> str:
    return stage.service.clock().date().isoformat()


def test_due_paid_confirmed(stage: Stage) -> None:
    made, service = stage.engagement("delivered"), service_of(stage)
    review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    due = kept(stage, made)
    assert due is not None
    assert due.due_on == stage.service.clock().date() + DUE_AFTER

    paid = service.pay(stage.member("owner"), made.id, today(stage), " Invoice 7 ")
    assert (paid.state, paid.reference, paid.amount) == ("paid", "Invoice 7", "EUR 400")
    settled = service.confirm(stage.visitor("candidate"), made.id)
    assert settled.state == "confirmed"
    assert service.confirm(stage.visitor("candidate"), made.id) == settled
    actions = [event.action for event in trail(stage.service.engine, made.issuer_id)]
    assert actions[:2] == ["work.pay-confirmed", "work.paid"]
    details = [event.detail for event in trail(stage.service.engine, made.issuer_id)]
    assert not any("Invoice 7" in detail for detail in details)
    with pytest.raises(PaymentSettled):
        service.pay(stage.member("owner"), made.id, today(stage), "Invoice 8")
    assert kept(stage, made) == settled


def test_what_was_written_down_wrong_is_put_right_until_it_is_confirmed(stage: Stage) -> None:
    made, service = stage.engagement("accepted"), service_of(stage)
    service.pay(stage.member("owner"), made.id, today(stage), "Invoice 7")
    assert service.pay(stage.member("owner"), made.id, today(stage), "Invoice 8").reference == "Invoice 8"


def test_pay_before_acceptance_stays_paid(stage: Stage) -> None:
    made, service = stage.engagement("delivered"), service_of(stage)
    paid = service.pay(stage.member("owner"), made.id, today(stage), "Half in advance")
    assert paid.due_on == made.ends_on + DUE_AFTER
    review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    assert kept(stage, made) == paid


@pytest.mark.parametrize(
    ("day", "reference", "error"),
    [
        ("", "Invoice 7", PaidDayUnusable),
        ("soon", "Invoice 7", PaidDayUnusable),
        ("2026-02-30", "Invoice 7", PaidDayUnusable),
        ("9999-12-31", "Invoice 7", PaidDayUnusable),
        ("1999-12-31", "Invoice 7", PaidDayUnusable),
        ("today", "", ReferenceUnusable),
        ("today", " \t ", ReferenceUnusable),
        ("today", "x" * 141, ReferenceUnusable),
        ("today", "a\nb", ReferenceUnusable),
        ("today", "a\u202eb", ReferenceUnusable),
    ],
)
def test_what_is_no_day_and_no_reference(day: str, reference: str, error: type[CredentialError], stage: Stage) -> None:
    made = stage.engagement("accepted")
    with pytest.raises(error):
        service_of(stage).pay(stage.member("owner"), made.id, today(stage) if day == "today" else day, reference)
    assert kept(stage, made) is None


def test_where_no_pay_was_agreed_none_is_due(stage: Stage) -> None:
    made = stage.engagement("delivered", terms=msgspec.structs.replace(TERMS, compensation=""))
    review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    assert kept(stage, made) is None
    with pytest.raises(NothingOwed):
        service_of(stage).pay(stage.member("owner"), made.id, today(stage), "Invoice 7")


def test_nothing_is_confirmed_that_was_not_paid(stage: Stage) -> None:
    made, service = stage.engagement("delivered"), service_of(stage)
    with pytest.raises(PaymentNotMade):
        service.confirm(stage.visitor("candidate"), made.id)
    review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    with pytest.raises(PaymentNotMade):
        service.confirm(stage.visitor("candidate"), made.id)


def test_what_is_late_is_seen_from_the_day_after(stage: Stage) -> None:
    made = stage.engagement("delivered")
    review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    due = kept(stage, made)
    assert due is not None
    midnight = datetime.combine(due.due_on, datetime.min.time(), stage.service.clock().tzinfo)

    assert service_of(stage, midnight + timedelta(hours=23)).overdue() == []
    (late,) = service_of(stage, midnight + timedelta(days=1)).overdue()
    assert (late.issuer_slug, late.title, late.amount) == ("acme", "Customer survey report", "EUR 400")
    service_of(stage).pay(stage.member("owner"), made.id, today(stage), "Invoice 7")
    assert service_of(stage, midnight + timedelta(days=1)).overdue() == []


@dataclass
class Bank:
    """A provider that moves money: once for each key."""

    moved: dict[str, Paid] = field(default_factory=dict)
    fails: bool = False

    def pay(self, order: Order) -> Paid:
        """Move it, on a day and under a reference of its own."""
        if self.fails:
            raise PaymentSettled("the bank is closed")
        return self.moved.setdefault(order.key, Paid(date(2026, 3, 1), f"TX-{len(self.moved)}"))


def test_a_provider_takes_over_with_its_own_day_and_reference(stage: Stage) -> None:
    made, bank = stage.engagement("accepted"), Bank()
    service = PaymentService(stage.means, bank)
    paid = service.pay(stage.member("owner"), made.id, today(stage), "Typed")
    again = service.pay(stage.member("owner"), made.id, today(stage), "Typed again")

    assert (paid.paid_on, paid.reference) == (date(2026, 3, 1), "TX-0")
    assert again.reference == "TX-0"
    assert len(bank.moved) == 1


def test_what_a_provider_could_not_do_is_not_paid(stage: Stage) -> None:
    made = stage.engagement("accepted")
    with pytest.raises(PaymentSettled):
        PaymentService(stage.means, Bank(fails=True)).pay(stage.member("owner"), made.id, today(stage), "Typed")
    assert kept(stage, made) is None


def test_paying_and_confirming_at_once_end_settled_or_paid(stage: Stage) -> None:
    made, service = stage.engagement("accepted"), service_of(stage)
    service.pay(stage.member("owner"), made.id, today(stage), "Invoice 7")
    owner, candidate, refused = stage.member("owner"), stage.visitor("candidate"), []

    def pay() -> None:
        try:
            service.pay(owner, made.id, today(stage), "Invoice 8")
        except PaymentSettled as error:
            refused.append(error.code)

    threads = [Thread(target=pay), Thread(target=lambda: service.confirm(candidate, made.id)), Thread(target=pay)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = kept(stage, made)
    assert found is not None
    # Whatever came last: a confirmation is never written over, and counts for what is kept.
    assert (found.state == "confirmed") == (found.confirmed_at is not None)
    assert found.state == "confirmed" or not refused
