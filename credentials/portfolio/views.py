"""What each page is given: frozen views of plain texts and times, made before any template runs.

A view of a report whose signature does not hold has no `work`, no `issuer` and no link that names either, so its page
can show none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials.portfolio.branding import BrandView
from credentials.portfolio.dates import Moment, Period
from credentials.portfolio.wording import Tone


@dataclass(frozen=True, slots=True)
class SiteView:
    """The service itself: its public address and, where given, where to write about a problem."""

    base_url: str
    host: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `strong` ones are set bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The band on top: icon, word, one sentence, time of the check. `successor` is a link to a corrected version."""

    state: str
    tone: Tone
    icon: str
    word: str
    sentence: tuple[Piece, ...]
    checked: Moment
    advice: tuple[str, ...]
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check of the report: what was asked, what came out, where the rule stands, when it was asked."""

    number: int
    name: str
    outcome: str
    icon: str
    word: str
    detail: str
    spec: str
    at: Moment


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One proof: its kind, what became of it, and the key that it names."""

    name: str
    outcome: str
    icon: str
    word: str
    detail: str
    key: str


@dataclass(frozen=True, slots=True)
class IssuerLine:
    """Who issued it. Unconfirmed: `domain` is None and `name` is only what the issuer calls itself.

    `brand` is its look, where it is confirmed and the verdict is good.
    """

    confirmed: bool
    domain: str | None
    name: str | None
    record: str
    page: str | None = None
    brand: BrandView | None = None

    @property
    def headline(self) -> str:
        """What the issuer is called where it is named first: a confirmed domain, else `the issuer`."""
        return self.domain if self.confirmed and self.domain else "the issuer"


@dataclass(frozen=True, slots=True)
class FileView:
    """What was signed of a file: its kind and size in words, its SHA-384 as `sha384sum` prints it."""

    words: str
    sha384: str


@dataclass(frozen=True, slots=True)
class DeliveredView:
    """A deliverable: its name, what may be seen of it, its http(s) link when it may be opened; its file, if any.

    `picture` is the path of a small picture of it that this service made.
    """

    name: str
    note: str
    url: str | None = None
    file: FileView | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class WorkView:
    """The work as its page sets it: title, person, when, what came of it.

    `praise_signed`: the issuer signed these very words as an endorsement, and that holds.
    """

    kind: str
    title: str
    person: str | None
    period: Period | None
    facts: tuple[str, ...]
    summary: str | None
    praise: str | None
    reviewer: str | None
    delivered: tuple[DeliveredView, ...]
    skills: tuple[str, ...]
    praise_signed: bool = False

    @property
    def title_size(self) -> str:
        """CSS class of the title: long ones are set smaller, so that the dates stay on a phone's first screen."""
        return _size(self.title, 42, 84)

    @property
    def person_size(self) -> str:
        """CSS class of the person's name."""
        return " longer" if self.person and len(self.person) > 24 else ""


def _size(text: str, long: int, longer: int) -> str:
    return "" if len(text) <= long else " long" if len(text) <= longer else " longer"


@dataclass(frozen=True, slots=True)
class SignedLink:
    """Where one of a credential's signed forms is to be had, and how to call it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class LinksView:
    """Where a credential's page leads; absent ones are left out. `shown` is the address as people read it."""

    address: str | None = None
    shown: str | None = None
    again: str | None = None
    code: str | None = None
    qr: str | None = None
    qr_png: str | None = None
    signed: tuple[SignedLink, ...] = ()
    story: str | None = None
    portfolio: str | None = None
    linkedin: str | None = None
    report: str | None = None
    ask: str | None = None
    ask_name: str = ""


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential's page, and the result of the verify page."""

    page_title: str
    verdict: VerdictView
    work: WorkView | None
    issuer: IssuerLine | None
    checks: tuple[CheckView, ...]
    checks_summary: str
    links: LinksView
    hidden_from_search: bool = True
    proofs: tuple[ProofLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CardView:
    """One project in a portfolio: result first, seal second."""

    href: str
    cover: str
    result: str
    title: str
    seal: str
    tone: Tone
    icon: str
    state_word: str
    month: Moment
    skills: tuple[str, ...]
    logo: str | None = None
    ask_name: str = ""


@dataclass(frozen=True, slots=True)
class ChipView:
    """A skill to filter by, with how many projects show it."""

    label: str
    count: int | None
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """A candidate's page. `summary` counts what was checked just now; `hidden` ones have no signature that holds.

    `newest`: how many of the newest were looked at, where there are older ones (None: all).
    """

    page_title: str
    name: str
    summary: str
    checked: Moment
    chips: tuple[ChipView, ...]
    cards: tuple[CardView, ...]
    hidden: int
    newest: int | None
    filtered: bool
    hidden_from_search: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a status story."""

    word: str
    at: Moment
    reason: str
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A credential's status story, oldest event first; `title` only when the signature holds."""

    page_title: str
    title: str | None
    credential: str | None
    verdict: VerdictView
    events: tuple[EventView, ...]
    document: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """One public key of an issuer and its life."""

    name: str
    algorithm: str
    state: str
    since: Moment
    note: str


@dataclass(frozen=True, slots=True)
class IssuerView:
    """An issuer's page: how and since when its domain was confirmed, its record, its keys."""

    page_title: str
    headline: str
    confirmed: bool
    proof: tuple[Piece | Moment, ...]
    warning: str | None
    name: str
    url: str | None
    did: str
    document: str
    issued: int
    withdrawn: int
    since: Moment
    keys: tuple[KeyView, ...]
    report: str | None = None
    brand: BrandView | None = None


@dataclass(frozen=True, slots=True)
class SampleLink:
    """A labelled sample on the landing page of a demonstration."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LandingView:
    """The first page; `samples` is empty outside a demonstration; `art` is the address of a cover."""

    art: str
    samples: tuple[SampleLink, ...] = ()
    to_try: tuple[str, ...] = ()
    portfolio: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyView:
    """The verify page: what was typed, what was wrong with it (in short, in detail), or the result."""

    text: str = ""
    problem: str | None = None
    detail: str = ""
    advice: str | None = None
    result: CredentialView | None = None
