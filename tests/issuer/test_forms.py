"""What is private stands in no public file; the candidate's forms have all of it, and survive a crash and a theft."""

import json
from datetime import timedelta

import pytest

from credentials.core import base64url
from credentials.core.disclosable import parts
from credentials.core.errors import CredentialError
from credentials.core.micro_internship import AUDIENCES
from credentials.core.sd_jwt.presenting import opened
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.core.securing import EDDSA_RDFC_2022, SD_JWT_VC, VC_JWT, VC_SD_JWT, Unsigned
from credentials.issuer import release, signing
from credentials.issuer.compose import public_part
from credentials.issuer.draft import Deliverable, Draft, Rating
from credentials.issuer.errors import SelfCheckFailed
from credentials.issuer.forms import SELECTIVE_FORMS, Documents, secured_by
from credentials.issuer.intents import KeyedDraft, record
from credentials.issuer.lookup import Holding, find
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from tests.issuer.conftest import BASE, MakeDraft

SECRETS = ("EUR 400", "4 of 5", "Read every ticket", "Price list of a rival", "Customer names")


def private(draft: MakeDraft, **changes: object) -> Draft:
    """A draft with everything that may not become public."""
    secret = (Deliverable("Price list of a rival", "confidential"), Deliverable("Customer names", "confidential"))
    values: dict[str, object] = {
        "compensation": "EUR 400",
        "ratings": (Rating("SQL", "4 of 5", "Read every ticket"), Rating("Writing", "very good")),
        "deliverables": (Deliverable("Report"), *secret),
    }
    return draft(**(values | changes))


def holding(service: IssuerService, draft: Draft) -> Holding:
    return find(service.means, "acme", service.issue("acme", draft).id)


def test_public_files_say_nothing_private(service: IssuerService, draft: MakeDraft) -> None:
    held = holding(service, private(draft))
    assert held.form is not None
    said = json.dumps(VC_JWT.read(held.form.body).document)
    with read(service.means.engine) as connection:
        embedded = credentials.secured(connection, held.stored.id, "eddsa-rdfc-2022")
    assert embedded is not None
    assert EDDSA_RDFC_2022.read(embedded.body).document == VC_JWT.read(held.form.body).document
    assert not any(secret in said for secret in (*SECRETS, "Compensation"))
    assert "2 confidential deliverables" in said
    assert said.count(AUDIENCES["confidential"] or "") == 1
    assert not any(secret.encode() in held.stored.unsigned for secret in SECRETS)


def test_the_candidates_forms_say_it_all(service: IssuerService, draft: MakeDraft) -> None:
    held = holding(service, private(draft))
    assert set(held.selective) == set(SELECTIVE_FORMS)
    for form, mechanism in ((VC_SD_JWT.name, VC_SD_JWT), (SD_JWT_VC.name, SD_JWT_VC)):
        presented = mechanism.read(held.selective[form].body)
        said = json.dumps(presented.document)
        assert all(secret in said for secret in SECRETS)
        signed = base64url.decode(held.selective[form].body.split(b".")[1]).decode()
        assert not any(secret in signed for secret in (*SECRETS, "Ana Lima", "Compensation", "Careful, curious"))
        names = {part.name for part in parts(opened(parse_sd_jwt(held.selective[form].body)).payload)}
        assert {"name", "email", "hours", "pay", "sql", "writing", "reason", "deliverable", "deliverable-3"} <= names


def test_both_name_the_same_place_in_a_list(service: IssuerService, draft: MakeDraft) -> None:
    held = holding(service, private(draft))
    assert held.form is not None
    bitstring = VC_JWT.parse(VC_JWT.read(held.form.body)).statuses
    (entry,) = SD_JWT_VC.parse(SD_JWT_VC.read(held.selective["dc+sd-jwt"].body)).statuses
    assert entry.status_list_index == bitstring[0].status_list_index
    lists = [one.list_url.removeprefix(f"{BASE}/status/") for one in bitstring]
    assert entry.status_list_credential == f"{BASE}/status/{lists[0]}/token/{lists[1]}"


@pytest.mark.parametrize(
    ("changes", "selective"),
    [
        ({}, False),
        ({"selective": True}, True),
        ({"compensation": "EUR 400"}, True),
        ({"ratings": (Rating("SQL", "5"),)}, True),
        ({"deliverables": (Deliverable("x", "confidential"),)}, True),
        ({"deliverables": (Deliverable("x", "link"),)}, False),
        ({"compensation": ""}, False),
    ],
)
def test_who_gets_which_forms(
    service: IssuerService, draft: MakeDraft, changes: dict[str, object], selective: bool
) -> None:
    made = draft(**changes)
    held = holding(service, made)
    assert bool(held.selective) is selective
    assert (held.stored.full_document is not None) is selective
    with read(service.means.engine) as connection:
        forms = {form.format for form in credentials.every_form(connection, held.stored.id)}
    assert forms == {"vc+jwt", "eddsa-rdfc-2022", *(SELECTIVE_FORMS if selective else ())}


