"""What somebody tries who is in already: old pages, lost roles, other companies' things, fields that no form has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from credentials.accounts.organisations import invite_owner
from credentials.store import tables
from credentials.store.engine import read
from credentials.web.app import create_app
from tests.console.conftest import OWNER, Desk, desk  # noqa: F401  (the fixture)
from tests.web.cast import Cast, assemble
from tests.web.conftest import open_site
from tests.web.staff import Browser, browser
from tests.web.test_every_role import FORM_LIMITS, path_of, routes, who_may

COOKIE = "__Host-signed-in"
AWARD = {
    "recipient_name": "Ana Souza",
    "recipient_email": "ana@mail.example",
    "project_title": "Customer survey report",
    "summary": "Interviewed 20 customers and wrote a report.",
    "started_on": "2026-02-02",
    "ended_on": "2026-03-06",
    "supervisor_name": "Kim Larsen",
}


def with_page(found: Browser, page: str) -> dict[str, str]:
    """The token of a page that is open in somebody's browser."""
    return {"csrf_token": found.token(page)}


def sent(found: Browser, path: str, form: dict[str, Any]) -> int:
    """Press a button of a page that was opened before: the status of the answer."""
    headers = {"Accept": "text/html", "Referer": f"{found.base_url}{path}"}
    return found.client.post(path, data=form, headers=headers, base_url=found.base_url).status_code


def copied(desk: Desk, found: Browser) -> Browser:  # noqa: F811
    """A thief's browser with somebody's cookie."""
    thief = desk.nobody()
    kept = found.client.get_cookie(COOKIE, domain="credentials.example")
    assert kept is not None
    thief.client.set_cookie(COOKIE, kept.value, domain="credentials.example", secure=True)
    return thief


def everything(desk: Desk | Cast) -> dict[str, list[tuple[Any, ...]]]:  # noqa: F811
    """All that the database holds, but for when somebody was last seen and what is only a copy of the rest."""
    engine = desk.service.engine if isinstance(desk, Desk) else desk.site.service.engine
    with read(engine) as connection:
        return {
            name: sorted(
                (tuple(map(repr, row)) for row in connection.execute(select(*kept_columns(name)))),
            )
            for name in tables.metadata.tables
            if name != "published_list"
        }


def kept_columns(name: str) -> list[Any]:
    """The columns of a table that only an act changes."""
    return [one for one in tables.metadata.tables[name].columns if one.name not in ("last_seen_at", "last_used_at")]


MEMBERS_FORMS: list[tuple[str, str, dict[str, object]]] = [
    ("/console/acme/people", "/console/acme/people/invitations", {"address": "eve@mail.example", "roles": ["owner"]}),
    ("/console/acme/people", "/console/acme/people/four-eyes", {"wanted": "yes"}),
    ("/console/acme/awards/new", "/console/acme/awards/new", {**AWARD, "do": "sign"}),
    ("/console/acme/keys", "/console/acme/keys/rotate", {}),
    ("/console/acme/api-keys", "/console/acme/api-keys", {"label": "mine", "scopes": ["issue"]}),
    (
        "/console/acme/webhooks",
        "/console/acme/webhooks",
        {"url": "https://eve.example/", "kinds": ["credential.issued"]},
    ),
    ("/console/acme/proof", "/console/acme/proof", {"domain": "eve.example", "method": "file"}),
]


@pytest.mark.parametrize(("page", "path", "form"), MEMBERS_FORMS, ids=[path for _page, path, _form in MEMBERS_FORMS])
def test_a_removed_member_s_open_form_does_nothing(
    desk: Desk,  # noqa: F811
    page: str,
    path: str,
    form: dict[str, object],
) -> None:
    second = desk.invited("second@acme.example", "owner", "author", "signer")
    token = with_page(second, page)
    person = second.get("/console/acme/people").text.partition("(you)")[2].partition("/console/acme/people/")[2][:26]
    assert desk.owner.post(f"/console/acme/people/{person}/remove", "/console/acme/people").status_code == 303
    before = everything(desk)

    assert sent(second, path, {**token, **form}) == 404
    assert everything(desk) == before
    assert second.get("/account").status_code == 200


