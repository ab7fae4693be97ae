"""Make the demo's samples in a data folder: real companies' rows, real signatures, one of them then spoilt.

Everything is signed by the same code that signs for anyone, only with the clock set back, so that the samples have a
past. What is there already stays: made twice, the samples and their links are the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from credentials.cli.demo_drafts import COMPANIES, FORECAST, NORTHWIND, Company, Sample, samples
from credentials.cli.demo_story.play import Play
from credentials.cli.demo_story.scenes import Told, tell
from credentials.cli.demo_story.tour import keep, tour
from credentials.core import base64url
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read, write
from credentials.store.tables import secured_form
from credentials.web.composition import Service

LINKS_FILE = "demo.json"
COMPANIES_SINCE_DAYS = 300
REVOKED_DAYS_AGO = 20
REASON = "Issued in error: the work was never handed over."
CONFIRMED = "Sample company of the demo, confirmed by whoever runs it."
FORM = "vc+jwt"


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """Addresses of what the demo shows."""

    landing: str
    roles: str
    board: str
    worked: str
    portfolio: str
    genuine: str
    revoked: str
    expired: str
    tampered: str
    issuer: str

    def labelled(self) -> Iterator[tuple[str, str]]:
        """Label and address, in the order to look at them."""
        yield from asdict(self).items()


def prepare(service: Service) -> DemoLinks:
    """Make whatever sample is missing, write `demo.json` into the data folder, and return the links.

    Raises what issuing raises: KeyringError, the store's errors, PublishedRecordUnwritable.
    """
    path = service.settings.data_dir / LINKS_FILE
    if (made := _made_before(path)) is not None:
        return made
    first_run = _first_run(service)
    for company in COMPANIES:
        _register(service, company, first_run)
    issued = {sample.name: _issue(service, sample, first_run) for sample in samples(first_run.date())}
    _join(service, issued, first_run)
    _withdraw(service, issued["revoked"][0], first_run)
    _spoil(service, issued["tampered"][0])
    told = tell(Play(service, first_run), {name: credential_id for name, (credential_id, _) in issued.items()})
    links = _links(service.base_url, issued, told)
    keep(service.settings.data_dir, tour(told, urlsplit(links.portfolio).path))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(links), indent=2) + b"\n")
    return links


def _made_before(path: Path) -> DemoLinks | None:
    """The links of an earlier run; None where there was none, or one by a release that told less."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoLinks)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _first_run(service: Service) -> datetime:
    """Midnight of the day the samples are dated from: today, or the day of a first run that did not finish."""
    known = {one.slug: one for one in service.issuer.issuers()}
    if NORTHWIND.slug in known:
        return known[NORTHWIND.slug].created_at + timedelta(days=COMPANIES_SINCE_DAYS)
    return datetime.combine(datetime.now(UTC).date(), time(), UTC)


def _back_then(service: Service, moment: datetime) -> IssuerService:
    """The service with its clock set to a moment of the past."""
    clock: Callable[[], datetime] = lambda: moment  # noqa: E731 - a named type for the checker
    means = service.issuer.means
    return IssuerService(means.engine, means.signer, means.base_url, means.high_water, clock)


def _register(service: Service, company: Company, first_run: datetime) -> None:
    known = {one.slug: one for one in service.issuer.issuers()}
    past = _back_then(service, first_run - timedelta(days=COMPANIES_SINCE_DAYS))
    if company.slug not in known:
        past.create_issuer(company.slug, company.name, f"https://{company.domain}")
    if company.slug not in known or known[company.slug].confirmed_domain is None:
        past.confirm(company.slug, company.domain, note=CONFIRMED)


def _issue(service: Service, sample: Sample, first_run: datetime) -> tuple[str, str]:
    """Issue a sample, or find it issued: its credential's id and its portfolio's slug."""
    past = _back_then(service, first_run - timedelta(days=sample.days_ago))
    issued = past.issue(sample.company.slug, sample.draft, idempotency_key=f"demo-{sample.name}")
    return issued.id, issued.portfolio_slug


def _join(service: Service, issued: dict[str, tuple[str, str]], first_run: datetime) -> None:
    """Three companies name one e-mail address: the operator, who made all of them up, says that it is one person."""
    for sample in samples(first_run.date()):
        if sample.draft.recipient_email == FORECAST.recipient_email:
            service.issuer.join_portfolios(issued[sample.name][1], issued["genuine"][1])


def _withdraw(service: Service, credential_id: str, first_run: datetime) -> None:
    if not service.issuer.story(credential_id):
        _back_then(service, first_run - timedelta(days=REVOKED_DAYS_AGO)).revoke(credential_id, REASON)


def _spoil(service: Service, credential_id: str) -> None:
    """Change one digit of the hours in what was signed and stored, as somebody with the database could."""
    with read(service.engine) as connection:
        stored = credentials.secured(connection, credential_id, FORM)
    if stored is not None and (spoilt := with_other_hours(stored.body)) != stored.body:
        with write(service.engine) as connection:
            chosen = secured_form.c.credential_id == credential_id
            connection.execute(secured_form.update().where(chosen).values(body=spoilt))


def with_other_hours(token: bytes) -> bytes:
    """The token with 20 hours made 90, header and signature as they were; a token that says 90 already is left so."""
    header, payload, signature = token.split(b".")
    spoilt = base64url.decode(payload).replace(b'"value":"20"', b'"value":"90"')
    return b".".join((header, base64url.encode(spoilt).encode(), signature))


def _links(base_url: str, issued: dict[str, tuple[str, str]], told: Told) -> DemoLinks:
    pages = {name: f"{base_url}/c/{issued[name][0]}" for name in ("genuine", "revoked", "expired", "tampered")}
    return DemoLinks(
        landing=f"{base_url}/",
        roles=f"{base_url}/demo",
        board=f"{base_url}/projects",
        worked=f"{base_url}/c/{told.credential}",
        portfolio=f"{base_url}/p/{issued['genuine'][1]}",
        issuer=f"{base_url}/issuers/{NORTHWIND.slug}",
        **pages,
    )
