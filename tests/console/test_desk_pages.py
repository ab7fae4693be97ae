"""People, keys, API keys and the audit trail of a company, as its staff use them."""

import re

import pytest

from credentials.accounts.api_keys import SCOPES
from credentials.accounts.audit import trail
from tests.console.conftest import Desk

PAGES = ("/people", "/keys", "/api-keys", "/trail")


@pytest.mark.parametrize("path", PAGES)
def test_an_owner_sees_each_page(desk: Desk, path: str) -> None:
    assert desk.owner.get(f"/console/acme{path}").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_led_to_the_sign_in_page(desk: Desk, path: str) -> None:
    answer = desk.nobody().get(f"/console/acme{path}")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next=/console/acme{path}"


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_and_a_missing_company_look_alike(desk: Desk, path: str) -> None:
    stranger = desk.person("eve@other.example")
    foreign, missing = stranger.get(f"/console/acme{path}"), stranger.get(f"/console/nowhere{path}")

    assert foreign.status_code == missing.status_code == 404
    without_id = [re.sub(r'request <span class="mono">\w+', "", one.text) for one in (foreign, missing)]
    assert without_id[0] == without_id[1]


@pytest.mark.parametrize("path", ["/api-keys", "/trail"])
def test_an_author_may_not_see_what_is_the_owners(desk: Desk, path: str) -> None:
    assert desk.invited("ann@acme.example", "author").get(f"/console/acme{path}").status_code == 403


def test_inviting_and_changing_roles(desk: Desk) -> None:
    desk.invited("ann@acme.example", "author")
    page = desk.owner.get("/console/acme/people").text
    person_id = re.findall(r"/people/(\w{26})/roles", page)[-1]

    assert desk.owner.post(f"/console/acme/people/{person_id}/roles", roles=["signer"]).status_code == 303
    assert "signer, since" in desk.owner.get("/console/acme/people").text


@pytest.mark.parametrize(
    ("address", "roles"), [("not an address", ["author"]), ("a@b.example", []), ("a@b.example", ["king"])]
)
def test_an_invitation_that_cannot_be(desk: Desk, address: str, roles: list[str]) -> None:
    answer = desk.owner.post("/console/acme/people/invitations", address=address, roles=roles)

    assert answer.status_code == 422
    assert f'value="{address}"' in answer.text


def test_an_invitation_taken_back_opens_nothing(desk: Desk) -> None:
    desk.owner.post("/console/acme/people/invitations", address="ann@acme.example", roles=["author"])
    path = desk.letters.path("ann@acme.example")
    invitation = re.findall(r"/invitations/(\w{26})/withdraw", desk.owner.get("/console/acme/people").text)[0]
    desk.owner.post(f"/console/acme/people/invitations/{invitation}/withdraw")

    assert desk.nobody().post(path, path, name="Ann").status_code == 403


def test_the_last_owner_stays(desk: Desk) -> None:
    person_id = re.findall(r"/people/(\w{26})/roles", desk.owner.get("/console/acme/people").text)[0]

    assert desk.owner.post(f"/console/acme/people/{person_id}/remove").status_code == 409
    assert desk.owner.post(f"/console/acme/people/{person_id}/roles", roles=["author"]).status_code == 409


def test_an_author_changes_nobody(desk: Desk) -> None:
    ann = desk.invited("ann@acme.example", "author")
    owner_id = re.findall(r"/people/(\w{26})/roles", desk.owner.get("/console/acme/people").text)[0]

    assert ann.post(f"/console/acme/people/{owner_id}/roles", roles=["author"]).status_code == 403
    assert ann.post(f"/console/acme/people/{owner_id}/remove").status_code == 403
    assert ann.post("/console/acme/people/invitations", address="x@y.example", roles=["owner"]).status_code == 403


def test_a_key_is_rotated_and_reported_stolen(desk: Desk) -> None:
    before = desk.service.issuer.keys("acme")[0]
    assert desk.owner.post("/console/acme/keys/rotate").status_code == 303
    assert sorted(key.state for key in desk.service.issuer.keys("acme")) == ["active", "retired"]

    answer = desk.owner.post(f"/console/acme/keys/{before.name}/compromised", since="2026-01-01T00:00")

    assert answer.status_code == 303
    stolen = [key.name for key in desk.service.issuer.keys("acme") if key.compromised_since is not None]
    assert stolen == [before.name]
    actions = [event.action for event in trail(desk.service.engine, before.issuer_id)]
    assert actions[:2] == ["key.compromised", "key.rotated"]