@pytest.mark.parametrize(("page", "path", "form"), MEMBERS_FORMS, ids=[path for _page, path, _form in MEMBERS_FORMS])
def test_a_role_taken_away_is_gone_from_the_page_that_is_open(
    desk: Desk,  # noqa: F811
    page: str,
    path: str,
    form: dict[str, object],
) -> None:
    second = desk.invited("second@acme.example", "owner", "author", "signer")
    token = with_page(second, page)
    person = second.get("/console/acme/people").text.partition("(you)")[2].partition("/console/acme/people/")[2][:26]
    changed = desk.owner.post(f"/console/acme/people/{person}/roles", "/console/acme/people", roles=["reviewer"])
    assert changed.status_code == 303
    before = everything(desk)

    assert sent(second, path, {**token, **form}) == 403
    assert everything(desk) == before


def test_an_author_who_was_a_signer_signs_nothing(desk: Desk) -> None:  # noqa: F811
    second = desk.invited("second@acme.example", "author", "signer")
    begun = second.post("/console/acme/awards/new", "/console/acme/awards/new", do="save", **AWARD)
    path = begun.headers["Location"]
    token = with_page(second, path)
    person = second.get("/console/acme/people").text.partition("(you)")[2].partition("/console/acme/people/")[2][:26]
    desk.owner.post(f"/console/acme/people/{person}/roles", "/console/acme/people", roles=["author"])

    assert sent(second, f"{path}/sign", {**token, "version": "1"}) == 403
    assert sent(second, path, {**token, **AWARD, "do": "sign", "version": "1"}) == 403
    with read(desk.service.engine) as connection:
        assert len(connection.execute(select(tables.credential.c.id)).all()) == 1


def two_companies(desk: Desk) -> Browser:  # noqa: F811
    """Somebody who owns other and writes for acme."""
    found = desk.invited("two@mail.example", "author")
    assert (
        found.post("/companies/new", "/companies/new", name="Other", website="").headers["Location"] == "/console/other"
    )
    return found


def test_a_person_of_two_companies_has_in_each_only_the_roles_of_that_one(desk: Desk) -> None:  # noqa: F811
    found = two_companies(desk)
    before = everything(desk)

    for path, form in (
        ("/console/acme/people/four-eyes", {"wanted": "yes"}),
        ("/console/acme/people/invitations", {"address": "eve@mail.example", "roles": "owner"}),
        ("/console/acme/keys/rotate", {}),
        ("/console/acme/api-keys", {"label": "", "scopes": "issue"}),
    ):
        assert found.post(path, "/console/acme/people", **form).status_code == 403, path
    assert everything(desk) == before
    assert found.get("/console/other/trail").status_code == 200
    assert found.get("/console/acme/trail").status_code == 403


def test_a_company_named_in_a_form_is_not_the_company_that_is_meant(desk: Desk) -> None:  # noqa: F811
    found = two_companies(desk)
    with read(desk.service.engine) as connection:
        acme = connection.execute(select(tables.issuer.c.id).where(tables.issuer.c.slug == "acme")).scalar_one()
        keys = len(connection.execute(select(tables.api_key.c.id).where(tables.api_key.c.issuer_id == acme)).all())
    stolen = {"slug": "acme", "issuer": acme, "issuer_id": acme, "member": acme}

    found.post("/console/other/people/four-eyes", "/console/other/people", wanted="yes", **stolen)
    found.post("/console/other/api-keys", "/console/other/api-keys", label="x", scopes="issue", **stolen)
    begun = found.post("/console/other/awards/new", "/console/other/awards/new", do="save", **AWARD, **stolen)
    award = begun.headers["Location"].rpartition("/")[2]

    assert found.get(f"/console/acme/awards/{award}").status_code == 404
    with read(desk.service.engine) as connection:
        wanted = dict(
            connection.execute(select(tables.organisation.c.issuer_id, tables.organisation.c.four_eyes)).all()
        )
        made = connection.execute(select(tables.award.c.issuer_id)).scalars().all()
        after = len(connection.execute(select(tables.api_key.c.id).where(tables.api_key.c.issuer_id == acme)).all())
    assert wanted[acme] is False
    assert acme not in made
    assert after == keys


