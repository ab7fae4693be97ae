"""The commands that look after issuers, keys, credentials and portfolios."""

import pytest

from credentials.cli.invocation import Invocation
from credentials.cli.main import PLACES
from credentials.issuer.own import SLUG as RECEIPTS
from tests.cli.conftest import Credentials, Demo, Outcome
from tests.drafts import numbered_draft

SLUG = "northwind-bakeries"


def verdict(credentials: Credentials, demo: Demo) -> str:
    """The state of the genuine sample now."""
    return str(credentials("verify", "--json", demo.links.genuine, "--data", demo.folder).json()["state"])


def assert_one_line(outcome: Outcome, exit_code: int, error_code: str) -> None:
    """An error is one line on standard error that ends with its code."""
    assert (outcome.code, outcome.out) == (exit_code, "")
    assert outcome.err.startswith("error: ")
    assert outcome.err.endswith(f"[{error_code}]\n")
    assert outcome.err.count("\n") == 1


def test_revoke(own_demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("revoke", own_demo.links.genuine, "--reason", "Issued in error", "--data", own_demo.folder)

    assert (outcome.code, outcome.out) == (0, f"Revoked: {own_demo.links.genuine}\n")
    assert verdict(credentials, own_demo) == "REVOKED"
    again = credentials("revoke", own_demo.links.genuine, "--reason", "Again", "--data", own_demo.folder)
    assert_one_line(again, 65, "status-conflict")


def test_suspend_and_lift(own_demo: Demo, credentials: Credentials) -> None:
    named = own_demo.links.genuine.rsplit("/", 1)[1].lower()
    options = ("--reason", "Under review", "--note", "secret note", "--data", own_demo.folder)

    assert credentials("suspend", named, *options).code == 0
    assert verdict(credentials, own_demo) == "SUSPENDED"
    assert credentials("lift", named, *options, "--json").json()["status"] == "lifted"
    assert verdict(credentials, own_demo) == "GENUINE"
    assert_one_line(credentials("lift", named, *options), 65, "status-conflict")


def test_the_private_note_stays_private(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--reason", "Public reason", "--note", "private-note-4711", "--data", own_demo.folder)
    credentials("revoke", own_demo.links.genuine, *options)

    report = credentials("verify", "--json", own_demo.links.genuine, "--data", own_demo.folder)

    assert "Public reason" in report.out
    assert "private-note-4711" not in report.out + own_demo.published(f"{own_demo.links.genuine}/status").decode()


def test_a_second_signature_is_begun_shown_and_ended(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder)
    begun = credentials("keys", "rotate", "--algorithm", "ML-DSA-44", *options, "--json").json()
    assert (begun["algorithm"], begun["state"]) == ("ML-DSA-44", "active")
    listed = credentials("keys", "list", *options, "--json").json()["keys"]
    assert ("Ed25519", "active") in {(key["algorithm"], key["state"]) for key in listed}
    with Invocation(own_demo.folder, as_json=False).service() as service:
        url = service.issuer.issue(SLUG, numbered_draft(1)).url
    shown = credentials("verify", url, "--data", own_demo.folder)
    assert shown.code == 0
    assert "passed         EdDSA      vc+jwt: It matches." in shown.out
    assert "passed         ML-DSA-44  vc+jwt: It matches." in shown.out
    assert "ML-DSA-44" not in credentials("verify", own_demo.links.genuine, "--data", own_demo.folder).out
    waiting = credentials("keys", "create", "--algorithm", "ML-DSA-44", *options)
    assert waiting.out.endswith("credentials keys rotate --algorithm ML-DSA-44\n")
    assert credentials("keys", "retire", begun["name"], *options).code == 0


def test_a_company_with_both_kinds_of_key(own_demo: Demo, credentials: Credentials) -> None:
    made = credentials("issuer", "create", "both", "--name", "Both", "--post-quantum", "--data", own_demo.folder)
    assert made.code == 0
    listed = credentials("keys", "list", "--issuer", "both", "--data", own_demo.folder, "--json").json()["keys"]
    assert sorted((key["algorithm"], key["state"]) for key in listed) == [
        ("Ed25519", "active"),
        ("ML-DSA-44", "active"),
    ]


@pytest.mark.parametrize(
    ("named", "exit_code", "error_code"),
    [
        ("00000000000000000000000000", 65, "credential-unknown"),
        ("ZZZZ-ZZZZ-ZZ", 65, "credential-unknown"),
        ("https://elsewhere.example/c/1", 65, "credential-unknown"),
        ("what?", 65, "not-recognised"),
        ("", 65, "nothing-given"),
    ],
)
def test_nothing_to_revoke(named: str, exit_code: int, error_code: str, demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("revoke", named, "--reason", "x", "--data", demo.folder)

    assert_one_line(outcome, exit_code, error_code)


@pytest.mark.parametrize("reason", ["", " ", "two\nlines", "x" * 501, "\u202e"])
def test_a_reason_that_cannot_be_shown(reason: str, demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("revoke", demo.links.genuine, "--reason", reason, "--data", demo.folder)

    assert_one_line(outcome, 65, "status-reason-missing")


def test_keys_live_and_older_credentials_stay_genuine(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder, "--json")
    first = credentials("keys", "list", *options).json()["keys"]
    waiting = credentials("keys", "create", "--algorithm", "P-256", *options).json()
    active = credentials("keys", "rotate", *options).json()
    last = credentials("keys", "list", *options).json()["keys"]

    assert [key["state"] for key in first] == ["active"]
    assert (waiting["name"], waiting["state"], active["state"]) == (active["name"], "created", "active")
    assert [(key["state"], key["algorithm"]) for key in last] == [("retired", "Ed25519"), ("active", "P-256")]
    assert verdict(credentials, own_demo) == "GENUINE"


def test_a_key_in_use_is_not_retired(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder)
    name = credentials("keys", "list", *options, "--json").json()["keys"][0]["name"]

    assert_one_line(credentials("keys", "retire", name, *options), 65, "issuer-key-in-use")
    spare = credentials("keys", "create", *options, "--json").json()["name"]
    assert credentials("keys", "retire", spare, *options).code == 0
    assert_one_line(credentials("keys", "retire", "key-none", *options), 65, "issuer-key-unknown")


@pytest.mark.parametrize("command", [("list",), ("create",), ("rotate",), ("retire", "key-1")])
def test_keys_of_nobody(command: tuple[str, ...], demo: Demo, credentials: Credentials) -> None:
    outcome = credentials("keys", *command, "--issuer", "nobody", "--data", demo.folder)

    assert_one_line(outcome, 65, "issuer-unknown")


def test_issuer_create_confirm_list(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--data", own_demo.folder, "--json")
    made = credentials("issuer", "create", "tea", "--name", "Tutorial Tea", "--no-suspends", *options).json()
    confirmed = credentials("issuer", "confirm", "tea", "tea.example", "--note", "rang them", *options).json()
    listed = credentials("issuer", "list", *options).json()["issuers"]

    assert (made["confirmedDomain"], made["suspends"]) == (None, False)
    assert (confirmed["confirmedDomain"], confirmed["confirmedLevel"]) == ("tea.example", "operator")
    companies = [one["slug"] for one in listed if one["slug"] != RECEIPTS]
    assert companies == ["fjord-foods", "harbour-software", "northwind-bakeries", "tea"]
    assert "rang them" not in str(listed)


@pytest.mark.parametrize(
    ("arguments", "error_code"),
    [
        (("create", SLUG, "--name", "Twice"), "issuer-slug-taken"),
        (("create", "Upper Case", "--name", "x"), "issuer-slug-unusable"),
        (("create", "../../x", "--name", "x"), "issuer-slug-unusable"),
        (("create", "x", "--name", ""), "issuer-details-unusable"),
        (("create", "x", "--name", "x", "--url", "javascript:1"), "issuer-details-unusable"),
        (("confirm", "nobody", "x.example"), "issuer-unknown"),
        (("confirm", SLUG, "https://x.example"), "confirmation-unusable"),
        (("confirm", SLUG, "localhost"), "confirmation-unusable"),
    ],
)
def test_issuers_refused(arguments: tuple[str, ...], error_code: str, demo: Demo, credentials: Credentials) -> None:
    assert_one_line(credentials("issuer", *arguments, "--data", demo.folder), 65, error_code)


def test_an_api_key_is_shown_once(own_demo: Demo, credentials: Credentials) -> None:
    options = ("--issuer", SLUG, "--data", own_demo.folder)
    made = credentials("api-key", "create", "--label", "HR", "--scope", "issue", "--scope", "read", *options)
    listed = credentials("api-key", "list", *options, "--json")
    key_id = listed.json()["keys"][0]["id"]

    assert made.out.startswith("vck_")
    assert made.out.count("\n") == 1
    assert made.out.strip() not in listed.out + credentials("api-key", "list", *options).out
    assert listed.json()["keys"][0]["scopes"] == ["issue", "read"]
    assert credentials("api-key", "revoke", key_id, *options).code == 0
    assert "ended" in credentials("api-key", "list", *options).out
    assert_one_line(credentials("api-key", "revoke", key_id, *options), 65, "api-key-unknown")


@pytest.mark.parametrize(
    ("person", "error_code"),
    [
        ((), "api-key-answerer-wanted"),
        (("--person", "nobody@mail.example"), "api-key-answerer-wanted"),
        (("--person", "no address"), "address-unusable-for-mail"),
    ],
    ids=["nobody", "unknown", "no-address"],
)
def test_somebody_answers_for_a_key_that_writes_projects(
    person: tuple[str, ...], error_code: str, demo: Demo, credentials: Credentials
) -> None:
    options = ("--issuer", SLUG, "--label", "Board", "--data", demo.folder)

    assert_one_line(credentials("api-key", "create", "--scope", "projects:write", *person, *options), 65, error_code)
    assert credentials("api-key", "create", "--scope", "projects:read", *options).code == 0


def test_portfolios(demo: Demo, credentials: Credentials) -> None:
    listed = credentials("portfolio", "list", "--data", demo.folder, "--json").json()["portfolios"]
    text = credentials("portfolio", "list", "--data", demo.folder).out

    assert {one["name"]: one["projects"] for one in listed}["Zoë Brännström"] == 5
    assert demo.links.portfolio in text
    assert "@" not in text + str(listed)


LEAVES = [
    "api-key create",
    "api-key list",
    "api-key revoke",
    "backup",
    "correct",
    "demo",
    "disclose",
    "doctor",
    "export",
    "issue",
    "issuer clear",
    "issuer confirm",
    "issuer create",
    "issuer list",
    "issuer look-alikes",
    "keys create",
    "keys list",
    "keys retire",
    "keys rotate",
    "keys stolen",
    "lift",
    "mail bounce",
    "mail list",
    "mail show",
    "operator create",
    "operator invite-owner",
    "operator list",
    "operator remove",
    "portfolio join",
    "portfolio list",
    "restore",
    "revoke",
    "secure",
    "serve",
    "stamp",
    "suspend",
    "verify",
    "webhook add",
    "webhook history",
    "webhook list",
    "webhook remove",
    "webhook replay",
    "webhook rotate",
    "worker",
]


@pytest.mark.parametrize("command", LEAVES)
def test_every_command_has_help_with_an_example_and_the_common_options(command: str, credentials: Credentials) -> None:
    outcome = credentials(*command.split(), "--help")

    assert outcome.code == 0
    assert f"Example:  credentials {command}" in " ".join(outcome.out.split()).replace("Example: ", "Example:  ")
    assert ("--data" in outcome.out) == (command != "secure")  # a key of one's own, and no data folder
    assert "--json" in outcome.out


def test_the_list_of_commands_is_whole() -> None:
    leaves = []
    for name, place in sorted(PLACES.items()):
        inner = getattr(place.load(), "commands", None)
        leaves += [f"{name} {leaf}" for leaf in sorted(inner)] if inner else [name]

    assert leaves == LEAVES


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("verify",),
        ("--nonsense",),
        ("keys", "nonsense"),
        ("serve", "--port", "0"),
        ("demo", "--port", "x"),
        ("revoke", "x"),
        ("keys", "create", "--issuer", "x", "--algorithm", "RSA"),
        ("api-key", "create"),
    ],
)
def test_a_wrong_call_is_one_line_and_64(arguments: tuple[str, ...], credentials: Credentials) -> None:
    outcome = credentials(*arguments)

    assert_one_line(outcome, 64, "wrong-call")
    assert "--help" in outcome.err


def test_a_wrong_call_with_json_is_one_document(credentials: Credentials) -> None:
    outcome = credentials("verify", "--json")

    assert outcome.json()["error"]["code"] == "wrong-call"
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("group", [(), ("keys",), ("issuer",), ("api-key",), ("portfolio",)])
def test_a_group_alone_shows_its_help(group: tuple[str, ...], credentials: Credentials) -> None:
    outcome = credentials(*group)

    assert outcome.code == 64
    assert "Commands:" in outcome.err
