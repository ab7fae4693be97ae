"""Open the service: the one place where settings become a database, keys, an issuer and a verifier.

The verifier is handed a resolver that answers for our own origin from what is published (the same bytes that anyone
else would fetch), and others' addresses through the one outbound client. Nothing calls itself over HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Engine

from credentials.accounts.api_keys import KeyHolder, Within, check_key, nothing_more, revoke_key
from credentials.accounts.errors import KeyRefused
from credentials.accounts.means import Means as AccountMeans
from credentials.accounts.oidc import Fetch
from credentials.console import expiring
from credentials.console.alerts import DomainAlerts, WebhookAlerts
from credentials.console.correcting import hand_on, to_hand_on
from credentials.console.handing_over import remind, to_remind
from credentials.console.handover_events import HandoverEvents
from credentials.console.means import Means as ConsoleMeans
from credentials.console.uploading import Uploads
from credentials.core.errors import NotFound
from credentials.files.service import Files, Limits
from credentials.files.storage import open_storage
from credentials.identity.name_server import NameServers
from credentials.identity.service import IdentityService
from credentials.issuer import repeating, sandbox
from credentials.issuer.stamping import Stamper
from credentials.mail.outbox import Outbox
from credentials.portfolio.presenting import site_view
from credentials.portfolio.service import PortfolioService
from credentials.projects.api import trying
from credentials.projects.delivering import receipts, reminding
from credentials.projects.paying import reminding as pay_reminding
from credentials.projects.referring import questions
from credentials.tasks.queue import Kind, Tasks
from credentials.tasks.upkeep import Hourly
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.own_origin import OwnOriginResolver
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.verify import verify
from credentials.web.attention import Attention, Counted
from credentials.web.clients import others_resolver, outbound_client, webhook_client
from credentials.web.errors import FolderIsReal
from credentials.web.fetching import ProviderFetch
from credentials.web.issuing import Issuing, open_issuing, read_issuing, utc_now
from credentials.web.logs import make_log
from credentials.web.published import Published
from credentials.web.settings import Settings
from credentials.web.timestamp_roots import timestamp_roots
from credentials.web.timestamping import make_stamper
from credentials.web.trust import TrustSource
from credentials.webhooks.service import WebhookService


class Verify(Protocol):
    """The verifier of one service."""

    def __call__(self, data: str | bytes | dict[str, Any], also: Sequence[bytes] = ()) -> Report:
        """The report on some signed data; `also` are further forms of the same credential."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Issuing):
    """An opened service: what the website works with, and the commands that need more than issuing takes."""

    portfolio: PortfolioService
    webhooks: WebhookService
    fetch: Fetch
    identity: IdentityService
    resolver: Resolver
    policy: Callable[[], TrustPolicy]
    verify: Verify
    attention: Attention
    accounts: AccountMeans
    outbox: Outbox
    tasks: Tasks
    stamper: Stamper | None

    uploads: Uploads
    files: Files

    @property
    def desk(self) -> ConsoleMeans:
        """What the console works with."""
        return ConsoleMeans(self.accounts, self.issuer, self.outbox, self.files)

    @property
    def keeps_mail(self) -> bool:
        """Whether letters stay here, because there is no mail server to hand them to."""
        return self.outbox.server is None

    def proved_domains(self, issuer_id: str) -> frozenset[str]:
        """The domains that a company has proved to be its own."""
        found = next((one for one in self.issuer.issuers() if one.id == issuer_id), None)
        domain = found.confirmed_domain if found and not found.is_suspended else None
        return frozenset({domain.lower()} if domain else ())

    def key_holder(self, secret: str) -> KeyHolder:
        """Who holds an API key. Raises KeyRefused, also for one whose revocation a restored database forgot."""
        holder = check_key(self.engine, secret, self.clock())
        if self.issuer.means.high_water.is_revoked_api_key(holder.key_id):
            raise KeyRefused
        return holder

    def revoke_api_key(self, slug: str, key_id: str, within: Within = nothing_more) -> None:
        """Revoke an issuer's API key at once and for good, whatever is restored. IssuerUnknown, ApiKeyUnknown."""
        publish = self.issuer.means.high_water.add_revoked_api_keys
        revoke_key(self.engine, slug, key_id, self.clock(), publish=publish, within=within)

    def find_code(self, code: str) -> str | None:
        """The id of the credential with this 10-character code; None when there is none or it is private."""
        try:
            return self.portfolio.id_of_code(code)
        except NotFound:
            return None

    def close(self) -> None:
        """Write down what was counted, and give the database connections back."""
        self.attention.write()
        self.engine.dispose()


