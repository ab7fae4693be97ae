"""From report to page: every state, and nothing of a credential whose signature does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from credentials.portfolio.presenting import Placement, credential_view, record_line, site_view
from credentials.portfolio.views import CredentialView
from credentials.portfolio.wording import CHECK_NAMES, OUTCOMES, WORDINGS, wording
from credentials.store.showing import IssuerRecord
from credentials.verifier.checks import Outcome
from credentials.verifier.states import SHOWN_STATES, State
from tests.portfolio.conftest import BASE_URL, Shown
from tests.portfolio.samples import FIELDS, PERSON, PRAISE, SKILL, TITLE, company, issue, sign_again, signed_bytes

HIDDEN = sorted(set(State) - SHOWN_STATES)


def view(shown: Shown, state: str) -> CredentialView:
    return shown.service.portfolio.credential(shown.states[state])


def test_every_state_is_sampled_worded_and_reached(shown: Shown) -> None:
    assert set(shown.states) == set(State) == set(WORDINGS)
    assert {state: view(shown, state).verdict.state for state in State} == {state: state for state in State}


def test_every_check_and_outcome_has_a_name(shown: Shown) -> None:
    report = shown.service.verify(signed_bytes(shown.service, shown.states["GENUINE"]))
    assert [check.id for check in report.checks] == list(CHECK_NAMES)
    assert set(OUTCOMES) == set(Outcome)


def test_green_is_genuine_and_nothing_else() -> None:
    assert [state for state in State if wording(state).tone == "good"] == [State.GENUINE]
    assert wording("A_STATE_OF_A_LATER_VERSION").tone == "caution"
    assert wording("A_STATE_OF_A_LATER_VERSION").hides


def test_hiding_follows_the_verifier() -> None:
    assert {state for state in State if not wording(state).hides} == SHOWN_STATES


@pytest.mark.parametrize("state", HIDDEN)
def test_no_field_is_shown_where_the_signature_does_not_hold(shown: Shown, state: str) -> None:
    found = view(shown, state)

    assert found.work is None
    assert found.issuer is None
    assert found.links.linkedin is found.links.portfolio is found.links.qr is found.links.code is None
    assert not [field for field in FIELDS if field in repr(found)]


@pytest.mark.parametrize("state", HIDDEN)
def test_a_document_that_slipped_in_stays_hidden(shown: Shown, state: str) -> None:
    """Even if a report of a hidden state came with a document, its page would not show it."""
    service = shown.service
    genuine = service.verify(signed_bytes(service, shown.states["GENUINE"]))
    assert genuine.credential
    broken = credential_view(msgspec.structs.replace(genuine, state=State(state)), site_view(BASE_URL))

    assert broken.work is None
    assert broken.issuer is None


@pytest.mark.parametrize("state", sorted(SHOWN_STATES))
def test_the_work_is_shown_where_the_signature_holds(shown: Shown, state: str) -> None:
    found = view(shown, state)

    assert found.work is not None
    assert (found.work.title, found.work.person, found.work.praise) == (TITLE, PERSON, PRAISE)
    assert SKILL in found.work.skills
    assert found.work.facts == ("40 hours", "Data analyst")
    assert found.work.period is not None
    assert (found.work.period.start, found.work.period.end.text) != (None, "")
    assert found.page_title.startswith(found.verdict.word)


def test_the_confirmed_domain_is_set_apart_in_the_sentence(shown: Shown) -> None:
    pieces = view(shown, "GENUINE").verdict.sentence

    assert [piece.text for piece in pieces if piece.strong] == ["kveik.example"]
    assert "".join(piece.text for piece in pieces).startswith("Signed by kveik.example on ")


def test_a_domain_is_never_capitalised(shown: Shown) -> None:
    assert view(shown, "REPLACED").verdict.sentence[0].text == "kveik.example"


def test_a_replaced_credential_leads_to_its_successor(shown: Shown) -> None:
    assert view(shown, "REPLACED").verdict.successor == f"{BASE_URL}/c/{shown.states['GENUINE']}"
    assert view(shown, "REVOKED").verdict.successor is None


def test_a_withdrawn_one_says_who_when_and_why(shown: Shown) -> None:
    said = "".join(piece.text for piece in view(shown, "REVOKED").verdict.sentence)

    assert re.search(r"Withdrawn by kveik\.example on \d+ \w+ \d{4}: Issued to the wrong person\.", said)


@pytest.mark.parametrize("state", ["UNCONFIRMED_ISSUER", "GENUINE"])
def test_a_self_typed_name_is_never_the_headline(shown: Shown, state: str) -> None:
    issuer = view(shown, state).issuer
    assert issuer is not None
    assert issuer.headline == ("kveik.example" if state == "GENUINE" else "the issuer")
    assert issuer.confirmed is (state == "GENUINE")


def test_deliverables_keep_what_is_confidential(shown: Shown) -> None:
    work = view(shown, "GENUINE").work
    assert work is not None
    assert [(item.name, item.url is not None) for item in work.delivered] == [
        ("The work as a whole", True),
        ("A confidential deliverable", False),
        ("Labelled receipts", True),
        ("Trained reader", False),
    ]
    assert "onfidential" in work.delivered[1].note


def test_links_of_a_genuine_one(shown: Shown) -> None:
    links = view(shown, "GENUINE").links
    number = shown.states["GENUINE"]

    assert links.address == f"{BASE_URL}/c/{number}"
    assert links.shown == f"127.0.0.1:8123/c/{number}"
    assert links.qr == f"/c/{number}.qr.svg"
    assert links.linkedin is not None
    assert links.report == f"/report/c/{number}"


@pytest.mark.parametrize(
    ("forms", "endings"),
    [
        ({"jwt"}, [".jwt"]),
        ({"json", "jwt"}, [".jwt", ".json"]),
        ({"pq.jwt", "jwt", "json"}, [".jwt", ".json", ".pq.jwt"]),
        ({"jwt", "sd.jwt", "dc.sd-jwt"}, [".jwt"]),
    ],
)
def test_every_public_form_that_it_has_is_offered_and_no_other(
    shown: Shown, forms: set[str], endings: list[str]
) -> None:
    report = shown.service.verify(signed_bytes(shown.service, shown.states["GENUINE"]))
    placement = Placement("X" * 26, "7KQ2M9XV4T", public=True, forms=frozenset(forms))
    found = credential_view(report, site_view(BASE_URL), placement).links.signed

    assert [link.address for link in found] == [f"/c/{'X' * 26}{ending}" for ending in endings]
    assert len({link.name for link in found}) == len(found)


def test_the_forms_of_a_credential_are_had_at_their_links(shown: Shown) -> None:
    signed = view(shown, "GENUINE").links.signed
    assert [link.address.partition(".")[2] for link in signed] == ["jwt", "json"]


def test_each_proof_is_named_once(shown: Shown) -> None:
    assert [proof.name for proof in view(shown, "GENUINE").proofs] == ["EdDSA, vc+jwt", "eddsa-rdfc-2022"]


def test_the_checks_are_counted_in_words(shown: Shown) -> None:
    report = shown.service.verify(signed_bytes(shown.service, shown.states["GENUINE"]))
    one = msgspec.structs.replace(report, checks=report.checks[:1] + report.checks[-1:])

    assert credential_view(report, site_view(BASE_URL)).checks_summary == "13 passed, 6 do not apply"
    assert credential_view(one, site_view(BASE_URL)).checks_summary == "1 passed, 1 does not apply"


@pytest.mark.parametrize("state", sorted(set(State) - {State.GENUINE}))
def test_only_a_genuine_one_goes_to_linkedin_and_search_engines(shown: Shown, state: str) -> None:
    assert view(shown, state).links.linkedin is None
    assert view(shown, state).hidden_from_search


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (IssuerRecord(issued=1, withdrawn=0, first=None), "Signed by a.example."),
        (None, "Signed by a.example."),
    ],
)
def test_record_without_a_history_claims_none(record: IssuerRecord | None, said: str) -> None:
    assert record_line("a.example", record) == said


@pytest.mark.parametrize(("withdrawn", "word"), [(0, "none"), (1, "one"), (1200, "1,200")])
def test_record_counts_what_was_withdrawn(shown: Shown, withdrawn: int, word: str) -> None:
    record = IssuerRecord(issued=3100, withdrawn=withdrawn, first=shown.service.clock())

    assert record_line("a.example", record).startswith("a.example has issued 3,100 credentials here since ")
    assert record_line("a.example", record).endswith(f"and withdrawn {word}.")


def test_long_titles_are_set_smaller(shown: Shown) -> None:
    work = view(shown, "GENUINE").work
    assert work is not None
    sizes = [replace(work, title="x" * length).title_size for length in (42, 43, 84, 85, 200)]
    assert sizes == ["", " long", " long", " longer", " longer"]


def test_one_hour_is_one_hour(shown: Shown) -> None:
    number = issue(shown.service, "kveik", hours=Decimal(1), role=None)
    work = shown.service.portfolio.credential(number).work
    assert work is not None
    assert work.facts == ("1 hour",)


def test_words_are_called_signed_only_where_their_endorsement_holds_and_says_the_same(shown: Shown) -> None:
    service, slug = shown.service, company(shown.service, "endorser")

    def praise_of(change: Callable[[dict[str, Any]], None] | None) -> tuple[str, str | None, bool]:
        number = issue(service, slug, endorse=True)
        if change is not None:
            sign_again(service, slug, number, change)
        found = service.portfolio.credential(number)
        assert found.work is not None
        return found.verdict.state, found.work.praise, found.work.praise_signed

    def other_words(document: dict[str, Any]) -> None:
        next(one for one in document["evidence"] if one.get("narrative") == PRAISE)["narrative"] = "The best of all."

    def broken(document: dict[str, Any]) -> None:
        document["endorsementJwt"] = [document["endorsementJwt"][0][:-4] + "AAAA"]

    state, *shown_as = praise_of(None)
    assert shown_as == [PRAISE, True]
    assert praise_of(other_words) == (state, "The best of all.", False)
    assert praise_of(broken) == (state, PRAISE, False)
