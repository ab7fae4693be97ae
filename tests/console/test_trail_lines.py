"""What an owner changes and the line that tells of it are one: where the line cannot be written, nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from credentials.accounts.api_keys import list_keys
from credentials.accounts.audit import trail
from credentials.store.engine import write
from tests.console.conftest import Desk

HOME = "/console/acme"


def stop_the_trail(desk: Desk) -> None:
    """From now on the database takes no line of the audit trail."""
    with write(desk.service.engine) as connection:
        connection.execute(
            text("CREATE TRIGGER no_more BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no more'); END")
        )


def state(desk: Desk) -> tuple[object, ...]:
    """What is stored of keys, webhooks and proofs."""
    issuer_id = desk.service.issuer.issuer("acme").id
    return (
        list_keys(desk.service.engine, "acme"),
        desk.service.webhooks.listed(issuer_id),
        desk.service.identity.listed(issuer_id),
        desk.service.issuer.issuer("acme").confirmed_domain,
    )


def hook(desk: Desk) -> str:
    desk.owner.post(f"{HOME}/webhooks", address="https://hooks.acme.example/in", kinds=["credential.issued"])
    numbers: list[str] = re.findall(rf"{HOME}/webhooks/(\w+)/remove", desk.owner.get(f"{HOME}/webhooks").text)
    return numbers[-1]


def key(desk: Desk) -> str:
    desk.owner.post(f"{HOME}/api-keys", label="HR", scopes=["read"], days="30")
    numbers: list[str] = re.findall(r"/api-keys/(\w+)/revoke", desk.owner.get(f"{HOME}/api-keys").text)
    return numbers[0]


def proof(desk: Desk) -> str:
    begun = desk.owner.post(f"{HOME}/proof", domain="acme-bakeries.example", method="dns")
    return str(begun.headers["Location"]).rpartition("/")[2]


def nothing(_desk: Desk) -> str:
    return ""


CHANGES: dict[str, tuple[Callable[[Desk], str], str, dict[str, object], str]] = {
    "a key is made": (nothing, "/api-keys", {"label": "HR", "scopes": ["read"], "days": ""}, "api-key.made"),
    "a key is revoked": (key, "/api-keys/{}/revoke", {}, "api-key.revoked"),
    "a webhook is added": (
        nothing,
        "/webhooks",
        {"address": "https://hooks.acme.example/in", "kinds": ["credential.issued"]},
        "webhook.added",
    ),
    "a secret is rotated": (hook, "/webhooks/{}/rotate", {}, "webhook.secret-rotated"),
    "a webhook is removed": (hook, "/webhooks/{}/remove", {}, "webhook.removed"),
    "a proof is begun": (nothing, "/proof", {"domain": "acme-bakeries.example", "method": "dns"}, "proof.begun"),
    "an address proves": (nothing, "/proof/address", {"address": "owner@acme.example"}, "proof.address"),
    "a proof is given up": (proof, "/proof/{}/withdraw", {}, "proof.withdrawn"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_without_its_line_nothing_changes(desk: Desk, change: str) -> None:
    before, path, form, _action = CHANGES[change]
    number = before(desk)
    kept = state(desk)
    stop_the_trail(desk)

    answer = desk.owner.post(HOME + path.format(number), HOME, **form)

    assert answer.status_code == 500
    assert "vck_" not in answer.text
    assert "whsec_" not in answer.text
    assert state(desk) == kept


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_once(desk: Desk, change: str) -> None:
    before, path, form, action = CHANGES[change]
    number = before(desk)

    assert desk.owner.post(HOME + path.format(number), HOME, **form).status_code in (200, 303)

    lines = trail(desk.service.engine, desk.service.issuer.issuer("acme").id)
    assert [line.action for line in lines].count(action) == 1


def test_a_proof_that_is_under_way_is_not_begun_again(desk: Desk) -> None:
    for _ in range(2):
        desk.owner.post(f"{HOME}/proof", domain="acme-bakeries.example", method="dns")

    lines = trail(desk.service.engine, desk.service.issuer.issuer("acme").id)
    assert [line.action for line in lines].count("proof.begun") == 1


def test_a_key_of_others_that_is_not_revoked_is_not_told(desk: Desk) -> None:
    assert desk.owner.post(f"{HOME}/api-keys/0000000000000000/revoke", HOME).status_code == 404

    lines = trail(desk.service.engine, desk.service.issuer.issuer("acme").id)
    assert "api-key.revoked" not in [line.action for line in lines]
