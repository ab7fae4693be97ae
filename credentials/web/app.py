"""The application factory: the one place where the rooms are put together into a website."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from flask import Blueprint, Flask, Response, request

from credentials.accounts import routes as account_routes
from credentials.accounts.oidc_pages import routes as company_sign_in_routes
from credentials.accounts.own import routes as own_routes
from credentials.console.api.brand import routes as brand_api_routes
from credentials.console.api.disputes import routes as dispute_routes
from credentials.console.api.lists import routes as lists_api_routes
from credentials.console.awards import routes as award_routes
from credentials.console.branding import routes as branding_routes
from credentials.console.claim import routes as claim_routes
from credentials.console.held import routes as held_routes
from credentials.console.home import routes as home_routes
from credentials.console.issued import routes as issued_routes
from credentials.console.operator import routes as operator_routes
from credentials.console.operator_people import routes as operator_people_routes
from credentials.console.programs import routes as program_routes
from credentials.console.proof import routes as proof_routes
from credentials.console.report import routes as report_routes
from credentials.console.signing_keys import routes as signing_key_routes
from credentials.console.team import routes as team_routes
from credentials.console.trail import routes as trail_routes
from credentials.console.upload import routes as upload_routes
from credentials.console.webhooks import routes as console_webhook_routes
from credentials.core.errors import CredentialError
from credentials.files import routes as file_routes
from credentials.issuer import routes as issuer_routes
from credentials.issuer.correction import routes as correction_routes
from credentials.issuer.vc_api import routes as vc_api_issuer_routes
from credentials.mail import routes as mail_routes
from credentials.portfolio import routes as portfolio_routes
from credentials.portfolio.presenting import credential_view
from credentials.portfolio.views import SiteView, VerifyView
from credentials.portfolio.wording import sentence
from credentials.projects.agreeing import routes as work_routes
from credentials.projects.api.applying import routes as applying_api_routes
from credentials.projects.api.following import routes as following_api_routes
from credentials.projects.api.pool import routes as pool_api_routes
from credentials.projects.api.posting import routes as posting_api_routes
from credentials.projects.api.reviewing import routes as reviewing_api_routes
from credentials.projects.api.sandbox import routes as sandbox_api_routes
from credentials.projects.api.work import routes as work_api_routes
from credentials.projects.applying import routes as application_routes
from credentials.projects.applying.company import routes as applicant_routes
from credentials.projects.delivering import routes as delivery_routes
from credentials.projects.following import routes as following_routes
from credentials.projects.paying import routes as paying_routes
from credentials.projects.posting import routes as project_routes
from credentials.projects.posting.public import routes as board_routes
from credentials.projects.referring import routes as referring_routes
from credentials.projects.referring.public import routes as asking_routes
from credentials.projects.reviewing import routes as reviewing_routes
from credentials.tasks.queue import Tasks
from credentials.verifier import routes as verifier_routes
from credentials.verifier.report import Report
from credentials.verifier.vc_api import routes as vc_api_verifier_routes
from credentials.web import guard, problems, system
from credentials.web.access import SAFE_METHODS, Declaration, require_declarations
from credentials.web.arriving import INCOMING, FileRequest
from credentials.web.composition import Service, open_service
from credentials.web.envelope import DECLARATION, Envelope
from credentials.web.fast_verify import FastVerify
from credentials.web.logs import configure_libraries, make_log
from credentials.web.metrics import Metrics
from credentials.web.people import People
from credentials.web.proxies import Proxies
from credentials.web.rates import Rates
from credentials.web.runtime import Runtime, attach
from credentials.web.server import at_end_of_worker
from credentials.web.sessions import FormSessions
from credentials.web.settings import Settings
from credentials.web.waiting import Bodies, CountBodies
from credentials.webhooks import routes as webhook_routes

VERIFY_ENDPOINT = "verifier.verify_call"
# A form part is a pasted credential or a name; the file beside it is counted by the route's own limit.
MOST_FORM_PARTS = 128
# Werkzeug counts its read buffer of 64 KiB too: less than this would refuse a photo for its size.
LEAST_FORM_MEMORY = 256 * 1024
# Of the ten seconds that a worker process has to end, for the tasks that run in it.
SECONDS_FOR_TASKS = 8.0

More = Callable[[Service], Blueprint]
"""Makes routes that only some applications have."""


def create_app(service: Service, *, log_stream: TextIO | None = None, more: More | None = None) -> Flask:
    """The application over an opened service. Logs go to standard error unless a stream is given.

    `more` makes further routes, which declare their caller as all do.

    Raises:
        RouteUndeclared: a route does not say who may call it.
    """
    settings = service.settings
    app = Flask("credentials.web", root_path=str(Path(__file__).parent), static_folder=None)
    app.config.update(
        SECRET_KEY=service.form_secret,
        # Under https a browser keeps a cookie of this name for this host alone (RFC 6265bis §4.1.3.2).
        SESSION_COOKIE_NAME="__Host-form" if service.base_url.startswith("https:") else "form",
        SESSION_COOKIE_SECURE=service.base_url.startswith("https:"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_FORM_MEMORY_SIZE=max(settings.max_credential_bytes, LEAST_FORM_MEMORY),
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
    )
    app.config[INCOMING] = settings.files_path
    app.request_class = FileRequest
    app.url_map.merge_slashes = False
    app.session_interface = FormSessions()
    log = make_log(settings.log_level, settings.log_format, log_stream)
    runtime = Runtime(service.base_url, log, Metrics())
    attach(app, runtime)
    system.add_static(app)
    for routes in (*_routes(service), *((more(service),) if more else ())):
        app.register_blueprint(routes)
    declarations = require_declarations(app)
    rates = Rates(settings, log)
    guard.install(app, guard.Guard(settings, rates, service.key_holder, People(service.accounts)))
    problems.install(app)
    app.after_request(partial(_wake, service.tasks))
    fast = FastVerify(
        app.wsgi_app,
        verify=verifier_routes.bounded(service),
        declaration=declarations[VERIFY_ENDPOINT],
        rates=rates,
        metrics=runtime.metrics,
    )
    app.wsgi_app = Envelope(  # type: ignore[method-assign]
        CountBodies(fast, Bodies()),
        proxies=Proxies(settings.trusted_proxies),
        metrics=runtime.metrics,
        log=log,
        https=service.base_url.startswith("https:"),
    )
    return app


def _routes(service: Service) -> Iterator[Blueprint]:
    """Every room's routes. The verifier knows nothing of pages: it is handed what makes a view of a report."""
    yield system.blueprint(service)
    yield portfolio_routes.blueprint(service)
    yield issuer_routes.blueprint(service)
    yield correction_routes.blueprint(service)
    yield verifier_routes.blueprint(service, partial(_verify_view, service.portfolio.site))
    yield vc_api_verifier_routes.blueprint(service)
    yield vc_api_issuer_routes.blueprint(service)
    yield account_routes.blueprint(service)
    yield own_routes.blueprint(service)
    yield company_sign_in_routes.blueprint(service)
    yield home_routes.blueprint(service)
    yield award_routes.blueprint(service)
    yield issued_routes.blueprint(service)
    yield upload_routes.blueprint(service)
    yield file_routes.blueprint(service)
    yield claim_routes.blueprint(service)
    yield held_routes.blueprint(service)
    yield team_routes.blueprint(service)
    yield trail_routes.blueprint(service)
    yield signing_key_routes.blueprint(service)
    yield branding_routes.blueprint(service)
    yield console_webhook_routes.blueprint(service)
    yield proof_routes.blueprint(service)
    yield program_routes.blueprint(service)
    yield work_routes.blueprint(service)
    yield delivery_routes.blueprint(service)
    yield mail_routes.blueprint(service)
    yield report_routes.blueprint(service)
    yield operator_routes.blueprint(service)
    yield operator_people_routes.blueprint(service)
    yield webhook_routes.blueprint(service)
    yield reviewing_routes.blueprint(service)
    yield paying_routes.blueprint(service)
    yield referring_routes.blueprint(service)
    yield asking_routes.blueprint(service)
    yield following_routes.blueprint(service)
    yield project_routes.blueprint(service)
    yield board_routes.blueprint(service)
    yield application_routes.blueprint(service)
    yield applicant_routes.blueprint(service)
    yield posting_api_routes.blueprint(service)
    yield applying_api_routes.blueprint(service)
    yield dispute_routes.blueprint(service)
    yield lists_api_routes.blueprint(service)
    yield brand_api_routes.blueprint(service)
    yield pool_api_routes.blueprint(service)
    yield following_api_routes.blueprint(service)
    yield work_api_routes.blueprint(service)
    yield reviewing_api_routes.blueprint(service)
    if service.settings.sandbox:
        yield sandbox_api_routes.blueprint(service)


