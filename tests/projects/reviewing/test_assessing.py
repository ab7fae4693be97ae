"""Rating and describing: what is refused by its field, what is shown to whom, and what never leaves."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.accounts.audit import exported
from credentials.console import awarding
from credentials.console.anchors import ANCHORS
from credentials.console.award_form import restored
from credentials.console.errors import AwardSigned
from credentials.core.plain_text import is_plain_line
from credentials.core.word_changes import changes
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.reviewing import sheet
from credentials.projects.reviewing.assessing import assess, describe, description_of
from credentials.projects.reviewing.assessment_form import AssessmentForm, SkillRating, problems
from credentials.projects.reviewing.errors import AssessmentUnusable, TextUnusable
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import assessments, awards
from credentials.store.engine import read
from tests.projects.stages import Stage

BOTH = {0: Verdict(True), 1: Verdict(True)}
CANARY = "told-to-nobody-7741"


def test_four_levels_each_with_a_behaviour() -> None:
    assert [one.number for one in ANCHORS] == [1, 2, 3, 4]
    assert len({one.name for one in ANCHORS} | {one.behaviour for one in ANCHORS}) == 8
    assert ANCHORS[2].words == "3 of 4, works independently"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (AssessmentForm(ratings=(SkillRating("A", "3"),)), "level_0"),
        (AssessmentForm(ratings=(SkillRating("A"), SkillRating("B", "", "Saw it"))), "level_1"),
        (AssessmentForm(ratings=(SkillRating("A", "3", "x" * 201),)), "evidence_0"),
        (AssessmentForm(ratings=(SkillRating("A", "3", "a\nb"),)), "evidence_0"),
        (AssessmentForm(words="x" * 2001), "words"),
        (AssessmentForm(words="a\u202eb"), "words"),
        (AssessmentForm(private_comment="x" * 2001), "private_comment"),
        (AssessmentForm(summary="x" * 4001), "summary"),
        (AssessmentForm(summary="a\x00b"), "summary"),
    ],
)
def test_what_cannot_be_kept_is_said_by_its_field(form: AssessmentForm, field: str, stage: Stage) -> None:
    assert [one.field for one in problems(form)] == [field]
    made = stage.engagement("delivered")
    with pytest.raises(AssessmentUnusable) as error:
        assess(stage.means, stage.member("owner"), made.id, form)
    assert error.value.where == field
    with read(stage.service.engine) as connection:
        assert assessments.of_engagement(connection, made.id) is None


@pytest.mark.parametrize("text", ["x" * 4001, "a\u202eb", "a\x07b"])
def test_a_description_that_cannot_be_shown(text: str, stage: Stage) -> None:
    made = stage.engagement("working")
    with pytest.raises(TextUnusable):
        describe(stage.means, stage.visitor("candidate"), made.id, text)


def test_nobody_else_describes_the_work(stage: Stage) -> None:
    made = stage.engagement("working")
    for who in ("owner", "stranger"):
        with pytest.raises(EngagementUnknown):
            describe(stage.means, stage.visitor(who), made.id, "Mine")


def test_both_see_what_the_supervisor_changed(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    describe(stage.means, stage.visitor("candidate"), made.id, "I asked 20 customers.")
    offered = sheet.for_company(stage.means, owner, made.id).form
    assert offered.summary == "I asked 20 customers."

    edited = changed(offered, summary="I interviewed 20 customers.")
    assess(stage.means, owner, made.id, edited)
    for seen in (
        sheet.for_company(stage.means, owner, made.id).sheet.description,
        sheet.for_candidate(stage.means, stage.visitor("candidate"), made.id).sheet.description,
    ):
        assert [(one.kind, one.text.strip()) for one in seen.changes] == [
            ("kept", "I"),
            ("removed", "asked"),
            ("added", "interviewed"),
            ("kept", "20 customers."),
        ]
    done = review(stage.means, owner, made.id, 1, BOTH)
    with read(stage.service.engine) as connection:
        award = awards.by_id(connection, made.issuer_id, done.award_id or "")
    assert award is not None
    assert restored(award.form).summary == "I interviewed 20 customers."


def test_what_the_supervisor_left_alone_follows_the_candidate(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    assess(stage.means, owner, made.id, sheet.for_company(stage.means, owner, made.id).form)
    describe(stage.means, stage.visitor("candidate"), made.id, "I asked 20 customers.")
    with read(stage.service.engine) as connection:
        found = description_of(connection, made)
    assert found.signed == "I asked 20 customers."


def changed(form: AssessmentForm, **values: str) -> AssessmentForm:
    """A form with some texts changed."""
    known = {name: getattr(form, name) for name in form.__struct_fields__}
    return AssessmentForm(**(known | values))


def test_a_signed_award_is_not_assessed_again(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    done = review(stage.means, owner, made.id, 1, BOTH)
    assert done.award_id is not None
    awarding.sign(stage.means, owner, done.award_id, 1)
    with read(stage.service.engine) as connection:
        award = awards.by_id(connection, made.issuer_id, done.award_id)
    assert award is not None
    assert award.state == "signed"
    with pytest.raises(AwardSigned), read(stage.service.engine) as connection:
        awarding.refill(stage.means, connection, owner, done.award_id, {"summary": "Other"})


def test_the_private_comment_never_leaves(stage: Stage, tmp_path: Path, database_kind: str) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    service, candidate = stage.service, stage.visitor("candidate")
    service.webhooks.add(made.issuer_id, "https://hooks.example/take", ["work.accepted", "work.completed"])
    form = AssessmentForm(words="Careful.", private_comment=CANARY)
    assert CANARY not in repr(form)
    assess(stage.means, owner, made.id, form)
    assert sheet.for_company(stage.means, owner, made.id).form.private_comment == CANARY
    done = review(stage.means, owner, made.id, 1, BOTH)
    assert done.award_id is not None
    assess(stage.means, owner, made.id, changed(form, words="Careful and quick."))
    number = awarding.sign(stage.means, owner, done.award_id, 2).id

    with read(service.engine) as connection:
        kept = assessments.of_engagement(connection, made.id)
    assert CANARY not in repr(kept)
    seen = sheet.for_candidate(stage.means, candidate, made.id)
    told = [
        repr(seen),
        "".join(exported(service.engine, made.issuer_id)),
        service.portfolio.signed(number).body.decode(),
        *[repr(service.outbox.read(mail.id)) for mail in service.outbox.listed()],
        repr(awarding.find(stage.means, owner, done.award_id)),
    ]
    assert [text[:60] for text in told if CANARY in text] == []
    assert_nowhere_else(tmp_path, database_kind)


def assert_nowhere_else(folder: Path, database_kind: str) -> None:
    """Nothing that was published holds it; of the tables only the one it is kept in."""
    written = [path for path in (folder / "data").rglob("*") if path.is_file() and ".db" not in path.name]
    assert [path.name for path in written if CANARY.encode() in path.read_bytes()] == []
    if database_kind != "sqlite":
        return
    with sqlite3.connect(next(folder.rglob("*.db"))) as found:
        names = [row[0] for row in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holding = [name for name in names if CANARY in "".join(_dump(found, name))]
    found.close()
    assert holding == ["assessment"]


def _dump(found: sqlite3.Connection, table: str) -> list[str]:
    return [repr(row) for row in found.execute(f'SELECT * FROM "{table}"')]  # noqa: S608


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_of_a_change_make_both_texts(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after
    assert all(one.text for one in pieces)


def test_a_hostile_text_is_compared_in_time() -> None:
    assert changes("a b " * 1000, "b a " * 1000)
    assert changes("a " * 2000, "a " * 1999 + "b ")
    assert is_plain_line("a")
    assert dataclasses.is_dataclass(changes("a", "b")[0])