@pytest.mark.parametrize("since", ["", "yesterday", "2999-01-01T00:00", "2026-13-01T00:00"])
def test_a_time_that_cannot_be(desk: Desk, since: str) -> None:
    key = desk.service.issuer.keys("acme")[0]
    answer = desk.owner.post(f"/console/acme/keys/{key.name}/compromised", since=since)

    assert answer.status_code == 422
    assert desk.service.issuer.keys("acme")[0].compromised_since is None


def test_an_author_touches_no_key(desk: Desk) -> None:
    ann = desk.invited("ann@acme.example", "author")
    key = desk.service.issuer.keys("acme")[0]

    assert ann.post("/console/acme/keys/rotate").status_code == 403
    assert ann.post(f"/console/acme/keys/{key.name}/compromised", since="2026-01-01T00:00").status_code == 403
    assert len(desk.service.issuer.keys("acme")) == 1


def test_an_api_key_is_shown_once_and_revoked(desk: Desk) -> None:
    made = desk.owner.post("/console/acme/api-keys", label="HR", scopes=["read"], days="30")
    secret = re.findall(r"vck_[\w-]{43}", made.text)[0]

    assert desk.service.key_holder(secret).scopes == {"read"}
    listed = desk.owner.get("/console/acme/api-keys").text
    assert secret not in listed
    key_id = re.findall(r"/api-keys/(\w+)/revoke", listed)[0]
    assert desk.owner.post(f"/console/acme/api-keys/{key_id}/revoke").status_code == 303
    assert key_id not in re.findall(r"/api-keys/(\w+)/revoke", desk.owner.get("/console/acme/api-keys").text)


def test_whoever_makes_a_key_answers_for_it_and_the_trail_names_the_key(desk: Desk) -> None:
    made = desk.owner.post("/console/acme/api-keys", label="Board", scopes=["projects:write"], days="30")
    secret = re.findall(r"vck_[\w-]{43}", made.text)[0]
    call = {"headers": {"Authorization": f"Bearer {secret}"}, "json": {"title": "A report"}}
    posted = desk.app.test_client().post("/api/v1/projects", base_url=desk.service.base_url, **call)

    assert posted.status_code == 201
    assert "<bdi>Olga Owner</bdi> answers for it" in desk.owner.get("/console/acme/api-keys").text
    assert "API key “Board”" in desk.owner.get("/console/acme/trail").text


def test_every_scope_is_offered_in_words(desk: Desk) -> None:
    page = desk.owner.get("/console/acme/api-keys").text

    assert [scope for scope, words in SCOPES.items() if f'value="{scope}"' not in page or words not in page] == []


@pytest.mark.parametrize(
    ("days", "scopes"), [("0", ["read"]), ("ten", ["read"]), ("99999", ["read"]), ("30", []), ("30", ["all"])]
)
def test_an_api_key_that_cannot_be(desk: Desk, days: str, scopes: list[str]) -> None:
    answer = desk.owner.post("/console/acme/api-keys", label="HR <b>", scopes=scopes, days=days)

    assert answer.status_code == 422
    assert "vck_" not in answer.text
    assert 'value="HR &lt;b&gt;"' in answer.text


def test_the_trail_is_filtered_and_exported(desk: Desk) -> None:
    desk.owner.post("/console/acme/keys/rotate")
    page = desk.owner.get("/console/acme/trail?action=key.rotated").text

    assert "key.rotated" in page
    assert "member.joined" not in page
    export = desk.owner.get("/console/acme/trail/export.csv?action=key.rotated")
    assert export.mimetype == "text/csv"
    assert len(export.text.splitlines()) == 2
    assert "Nothing that fits" in desk.owner.get("/console/acme/trail?until=2020-01-01").text


@pytest.mark.parametrize(
    "query", ["since=tomorrow", "before=-1", "before=1e9", "before=99999999999", "actor=" + "x" * 81]
)
def test_a_filter_that_cannot_be(desk: Desk, query: str) -> None:
    assert desk.owner.get(f"/console/acme/trail?{query}").status_code == 422
