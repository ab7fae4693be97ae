"""What a program may say of a credential that it offers, and what stays the service's to say."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core.achievement import CONTEXTS
from credentials.core.errors import CredentialError
from credentials.issuer.errors import OfferRefused
from credentials.issuer.offered import MAX_TEXT, MEMBERS, Offered, offer
from credentials.store.issuers import Issuer

ISSUER = Issuer(
    id="id-of-acme",
    slug="acme",
    name="Acme",
    url=None,
    did="did:web:acme.example",
    suspends=False,
    sandbox=False,
    created_at=datetime(2026, 3, 16, tzinfo=UTC),
)
ACHIEVEMENT = "/credentialSubject/achievement"


def good() -> dict[str, Any]:
    """The least that is taken."""
    person = {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Ana Souza"}
    work = {"type": ["Achievement"], "name": "Survey", "description": "x", "criteria": {"narrative": "Accepted."}}
    subject = {"type": ["AchievementSubject"], "identifier": [person], "achievement": work}
    return {"type": ["VerifiableCredential", "AchievementCredential"], "credentialSubject": subject}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """`good` with another value in one place."""
    document = place = good()
    *way, last = pointer.split("/")[1:]
    for name in way:
        place = place[name]
    place[last] = value
    return document


def test_what_is_taken_is_told_and_kept_apart() -> None:
    document = good()
    before = deepcopy(document)
    taken = offer(document, ISSUER)
    assert (taken.recipient_name, taken.project_title, taken.valid_until) == ("Ana Souza", "Survey", None)
    assert (taken.recipient_email, taken.form, taken.as_it_is, taken.with_status) == (None, None, False, True)
    assert taken.document == document == before  # neither completed here nor changed


@pytest.mark.parametrize(
    "name",
    [
        *("id", "validFrom", "credentialStatus", "proof", "issuanceDate", "expirationDate", "termsOfUse"),
        *("credentialSchema", "refreshService", "endorsement", "Issuer", "@id", "", "x" * 500, "a/b~c"),
    ],
)
@pytest.mark.parametrize("value", [None, "x"], ids=repr)
def test_what_is_not_the_callers_to_say(name: str, value: Any) -> None:
    assert name not in MEMBERS
    with pytest.raises(OfferRefused, match="not the caller's") as caught:
        offer(good() | {name: value}, ISSUER)
    assert len(str(caught.value.where)) <= 61


@pytest.mark.parametrize("stated", [None, ISSUER.did, {"id": ISSUER.did}, {"id": ISSUER.did, "name": "x"}], ids=repr)
def test_its_own_issuer_may_be_named(stated: Any) -> None:
    assert offer(good() | {"issuer": stated}, ISSUER).project_title == "Survey"


@pytest.mark.parametrize(
    "stated",
    [
        *("", "did:web:acme.example ", "DID:web:acme.example", "did:web:acme.example#key-1", "did:web:evil.example"),
        *({}, {"id": None}, {"id": "did:web:evil.example"}, {"name": "Acme"}, [], [ISSUER.did], 7, False),
    ],
    ids=repr,
)
def test_nobody_elses_credential_is_signed(stated: Any) -> None:
    with pytest.raises(OfferRefused) as caught:
        offer(good() | {"issuer": stated}, ISSUER)
    assert caught.value.where == "/issuer"


@pytest.mark.parametrize(
    "types",
    [
        *(None, "VerifiableCredential", [], {}, ["AchievementCredential"], ["VerifiableCredential", "Diploma"]),
        *(["VerifiableCredential", 7], ["VerifiableCredential", None], ["VerifiableCredential", ["x"]]),
        *(["verifiablecredential"], ["VerifiableCredential", "AchievementCredential", "EndorsementCredential"]),
    ],
    ids=repr,
)
def test_another_kind_is_refused(types: Any) -> None:
    with pytest.raises(OfferRefused) as caught:
        offer(good() | {"type": types}, ISSUER)
    assert caught.value.where == "/type"


@pytest.mark.parametrize(
    "contexts",
    [
        *(None, [], "", CONTEXTS[0], [CONTEXTS[0]], list(reversed(CONTEXTS)), {}),
        *([*CONTEXTS, "https://evil.example/context"], [*CONTEXTS, {"name": "https://evil.example/#name"}]),
    ],
    ids=repr,
)
def test_words_mean_what_the_contexts_say(contexts: Any) -> None:
    with pytest.raises(OfferRefused) as caught:
        offer(good() | {"@context": contexts}, ISSUER)
    assert caught.value.where == "/@context"
    assert offer(good() | {"@context": list(CONTEXTS)}, ISSUER).project_title == "Survey"


STRANGE = {
    "turned round": "Survey\N{RIGHT-TO-LEFT OVERRIDE}yevruS",
    "no width": "Sur\N{ZERO WIDTH SPACE}vey",
    "a control": "Survey\x07",
    "stacked": "S" + "\N{COMBINING ACUTE ACCENT}" * 20,
    "a surrogate": "Survey\ud800",
    "replaced": "Survey\N{REPLACEMENT CHARACTER}",
    "too long": "x" * (MAX_TEXT + 1),
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("pointer", [f"{ACHIEVEMENT}/name", "/description", f"{ACHIEVEMENT}/criteria/narrative"])
def test_a_strange_text_is_refused_wherever_it_stands(pointer: str, text: str) -> None:
    with pytest.raises(OfferRefused):
        offer(changed(pointer, text), ISSUER)


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_a_strange_text_is_refused_in_lists_and_in_names_of_members(text: str) -> None:
    for document in (changed(f"{ACHIEVEMENT}/tag", ["good", text]), changed(f"{ACHIEVEMENT}/{text}", 1)):
        with pytest.raises(OfferRefused):
            offer(document, ISSUER)


def test_a_text_of_just_the_longest_is_taken() -> None:
    assert offer(changed("/description", "x" * MAX_TEXT), ISSUER).project_title == "Survey"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/credentialSubject", None),
        ("/credentialSubject", []),
        ("/credentialSubject", "urn:uuid:person"),
        ("/credentialSubject/achievement", None),
        ("/credentialSubject/achievement", "urn:uuid:work"),
        (f"{ACHIEVEMENT}/name", None),
        (f"{ACHIEVEMENT}/name", 7),
        (f"{ACHIEVEMENT}/criteria", None),
        ("/credentialSubject/identifier", []),
        ("/credentialSubject/identifier", "Ana"),
        ("/validUntil", "tomorrow"),
        ("/validUntil", "2030-01-01"),
        ("/validUntil", 7),
        ("/evidence", "x"),
    ],
)
def test_what_is_no_badge_about_a_named_person(pointer: str, value: Any) -> None:
    with pytest.raises(CredentialError):
        offer(changed(pointer, value), ISSUER)


@pytest.mark.parametrize(
    "other",
    [
        Offered(recipient_name="A", project_title="P", document={"a": 2}),
        Offered(recipient_name="A", project_title="P", document={"a": 1, "b": None}),
        Offered(recipient_name="A", project_title="P", document={"a": "1"}),
        Offered(recipient_name="A", project_title="P", document={"a": 1}, form="vc+jwt"),
        Offered(recipient_name="A", project_title="P", document={"a": 1}, with_status=False),
    ],
    ids=["value", "member", "kind", "form", "status"],
)
def test_a_digest_tells_two_offers_apart(other: Offered) -> None:
    first = Offered(recipient_name="A", project_title="P", document={"a": 1})
    assert first.digest() != other.digest()
    assert len(first.digest()) == 32


def test_the_order_of_members_makes_no_other_offer() -> None:
    one = offer(good(), ISSUER)
    turned = offer(dict(reversed(good().items())), ISSUER)
    assert one.digest() == turned.digest()
