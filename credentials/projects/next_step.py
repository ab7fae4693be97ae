"""Where an engagement stands and the one next thing to do, in words for the side that looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from credentials.portfolio.dates import day
from credentials.projects.agreeing.document import Agreement
from credentials.projects.parties import Party
from credentials.store.engagements import Engagement


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where it stands, what follows, and the button: what it says and where below the page it leads (`act`: a form).

    Without a label nothing is to be done on this side.
    """

    title: str
    words: str
    label: str = ""
    path: str = ""
    act: bool = False


def next_step(engagement: Engagement, party: Party, agreement: Agreement, *, waits: bool, mine: bool) -> NextStep:
    """The step of one side. `waits`: terms wait for an answer; `mine`: they are this side's own proposal."""
    other = agreement.candidate.name if party.side == "company" else agreement.company.name
    if waits and not mine and engagement.state not in ("accepted", "completed", "ended"):
        return _to_answer(engagement, party)
    if engagement.state == "agreeing":
        return _agreeing(other, waits=waits)
    return (_of_company if party.side == "company" else _of_candidate)(engagement, party, other)


def _to_answer(engagement: Engagement, party: Party) -> NextStep:
    if party.side == "company" and "author" not in party.acts_as:
        return NextStep("Terms wait for your company", "Somebody with the role author can answer them.")
    if engagement.state == "agreeing":
        return NextStep(
            "These terms wait for you", "Work begins once you accept them.", "Accept these terms", "agree", act=True
        )
    return NextStep(
        "A change waits for you",
        "Until you accept it, what you agreed on before stays in force.",
        "Accept the change",
        "agree",
        act=True,
    )


def _agreeing(other: str, *, waits: bool) -> NextStep:
    if waits:
        return NextStep(f"The terms wait for {other}", "You get a letter once they answer.")
    return NextStep("No terms are on the table", "The last ones were not accepted.", "Propose other terms", "terms")


def _of_candidate(engagement: Engagement, party: Party, other: str) -> NextStep:
    del party
    until = _day(engagement.ends_on)
    if engagement.state == "working":
        return NextStep(f"You work on this until {until}", "Hand it in when it is done.", "Hand it in", "deliver")
    if engagement.state == "returned":
        words = f"Read what {other} wrote, then hand in what is missing by {until}."
        return NextStep("It came back to you", words, "Hand it in again", "deliver")
    if engagement.state == "delivered":
        return NextStep(f"It is with {other}", "They look at it, then accept it or return it with a note.")
    return _closed(engagement, other)


def _of_company(engagement: Engagement, party: Party, other: str) -> NextStep:
    until = _day(engagement.ends_on)
    if engagement.state == "working":
        return NextStep(f"{other} works on this until {until}", "You get a letter once it is handed in.")
    if engagement.state == "returned":
        return NextStep(f"It went back to {other}", f"They work on it until {until}.")
    if engagement.state == "delivered":
        if "reviewer" in party.acts_as:
            words = "Accept each deliverable, or return it with a note."
            return NextStep("It waits for your review", words, "Review it", "review")
        return NextStep("It waits for a review", "Somebody with the role reviewer looks at it.")
    return _closed(engagement, other)


def _closed(engagement: Engagement, other: str) -> NextStep:
    if engagement.state == "accepted":
        return NextStep("It was accepted", "The credential is being signed.")
    if engagement.state == "completed":
        return NextStep("It is done", f"The credential is signed. What {other} and you agreed on stays here.")
    return NextStep("It ended before it was done", "What was agreed and handed in, and every receipt, stays here.")


def _day(when: date) -> str:
    return day(when).text
