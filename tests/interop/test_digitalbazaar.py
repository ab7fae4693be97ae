"""@digitalbazaar/vc reads what we issue, we read what it issues and presents, and both refuse what was changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from credentials.core.did import did_web_to_url
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.instants import format_instant
from credentials.core.keys import PublicKey
from credentials.verifier.checks import Outcome
from credentials.verifier.expectation import Expectation
from credentials.verifier.presentation import PresentationReport, verify_presentation
from credentials.verifier.states import State, Verdict
from tests.interop.issuing_site import credential, did_document, issued_by, status_lists
from tests.interop.peer import Peer
from tests.interop.tampering import CHANGES, changed
from tests.verifier.holders import Holder
from tests.verifier.world import ISSUED, NOW, Ed25519Key, Issuer, P256Key, World, confirming
from tests.web.conftest import Site, open_site

pytestmark = pytest.mark.interop

SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "Ed25519Signature2020")
CREATED = format_instant(ISSUED)
Document = dict[str, Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = open_site(tmp_path_factory.mktemp("interop") / "data")
    yield opened
    opened.service.close()


# (1) they read ours -------------------------------------------------------------------------------------------------


def test_they_verify_what_the_service_issued(digitalbazaar: Peer, site: Site) -> None:
    did = did_document(site)
    answer = digitalbazaar.ask("verify", credential=credential(site), documents={did["id"]: did})
    assert answer == {"verified": True, "errors": []}


def test_they_verify_what_a_p256_key_signed(digitalbazaar: Peer, site: Site) -> None:
    document = issued_by(site, "elliptic", algorithm="P-256")
    assert [proof["cryptosuite"] for proof in document["proof"]] == ["ecdsa-rdfc-2019"]
    did = did_document(site, "elliptic")
    assert digitalbazaar.ask("verify", credential=document, documents={did["id"]: did})["verified"]


def test_they_verify_our_status_lists(digitalbazaar: Peer, site: Site) -> None:
    did = did_document(site)
    lists = status_lists(site, credential(site))
    assert len(lists) == 2
    for listed in lists.values():
        assert digitalbazaar.ask("verify", credential=listed, documents={did["id"]: did})["verified"]


@pytest.mark.parametrize(("suite", "key"), [("eddsa-jcs-2022", Ed25519Key()), ("ecdsa-rdfc-2019", P256Key())])
@pytest.mark.parametrize("method", ["did:web", "did:key"])
def test_they_verify_every_suite_that_we_write(
    digitalbazaar: Peer, suite: str, key: Ed25519Key | P256Key, method: str
) -> None:
    did = key.public.to_did_key() if method == "did:key" else "did:web:acme.example"
    world = World(Issuer(did, {"k1": key}))
    document = our_document(world, suite)
    assert verified(digitalbazaar, world, document)
    for how in CHANGES:
        assert not verified(digitalbazaar, world, changed(document, how)), how


@pytest.mark.parametrize("how", CHANGES)
def test_they_refuse_ours_when_it_was_changed(digitalbazaar: Peer, site: Site, how: str) -> None:
    did = did_document(site)
    answer = digitalbazaar.ask("verify", credential=changed(credential(site), how), documents={did["id"]: did})
    assert not answer["verified"]


def test_they_refuse_ours_under_another_key(digitalbazaar: Peer) -> None:
    world = World()
    document = our_document(world, "eddsa-rdfc-2022")
    world.issuer.keys["k1"] = Ed25519Key(9)
    world.publish_document()
    assert not verified(digitalbazaar, world, document)


def our_document(world: World, suite: str) -> Document:
    document: Document = parsed(world.secured(suite))
    return document


def parsed(data: bytes) -> Document:
    from_json: Document = json.loads(data)
    return from_json


def verified(peer: Peer, world: World, document: Document) -> bool:
    did = world.issuer.did
    documents = {did: parsed(world.issuer.document())} if did.startswith("did:web:") else {}
    answer = peer.ask("verify", credential=document, documents=documents, now=format_instant(NOW))
    held: bool = answer["verified"]
    return held


# (2) we read theirs -------------------------------------------------------------------------------------------------


def their_world(peer: Peer, suite: str, method: str) -> tuple[World, str]:
    """A world whose issuer's key is in their hands; and what they call the key."""
    curve = {"curve": "P-256"} if suite.startswith("ecdsa") else {}
    world = World()
    if method == "did:key":
        made = peer.ask("makeKey", **curve)
        world.issuer.did = made["controller"]
        world.policy = confirming(world.issuer.did)
        return world, made["id"]
    did = world.issuer.did
    made = peer.ask("makeKey", id=f"{did}#theirs-multikey", controller=did, **curve)
    published = [PublishedKey("theirs", PublicKey.from_multikey(made["publicKeyMultibase"]))]
    world.published[did_web_to_url(did)] = write_did_document(did, published)
    return world, made["id"]


