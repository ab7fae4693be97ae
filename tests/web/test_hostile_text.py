"""Hostile text in every field of every form and in every address: it is text, or it is refused, and never runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from credentials.console import awarding, handing_over
from credentials.console.award_form import AwardForm
from credentials.mail.message import Letter, render
from tests.web.cast import Cast, assemble
from tests.web.conftest import make_draft, open_site
from tests.web.test_every_role import FORM_LIMITS, code_of, in_order, path_of, routes, who_may

TEMPLATES = Path(__file__).parents[2] / "credentials" / "web" / "templates"
MARKUP = "<img src=x onerror=alert(1)>\"'</textarea></title><script>alert(1)</script>{{7*7}}${7*7}"
RAW = ("<img src=x", "<script>alert", "</textarea></title><script", ">49<", "${49}")
# What the forms have besides: fields whose names a template puts together.
MORE = {
    "roles",
    "scopes",
    "kinds",
    "do",
    "version",
    "number",
    "address",
    "domain",
    "method",
    "wanted",
    "outcome",
    "note",
}


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One website for all of these tests."""
    made = assemble(open_site(tmp_path_factory.mktemp("hostile") / "data", **FORM_LIMITS))
    yield made
    made.site.service.close()


def fields() -> set[str]:
    """The name of every field of every form."""
    found = set(MORE)
    for path in TEMPLATES.glob("*.html"):
        page = path.read_text("utf-8")
        found |= set(re.findall(r'\bname="(\w+)"', page)) | set(re.findall(r'\b(?:text|line|area)\("(\w+)"', page))
        found |= {f"{one}_{place}" for one in re.findall(r'name="(\w+)_\{\{', page) for place in (1, 2)}
    return found - {"csrf_token"}


def forms(cast: Cast) -> Iterator[tuple[Rule, str, str]]:
    """Each form that people send: its rule, a path with ids of acme's, and who may. Acme is not suspended by it."""
    for method, rule, declaration in routes(cast):
        if method == "POST" and declaration.caller.needs_csrf_token:
            who = who_may(declaration)
            yield rule, path_of(cast, rule, "foreign" if rule.endpoint == "operator.suspend" else "own", who), who


def raw(text: str) -> list[str]:
    """What of the hostile text stands in a page as markup."""
    return [one for one in RAW if one in text]


def test_there_are_fields_enough() -> None:
    assert len(fields()) > 40
    assert {"name", "address", "summary", "supervisor_words", "reason", "words", "client_id", "label"} <= fields()


def test_markup_in_every_field_is_text_on_every_page(cast: Cast) -> None:
    form, wrong = dict.fromkeys(fields(), MARKUP), []
    for rule, path, who in forms(cast):
        answer = cast.ask("POST", path, cast.cookie(who), accept="text/html", form=form)
        if answer.status_code >= 500 or raw(answer.text):
            wrong.append(f"POST {rule.rule}: {answer.status_code} {raw(answer.text)}")
    filled(cast)
    for method, rule, declaration in routes(cast):
        if method == "GET":
            who = who_may(declaration) if declaration.caller.signs_in else "stranger"
            path = path_of(cast, rule, "own", who)
            answer = cast.ask("GET", f"{path}?next={MARKUP}&state={MARKUP}", cast.cookie(who), accept="text/html")
            failed = answer.status_code >= 500 and code_of(answer) != "not-ready"
            if failed or (answer.mimetype == "text/html" and raw(answer.text)):
                wrong.append(f"GET {rule.rule}: {answer.status_code} {raw(answer.text)}")

    assert wrong == []


def filled(cast: Cast) -> None:
    """A company whose texts are hostile: its drafts, what it issued, and the letter that went out."""
    service = cast.site.service
    founder = cast.member("founder", "acme")
    awarding.start(service.desk, founder, AwardForm(recipient_name=MARKUP, project_title=MARKUP, summary=MARKUP))
    issued = service.issuer.issue(
        "acme",
        make_draft(
            recipient_name=MARKUP, project_title=MARKUP, summary=MARKUP, skills=(MARKUP,), supervisor_words=MARKUP
        ),
    )
    handing_over.send_again(service.desk, founder, issued.id)
    page = cast.ask("GET", f"/c/{issued.id}", accept="text/html")
    assert "&lt;script&gt;alert" in page.text
    assert raw(page.text) == []
    for one in service.outbox.listed():
        if one.body:
            assert raw(html_of(service.outbox.read(one.id)[1])) == []


def html_of(letter: Letter) -> str:
    """What a mail program shows of a letter."""
    when = datetime(2026, 3, 16, tzinfo=UTC)
    message = render(
        letter,
        sender="no-reply@credentials.example",
        address="a@b.example",
        date=when,
        message_id="1@x",
        unsubscribe=None,
    )
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_nul_is_refused_on_every_form_and_in_every_address(cast: Cast) -> None:
    wrong = []
    for rule, path, who in forms(cast):
        for form in ({"name": "a\0b"}, {"a\0b": "x"}, {"address": "ana@mail.example\0"}):
            answer = cast.ask("POST", path, cast.cookie(who), form=form)
            if code_of(answer) != "text-unreadable":
                wrong.append(f"POST {rule.rule}: {answer.status_code} {code_of(answer)}")
    for method, rule, declaration in routes(cast):
        if method == "GET" and declaration.caller.signs_in:
            who = who_may(declaration)
            wrong += unreadable(cast, rule, who)

    assert wrong == []


def unreadable(cast: Cast, rule: Rule, who: str) -> list[str]:
    """How an address of a page with a NUL in it is answered otherwise than by a refusal."""
    path, wrong = path_of(cast, rule, "own", who), []
    answer = cast.ask("GET", f"{path}?x=%00", cast.cookie(who))
    if code_of(answer) != "text-unreadable":
        wrong.append(f"GET {rule.rule}?x=%00: {answer.status_code} {code_of(answer)}")
    for name in in_order(rule):
        if "<int:" + name in rule.rule:
            continue  # not to be built, nor to be met: a number takes digits alone
        values = {one: "a\0b" if one == name else "1" for one in rule.arguments}
        built = cast.app.url_map.bind("credentials.example").build(rule.endpoint, values)
        answer = cast.ask("GET", str(built), cast.cookie(who))
        if answer.status_code != 404:
            wrong.append(f"GET {built}: {answer.status_code} {code_of(answer)}")
    return wrong


def test_every_download_has_a_name_of_ours(cast: Cast) -> None:
    names = set()
    for method, rule, declaration in routes(cast):
        if method == "GET" and declaration.caller.signs_in:
            who = who_may(declaration)
            answer = cast.ask("GET", path_of(cast, rule, "own", who), cast.cookie(who))
            kept = answer.headers.get("Content-Disposition", "")
            if answer.status_code == 200 and answer.mimetype != "text/html":
                assert kept.startswith("attachment; filename="), rule.rule
                names.add(kept.partition("=")[2].strip('"'))

    assert names
    assert [one for one in names if not re.fullmatch(r"[a-z0-9-]+\.(csv|json|jwt)", one)] == []