FORBIDDEN = {
    "id": "0" * 26, "person_id": "0" * 26, "issuer_id": "0" * 26, "author_id": "0" * 26, "state": "signed",
    "credential_id": "0" * 26, "operator": "1", "strong": "1", "method": "passkey", "closed_at": "",
    "created_at": "2000", "proved_at": "2999-01-01", "expires_at": "2999-01-01", "confirmed_domain": "bank.example",
    "confirmed_level": "did:web",
    "confirmed_at": "2026-01-01", "suspended_at": "", "did": "did:web:bank.example", "slug": "bank", "four_eyes": "0",
    "first": "1", "handle": "x", "sandbox": "1", "keys_frozen_at": "",
}  # fmt: skip


def test_fields_that_no_form_has_change_nothing(desk: Desk) -> None:  # noqa: F811
    desk.owner.post("/account/name", "/account", name="Olga O.", **FORBIDDEN)
    made = desk.owner.post("/companies/new", "/companies/new", name="Second", website="second.example", **FORBIDDEN)
    begun = desk.owner.post(
        "/console/acme/awards/new", "/console/acme/awards/new", do="save", **(FORBIDDEN | AWARD)
    ).headers["Location"]
    desk.owner.post(
        "/console/acme/people/invitations", "/console/acme/people", address="a@b.example", roles="author", **FORBIDDEN
    )

    assert made.headers["Location"] == "/console/second"
    assert begun.startswith("/console/acme/awards/")
    second = desk.service.issuer.issuer("second")
    assert (second.confirmed_domain, second.sandbox, second.did.rpartition(":")[2]) == (None, False, "second")
    with read(desk.service.engine) as connection:
        assert connection.execute(select(tables.operator)).all() == []
        award = connection.execute(select(tables.award.c.state, tables.award.c.credential_id, tables.award.c.id)).one()
        roles = connection.execute(select(tables.invitation.c.roles)).scalars().all()
    assert (award[0], award[1]) == ("draft", None)
    assert award[2] != "0" * 26
    assert roles[-1] == "author"
    assert desk.owner.get("/operator").status_code == 404


def test_signing_in_ends_the_session_that_the_browser_had(desk: Desk) -> None:  # noqa: F811
    thief = copied(desk, desk.owner)
    assert thief.get("/account").status_code == 200
    desk.owner.post("/sign-in", "/account", address=OWNER)
    path = desk.letters.path(OWNER)

    assert desk.owner.post(path, path).status_code == 303
    assert desk.owner.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def test_new_codes_come_with_the_end_of_all_other_sessions(desk: Desk) -> None:  # noqa: F811
    thief = copied(desk, desk.owner)
    desk.owner.post("/sign-in", "/report/issuers/acme", address=OWNER)
    path, fresh = desk.letters.path(OWNER), desk.nobody()
    fresh.post(path, path)
    page = fresh.post("/account/codes", "/account").text

    assert 'action="/account/sessions/end-others"' in page
    assert fresh.post("/account/sessions/end-others", "/account").status_code == 303
    assert fresh.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def test_a_link_of_the_attacker_signs_nobody_else_in(desk: Desk) -> None:  # noqa: F811
    desk.nobody().post("/sign-in", "/sign-in", address="eve@mail.example")
    path = desk.letters.path("eve@mail.example")
    victim = desk.owner
    stranger = desk.nobody()
    token = with_page(stranger, path)

    for form in ({"name": "Eve"}, {"name": "Eve", **token}):
        assert sent(victim, path, form) == 403
    assert "Olga Owner" in victim.get("/account").text