def unsigned(world: World, version: int) -> Document:
    """A credential of theirs to be: ours in VC 2.0, and a plain one in VC 1.1."""
    if version == 2:
        return world.document(statuses=())
    return {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        ],
        "id": "urn:uuid:1f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Market report on cargo bikes",
        "issuer": {"id": world.issuer.did, "type": ["Profile"], "name": "Acme Cargo GmbH"},
        "issuanceDate": CREATED,
        "credentialSubject": {
            "id": "did:example:ana",
            "type": ["AchievementSubject"],
            "role": "Analyst",
            "achievement": {
                "id": "urn:uuid:8f1c2a52-1f10-4f5d-9f0e-0f3d5f2c9a11",
                "type": ["Achievement"],
                "name": "Market report on cargo bikes",
                "description": "Sizes the market for cargo bikes in three cities.",
                "criteria": {"narrative": "A report of 20 pages with sources."},
            },
        },
    }


def issued(peer: Peer, world: World, key: str, suite: str, version: int = 2, **members: Any) -> Document:
    answer: Document = peer.ask(
        "issue", credential=unsigned(world, version) | members, suite=suite, method=key, date=CREATED
    )
    return answer


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("method", ["did:key", "did:web"])
@pytest.mark.parametrize("suite", SUITES)
def test_we_verify_what_they_issued_and_not_what_was_changed(
    digitalbazaar: Peer, suite: str, method: str, version: int
) -> None:
    world, key = their_world(digitalbazaar, suite, method)
    document = issued(digitalbazaar, world, key, suite, version)
    report = world.verify(document)
    assert report.state is State.GENUINE, report.checks
    assert [(proof.mechanism, proof.outcome) for proof in report.proofs] == [(suite, Outcome.PASSED)]
    assert report.credential is not None
    assert report.credential["name"] == "Market report on cargo bikes"
    for how in CHANGES:
        assert world.verify(changed(document, how)).verdict is not Verdict.VALID, how


def test_a_proof_set_of_theirs_holds_as_a_whole_or_not(digitalbazaar: Peer) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:web")
    both = issued(digitalbazaar, world, key, "eddsa-rdfc-2022")
    second = digitalbazaar.ask("issue", credential=both, suite="eddsa-rdfc-2022", method=key, date=CREATED)
    assert len(second["proof"]) == 2
    assert world.verify(second).state is State.GENUINE
    second["proof"][0]["created"] = "2026-02-01T00:00:00Z"
    assert world.verify(second).state is State.TAMPERED


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({"validUntil": "2026-05-01T00:00:00Z"}, State.EXPIRED),
        ({"validUntil": "2027-05-01T00:00:00Z"}, State.GENUINE),
        ({"validFrom": "2026-07-01T00:00:00Z"}, State.NOT_YET),
    ],
)
def test_both_read_the_dates_alike(digitalbazaar: Peer, members: Document, state: State) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:key")
    made = digitalbazaar.ask(
        "issue",
        credential=unsigned(world, 2) | members,
        suite="eddsa-rdfc-2022",
        method=key,
        date=CREATED,
        now=members.get("validFrom", CREATED),
    )
    assert world.verify(made).state is state
    theirs = digitalbazaar.ask("verify", credential=made, now=format_instant(NOW))["verified"]
    assert theirs is (state is State.GENUINE)


def test_neither_believes_a_stranger_with_the_issuers_name(digitalbazaar: Peer) -> None:
    world, _ = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:web")
    stranger = digitalbazaar.ask("makeKey")["id"]
    forged = issued(digitalbazaar, world, stranger, "eddsa-rdfc-2022")
    assert world.verify(forged).state is State.NOT_THEIR_KEY
    assert not digitalbazaar.ask("verify", credential=forged, now=format_instant(NOW))["verified"]


# (3) presentations --------------------------------------------------------------------------------------------------


EXPECTED = Expectation("hr.example", "n-0S6_WzA2Mj")
ASKED = {"domain": "hr.example", "challenge": "n-0S6_WzA2Mj"}


