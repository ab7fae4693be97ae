"""The agreement as one document: one text, one digest, and nothing else read as one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from credentials.projects.agreeing.comparing import differences
from credentials.projects.agreeing.document import (
    Agreement,
    Candidate,
    Company,
    is_agreement_of,
    new_salt,
    read_agreement,
    sha256,
    sri,
    write_agreement,
)
from credentials.projects.agreeing.errors import AgreementUnreadable
from credentials.projects.agreeing.form import judge, read_terms
from credentials.projects.terms import Terms, TermsDeliverable
from tests.projects.at_work import TERMS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def agreement(terms: Terms = TERMS, salt: bytes = bytes(16), **changes: object) -> Agreement:
    """An agreement of given terms."""
    values: dict[str, object] = {
        "type": "MicroInternshipAgreement",
        "engagement": "E",
        "number": 1,
        "salt": new_salt(salt),
        "company": Company("did:web:acme.example", "Acme Ltd", "acme.example"),
        "candidate": Candidate("P", "Ana Souza"),
        "proposed_by": "company",
        "proposed_at": "2026-03-16T09:00:00Z",
        "terms": terms,
    }
    return Agreement(**(values | changes))  # type: ignore[arg-type]


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.integers(1, 1000))
def test_what_is_written_is_read_back_whatever_it_says(title: str, brief: str, skills: list[str], number: int) -> None:
    terms = Terms(title=title, brief=brief, skills=tuple(skills), deliverables=(TermsDeliverable(title, brief),))
    written = agreement(terms, number=number)

    document = write_agreement(written)

    assert read_agreement(document) == written
    assert write_agreement(read_agreement(document)) == document


DOCUMENT = write_agreement(agreement())
NO_AGREEMENTS = {
    "nothing": b"",
    "no JSON": b"{",
    "an array": b"[]",
    "a space more": DOCUMENT + b" ",
    "a line end more": DOCUMENT + b"\n",
    "another order": json.dumps(dict(reversed(list(json.loads(DOCUMENT).items()))), separators=(",", ":")).encode(),
    "a member more": json.dumps(json.loads(DOCUMENT) | {"zz": 1}, separators=(",", ":"), ensure_ascii=False).encode(),
    "a member twice": DOCUMENT.replace(b'"number":1', b'"number":1,"number":1'),
    "no terms": json.dumps({k: v for k, v in json.loads(DOCUMENT).items() if k != "terms"}).encode(),
    "another type": DOCUMENT.replace(b"MicroInternshipAgreement", b"SomethingElse"),
    "a number of text": DOCUMENT.replace(b'"number":1', b'"number":"1"'),
    "deep": b"[" * 10_000,
    "long": b'{"a":"' + b"a" * 300_000 + b'"}',
    "no UTF-8": b"\xff\xfe",
}


@pytest.mark.parametrize("name", NO_AGREEMENTS)
def test_what_is_no_agreement(name: str) -> None:
    with pytest.raises(AgreementUnreadable):
        read_agreement(NO_AGREEMENTS[name])


@given(st.binary(max_size=400))
def test_bytes_at_random_are_no_agreement_and_no_fault(data: bytes) -> None:
    with pytest.raises(AgreementUnreadable):
        read_agreement(data)


def test_a_digest_fits_this_document_alone() -> None:
    other = write_agreement(agreement(salt=bytes([1] * 16)))

    assert is_agreement_of(DOCUMENT, sri(DOCUMENT))
    assert is_agreement_of(DOCUMENT, f" {sri(DOCUMENT)}\n")
    assert not is_agreement_of(other, sri(DOCUMENT))
    assert not is_agreement_of(DOCUMENT, "")
    assert not is_agreement_of(DOCUMENT, "sha256-AAAA")
    assert sha256(other) != sha256(DOCUMENT)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_has_128_bits(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        new_salt(bytes(length))


def test_differences_name_each_field_that_is_not_the_same() -> None:
    after = Terms(
        title=TERMS.title,
        brief=TERMS.brief,
        deliverables=TERMS.deliverables[:1],
        skills=TERMS.skills,
        hours=TERMS.hours,
        starts_on=TERMS.starts_on,
        ends_on="2026-05-01",
        compensation=TERMS.compensation,
        expectations="",
        owner_of_work="both",
        may_be_shown=TERMS.may_be_shown,
    )

    found = {one.label: (one.before, one.after) for one in differences(TERMS, after)}

    assert set(found) == {"Deadline", "What each can expect of the other", "Who owns the work", "Deliverable 2"}
    assert found["Deadline"] == ("10 Apr 2026", "1 May 2026")
    assert found["What each can expect of the other"] == ("A call each Monday.", "")
    assert found["Deliverable 2"][1] == ""
    assert differences(TERMS, TERMS) == []


def typed_of(terms: Terms) -> MultiDict[str, str]:
    """Terms as their form sends them."""
    plain = ("title", "brief", "hours", "starts_on", "ends_on", "compensation", "expectations")
    choices = ("owner_of_work", "may_be_shown")
    found = MultiDict([(name, getattr(terms, name)) for name in (*plain, *choices)])
    found["skills"] = ", ".join(terms.skills)
    for one in terms.deliverables:
        for name in ("name", "description", "visibility", "summary"):
            found.add(f"deliverable_{name}", getattr(one, name))
    return found


def test_the_form_says_what_the_terms_say() -> None:
    assert read_terms(typed_of(TERMS), TERMS) == TERMS
    assert judge(TERMS) == []


WRONG = {
    "no name": ("title", ""),
    "a long name": ("title", "a" * 201),
    "two lines of name": ("title", "a\nb"),
    "a hidden mark": ("brief", "a\u202eb"),
    "no pay": ("compensation", ""),
    "hours in words": ("hours", "many"),
    "negative hours": ("hours", "-4"),
    "other digits": ("hours", "\u0664"),
    "no day": ("starts_on", ""),
    "the 31st of June": ("ends_on", "2026-06-31"),
    "before the first day": ("ends_on", "2026-03-01"),
    "another spelling of a day": ("ends_on", "20260410"),
    "no owner": ("owner_of_work", "nobody"),
    "not said whether shown": ("may_be_shown", ""),
    "a long skill": ("skills", "a" * 81),
    "many skills": ("skills", ",".join(map(str, range(21)))),
    "no deliverable": ("deliverable_name", ""),
    "a visibility of its own": ("deliverable_visibility", "secret"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_keeps_terms_from_being_proposed(name: str) -> None:
    field, text = WRONG[name]
    typed = typed_of(TERMS)
    typed[field] = text
    if field == "deliverable_name":
        for one in ("deliverable_name", "deliverable_description", "deliverable_summary"):
            typed.setlist(one, [""])

    wanted = "deliverables" if field.startswith("deliverable") else field
    assert [one.field for one in judge(read_terms(typed, TERMS))] == [wanted]


def test_what_is_confidential_needs_a_line_for_the_public() -> None:
    silent = TermsDeliverable("Notes", "", "confidential", "")
    terms = Terms(**{name: getattr(TERMS, name) for name in Terms.__struct_fields__} | {"deliverables": (silent,)})
    assert [one.field for one in judge(terms)] == ["deliverables"]


@given(st.dictionaries(st.sampled_from([*Terms.__struct_fields__, "deliverable_name"]), st.lists(TEXTS, max_size=9)))
def test_whatever_is_typed_is_judged_without_a_fault(typed: dict[str, list[str]]) -> None:
    assert judge(read_terms(MultiDict(typed), TERMS))
