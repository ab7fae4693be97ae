"""What others may answer when a proof is looked for, and that nothing but the exact answer is one."""

import gzip

import pytest

from credentials.core import strict_json
from credentials.verifier.errors import Unreachable
from tests.identity.world import DOMAIN, Town
from tests.verifier.outbound_world import Wire

NAME = f"_credentials-challenge.{DOMAIN}"
FILE = "/.well-known/credentials-verification-acme.txt"
DOCUMENT = "/.well-known/did.json"


@pytest.fixture
def line(town: Town) -> str:
    """What the file must say."""
    return town.identity.instructions(town.identity.start(town.acme.id, DOMAIN, "file")).content


def file_problem(town: Town) -> str | None:
    """How a look for the file ends."""
    return town.identity.check(town.identity.start(town.acme.id, DOMAIN, "file").id).problem


def dns_problem(town: Town) -> str | None:
    """How a look for the record ends."""
    return town.identity.check(town.identity.start(town.acme.id, DOMAIN, "dns").id).problem


@pytest.mark.parametrize("around", ["{}", "{}\n", "\r\n {} \r\n", "\n\n{}\n\n"])
def test_blanks_around_the_line_do_not_matter(town: Town, line: str, around: str) -> None:
    town.publish(FILE, around.format(line))
    assert file_problem(town) is None
    assert town.confirmed() == (DOMAIN, "file")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "text-missing"),
        ("<html><body>{}</body></html>", "text-missing"),
        ("{}\n{}", "other-token"),
        ("{}x", "other-token"),
        ("comments: {}", "text-missing"),
        ("credentials-verification=", "other-token"),
        ("{}" + " " * 2000, "answer-too-large"),
        ("x" * 10_000_000, "answer-too-large"),
        ("\ufeff{}", "text-missing"),
        ("\x00{}", "text-missing"),
    ],
)
def test_another_body_is_no_proof(town: Town, line: str, body: str, problem: str) -> None:
    town.publish(FILE, body.replace("{}", line))
    assert file_problem(town) == problem
    assert town.confirmed() == (None, None)


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
def test_a_token_is_exact(town: Town, line: str, case: object) -> None:
    assert callable(case)
    town.publish(FILE, case(line))
    assert file_problem(town) in ("other-token", "text-missing")


@pytest.mark.parametrize("media_type", ["text/html", "application/json", "text/plainer", ""])
def test_another_media_type_is_no_text_file(town: Town, line: str, media_type: str) -> None:
    town.publish(FILE, line, media_type)
    assert file_problem(town) == "not-plain-text"
    assert town.confirmed() == (None, None)


def test_a_redirect_is_not_followed(town: Town, line: str) -> None:
    town.publish("/elsewhere.txt", line)
    town.script(FILE, lambda wire: wire.answer(b"", "Location: /elsewhere.txt", status="302 Found"))
    assert file_problem(town) == "redirect-refused"
    assert len(town.site.reached) == 1


def test_nothing_is_unfolded(town: Town, line: str) -> None:
    packed = gzip.compress(line.encode() * 10)
    headers = ("Content-Type: text/plain", "Content-Encoding: gzip")
    town.script(FILE, lambda wire: wire.answer(packed, *headers))
    assert file_problem(town) == "unexpected-answer"


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops", "204 No Content"])
def test_only_a_200_counts(town: Town, line: str, status: str) -> None:
    town.script(FILE, lambda wire: wire.answer(line.encode(), "Content-Type: text/plain", status=status))
    assert file_problem(town) in ("not-found-there", "unexpected-answer")
    assert town.confirmed() == (None, None)


def test_a_body_that_never_ends_is_given_up(town: Town) -> None:
    town.web.timeout = 0.5
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"

    def endless(wire: Wire) -> None:
        wire.say(head)
        wire.drip(b" ", every=0.05)

    town.script(FILE, endless)
    assert file_problem(town) in ("fetch-timed-out", "answer-too-large")


def test_another_issuers_file_is_not_ours(town: Town, line: str) -> None:
    town.publish("/.well-known/credentials-verification-other.txt", line)
    assert file_problem(town) == "not-found-there"


def test_a_host_with_a_certificate_for_another_name_proves_nothing(town: Town) -> None:
    town.web.private_hosts.add("third.example")
    proof = town.begin("file", "third.example")
    assert town.identity.check(proof.id).problem == "tls-failed"


def test_a_wildcard_record_of_something_else(town: Town) -> None:
    town.zone.wildcard = [[b"v=spf1 include:mail.example -all"]]
    assert dns_problem(town) == "text-missing"


def test_ours_counts_among_others(town: Town) -> None:
    proof = town.begin()
    wanted = town.identity.instructions(proof).content
    town.zone.put(NAME, "v=spf1 -all", "credentials-verification=another-service", wanted)
    assert town.identity.check(proof.id).state == "holds"


@pytest.mark.parametrize("text", ["{} ", " {}", '"{}"', "{}{}", "CREDENTIALS-VERIFICATION={}", "x{}"])
def test_a_record_is_exact(town: Town, text: str) -> None:
    proof = town.begin()
    town.zone.put(NAME, text.replace("{}", town.identity.instructions(proof).content))
    assert town.identity.check(proof.id).state == "pending"


def test_the_record_at_another_name_is_not_looked_at(town: Town) -> None:
    proof = town.identity.start(town.acme.id, DOMAIN, "dns")
    wanted = town.identity.instructions(proof).content
    for name in (DOMAIN, f"credentials-challenge.{DOMAIN}", f"www.{DOMAIN}", f"_credentials-challenge.www.{DOMAIN}"):
        town.zone.put(name, wanted)
    assert town.identity.check(proof.id).state == "pending"


