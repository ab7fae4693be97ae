"""Headings of several languages are known, each for one field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.issuer.bulk.fields import FIELDS, REQUIRED, fold, guess


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("recipient_name", "recipient_name"),
        ("Full name", "recipient_name"),
        ("Student's name", "recipient_name"),
        ("Vor- und Nachname", "recipient_name"),
        ("Nom complet", "recipient_name"),
        ("Nombre y apellidos", "recipient_name"),
        ("Namn", "recipient_name"),
        ("Navn", "recipient_name"),
        ("Vorname", "given_name"),
        ("Prénom", "given_name"),
        ("Apellidos", "family_name"),
        ("Efternavn", "family_name"),
        ("E-mail", "recipient_email"),
        ("EMAIL ADDRESS", "recipient_email"),
        ("E-Mail-Adresse", "recipient_email"),
        ("Courriel", "recipient_email"),
        ("Correo electrónico", "recipient_email"),
        ("E-postadress", "recipient_email"),
        ("Project", "project_title"),
        ("Projekttitel", "project_title"),
        ("Intitulé", "project_title"),
        ("Proyecto", "project_title"),
        ("What was done", "summary"),
        ("Was wurde gemacht?", "summary"),
        ("Résumé", "summary"),
        ("Descripción", "summary"),
        ("Beskrivelse", "summary"),
        ("Livrables", "deliverables"),
        ("Skills (comma separated)", "skills"),
        ("Fähigkeiten", "skills"),
        ("Compétences", "skills"),
        ("Habilidades", "skills"),
        ("Färdigheter", "skills"),
        ("Færdigheder", "skills"),
        ("start_date", "started_on"),
        ("Started", "started_on"),
        ("Beginn", "started_on"),
        ("Date de début", "started_on"),
        ("Fecha de inicio", "started_on"),
        ("Startdatum", "started_on"),
        ("Startdato", "started_on"),
        ("end_date", "ended_on"),
        ("Finished", "ended_on"),
        ("Abgeschlossen am", "ended_on"),
        ("Date de fin", "ended_on"),
        ("Slutdatum", "ended_on"),
        ("Hours worked", "hours"),
        ("Stunden", "hours"),
        ("Nombre d'heures", "hours"),
        ("Timmar", "hours"),
        ("Manager", "supervisor_name"),
        ("Betreuer*in", "supervisor_name"),
        ("Handledare", "supervisor_name"),
        ("Vejleder", "supervisor_name"),
        ("supervisor_words", "supervisor_words"),
        ("Comment", "supervisor_words"),
        ("Rückmeldung", "supervisor_words"),
        ("Commentaires", "supervisor_words"),
        ("evidence_url", "evidence_url"),
        ("Link", "evidence_url"),
        ("Länk", "evidence_url"),
        ("Role", "role"),
        ("Gültig bis", "valid_until"),
    ],
)
def test_headings_are_known(heading: str, field: str) -> None:
    assert guess(heading) == field
    assert guess(f"  {heading.upper()} ") == field


@pytest.mark.parametrize("heading", ["", " ", "Shoe size", "Cost centre", "()", "🙂", "Name of the cat", "IBAN", "id"])
def test_other_headings_are_not(heading: str) -> None:
    assert guess(heading) is None


def test_every_field_is_its_own_heading() -> None:
    assert [guess(field) for field in FIELDS] == list(FIELDS)
    assert set(REQUIRED) < set(FIELDS)


@settings(deadline=None)
@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) in (fold(text), fold(fold(fold(text))))