def open_service(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Service:
    """Open everything behind a data folder, making what a first run needs.

    Raises:
        CredentialError: the folder, the database or the keys cannot be used; each says what to do.
    """
    service = _assembled(open_issuing(settings, clock=clock))
    if settings.sandbox:
        _make_sandbox(service)
    return service


def _make_sandbox(service: Service) -> None:
    """Have a sandbox's issuers and people ready. Raises FolderIsReal when the database has an issuer that is none."""
    issuer = service.issuer
    real = sandbox.real_issuers(issuer.means)
    if real:
        raise FolderIsReal(f"there is the issuer {real[0].slug}", where="sandbox")
    sandbox.prepare(issuer.means)
    trying.prepare(service.desk)


def read_service(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Service:
    """Open a data folder that exists, to verify and look things up: makes no file, key or table, changes no row.

    What would change something raises DatabaseReadOnly. There are no forms.

    Raises:
        NoDataFolder: the folder was not made by this service.
        CredentialError: the folder, the database or the keys cannot be used; each says what to do.
    """
    return _assembled(read_issuing(settings, clock=clock))


def _assembled(opened: Issuing) -> Service:
    """Put the parts of a service together."""
    settings, base_url, engine, clock = opened.settings, opened.base_url, opened.engine, opened.clock
    issuer, forms, high_water = opened.issuer, opened.form_secret, opened.issuer.means.high_water
    events = HandoverEvents(base_url)
    outbox = Outbox(engine, forms, base_url, settings.mail_server, clock, events.came_back)
    webhooks = WebhookService(engine, forms, webhook_client(settings), clock, ended=WebhookAlerts(outbox))
    roots = timestamp_roots(settings)
    policy = TrustSource(issuer.issuers, time.monotonic, opened.resemblances.flagged, roots)
    client = outbound_client(settings)
    stamper = make_stamper(settings, roots, issuer.means)
    verifier = _Verifier(policy, clock)
    attention = Attention(engine if forms else None, clock)
    site, looked = site_view(base_url, settings.contact), partial(attention.note, "looked")
    portfolio = PortfolioService(engine, verifier.verify, site, clock, high_water.is_private, looked)
    published = Published(issuer, portfolio.signed_bytes, portfolio.stamps, high_water.directory / "journal.jsonl")
    alerts = DomainAlerts(engine, outbox, clock)
    identity = IdentityService(issuer.means, client, NameServers(settings.name_servers), alerts)
    resolver = OwnOriginResolver(base_url, published, others_resolver(settings, client, clock), clock)
    verifier.resolver_now = lambda: resolver.publishing(published.as_of_now())
    people = AccountMeans(engine, forms, base_url, outbox.send, clock, events.claimed, settings.second_step)
    files = _files(settings, engine, clock, base_url, portfolio)
    uploads = Uploads(ConsoleMeans(people, issuer, outbox, files), settings.data_dir / "uploads")
    return Service(
        settings=settings,
        base_url=base_url,
        engine=engine,
        keyring=opened.keyring,
        master_secret=opened.master_secret,
        issuer=issuer,
        portfolio=portfolio,
        webhooks=webhooks,
        fetch=ProviderFetch(client),
        identity=identity,
        resemblances=opened.resemblances,
        resolver=resolver,
        policy=policy,
        verify=Counted(verifier.verify, attention),
        attention=attention,
        clock=clock,
        form_secret=forms,
        accounts=people,
        uploads=uploads,
        files=files,
        outbox=outbox,
        tasks=_tasks(settings, forms, clock, uploads, webhooks, identity, stamper),
        stamper=stamper,
    )


def _files(
    settings: Settings, engine: Engine, clock: Callable[[], datetime], base_url: str, portfolio: PortfolioService
) -> Files:
    """Uploaded files, where the settings say they are."""
    storage = open_storage(settings.files_store, settings.files_path)
    limits = Limits(settings.max_file_bytes, settings.max_company_files_bytes)
    return Files(engine, storage, clock, base_url, limits, portfolio.is_shown)


def _tasks(
    settings: Settings,
    secret: bytes,
    clock: Callable[[], datetime],
    uploads: Uploads,
    webhooks: WebhookService,
    identity: IdentityService,
    stamper: Stamper | None,
) -> Tasks:
    """The queue, with every kind of task."""
    log = make_log(settings.log_level, settings.log_format)

    def report(kind: str, code: str) -> None:
        log.warning("task-failed", task=kind, code=code)

    # Opened to read only there are no forms and no secret, and nothing is queued.
    tasks = Tasks(settings.tasks_broker if secret else "", secret or b"nothing is queued", clock, report)
    desk = uploads.means
    tasks.register(Kind("mail", desk.outbox.due, desk.outbox.deliver))
    upkeep: list[tuple[str, Callable[[], object]]] = [
        ("mail-upkeep", desk.outbox.tidy),
        ("webhook-upkeep", webhooks.tidy),
        ("call-upkeep", lambda: repeating.prune(desk.accounts.engine, clock())),
        ("question-upkeep", partial(questions.tidy, desk)),
        ("file-upkeep", desk.files.forget_unnamed),
    ]
    for name, tidy in upkeep:
        hourly = Hourly(tidy, clock)
        tasks.register(Kind(name, hourly.due, hourly.run))
    tasks.register(Kind("reminder", partial(to_remind, desk), partial(remind, desk)))
    tasks.register(Kind("correction", partial(to_hand_on, desk), partial(hand_on, desk)))
    tasks.register(Kind("expiry", partial(expiring.due, desk), partial(expiring.remind, desk)))
    tasks.register(Kind("deadline", partial(reminding.due, desk), partial(reminding.remind, desk)))
    tasks.register(Kind("late-pay", partial(pay_reminding.due, desk), partial(pay_reminding.remind, desk)))
    tasks.register(Kind("receipt", partial(receipts.due, desk), partial(receipts.run, desk)))
    tasks.register(Kind("list", uploads.due, uploads.run))
    tasks.register(Kind("file", desk.files.due, desk.files.run))
    tasks.register(Kind("webhook", webhooks.due, webhooks.deliver))
    tasks.register(Kind("domain", identity.due, identity.run))
    if stamper is not None:
        tasks.register(Kind("stamps", stamper.due, stamper.run))
    return tasks


class _Verifier:
    """`verify` with the policy and the clock of one service, and a resolver made for each verification."""

    resolver_now: Callable[[], Resolver]

    def __init__(self, policy: Callable[[], TrustPolicy], clock: Callable[[], datetime]) -> None:
        self._policy = policy
        self._clock = clock

    def verify(self, data: str | bytes | dict[str, Any], also: Sequence[bytes] = ()) -> Report:
        """The report on some signed data; `also` are further forms of the same credential."""
        return verify(data, resolver=self.resolver_now(), policy=self._policy(), now=self._clock(), also=also)
