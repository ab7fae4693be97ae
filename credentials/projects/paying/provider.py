"""Who moves the money: one small interface, and the embedded provider, which moves none.

A payment provider takes over by another `PaymentProvider`: the service asks it to pay, and keeps the day and the
reference that it answers with. What is due, and whether it arrived, stays with the two sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `key` is the same for every try at one payment: paying twice under it must pay once.

    `amount` is as agreed ("EUR 400"). `day` and `reference` are what the company typed.
    """

    key: str
    payer_id: str
    payee_id: str
    amount: str
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Paid:
    """When it was paid, and what both sides find on their statements."""

    day: date
    reference: str


class PaymentProvider(Protocol):
    """Moves money, or knows that somebody did."""

    def pay(self, order: Order) -> Paid:
        """Pay, outside any transaction. Raises a CredentialError when it can't be done; then nothing was paid."""
        ...


class ByHand:
    """The embedded provider: the company pays as it always does, and says so."""

    def pay(self, order: Order) -> Paid:
        """What the company said."""
        return Paid(order.day, order.reference)
