"""The audit trail of a company: filtered on the page, exported as CSV."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, render_template, request

from credentials.accounts import audit, organisations
from credentials.accounts.acting import Member
from credentials.accounts.api_keys import list_keys
from credentials.accounts.errors import AuditFilterInvalid
from credentials.accounts.means import Means
from credentials.store.audit import Wanted
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.people import this_member

_DAY = timedelta(days=1)
_LONGEST = 80
_LAST_NUMBER = 2**31 - 1


def blueprint(service: Service) -> Blueprint:
    """The pages over an opened service."""
    routes = Blueprint("trail", __name__, url_prefix="/console/<slug>/trail")
    means = service.accounts

    @routes.get("")
    @declares(Caller.member("owner"))
    def trail(slug: str) -> str:
        found, wanted = this_member(), asked()
        events = audit.trail(means.engine, found.issuer.id, wanted)
        return render_template(
            "trail.html",
            member=found,
            events=events,
            names=_names(means, found),
            older=events[-1].number if len(events) == audit.PAGE else None,
            asked={name: text for name in ("actor", "action", "since", "until") if (text := request.args.get(name))},
            base=f"/console/{slug}/trail",
        )

    @routes.get("/export.csv")
    @declares(Caller.member("owner"))
    def export(slug: str) -> Response:
        lines = audit.exported(means.engine, this_member().issuer.id, asked())
        return Response(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="audit-{slug}.csv"'},
        )

    return routes


def _names(means: Means, member: Member) -> dict[str, str]:
    """What the company's people and its API keys are called, by what the trail calls them."""
    people = {f"person:{one.person_id}": one.name for one in organisations.people(means, member).members}
    keys = list_keys(means.engine, member.issuer.slug)
    return people | {f"api-key:{one.id}": f"API key “{one.label}”" for one in keys}


def asked() -> Wanted:
    """The filter of a query string: `actor`, `action`, `since` and `until` (days, both counted), `before`.

    Raises AuditFilterInvalid.
    """
    until = _day("until")
    return Wanted(
        actor=_text("actor"),
        action=_text("action"),
        since=_day("since"),
        until=None if until is None else until + _DAY,
        before=_number("before"),
    )


def _text(name: str) -> str | None:
    text = request.args.get(name, "").strip()
    if len(text) > _LONGEST:
        raise AuditFilterInvalid(where=name)
    return text or None


def _day(name: str) -> datetime | None:
    text = _text(name)
    if text is None:
        return None
    try:
        parsed = date.fromisoformat(text)
        return datetime(parsed.year, parsed.month, parsed.day, tzinfo=UTC)
    except ValueError:
        raise AuditFilterInvalid(where=name) from None


def _number(name: str) -> int | None:
    text = _text(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= _LAST_NUMBER:
        raise AuditFilterInvalid(where=name)
    return int(text)