@pytest.mark.parametrize("target", ["evil.example", "acme.example.evil.example"])
def test_an_alias_lends_no_name(town: Town, target: str) -> None:
    proof = town.begin()
    town.zone.aliases[NAME] = target
    town.zone.put(target, town.identity.instructions(proof).content)
    assert town.identity.check(proof.id).problem == "leads-elsewhere"


def document(town: Town) -> dict[str, object]:
    """The company's own DID document as handed out."""
    return strict_json.parse_object(town.identity.own_did_document(town.acme.id, DOMAIN), max_bytes=1 << 20)


def did_problem(town: Town, body: bytes) -> str | None:
    """How a look for a DID document ends."""
    town.publish(DOCUMENT, body, "application/did+json")
    return town.identity.check(town.identity.start(town.acme.id, DOMAIN, "did:web").id).problem


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"<html>", b'{"id":"did:web:acme.example","id":"x"}', b"x" * 400_000]
)
def test_what_is_no_did_document(town: Town, body: bytes) -> None:
    assert did_problem(town, body) in ("not-a-did-document", "answer-too-large", "other-keys")
    assert town.confirmed() == (None, None)


def test_the_hosted_document_is_not_the_companys_own(town: Town) -> None:
    assert did_problem(town, town.issuing.did_document("acme")) == "not-a-did-document"


def test_another_companys_keys(town: Town) -> None:
    other = town.issuing.create_issuer("other", "Other Works")
    assert did_problem(town, town.identity.own_did_document(other.id, DOMAIN)) == "other-keys"


def test_keys_that_are_listed_for_something_else(town: Town) -> None:
    theirs = document(town)
    theirs["authentication"] = theirs.pop("assertionMethod")
    assert did_problem(town, strict_json.dump(theirs)) == "other-keys"


def test_a_company_may_list_keys_of_its_own_beside_ours(town: Town) -> None:
    other = town.issuing.create_issuer("other", "Other Works")
    both = document(town)
    theirs = strict_json.parse_object(town.identity.own_did_document(other.id, DOMAIN), max_bytes=1 << 20)
    for member in ("verificationMethod", "assertionMethod"):
        both[member] = [*both[member], *theirs[member]]  # type: ignore[misc]
    assert did_problem(town, strict_json.dump(both)) is None


def test_a_new_key_may_be_listed_within_a_week(town: Town) -> None:
    proof = town.prove("did:web")
    town.issuing.rotate_key("acme")
    town.live(24 * 7 - 1)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"
    town.live(26)
    late = town.identity.proof(town.acme.id, proof.id)
    assert (late.state, late.problem) == ("failing", "keys-missing")
    town.answer(proof)
    town.live(1)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"


def test_a_stolen_key_must_be_listed_as_such(town: Town) -> None:
    proof = town.prove("did:web")
    town.issuing.report_compromise("acme", town.issuing.keys("acme")[0].name, town.clock())
    town.live(24)
    assert town.identity.proof(town.acme.id, proof.id).problem == "other-keys"
    town.answer(proof)
    town.live(1)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"


def test_a_host_that_nobody_reaches_is_not_known_to_be_gone(town: Town) -> None:
    proof = town.prove("file")
    town.web.down = Unreachable("no connection")
    town.live(47)
    failing = town.identity.proof(town.acme.id, proof.id)
    assert (failing.state, failing.problem) == ("failing", "host-unreachable")
    assert town.confirmed() == (DOMAIN, "file")
    town.live(1)
    assert town.confirmed() == (None, None)


def test_a_host_that_moves_to_a_private_address_is_refused(town: Town) -> None:
    proof = town.prove("file")
    reached = len(town.site.reached)
    town.web.private_hosts.clear()
    town.live(24)
    failing = town.identity.proof(town.acme.id, proof.id)
    assert (failing.state, failing.problem) == ("failing", "address-refused")
    assert len(town.site.reached) == reached
    town.web.private_hosts.add(DOMAIN)
    town.live(1)
    frozen = town.identity.frozen(town.acme.id)
    assert frozen is not None
    assert "another owner" in frozen[1]


@pytest.mark.parametrize("change", ["expires", "moves", "wildcard"])
def test_a_domain_in_other_hands_is_seen_within_a_day(town: Town, change: str) -> None:
    town.prove()
    if change == "expires":
        town.zone.texts.clear()
        town.zone.exists.clear()
    elif change == "moves":
        town.zone.put(NAME, "credentials-verification=of-the-new-owner")
    else:
        town.zone.texts.clear()
        town.zone.wildcard = [[b"credentials-verification=parked"]]
    town.live(24)
    assert town.events == ["domain-proved", "domain-failing"]
    assert town.identity.frozen(town.acme.id) is not None
    town.live(24)
    assert town.confirmed() == (None, None)


def test_silence_is_no_loss_for_a_day(town: Town) -> None:
    proof = town.prove()
    town.zone.rcode = "SERVFAIL"
    town.live(24)
    town.zone.rcode, town.zone.seconds = None, 0.7
    town.live(2)
    failing = town.identity.proof(town.acme.id, proof.id)
    assert (failing.state, failing.problem) == ("failing", "name-server-failed")
    town.zone.seconds = 0
    town.live(1)
    assert town.identity.proof(town.acme.id, proof.id).state == "holds"
    assert town.confirmed() == (DOMAIN, "dns")
