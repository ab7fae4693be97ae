"""Any verified document becomes work to show; no text of it becomes a link by itself."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.portfolio.work import OTHER, is_dated, web_address, work_of


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " https://a.example",
        "https://a.example/a b",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//a.example/x",
        "https:",
        "https:///x",
        "/c/x",
        "mailto:a@a.example",
        "ftp://a.example",
        "https://[::1",
        "file:///etc/passwd",
        "https://a.example/\x7f",
        "",
        None,
        7,
        {"id": "https://a.example"},
    ],
)
def test_what_is_no_web_address_is_no_link(address: object) -> None:
    assert web_address(address) is None


@pytest.mark.parametrize("address", ["https://a.example/?a=1&b=2#c", "http://a.example", "HTTPS://A.example/x"])
def test_a_web_address_stays_as_it_was_signed(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({}, "Verifiable credential"),
        ({"type": ["VerifiableCredential"]}, "Verifiable credential"),
        ({"type": ["VerifiableCredential", "UniversityDegree", "Alumni"]}, "Alumni"),
        ({"type": ["VerifiableCredential"], "name": "  Degree "}, "Degree"),
        ({"type": ["VerifiableCredential"], "name": {"en": "Degree"}}, "Verifiable credential"),
    ],
)
def test_a_credential_of_another_kind_has_a_title(document: dict[str, Any], title: str) -> None:
    kind, work = work_of(document)

    assert (kind, work.title) == (OTHER, title)
    assert not is_dated(work)


@pytest.mark.parametrize("subject", [None, "x", [], [{"name": "A"}], {"name": 7}, {"name": " "}])
def test_odd_subjects_have_no_name(subject: object) -> None:
    assert work_of({"type": ["VerifiableCredential"], "credentialSubject": subject})[1].person is None


def test_a_foreign_subject_is_named() -> None:
    document = {
        "type": ["VerifiableCredential", "Alumni"],
        "issuer": "did:key:zA",
        "validFrom": "2026-03-16T00:00:00Z",
        "validUntil": "soon",
        "credentialSubject": {"name": "Zoë"},
    }
    _, work = work_of(document)

    assert (work.person, work.issuer_id, work.valid_until) == ("Zoë", "did:key:zA", None)
    assert is_dated(work)


@pytest.mark.parametrize(
    ("types", "title"),
    [
        ("VerifiableCredential", "Verifiable credential"),
        (["VerifiableCredential"], "Verifiable credential"),
        (["VerifiableCredential", "Licence"], "Licence"),
        (["Licence", "Apprenticeship", "VerifiableCredential"], "Apprenticeship"),
        (None, "Verifiable credential"),
    ],
)
def test_a_type_may_be_written_as_plain_text(types: object, title: str) -> None:
    assert work_of({"type": types})[1].title == title
