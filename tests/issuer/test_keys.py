"""Keys have a life; what they signed outlives it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from credentials.core.did_document import parse_did_document
from credentials.core.errors import KeyNotListed
from credentials.core.securing import MECHANISMS
from credentials.issuer.errors import IssuerUnknown, KeyInUse, KeyUnknown
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from credentials.store.signing_keys import POST_QUANTUM, SigningKey
from tests.drafts import numbered_draft


def verify(service: IssuerService, credential_id: str) -> str:
    """The algorithm of a credential that verifies under the keys published now."""
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, "vc+jwt")
    assert form is not None
    presented = MECHANISMS["vc+jwt"].read(form.body)
    document = parse_did_document(service.did_document("acme"), service.issuer("acme").did)
    key = document.assertion_key(presented.verification_method).key
    return MECHANISMS["vc+jwt"].verify(presented, key).algorithm


def test_a_rotation_leaves_earlier_credentials_verifying(service: IssuerService) -> None:
    issued = [service.issue("acme", numbered_draft(0)).id]
    for number, algorithm in enumerate(("P-256", "Ed25519", None), start=1):
        service.rotate_key("acme", algorithm)  # type: ignore[arg-type]
        issued.append(service.issue("acme", numbered_draft(number)).id)
    assert [verify(service, one) for one in issued] == ["EdDSA", "ES256", "EdDSA", "EdDSA"]
    assert [key.state for key in service.keys("acme")].count("active") == 1
    assert [key.state for key in service.keys("acme")].count("retired") == 3


def test_a_created_key_is_published_and_waits_for_the_rotation(service: IssuerService) -> None:
    waiting = service.create_key("acme")
    document = parse_did_document(service.did_document("acme"), service.issuer("acme").did)
    document.assertion_key(f"{document.id}#{waiting.name}")
    assert service.rotate_key("acme").name == waiting.name
    assert len(service.keys("acme")) == 2


def test_a_waiting_key_of_another_kind_is_left_alone(service: IssuerService) -> None:
    waiting = service.create_key("acme", "P-256")
    assert service.rotate_key("acme", "Ed25519").name != waiting.name


def test_the_key_in_use_cannot_be_retired(service: IssuerService) -> None:
    (key,) = service.keys("acme")
    with pytest.raises(KeyInUse):
        service.retire_key("acme", key.name)
    service.rotate_key("acme")
    assert service.retire_key("acme", key.name).state == "retired"


def test_a_stolen_key_is_replaced_and_marked(service: IssuerService) -> None:
    (key,) = service.keys("acme")
    now = service.means.now()
    service.report_compromise("acme", key.name, now - timedelta(days=3))
    again = service.report_compromise("acme", key.name, now - timedelta(days=1))
    assert again.state == "retired"
    assert again.compromised_since == now - timedelta(days=3)
    document = parse_did_document(service.did_document("acme"), service.issuer("acme").did)
    assert document.assertion_key(f"{document.id}#{key.name}").revoked == now - timedelta(days=3)
    assert service.keys("acme")[-1].state == "active" or service.keys("acme")[0].state == "active"


def test_unknown_keys_and_issuers(service: IssuerService) -> None:
    service.create_issuer("other", "Other")
    (foreign,) = service.keys("other")
    for name in ("nothing", foreign.name):
        with pytest.raises(KeyUnknown):
            service.retire_key("acme", name)
    for call in (service.keys, service.rotate_key, service.create_key, service.did_document):
        with pytest.raises(IssuerUnknown):
            call("nobody")
    with pytest.raises(KeyNotListed):
        parse_did_document(service.did_document("acme"), service.issuer("acme").did).assertion_key(
            f"{service.issuer('acme').did}#{foreign.name}"
        )


def test_what_is_done_with_a_change_of_keys_and_fails_undoes_it(service: IssuerService) -> None:
    def fail(_connection: Connection, _key: SigningKey) -> None:
        raise ZeroDivisionError

    service.rotate_key("acme", POST_QUANTUM)
    before = service.keys("acme")
    ordinary, quantum = (next(one for one in before if one.is_post_quantum is kind) for kind in (False, True))
    assert {ordinary.state, quantum.state} == {"active"}
    retired = service.create_key("acme")
    changes: list[Callable[[], object]] = [
        lambda: service.rotate_key("acme", within=fail),
        lambda: service.retire_key("acme", quantum.name, fail),
        lambda: service.report_compromise("acme", retired.name, service.means.now(), fail),
    ]
    for change in changes:
        with pytest.raises(ZeroDivisionError):
            change()
    # Keys of one second have no order.
    assert {one.name: one for one in service.keys("acme")} == {one.name: one for one in (*before, retired)}


def test_a_theft_is_told_with_the_stolen_key_once(service: IssuerService) -> None:
    told: list[SigningKey] = []
    (stolen,) = service.keys("acme")
    service.report_compromise("acme", stolen.name, service.means.now(), lambda _, key: told.append(key))
    assert [(one.name, one.state, one.compromised_since is not None) for one in told] == [
        (stolen.name, "retired", True)
    ]