def _wake(tasks: Tasks, response: Response) -> Response:
    """What a request left to be done (mail, webhooks, timestamps) is looked at now, not at the next sweep."""
    declaration: Declaration | None = request.environ.get(DECLARATION)
    changes = declaration is not None and declaration.caller.kind != "stateless"
    if changes and request.method not in SAFE_METHODS and response.status_code < 400:
        tasks.wake()
    return response


def _verify_view(site: SiteView, text: str, report: Report | None, error: CredentialError | None) -> VerifyView:
    """The verify page: empty, with a result, or with what was wrong and what was typed."""
    return VerifyView(
        text=text,
        problem=error.title if error else None,
        detail=sentence(error.detail) if error else "",
        advice=error.advice if error else None,
        result=credential_view(report, site) if report else None,
    )


def build_app(settings: Settings, more: More | None = None) -> Flask:
    """Open the service and make its application (`more`: as above); what each worker process of the server calls.

    What a crash left half issued is signed and released first. Where that cannot be done (a key is missing, say) the
    service still answers for what is published: /readyz says what is wrong.
    """
    configure_libraries(settings.log_level, settings.log_format)
    service = open_service(settings)
    try:
        service.issuer.resume()
    except CredentialError as error:
        make_log(settings.log_level, settings.log_format).error("resume-failed", code=error.code)
    service.outbox.tidy()
    _tidy_files(service)
    if service.tasks.embedded:
        service.tasks.start()
    at_end_of_worker(partial(_end, service))
    return create_app(service, more=more)


def _end(service: Service) -> None:
    """Let the tasks that run end, so that none leaves a lease behind, and give the connections back."""
    service.tasks.stop(SECONDS_FOR_TASKS)
    service.close()


def _tidy_files(service: Service) -> None:
    """Sweep what an upload that was cut off may have left. A store that cannot be reached keeps nobody from serving."""
    try:
        service.files.tidy()
    except CredentialError as error:
        make_log(service.settings.log_level, service.settings.log_format).error("tidy-failed", code=error.code)
