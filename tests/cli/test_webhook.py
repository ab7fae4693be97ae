"""`credentials webhook`: an issuer's endpoints from the command line."""

import pytest

from credentials.cli.invocation import Invocation
from credentials.webhooks.sealing import Sealer
from credentials.webhooks.signing import spell_secret
from tests.cli.conftest import Credentials, Demo

SLUG = "northwind-bakeries"
ADDRESS = "https://hr.northwind.example/hooks"


def test_a_webhook_from_first_to_last(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder)
    added = credentials("webhook", "add", *options, "--kind", "credential.revoked", ADDRESS)
    assert (added.code, added.out[:6]) == (0, "whsec_")
    assert "shown once" in added.err
    [listed] = credentials("webhook", "list", *options, "--json").json()["webhooks"]
    assert (listed["address"], listed["kinds"]) == (ADDRESS, ["credential.revoked"])
    assert added.out.strip() not in credentials("webhook", "list", *options).out
    rotated = credentials("webhook", "rotate", *options, listed["id"], "--json").json()
    assert rotated["secret"] not in added.out
    assert credentials("revoke", own_demo.links.genuine, "--reason", "Gone", "--data", own_demo.folder).code == 0
    [told] = credentials("webhook", "history", *options, listed["id"], "--json").json()["deliveries"]
    assert (told["kind"], told["state"], told["attempts"]) == ("credential.revoked", "waiting", 0)
    assert told["message"] in credentials("webhook", "history", *options, listed["id"]).out
    assert credentials("webhook", "replay", *options, listed["id"], told["message"]).code == 0
    assert credentials("webhook", "remove", *options, listed["id"]).code == 0
    assert credentials("webhook", "list", *options, "--json").json()["webhooks"] == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("add", "--kind", "key.rotated", "http://hr.northwind.example/"), 65, "webhook-address-refused"),
        (("add", "--kind", "key.rotated", "https://10.0.0.1/"), 65, "webhook-address-refused"),
        (("add", "--kind", "everything", ADDRESS), 64, "wrong-call"),
        (("add", ADDRESS), 64, "wrong-call"),
        (("remove", "missing"), 65, "webhook-unknown"),
        (("rotate", "missing"), 65, "webhook-unknown"),
        (("history", "missing"), 65, "webhook-unknown"),
        (("replay", "missing", "msg_missing"), 65, "webhook-unknown"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    own_demo: Demo, credentials: Credentials, arguments: tuple[str, ...], exit_code: int, code: str
) -> None:
    name, *rest = arguments
    outcome = credentials("webhook", name, "--issuer", SLUG, "--data", own_demo.folder, *rest)
    assert (outcome.code, outcome.out) == (exit_code, "")
    assert outcome.err.endswith(f"[{code}]\n")


def test_an_issuer_that_is_none(own_demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("webhook", "list", "--issuer", "nobody", "--data", own_demo.folder)
    assert outcome.err.endswith("[webhook-issuer-unknown]\n")


def test_the_secret_shown_is_the_one_that_a_later_process_signs_with(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder, "--kind", "credential.issued", "--json")
    shown = credentials("webhook", "add", *options, ADDRESS).json()["secret"]
    with Invocation(own_demo.folder, as_json=False).service() as service:
        [kept] = service.webhooks.listed(service.webhooks.issuer_id(SLUG))
        assert spell_secret(Sealer(service.form_secret).open(kept.secret, kept.issuer_id, kept.id)) == shown
