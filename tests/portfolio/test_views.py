"""What views decide by themselves: how a title is set, and what an issuer is called when nothing is confirmed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from credentials.portfolio.views import IssuerLine, WorkView


def work(title: str, person: str | None = None) -> WorkView:
    return WorkView(
        kind="Micro-internship",
        title=title,
        person=person,
        period=None,
        facts=(),
        summary=None,
        praise=None,
        reviewer=None,
        delivered=(),
        skills=(),
    )


@pytest.mark.parametrize(
    ("length", "size"), [(0, ""), (1, ""), (42, ""), (43, " long"), (84, " long"), (85, " longer"), (9999, " longer")]
)
@pytest.mark.parametrize("letter", ["x", "é", "山", "<"])
def test_a_long_title_is_set_smaller(letter: str, length: int, size: str) -> None:
    assert work(letter * length).title_size == size


@pytest.mark.parametrize(
    ("person", "size"), [(None, ""), ("", ""), ("x" * 24, ""), ("x" * 25, " longer"), ("x" * 9999, " longer")]
)
def test_a_long_name_is_set_smaller(person: str | None, size: str) -> None:
    assert work("Survey", person).person_size == size


@pytest.mark.parametrize("text", ['" onclick="x', "long", "<b>", " longer evil", "\x00"])
def test_no_text_of_a_credential_reaches_a_class(text: str) -> None:
    view = work(text, text)
    assert {view.title_size, view.person_size} <= {"", " long", " longer"}


@pytest.mark.parametrize(
    ("confirmed", "domain", "headline"),
    [
        (True, "acme.example", "acme.example"),
        (True, None, "the issuer"),
        (True, "", "the issuer"),
        (False, None, "the issuer"),
        (False, "acme.example", "the issuer"),  # contradictory: what is not confirmed is not believed
        (False, "", "the issuer"),
    ],
)
@pytest.mark.parametrize("name", [None, "", "Acme", "evil.example"])
def test_a_name_that_an_issuer_gave_itself_is_no_headline(
    confirmed: bool, domain: str | None, headline: str, name: str | None
) -> None:
    assert IssuerLine(confirmed, domain, name, "record").headline == headline


def test_a_view_does_not_change_once_it_was_made() -> None:
    with pytest.raises(FrozenInstanceError):
        work("Survey").title = "Another"  # type: ignore[misc]
