"""From a report to a page: the only place where a report's contents become a view.

What was signed is shown only when the signature holds: a report of another kind has neither document nor issuer, and
its state's wording hides both besides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from credentials.core.identifiers import display_code
from credentials.core.micro_internship import CompletedWork, Delivered
from credentials.core.submission_receipt import tells_of_submission
from credentials.portfolio import linkedin
from credentials.portfolio.branding import BrandView
from credentials.portfolio.dates import clock, minute, month, period
from credentials.portfolio.file_words import file_kind, file_size
from credentials.portfolio.views import (
    CheckView,
    CredentialView,
    DeliveredView,
    FileView,
    IssuerLine,
    LinksView,
    Piece,
    ProofLine,
    SignedLink,
    SiteView,
    VerdictView,
    WorkView,
)
from credentials.portfolio.wording import (
    CHECK_NAMES,
    OUTCOMES,
    SEVERAL,
    SIGNED_FORMS,
    VISIBILITY_NOTES,
    Wording,
    counted,
    sentence,
    wording,
)
from credentials.portfolio.work import is_dated, web_address, work_of
from credentials.store.showing import IssuerRecord
from credentials.verifier.checks import Check
from credentials.verifier.proofs import ProofView
from credentials.verifier.report import IssuerView as ReportedIssuer
from credentials.verifier.report import Report


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a credential of this service stands: what its page links to. Ids in upper case; slugs as in addresses.

    `forms` are the endings of the addresses of its signed forms.
    """

    credential_id: str
    code: str
    public: bool
    portfolio_slug: str | None = None
    issuer_slug: str | None = None
    record: IssuerRecord | None = None
    forms: frozenset[str] = frozenset({"jwt"})
    brand: BrandView | None = None
    reference: str | None = None


def site_view(base_url: str, contact: str | None = None) -> SiteView:
    """The service's own view; `base_url` is its public origin."""
    return SiteView(base_url, urlsplit(base_url).netloc, contact)


def credential_view(report: Report, site: SiteView, placement: Placement | None = None) -> CredentialView:
    """A credential's page. Without a placement: somebody else's credential, or a result on the verify page."""
    receipt = report.credential is not None and tells_of_submission(report.credential)
    words = wording(str(report.state), receipt=receipt)
    shown = not words.hides and report.credential is not None
    kind, work = work_of(report.credential) if shown and report.credential is not None else ("", None)
    issuer = report.issuer if shown else None
    return CredentialView(
        page_title=page_title(words, work, site),
        verdict=verdict_view(report, words),
        work=None if work is None else replace(work_view(kind, work), praise_signed=_is_endorsed(work, report)),
        # A receipt's issuer is not who the work was for.
        issuer=None if issuer is None or receipt else _issuer_line(issuer, placement, good=words.tone == "good"),
        checks=tuple(_check_view(check, report) for check in report.checks),
        checks_summary=_checks_summary(report.checks),
        links=LinksView() if placement is None else _links(placement, site, words, work, issuer),
        hidden_from_search=placement is None or not placement.public or words.tone != "good",
        proofs=tuple(map(_proof_line, report.proofs)),
    )


def _is_endorsed(work: CompletedWork, report: Report) -> bool:
    """Whether the issuer's endorsement of the work says just what is shown as the supervisor's words."""
    said = (work.words or "").strip()
    return any(one.own and one.words == said for one in report.endorsements if said)


def page_title(words: Wording, work: CompletedWork | None, site: SiteView) -> str:
    """A title that says the status first."""
    about = [work.title, *([work.person] if work.person else [])] if work else []
    return f"{words.headline}: {', '.join(about)}" if about else f"{words.headline} · {site.host}"


def verdict_view(report: Report, words: Wording) -> VerdictView:
    """The band on top of the page."""
    domain = report.issuer.domain if report.issuer else None
    successor = report.status.successor if report.status else None
    return VerdictView(
        state=str(report.state),
        tone=words.tone,
        icon=words.icon,
        word=words.headline,
        sentence=_sentence(report.words, words.headline, domain),
        checked=minute(report.checked_at),
        advice=words.advice,
        successor=web_address(successor),
    )


def _sentence(said: str, headline: str, domain: str | None) -> tuple[Piece, ...]:
    """The report's words without a repeated headline, with the confirmed domain set apart."""
    rest = re.sub(rf"^{re.escape(headline)}[.:]\s+", "", said)
    if rest != said and not (domain and rest.startswith(domain)):
        rest = rest[:1].upper() + rest[1:]
    rest = re.sub(r"(?<=\w)'(?=\w)", "’", rest)
    if not domain or domain not in rest:
        return (Piece(rest),)
    before, _, after = rest.partition(domain)
    return tuple(piece for piece in (Piece(before), Piece(domain, strong=True), Piece(after)) if piece.text)


