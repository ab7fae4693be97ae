"""What can be wrong with what is said of a payment."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict


class NothingOwed(Conflict):
    """The agreement names no compensation."""

    code = "nothing-owed"
    title = "No pay was agreed"
    advice = "Agree on it first: either side can propose an amendment."


class PaymentSettled(Conflict):
    """The candidate confirmed that the payment arrived."""

    code = "payment-settled"
    title = "This payment is settled"
    advice = "Nothing is left to do: the candidate confirmed that it arrived."


class PaymentNotMade(Conflict):
    """The company has not said that it paid."""

    code = "payment-not-made"
    title = "The company has not said that it paid"
    advice = "Wait until it is marked as paid. Once its day has passed, whoever runs this service sees it too."


class PaidDayUnusable(BadInput):
    """Text that is no day, or one that has not come yet."""

    code = "paid-day-unusable"
    title = "This day can’t be used"
    advice = "Give the day on which it was paid, today or earlier, such as 2026-03-31."


class ReferenceUnusable(BadInput):
    """The reference is empty, too long, or has characters that nobody can see."""

    code = "payment-reference-unusable"
    title = "This reference can’t be used"
    advice = "Write what the candidate finds on their statement, such as an invoice’s number. At most 140 characters."