def test_a_form_of_before_signing_out_is_worthless(desk: Desk) -> None:  # noqa: F811
    token = with_page(desk.owner, "/account")
    thief = copied(desk, desk.owner)
    desk.owner.post("/sign-out", "/account")

    assert sent(desk.owner, "/account/name", {**token, "name": "Eve"}) in (401, 403)
    assert sent(thief, "/account/name", {**with_page(thief, "/report/issuers/acme"), "name": "Eve"}) == 401


@pytest.mark.parametrize("host", ["evil.example", "credentials.example.evil.example", "credentials.example:444"])
def test_a_letter_leads_to_this_service_whatever_the_request_was_for(desk: Desk, host: str) -> None:  # noqa: F811
    found = desk.nobody()
    token = found.token("/sign-in")
    headers = {"Host": host, "X-Forwarded-Host": host, "Referer": f"{found.base_url}/sign-in"}
    form = {"csrf_token": token, "address": OWNER}
    count = len(desk.letters.sent)
    found.client.post("/sign-in", data=form, headers=headers, base_url=found.base_url)

    for _address, letter in desk.letters.sent[count:]:
        assert letter.action is not None
        assert letter.action.url.startswith("https://credentials.example/link/")
        assert host not in repr(letter)


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_step_of_signing_in_leads_to_another_site(desk: Desk, there: str) -> None:  # noqa: F811
    page = desk.owner.post("/account/codes", "/account", next=there).text
    assert 'href="/account">I have kept them' in page
    assert "evil.example" not in page

    found = desk.person("ana@mail.example")
    assert (
        "evil.example" not in found.client.get("/welcome", query_string={"next": there}, base_url=found.base_url).text
    )
    assert (
        "alert(1)" not in found.client.get("/sign-in/again", query_string={"next": there}, base_url=found.base_url).text
    )


CRLF = ["ana@mail.example\r\nBcc: eve@mail.example", "ana@mail.example,eve@mail.example", "<ana@mail.example>",
        "ana@mail.example\n\nHello", "ana@mail.example%0aBcc:eve@mail.example", '"a\r\nb"@mail.example']  # fmt: skip


@pytest.mark.parametrize("address", CRLF, ids=range(len(CRLF)))
def test_no_field_of_an_address_writes_to_somebody_else(desk: Desk, address: str) -> None:  # noqa: F811
    before = len(desk.sent())
    for path, page, form in (
        ("/sign-in", "/sign-in", {"address": address}),
        ("/account/addresses", "/account", {"address": address}),
        ("/console/acme/people/invitations", "/console/acme/people", {"address": address, "roles": "author"}),
        ("/sign-in/company", "/sign-in/company", {"address": address}),
    ):
        assert desk.owner.post(path, page, **form).status_code == 422, path

    assert len(desk.sent()) == before


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One website for the tests of every route."""
    made = assemble(open_site(tmp_path_factory.mktemp("attacks") / "data", **FORM_LIMITS))
    yield made
    made.site.service.close()


def test_looking_at_a_page_changes_nothing(cast: Cast) -> None:
    wrong = []
    for method, rule, declaration in routes(cast):
        if method != "GET" or rule.endpoint == "company_sign_in.way_back":
            continue
        who = who_may(declaration) if declaration.caller.signs_in else "stranger"
        path, cookie = path_of(cast, rule, "own", who), cast.cookie(who)
        before = everything(cast)
        for verb in ("GET", "HEAD", "OPTIONS"):
            cast.ask(verb, path, cookie, accept="text/html")
        after = everything(cast)
        wrong += [f"{rule.rule}: {name}" for name in before if before[name] != after[name]]

    assert wrong == []


def test_a_cookie_of_another_service_opens_nothing(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    other = open_site(tmp_path / "other", rate_sign_in="")
    app: Flask = create_app(replace(other.service), log_stream=other.log)
    invite_owner(other.service.accounts, other.service.issuer.issuer("acme"), OWNER)
    found = browser(app, other.service)
    kept = desk.owner.client.get_cookie(COOKIE, domain="credentials.example")
    assert kept is not None
    found.client.set_cookie(COOKIE, kept.value, domain="credentials.example", secure=True)

    assert found.get("/account").status_code == 303
    other.service.close()