def work_view(kind: str, work: CompletedWork) -> WorkView:
    """The work as its page sets it; `kind` is what stands above the title."""
    hours = f"{work.hours} hour{'' if work.hours == '1' else 's'}" if work.hours else None
    whole = DeliveredView("The work as a whole", VISIBILITY_NOTES["public"], web_address(work.evidence_url))
    return WorkView(
        kind=kind,
        title=work.title,
        person=work.person,
        period=period(work.started, work.ended) or (period(None, work.issued) if is_dated(work) else None),
        facts=tuple(fact for fact in (hours, work.role, *_private_facts(work)) if fact),
        summary=work.summary or None,
        praise=work.words,
        reviewer=work.supervisor,
        delivered=(*([whole] if whole.url else []), *map(_delivered_view, work.deliverables)),
        skills=tuple(skill.name for skill in work.skills),
    )


def _private_facts(work: CompletedWork) -> tuple[str, ...]:
    """What only a holder discloses."""
    pay = (f"Paid {work.compensation}",) if work.compensation else ()
    return (*pay, *[f"{one.skill}: {one.level}" for one in work.ratings])


def _delivered_view(item: Delivered) -> DeliveredView:
    """A deliverable with what may be seen of it. A link to a confidential one is not shown even where it was signed."""
    url = web_address(item.url) or web_address(item.note)
    note = VISIBILITY_NOTES[item.shown] if item.note is None or url == item.note else item.note
    return DeliveredView(item.name, note, None if item.shown == "confidential" else url, _file_view(item))


def _file_view(item: Delivered) -> FileView | None:
    if item.sha384 is None:
        return None
    size = None if item.size is None else file_size(item.size)
    return FileView(", ".join(filter(None, (file_kind(item.media_type or ""), size))), item.sha384)


def _issuer_line(issuer: ReportedIssuer, placement: Placement | None, *, good: bool) -> IssuerLine:
    page = f"/issuers/{placement.issuer_slug}" if placement and placement.issuer_slug else None
    record = placement.record if placement else None
    if not issuer.confirmed:
        return IssuerLine(False, None, issuer.name, "Nobody has shown us who this issuer is.", page)
    told = record_line(issuer.domain or "", record)
    brand = placement.brand if placement and good else None
    return IssuerLine(True, issuer.domain, issuer.name or issuer.domain, told, page, brand)


def record_line(domain: str, record: IssuerRecord | None) -> str:
    """One sentence on what an issuer issued here and withdrew."""
    if record is None or record.first is None:
        return f"Signed by {domain}."
    withdrawn = "none" if not record.withdrawn else "one" if record.withdrawn == 1 else f"{record.withdrawn:,}"
    issued = counted(record.issued, "credential", "credentials")
    return f"{domain} has issued {issued} here since {month(record.first).text} and withdrawn {withdrawn}."


def _check_view(check: Check, report: Report) -> CheckView:
    icon, word = OUTCOMES.get(str(check.outcome), OUTCOMES["not_checked"])
    return CheckView(
        number=check.number,
        name=CHECK_NAMES.get(check.id, check.id),
        outcome=str(check.outcome),
        icon=icon,
        word=word,
        detail=sentence(check.detail),
        spec=check.spec,
        at=clock(report.checked_at),
    )


def _proof_line(proof: ProofView) -> ProofLine:
    icon, word = OUTCOMES.get(str(proof.outcome), OUTCOMES["not_checked"])
    names = dict.fromkeys(name for name in (proof.algorithm, proof.mechanism) if name)
    detail = sentence(proof.detail)
    return ProofLine(", ".join(names), str(proof.outcome), icon, word, detail, proof.verification_method)


def _checks_summary(checks: Sequence[Check]) -> str:
    counts = Counter(str(check.outcome) for check in checks)
    return ", ".join(_count_of(outcome, counts[outcome]) for outcome in OUTCOMES if counts[outcome])


def _count_of(outcome: str, number: int) -> str:
    one = OUTCOMES[outcome][1]
    return counted(number, one, SEVERAL.get(outcome, one))


def _links(
    placement: Placement, site: SiteView, words: Wording, work: CompletedWork | None, issuer: ReportedIssuer | None
) -> LinksView:
    """The page's links. Where the signature does not hold, none that lends it credit: no code, no QR code."""
    path = f"/c/{placement.credential_id}"
    address = f"{site.base_url}{path}"
    signed = tuple(SignedLink(name, f"{path}.{end}") for end, name in SIGNED_FORMS.items() if end in placement.forms)
    if words.hides:
        return LinksView(again=path, signed=signed, report=f"/report{path}")
    return LinksView(
        address=address,
        shown=f"{site.host}{path}",
        again=path,
        code=display_code(placement.code),
        qr=f"{path}.qr.svg",
        qr_png=f"{path}.qr.png",
        signed=signed,
        story=f"{path}/status",
        portfolio=f"/p/{placement.portfolio_slug}" if placement.portfolio_slug else None,
        linkedin=_linkedin(placement, address, work, issuer) if words.tone == "good" else None,
        ask=f"{path}/ask" if placement.reference and words.tone == "good" else None,
        ask_name=placement.reference or "",
        report=f"/report{path}",
    )


def _linkedin(
    placement: Placement, address: str, work: CompletedWork | None, issuer: ReportedIssuer | None
) -> str | None:
    if work is None:
        return None
    return linkedin.add_to_profile(
        name=work.title,
        organisation=(issuer.name or issuer.domain) if issuer else None,
        issued=work.issued if is_dated(work) else None,
        expires=work.valid_until,
        url=address,
        number=placement.credential_id,
    )
