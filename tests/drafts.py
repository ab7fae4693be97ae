"""Drafts by number, for tests that need thousands: the same number gives the same draft, no two are equal."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from credentials.issuer.draft import Deliverable, Draft, draft_digest
from credentials.issuer.service import KeyedDraft

_SKILLS = ("SQL", "Data analysis", "Copywriting", "Web design", "Research", "Figma", "Python", "Statistics")
_FIRST = ("Ana", "Björn", "Chloé", "Dina", "Emeka", "Farah", "Goran", "Hye-jin")
_LAST = ("Lima", "Åkesson", "Dubois", "Haddad", "Okafor", "Novak", "Kim", "García")


def numbered_draft(number: int) -> Draft:
    """A draft of ordinary size, about as long as a row of a real file."""
    name = f"{_FIRST[number % 8]} {_LAST[number // 8 % 8]} {number}"
    start = date(2026, 1, 5) + timedelta(days=number % 200)
    return Draft(
        recipient_name=name,
        recipient_email=f"person{number}@mail.example",
        project_title=f"Why customers leave, report {number}",
        summary="Joined two years of orders with support tickets, found the three reasons behind most cancellations, "
        "and wrote what to change first. The shop acted on two of them.",
        deliverables=(
            Deliverable("Report with figures", "public", f"https://files.example/{number}/report.pdf"),
            Deliverable("Cleaned data set", "link"),
        ),
        skills=tuple(_SKILLS[(number + step) % 8] for step in range(3)),
        started_on=start,
        ended_on=start + timedelta(days=14),
        hours=Decimal(20 + number % 40),
        supervisor_name="Noor Haddad",
        supervisor_words="Careful, curious and on time; the team still uses the notebook every week.",
        evidence_url=f"https://acme.example/projects/{number}",
        role="Analyst",
    )


def keyed_drafts(count: int, first: int = 0) -> Iterator[KeyedDraft]:
    """`count` drafts, each under the key that a bulk issue gives its row: the hex digest of the draft."""
    for number in range(first, first + count):
        draft = numbered_draft(number)
        yield KeyedDraft(draft_digest(draft).hex(), draft)