def test_what_is_public_is_the_same_with_and_without_private_parts(draft: MakeDraft) -> None:
    plain = draft(deliverables=(Deliverable("Report"),))
    assert public_part(plain) is plain
    shown = public_part(private(draft))
    assert (shown.compensation, shown.ratings) == (None, ())
    assert [item.name for item in shown.deliverables] == ["Report", "2 confidential deliverables"]
    one = draft(deliverables=(Deliverable("Secret", "confidential"), Deliverable("Open")))
    assert [item.name for item in public_part(one).deliverables] == ["A confidential deliverable", "Open"]


def test_a_crash_resumes_to_the_same_bytes(service: IssuerService, draft: MakeDraft) -> None:
    recorded = record(service.means, "acme", [KeyedDraft(None, private(draft))])
    prepared = {one.intent.format: one.prepared for one in recorded.to_sign}
    assert service.resume("acme") == 4
    held = find(service.means, "acme", recorded.issued[0].id)
    for form, stored in held.selective.items():
        signed, template = prepared[form].signing_input, prepared[form].template
        assert stored.body.startswith(signed + b".")
        assert stored.body.endswith(template.removeprefix(signed))


def test_a_theft_before_the_release_signs_the_full_document_anew(service: IssuerService, draft: MakeDraft) -> None:
    recorded = record(service.means, "acme", [KeyedDraft(None, private(draft))])
    (stolen,) = (key.name for key in service.keys("acme") if key.state == "active")
    service.report_compromise("acme", stolen, service.means.now() - timedelta(days=1))
    release.release(service.means, recorded.to_sign, recorded.lists)
    held = find(service.means, "acme", recorded.issued[0].id)
    said = json.dumps(SD_JWT_VC.read(held.selective["dc+sd-jwt"].body).document)
    assert all(secret in said for secret in SECRETS)
    assert SD_JWT_VC.read(held.selective["dc+sd-jwt"].body).verification_method.rpartition("#")[2] != stolen


def test_what_was_signed_is_checked_before_it_is_released(service: IssuerService, draft: MakeDraft) -> None:
    recorded = record(service.means, "acme", [KeyedDraft(None, private(draft))])
    for one in recorded.to_sign:
        key = service.means.signer.public_key(one.intent.key_id)
        secured = signing.sign_checked(service.means.signer, one, key)
        for wrong in (secured[:-2] + b"~", secured + b"~", secured.replace(b".", b"..", 1), secured[:-1]):
            with pytest.raises(SelfCheckFailed):
                signing.check_own(one, wrong, key)


def test_a_selective_form_needs_the_full_document(service: IssuerService, draft: MakeDraft) -> None:
    public = Documents(Unsigned.parse(holding(service, draft()).stored.unsigned))
    for form in SELECTIVE_FORMS:
        with pytest.raises(SelfCheckFailed):
            secured_by(service.means, form, public, service.issuer("acme"))


def test_salts_are_drawn_anew_for_each_credential(service: IssuerService, draft: MakeDraft) -> None:
    one, two = (parse_sd_jwt(holding(service, private(draft)).selective["vc+sd-jwt"].body) for _ in range(2))
    assert not {d.salt for d in one.disclosures} & {d.salt for d in two.disclosures}


def test_the_same_key_and_draft_is_one_credential(service: IssuerService, draft: MakeDraft) -> None:
    first = service.issue("acme", private(draft), idempotency_key="k")
    assert service.issue("acme", private(draft), idempotency_key="k").id == first.id
    with pytest.raises(CredentialError):
        service.issue("acme", private(draft, compensation="EUR 500"), idempotency_key="k")
    with read(service.means.engine) as connection:
        assert credentials.secured(connection, first.id, "dc+sd-jwt") is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"compensation": "x" * 61}, "too-long"),
        ({"compensation": "EUR\n400"}, "line-break"),
        ({"ratings": (Rating("", "5"),)}, "empty-entry"),
        ({"ratings": (Rating("SQL", " "),)}, "empty-entry"),
        ({"ratings": (Rating("SQL", "5"), Rating("sql", "4"))}, "rated-twice"),
        ({"ratings": tuple(Rating(f"s{n}", "5") for n in range(9))}, "too-many-entries"),
        ({"ratings": (Rating("SQL", "x" * 301),)}, "too-long"),
        ({"ratings": (Rating("SQL", "5\u202e"),)}, "hidden-character"),
    ],
)
def test_what_lint_refuses(service: IssuerService, draft: MakeDraft, changes: dict[str, object], code: str) -> None:
    with pytest.raises(CredentialError) as caught:
        service.issue("acme", draft(**changes))
    assert code in {finding.code for finding in caught.value.findings}  # type: ignore[attr-defined]