def shown(world: World, data: Document, expects: Expectation = EXPECTED) -> PresentationReport:
    return verify_presentation(data, resolver=world.resolver(), policy=world.policy, now=world.now, expects=expects)


def presented(peer: Peer, world: World, key: str, **options: Any) -> Document:
    """A presentation of theirs, by a holder of theirs, of a credential of theirs."""
    holder = peer.ask("makeKey")
    inside = issued(peer, world, key, "eddsa-rdfc-2022", options.get("version", 2))
    answer: Document = peer.ask(
        "present",
        **{
            "credentials": [inside],
            "holder": holder["controller"],
            "suite": "eddsa-rdfc-2022",
            "method": holder["id"],
            "date": format_instant(NOW),
            **ASKED,
            **options,
        },
    )
    return answer


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"])
@pytest.mark.parametrize("version", [1, 2])
def test_we_verify_what_they_present(digitalbazaar: Peer, suite: str, version: int) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:web")
    document = presented(digitalbazaar, world, key, suite=suite, version=version)
    report = shown(world, document)
    assert report.outcome is Outcome.PASSED, report
    assert report.holder == document["holder"]
    assert [one.state for one in report.credentials] == [State.GENUINE]


@pytest.mark.parametrize(
    ("expects", "code"),
    [
        (Expectation("other.example", ASKED["challenge"]), "audience-mismatch"),
        (Expectation("hr.example", "another"), "audience-mismatch"),
        (Expectation("hr.example"), "audience-restricted"),
        (Expectation(), "audience-restricted"),
    ],
)
def test_what_they_present_to_others_is_not_for_us(digitalbazaar: Peer, expects: Expectation, code: str) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:web")
    report = shown(world, presented(digitalbazaar, world, key), expects)
    assert (report.outcome, report.code) == (Outcome.FAILED, code)


def test_a_presentation_of_theirs_without_a_proof_says_nothing_of_its_holder(digitalbazaar: Peer) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:web")
    document = presented(digitalbazaar, world, key, signed=False)
    assert "proof" not in document
    report = shown(world, document, Expectation())
    assert (report.outcome, report.holder) == (Outcome.NOT_CHECKED, None)
    assert [one.state for one in report.credentials] == [State.GENUINE]
    assert shown(world, document).code == "proof-missing"


def spoil(document: Document, place: str) -> Document:
    copied = copy.deepcopy(document)
    if place == "holder":
        copied["holder"] = "did:key:z6MkuBrVhKbva5z155yR6QVngUigbjsPp5CX95B5x1x5Jupz"
    elif place == "proof":
        copied["proof"] = changed({"proof": copied["proof"]}, "the value of the proof")["proof"]
    elif place == "challenge":
        copied["proof"]["challenge"] = "another"
    elif place == "credentials":
        copied["verifiableCredential"] = []
    else:
        copied["verifiableCredential"][0]["name"] = "Director of everything"
    return copied


@pytest.mark.parametrize("place", ["holder", "proof", "challenge", "credentials", "inside"])
def test_a_changed_presentation_is_refused_by_both(digitalbazaar: Peer, place: str) -> None:
    world, key = their_world(digitalbazaar, "eddsa-rdfc-2022", "did:key")
    document = presented(digitalbazaar, world, key)
    asked = {**ASKED, "now": format_instant(NOW)}
    assert digitalbazaar.ask("verifyPresentation", presentation=document, **asked)["verified"]
    spoilt = spoil(document, place)
    assert shown(world, spoilt).outcome is Outcome.FAILED
    assert not digitalbazaar.ask("verifyPresentation", presentation=spoilt, **asked)["verified"]


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_they_verify_what_our_holders_present(digitalbazaar: Peer, suite: str) -> None:
    world = World()
    holder = Holder()
    document = holder.proven(holder.unsigned(our_document(world, "eddsa-rdfc-2022")), suite, **ASKED)
    asked = {**ASKED, "documents": {world.issuer.did: parsed(world.issuer.document())}, "now": format_instant(NOW)}
    assert digitalbazaar.ask("verifyPresentation", presentation=document, **asked)["verified"]
    assert shown(world, document).outcome is Outcome.PASSED
    for place in ("holder", "proof", "challenge", "inside"):
        assert not digitalbazaar.ask("verifyPresentation", presentation=spoil(document, place), **asked)["verified"]
    assert not digitalbazaar.ask("verifyPresentation", presentation=document, **{**asked, "domain": "other.example"})[
        "verified"
    ]
