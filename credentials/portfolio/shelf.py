"""A candidate's page from the reports of their credentials: result first, seal second."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from credentials.portfolio.dates import minute, month
from credentials.portfolio.views import CardView, ChipView, PortfolioView
from credentials.portfolio.wording import WORDINGS, counted, wording
from credentials.portfolio.work import CompletedWork, completed_work
from credentials.store.showing import ShownCredential
from credentials.verifier.report import Report
from credentials.verifier.states import UNNAMED_ISSUER

RESULT_CHARS = 110
"""Longest result line; a longer first sentence is cut between words."""


@dataclass(frozen=True, slots=True)
class Item:
    """One stored credential with the report just made of it, and the work, known only if the signature holds."""

    stored: ShownCredential
    report: Report
    work: CompletedWork | None

    @property
    def company(self) -> str:
        """The confirmed domain, or `the issuer`: never the name an issuer gave itself."""
        issuer = self.report.issuer
        return issuer.domain if issuer and issuer.domain else UNNAMED_ISSUER


def item(stored: ShownCredential, report: Report) -> Item:
    """Join a stored credential and its report."""
    hides = wording(str(report.state)).hides
    work = None if hides or report.credential is None else completed_work(report.credential)
    return Item(stored, report, work)


def cover_address(body: bytes) -> str:
    """Where the cover of some signed bytes is drawn."""
    return f"/covers/{hashlib.sha256(body).hexdigest()}.svg"


def result_line(work: CompletedWork) -> str:
    """What came of the work: the summary's first sentence, else the title. One line, at most `RESULT_CHARS` long."""
    summary = " ".join((work.summary or work.title).split())
    first = re.split(r"(?<=[^\W\d][.!?。])\s|(?<=[%)][.!?])\s", summary, maxsplit=1)[0]
    if len(first) > RESULT_CHARS:
        return first[:RESULT_CHARS].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
    return first.removesuffix(".")


def portfolio_view(slug: str, name: str, items: Sequence[Item], *, skill: str | None, now: datetime) -> PortfolioView:
    """A candidate's page; `skill` (as typed, case-blind) leaves only the work that names it."""
    shown = [(entry, entry.work) for entry in items if entry.work is not None]
    chosen = [pair for pair in shown if skill is None or _names(pair[1], skill)]
    return PortfolioView(
        page_title=f"{name}: {counted(len(shown), 'finished project', 'finished projects')}",
        name=name,
        summary=_summary([entry for entry, _ in shown]),
        checked=minute(now),
        chips=_chips(slug, [work for _, work in shown], skill),
        cards=tuple(_card(entry, work) for entry, work in chosen),
        hidden=len(items) - len(shown),
        filtered=skill is not None,
        hidden_from_search=not items or any(entry.stored.visibility != "public" for entry in items),
    )


def _names(work: CompletedWork, skill: str) -> bool:
    return skill.casefold() in {known.casefold() for known in work.skills}


def _summary(items: Sequence[Item]) -> str:
    """How much work for how many companies, and how each stands: never a sum that hides a withdrawn one."""
    companies = {entry.report.issuer.id for entry in items if entry.report.issuer}
    states = Counter(str(entry.report.state) for entry in items)
    counts = [f"{states[state]} {words.headline.lower()}" for state, words in WORDINGS.items() if states[state]]
    standing = f"all {WORDINGS['GENUINE'].headline.lower()}" if set(states) == {"GENUINE"} else ", ".join(counts)
    parts = [counted(len(items), "project", "projects"), counted(len(companies), "company", "companies"), standing]
    return " · ".join(part for part in parts if part)


def _chips(slug: str, works: Sequence[CompletedWork], skill: str | None) -> tuple[ChipView, ...]:
    """Every skill with the number of projects that show it, most shown first; one alone needs no filter."""
    counts = Counter(known.casefold() for work in works for known in work.skills)
    spelled = {known.casefold(): known for work in reversed(works) for known in work.skills}
    if len(counts) < 2:
        return ()
    wanted = None if skill is None else skill.casefold()
    ordered = sorted(counts, key=lambda known: (-counts[known], known))
    everything = ChipView("All", None, f"/p/{slug}", current=wanted is None)
    return (
        everything,
        *(
            ChipView(
                spelled[key], counts[key], f"/p/{slug}?skill={quote(spelled[key], safe='')}", current=key == wanted
            )
            for key in ordered
        ),
    )


def _card(entry: Item, work: CompletedWork) -> CardView:
    words = wording(str(entry.report.state))
    finished = work.ended or work.started or work.awarded
    return CardView(
        href=f"/c/{entry.stored.id}",
        cover=cover_address(entry.stored.body),
        result=result_line(work),
        title=work.title,
        seal=entry.company,
        tone=words.tone,
        icon=words.icon,
        state_word=words.headline,
        month=month(finished) if finished else None,
        skills=work.skills,
    )
