"""A candidate's page from the reports of their credentials: result first, seal second."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from credentials.core.micro_internship import CompletedWork
from credentials.portfolio.dates import minute, month
from credentials.portfolio.views import CardView, ChipView, PortfolioView
from credentials.portfolio.wording import WORDINGS, counted, wording
from credentials.portfolio.work import work_of
from credentials.store.showing import ShownCredential
from credentials.verifier.report import Report
from credentials.verifier.states import UNNAMED_ISSUER

RESULT_CHARS = 110
"""Longest result line; a longer sentence is cut between words."""
TELLING_CHARS = 25
"""A shorter sentence ("Five were replaced.") says too little on its own."""
SENTENCE_END = re.compile(r"(?<=[^\W\d_][.!?。])\s+|(?<=[%)”\"\d][.!?])\s+(?=[^\W\d_a-z])")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside work that is good: where its issuer's logo is, and whom one can ask about it."""

    logo: str | None = None
    ask_name: str = ""


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Item:
    """One stored credential with the report just made of it, and the work, known only if the signature holds."""

    stored: ShownCredential
    report: Report
    work: CompletedWork | None
    beside: Beside = NOTHING

    @property
    def skills(self) -> tuple[str, ...]:
        """The names of the skills that were signed."""
        return tuple(skill.name for skill in self.work.skills) if self.work else ()

    @property
    def company(self) -> str:
        """The confirmed domain, or `the issuer`: never the name an issuer gave itself."""
        issuer = self.report.issuer
        return issuer.domain if issuer and issuer.domain else UNNAMED_ISSUER


def item(stored: ShownCredential, report: Report, beside: Beside = NOTHING) -> Item:
    """Join a stored credential, its report, and what stands beside it."""
    hides = wording(str(report.state)).hides
    work = None if hides or report.credential is None else work_of(report.credential)[1]
    return Item(stored, report, work, beside)


def cover_address(body: bytes) -> str:
    """Where the cover of some signed bytes is drawn."""
    return f"/covers/{hashlib.sha256(body).hexdigest()}.svg"


def result_line(work: CompletedWork) -> str:
    """What came of the work, in one line of at most `RESULT_CHARS`.

    People tell what they did and then what came of it, so it is the summary's last sentence that says enough; without
    one, the title.
    """
    sentences = SENTENCE_END.split(" ".join(work.summary.split()))
    telling = [sentence for sentence in sentences if len(sentence) >= TELLING_CHARS]
    return _one_line(telling[-1] if telling else work.title)


def _one_line(sentence: str) -> str:
    if len(sentence) <= RESULT_CHARS:
        return sentence.removesuffix(".")
    return sentence[:RESULT_CHARS].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def portfolio_view(
    slug: str, items: Sequence[Item], *, skill: str | None, now: datetime, newest: int | None = None
) -> PortfolioView:
    """A candidate's page; `skill` (as typed, case-blind) leaves only the work that names it.

    `newest`: how many there are at most on a page, where there is older work.
    """
    shown = [(entry, entry.work) for entry in items if entry.work is not None]
    name = _name([work for _, work in shown])
    chosen = [pair for pair in shown if skill is None or _names(pair[0], skill)]
    return PortfolioView(
        page_title=f"{name}: {counted(len(shown), 'finished project', 'finished projects')}",
        name=name,
        summary=_summary([entry for entry, _ in shown]),
        checked=minute(now),
        chips=_chips(slug, [entry.skills for entry, _ in shown], skill),
        cards=tuple(_card(entry, work) for entry, work in chosen),
        hidden=len(items) - len(shown),
        newest=newest,
        filtered=skill is not None,
        hidden_from_search=not items or any(entry.stored.visibility != "public" for entry in items),
    )


def _name(shown: Sequence[CompletedWork]) -> str:
    """The name that was signed on most of the work, of the newest among equals; never one from a row."""
    counts = Counter(work.person for work in shown if work.person)
    return counts.most_common(1)[0][0] if counts else "Portfolio"


def _names(entry: Item, skill: str) -> bool:
    return skill.casefold() in {known.casefold() for known in entry.skills}


def _summary(items: Sequence[Item]) -> str:
    """How much work for how many companies, and how each stands: never a sum that hides a withdrawn one."""
    companies = {entry.report.issuer.id for entry in items if entry.report.issuer}
    states = Counter(str(entry.report.state) for entry in items)
    counts = [f"{states[state]} {words.headline.lower()}" for state, words in WORDINGS.items() if states[state]]
    standing = f"all {WORDINGS['GENUINE'].headline.lower()}" if set(states) == {"GENUINE"} else ", ".join(counts)
    parts = [counted(len(items), "project", "projects"), counted(len(companies), "company", "companies"), standing]
    return " · ".join(part for part in parts if part)


def _chips(slug: str, skills: Sequence[tuple[str, ...]], skill: str | None) -> tuple[ChipView, ...]:
    """Every skill with the number of projects that show it, most shown first; one alone needs no filter."""
    counts = Counter(key for named in skills for key in {known.casefold() for known in named})
    spelled = {known.casefold(): known for named in reversed(skills) for known in named}
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
    beside = entry.beside if words.tone == "good" else NOTHING
    finished = work.ended or work.started or work.issued
    return CardView(
        href=f"/c/{entry.stored.id}",
        cover=cover_address(entry.stored.body),
        result=result_line(work),
        title=work.title,
        seal=entry.company,
        tone=words.tone,
        icon=words.icon,
        state_word=words.headline,
        month=month(finished),
        skills=entry.skills,
        logo=beside.logo,
        ask_name=beside.ask_name,
    )
