"""The fields a column can hold, and the headings people give them in six languages.

A heading is compared folded: case, accents, punctuation and what stands in brackets do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["FIELDS", "REQUIRED", "fold", "guess"]

_HEADINGS: Final[Mapping[str, str]] = {
    "recipient_name": """
        recipient name | recipient | name | full name | person | participant | participant name | candidate
        | candidate name | student | student name | intern | intern name | holder | learner | attendee
        | first and last name | empfanger | empfangerin | name der person | vollstandiger name
        | vor und nachname | teilnehmer | teilnehmerin | teilnehmer in | praktikant | praktikantin
        | praktikant in | kandidat | kandidatin | studierende | nom complet | nom et prenom | prenom et nom
        | destinataire | beneficiaire | participante | candidat | stagiaire | etudiant | nombre completo
        | nombre y apellidos | nombre y apellido | destinatario | candidato | estudiante | becario
        | fullstandigt namn | namn | hela namnet | mottagare | deltagare | name of intern | name of student
        | name of participant | fulde navn | fuldt navn | navn | modtager | deltager | fullt navn | mottaker
        | deltaker | naam | volledige naam | ontvanger | deelnemer | nome completo | nome""",
    "given_name": """
        given name | first name | firstname | forename | vorname | prenom | nombre | fornamn | fornavn
        | voornaam | nome proprio""",
    "family_name": """
        family name | last name | lastname | surname | nachname | familienname | nom de famille | nom | apellido
        | apellidos | efternamn | etternavn | efternavn | achternaam | cognome | sobrenome | apelido""",
    "recipient_email": """
        recipient email | email | e mail | mail | email address | e mail address | mail address
        | recipient e mail | student email | candidate email | intern email | e mail adresse | email adresse
        | mailadresse | emailadresse | courriel | adresse email | adresse e mail | adresse mail
        | adresse electronique | correo | correo electronico | direccion de correo | epost | e post
        | e postadress | epostadress | epostadresse | e postadresse | mejl | mailadress | e mailadres
        | emailadres | posta elettronica | correio eletronico""",
    "project_title": """
        project title | project | project name | title | assignment | micro internship | task title | work title
        | projekt | projekttitel | projektname | projektbezeichnung | titel | aufgabe | projet | titre du projet
        | nom du projet | titre | intitule | intitule du projet | proyecto | titulo del proyecto
        | nombre del proyecto | titulo | projektnamn | projektets namn | uppdrag | projektnavn | projekttittel
        | prosjekt | prosjekttittel | project titel | projectnaam | progetto | titolo del progetto | titolo
        | projeto | titulo do projeto""",
    "summary": """
        summary | what was done | description | project description | work done | work | details | achievement
        | result | results | outcome | what they did | project summary | scope | zusammenfassung | beschreibung
        | projektbeschreibung | was wurde gemacht | was gemacht wurde | tatigkeit | tatigkeiten | ergebnis
        | resume | description du projet | ce qui a ete fait | travail realise | travail effectue | realisations
        | resumen | descripcion | descripcion del proyecto | que se hizo | lo que se hizo | trabajo realizado
        | sammanfattning | beskrivning | vad som gjordes | vad gjordes | utfort arbete | sammendrag
        | beskrivelse | hvad blev lavet | hvad der blev lavet | udfort arbejde | hva ble gjort | samenvatting
        | omschrijving | beschrijving | riassunto | descrizione | resumo | descricao""",
    "deliverables": """
        deliverables | deliverable | delivered | what was delivered | outputs | output | artefacts | artifacts
        | files | ergebnisse | liefergegenstande | lieferergebnisse | arbeitsergebnisse | livrables | livrable
        | entregables | entregable | entregas | leveranser | leverans | leverancer | leverance | leveranse
        | opleveringen | opgeleverd | consegne | entregaveis""",
    "skills": """
        skills | skill | skills shown | skills used | competencies | competences | competence | skill tags
        | tags | fahigkeiten | kompetenzen | kenntnisse | fertigkeiten | aptitudes | savoir faire | habilidades
        | competencias | destrezas | fardigheter | kompetenser | kunskaper | faerdigheder | kompetencer
        | ferdigheter | kompetanse | vaardigheden | competenties | competenze | abilita""",
    "started_on": """
        start date | started | start | started on | start day | from | begin | begin date | began | date started
        | first day | project start | startdatum | beginn | anfang | begonnen | von | projektbeginn | startdag
        | date de debut | debut | debute le | commence le | du | fecha de inicio | inicio | desde | comienzo
        | fecha inicio | startat | startade | borjade | paborjad | startdato | begyndt | begyndte | start dato
        | startet | begindatum | begonnen op | data di inizio | inizio | data de inicio""",
    "ended_on": """
        end date | finished | end | ended | finish | finish date | finished on | ended on | completed
        | completed on | completion date | date completed | to | until | last day | project end | delivered on
        | enddatum | ende | abgeschlossen | abgeschlossen am | beendet | bis | projektende | date de fin | fin
        | termine | termine le | au | acheve le | fecha de fin | fecha fin | final | hasta | terminado
        | finalizado | fecha de finalizacion | slutdatum | slut | avslutad | avslutat | avslutades | fardig
        | klar | slutdato | afsluttet | faerdig | avsluttet | sluttdato | einddatum | afgerond | data di fine
        | fine | data de fim | fim | data de termino""",
    "hours": """
        hours | hours worked | hours of work | total hours | number of hours | time spent | effort | h | hrs
        | workload | stunden | arbeitsstunden | stundenzahl | gesamtstunden | aufwand | heures | nombre d heures
        | heures travaillees | horas | horas trabajadas | numero de horas | timmar | arbetade timmar
        | antal timmar | arbetstid | timer | antal timer | arbejdstimer | arbeidstimer | uren | gewerkte uren
        | aantal uren | ore | ore di lavoro | horas trabalhadas""",
    "supervisor_name": """
        supervisor | supervisor name | manager | line manager | mentor | reviewer | assessor | contact
        | supervised by | project lead | lead | betreuer | betreuerin | betreuer in | betreuung | betreut von
        | ansprechpartner | ansprechpartnerin | vorgesetzte | vorgesetzter | encadrant | encadrante
        | responsable | superviseur | superviseuse | tuteur | tutrice | maitre de stage | supervisora | tutor
        | tutora | encargado | handledare | ansvarig | chef | vejleder | ansvarlig | leder | veileder
        | begeleider | leidinggevende | supervisore | referente | orientador | orientadora""",
    "supervisor_words": """
        supervisor words | comment | comments | feedback | praise | quote | testimonial | words | remark
        | remarks | supervisor comment | supervisor comments | supervisor feedback | manager comment | reference
        | endorsement | what the supervisor said | kommentar | bemerkung | bemerkungen | ruckmeldung | anmerkung
        | anmerkungen | bewertung | beurteilung | commentaire | commentaires | avis | appreciation | remarque
        | retour | comentario | comentarios | opinion | valoracion | observaciones | omdome | utlatande
        | aterkoppling | kommentarer | udtalelse | bemaerkning | tilbagemelding | tilbakemelding | opmerking
        | opmerkingen | toelichting | commento | commenti | osservazioni | observacoes""",
    "evidence_url": """
        evidence url | link | url | evidence | evidence link | web address | address of the work | website
        | link to work | portfolio link | proof | nachweis | verweis | webadresse | adresse web | lien
        | lien url | preuve | enlace | prueba | evidencia | lank | lank till arbetet | bevis | hyperlink
        | henvisning | lenke | collegamento | ligacao""",
    "role": """
        role | position | job title | function | rolle | funktion | stelle | fonction | poste | rol | puesto
        | cargo | roll | befattning | stilling | functie | ruolo | funcao""",
    "compensation": """
        compensation | pay | paid | payment | wage | wages | salary | stipend | fee | remuneration | vergutung
        | bezahlung | gehalt | lohn | honorar | entgelt | remuneration eur | salaire | gratification
        | indemnite | paye | remuneracion | salario | sueldo | pago | compensacion | ersattning | lon
        | arvode | lonn | honorering | vederlag | betaling | godtgorelse | vergoeding | beloning | compenso
        | retribuzione | remuneracao""",
    "ratings": """
        ratings | rating | grades | grade | marks | mark | scores | score | skill ratings | skill levels
        | noten | note | bewertungen | notes | notation | notations | calificaciones | calificacion | notas
        | betyg | karakterer | karakter | cijfers | cijfer | voti | avaliacoes""",
    "valid_until": """
        valid until | expires | expires on | expiry | expiry date | expiration date | valid to | gultig bis
        | ablaufdatum | valable jusqu au | date d expiration | valido hasta | fecha de caducidad | vence
        | giltig till | giltigt till | gyldig til | udlober | utloper | geldig tot | valido fino a | valido ate""",
}

FIELDS: Final = tuple(_HEADINGS)
"""Every field that `--map` takes."""

REQUIRED: Final = ("recipient_name", "project_title", "summary", "started_on", "ended_on", "supervisor_name")
"""The fields that need a column; `given_name` with `family_name` stand in for `recipient_name`."""

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_GAPS = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


def fold(heading: str) -> str:
    """A heading without case, marks, punctuation and bracketed remarks: "Skills (comma separated)" is "skills"."""
    apart = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one)).translate(_LETTERS)
    words = _GAPS.sub(" ", _BRACKETS.sub(" ", plain)).strip() or _GAPS.sub(" ", plain).strip()
    return words.replace(" s ", " ")


def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for field, headings in _HEADINGS.items():
        for heading in (field, *headings.split("|")):
            known.setdefault(fold(heading), field)
    return known


_KNOWN: Final = _known()


def guess(heading: str) -> str | None:
    """The field a heading means, or None when it is not known."""
    return _KNOWN.get(fold(heading))
