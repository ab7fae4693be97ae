"""A stolen key: what it signed before stands if a timestamp shows that it was before, and nothing else does."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.achievement import to_bytes
from credentials.core.errors import CredentialError
from credentials.core.securing import FORMS, MECHANISMS, Unsigned, recognise
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.stamps import MOST_STAMPS, read_stamps, stamps_address
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.timestamp_authority import TimestampAuthority, certify, make_root
from tests.verifier.world import CREDENTIAL_ID, DAY, ISSUED, NOW, Ed25519Key, P256Key, World, achievement, confirming

STOLEN = NOW - 3 * DAY
STAMPS = f"{CREDENTIAL_ID}/stamps"
FORMS_MADE = ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
HONEST = TimestampAuthority(at=ISSUED + timedelta(minutes=1))


def robbed(world: World | None = None) -> World:
    """A world whose issuer signed with k1, which was stolen three days ago, and signs with k2 since."""
    world = world or World(policy=replace(confirming("did:web:acme.example"), timestamp_roots=HONEST.roots))
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.issuer.revoked["k1"] = STOLEN
    world.publish_document()
    world.publish_list("revocation", name="k2")
    world.publish_list("suspension", name="k2")
    return world


def stamped_bytes(world: World, secured: bytes) -> bytes:
    form = recognise(secured)
    return form.stamped(form.read(secured).proofs[0], world.issuer.keys["k1"].public)


def published(*tokens: bytes) -> bytes:
    entries = [{"form": "vc+jwt", "token": base64.b64encode(token).decode()} for token in tokens]
    return json.dumps({"stamps": entries}).encode()


def stamp(world: World, secured: bytes, authority: TimestampAuthority = HONEST) -> bytes:
    return authority.token(stamped_bytes(world, secured))


def refused(report: Report, code: str) -> None:
    """It is as false as it was before there were timestamps, and the report says why its timestamp does not help."""
    check = report.check("earlier-than-compromise")
    assert (report.state, report.verified) == (State.NOT_THEIR_KEY, None)
    assert report.check("key-authorised").code == "key-reported-stolen"
    assert (check.outcome, check.code) == (Outcome.FAILED, code)
    assert "reported stolen on 29 May 2026" in report.words


@pytest.mark.parametrize("mechanism", FORMS_MADE)
@pytest.mark.parametrize("by", ["address", "hand"])
def test_what_was_stamped_before_the_theft_stands(mechanism: str, by: str) -> None:
    world = robbed()
    secured = world.secured(mechanism)
    token = stamp(world, secured)
    if by == "address":
        world.published[STAMPS] = published(token)

    report = world.verify(secured, stamps=[token] if by == "hand" else ())

    check = report.check("earlier-than-compromise")
    assert (report.state, check.number, check.outcome) == (State.GENUINE, 18, Outcome.PASSED)
    assert "2026-03-16T00:01:01Z" in check.detail
    assert check.spec.startswith("RFC 3161 section 2.4.2")


def test_it_stands_for_every_kind_of_key() -> None:
    world = robbed(World())
    world.policy = replace(confirming("did:web:acme.example"), timestamp_roots=HONEST.roots)
    world.issuer.keys["k1"] = P256Key()
    world.publish_document()
    for mechanism in ("vc+jwt", "ecdsa-rdfc-2019"):
        secured = world.secured(mechanism)
        assert world.verify(secured, stamps=[stamp(world, secured)]).state is State.GENUINE


def test_the_later_of_two_does_not_spoil_the_earlier() -> None:
    world = robbed()
    secured = world.token()
    late = replace(HONEST, at=STOLEN + DAY)

    report = world.verify(secured, stamps=[stamp(world, secured, late), b"garbage", stamp(world, secured)])

    assert report.state is State.GENUINE


def test_everything_else_is_still_checked() -> None:
    """A credential whose key may be believed is withdrawn, expired or unconfirmed as any other."""
    world = robbed()
    world.publish_list("revocation", {4711}, name="k2")
    secured = world.token()
    assert world.verify(secured, stamps=[stamp(world, secured)]).state is State.REVOKED

    world = robbed()
    world.policy = replace(world.policy, confirmed={})
    world.issuer.did = "did:web:acme.example:shared"
    other = robbed(World(issuer=world.issuer, policy=world.policy))
    secured = other.token()
    assert other.verify(secured, stamps=[stamp(other, secured)]).state is State.UNCONFIRMED_ISSUER


@pytest.mark.parametrize("stamped", [True, False])
def test_another_form_counts_by_its_own_stamp(stamped: bool) -> None:
    world = robbed()
    secured, other = world.token(), world.secured("eddsa-rdfc-2022")
    tokens = [stamp(world, secured), *([stamp(world, other)] if stamped else [])]
    world.published[STAMPS] = published(*tokens)

    report = world.verify(secured, also=[other])

    assert report.state is State.GENUINE
    assert report.check("earlier-than-compromise").outcome is Outcome.PASSED
    assert [proof.outcome for proof in report.proofs] == [Outcome.PASSED, Outcome.PASSED if stamped else Outcome.FAILED]


def test_a_stamped_form_lends_nothing_to_one_by_a_thief() -> None:
    """The first form decides: an old, stamped form beside it does not make it older."""
    world = robbed()
    secured, other = world.token(), world.secured("eddsa-rdfc-2022")

    refused(world.verify(secured, also=[other], stamps=[stamp(world, other)]), "timestamp-mismatch")


def test_a_key_that_nobody_stole_needs_no_stamp() -> None:
    world = World(policy=confirming("did:web:acme.example"))

    report = world.verify(world.token())

    assert report.state is State.GENUINE
    assert report.check("earlier-than-compromise").outcome is Outcome.NOT_APPLICABLE


# What proves nothing -----------------------------------------------------------------------------------------------


def test_without_a_stamp() -> None:
    world = robbed()
    refused(world.verify(world.token()), "not-found-there")
    world.published[STAMPS] = published()
    refused(world.verify(world.token()), "stamp-missing")


@pytest.mark.parametrize(
    ("at", "accuracy"),
    [
        (STOLEN, None),
        (STOLEN + timedelta(seconds=1), None),
        (STOLEN + DAY, None),
        (STOLEN - timedelta(seconds=1), None),  # genTime may be rounded down by as much
        (STOLEN - timedelta(seconds=61), {"seconds": 60}),
        (STOLEN - timedelta(minutes=1), {"seconds": 60}),
    ],
)
def test_a_stamp_that_may_be_from_after_the_theft(at: datetime, accuracy: dict[str, int] | None) -> None:
    world = robbed()
    secured = world.token()
    late = replace(HONEST, at=at, accuracy=accuracy)

    refused(world.verify(secured, stamps=[stamp(world, secured, late)]), "stamp-too-late")


def test_a_stamp_from_just_before() -> None:
    world = robbed()
    secured = world.token()
    just = replace(HONEST, at=STOLEN - timedelta(seconds=2))

    assert world.verify(secured, stamps=[stamp(world, secured, just)]).state is State.GENUINE


def test_an_authority_that_is_not_trusted() -> None:
    world = robbed()
    secured = world.token()
    own = TimestampAuthority(root=make_root(), at=ISSUED)

    refused(world.verify(secured, stamps=[stamp(world, secured, own)]), "timestamp-untrusted")


def test_a_certificate_that_is_not_for_timestamping() -> None:
    world = robbed()
    secured = world.token()
    forged = replace(HONEST, signer=certify(HONEST.root, purposes=None))

    refused(world.verify(secured, stamps=[stamp(world, secured, forged)]), "timestamp-untrusted")


def test_a_verifier_that_trusts_no_authority_asks_nobody() -> None:
    world = robbed(World(policy=confirming("did:web:acme.example")))
    secured = world.token()
    world.published[STAMPS] = published(stamp(world, secured))
    asked = Watched(world.resolver())

    report = verify(secured, resolver=asked, policy=world.policy, now=world.now)

    refused(report, "timestamp-untrusted")
    assert STAMPS not in asked.addresses


@pytest.mark.parametrize("mechanism", FORMS_MADE)
def test_the_stamp_of_another_credential(mechanism: str) -> None:
    world = robbed()
    other = world.secured(mechanism, valid_from=ISSUED + DAY)

    refused(world.verify(world.secured(mechanism), stamps=[stamp(world, other)]), "timestamp-mismatch")


def test_the_stamp_of_another_form_of_it() -> None:
    world = robbed()
    others = [stamp(world, world.secured(other)) for other in FORMS_MADE[1:]]

    refused(world.verify(world.token(), stamps=others), "timestamp-mismatch")


def test_the_stamp_of_another_signature_over_the_same() -> None:
    """ECDSA signs the same bytes differently each time, and s and n − s both verify."""
    world = robbed()
    world.issuer.keys["k1"] = P256Key()
    world.publish_document()
    first, again = world.token(), world.token()
    assert first.rpartition(b".")[0] == again.rpartition(b".")[0]

    refused(world.verify(again, stamps=[stamp(world, first)]), "timestamp-mismatch")


@pytest.mark.parametrize("mechanism", FORMS_MADE)
def test_a_thief_who_writes_an_old_date(mechanism: str) -> None:
    """All dates in it are from before the theft; its only stamp cannot be."""
    world = robbed()
    forged = world.issuer.secure(
        to_bytes(achievement(world.issuer.did, valid_from=ISSUED - 100 * DAY)), mechanism=mechanism
    )
    today = replace(HONEST, at=NOW)
    world.published[STAMPS] = published(stamp(world, world.secured(mechanism)), stamp(world, forged, today))

    refused(world.verify(forged), "stamp-too-late")


def test_a_document_changed_under_a_good_stamp() -> None:
    world = robbed()
    secured = world.secured("eddsa-jcs-2022")
    document = strict_json.parse_object(secured, max_bytes=1 << 20)
    document["name"] = "Something better"

    report = world.verify(document, stamps=[stamp(world, secured)])

    refused(report, "signature-mismatch")


def test_the_same_document_with_other_spaces_keeps_its_stamp() -> None:
    world = robbed()
    secured = world.secured("eddsa-rdfc-2022")
    document = strict_json.parse_object(secured, max_bytes=1 << 20)

    report = world.verify(json.dumps(document, indent=4).encode(), stamps=[stamp(world, secured)])

    assert report.state is State.GENUINE


def test_a_key_that_has_expired_besides() -> None:
    world = robbed()
    secured = world.token()
    address = "https://acme.example/.well-known/did.json"
    document = json.loads(world.published[address])
    for method in document["verificationMethod"]:
        method["expires"] = "2026-05-30T00:00:00Z"
    world.published[address] = json.dumps(document).encode()

    refused(world.verify(secured, stamps=[stamp(world, secured)]), "key-expired")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"not JSON", b'{"stamps": [], "stamps": []}', b'{"stamps": ' + b"[" * 9999]
)
def test_an_address_that_answers_nonsense(body: bytes) -> None:
    world = robbed()
    world.published[STAMPS] = body

    report = world.verify(world.token())

    assert report.state is State.NOT_THEIR_KEY
    assert report.check("earlier-than-compromise").outcome is Outcome.FAILED


def test_nothing_is_asked_about_a_signature_that_does_not_hold() -> None:
    """Nobody makes us visit an address by writing it into something unsigned."""
    world = robbed()
    head, _, signature = world.token().rpartition(b".")
    asked = Watched(world.resolver())

    verify(head + b"." + b"A" * len(signature), resolver=asked, policy=world.policy, now=world.now)

    assert asked.addresses == ["https://acme.example/.well-known/did.json"]


class Watched:
    """A resolver that remembers what it was asked for."""

    def __init__(self, inner: StaticResolver) -> None:
        self.inner, self.addresses = inner, list[str]()

    def fetch(self, url: str, **options: Any) -> Fetched:
        self.addresses.append(url)
        return self.inner.fetch(url, **options)


# The answer at /stamps ---------------------------------------------------------------------------------------------


def test_stamps_are_read() -> None:
    assert read_stamps(published(b"one", b"two")) == [b"one", b"two"]


def test_no_more_than_a_few_are_read() -> None:
    assert len(read_stamps(published(*[b"x"] * 99))) == MOST_STAMPS


@pytest.mark.parametrize(
    "entries",
    [
        '"x"',
        "{}",
        "null",
        "7",
        '[null, 7, "x", [], {}]',
        '[{"token": 7}]',
        '[{"token": "*"}]',
        '[{"token": "é"}]',
        '[{"token": ""}]',
    ],
)
def test_what_is_no_stamp_is_left_out(entries: str) -> None:
    assert read_stamps(f'{{"stamps": {entries}}}'.encode()) == []


JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["stamps", "token", "form"]), inner),
    max_leaves=8,
)


@given(st.binary(max_size=99) | JSON.map(lambda value: json.dumps({"stamps": value}).encode()))
def test_any_answer_is_read_or_refused_by_name(body: bytes) -> None:
    try:
        tokens = read_stamps(body)
    except CredentialError:
        return

    assert all(isinstance(token, bytes) for token in tokens)
    assert all(tokens)


@pytest.mark.parametrize(
    "identifier", [None, 7, "", "urn:uuid:1", "did:web:x", "ftp://x/c/1", "https://x/c?a=1", "https://x/c#a"]
)
def test_an_id_that_is_no_plain_address_has_no_stamps(identifier: object) -> None:
    assert stamps_address(identifier) is None


def test_where_stamps_are() -> None:
    assert stamps_address("https://x.example/c/1") == "https://x.example/c/1/stamps"


def test_every_form_says_what_a_stamp_is_over() -> None:
    assert all(callable(form.stamped) for form in FORMS.values())
    assert CheckKind.EARLIER_THAN_COMPROMISE.public_id == "earlier-than-compromise"


@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vc+jwt"])
def test_a_stamp_is_over_the_signature_and_all_that_it_is_over(mechanism: str) -> None:
    world = World()
    unsigned = to_bytes(achievement(world.issuer.did))
    key, chosen = world.issuer.keys["k1"], MECHANISMS[mechanism]
    prepared = chosen.prepare(
        Unsigned.parse(unsigned), verification_method=world.issuer.method(), algorithm=key.algorithm, created=ISSUED
    )
    signature = key.sign(prepared.signing_input)
    secured = chosen.assemble(prepared, signature)

    stamped = stamped_bytes(world, secured)

    embedded = prepared.signing_input + signature
    assert stamped == (secured if mechanism == "vc+jwt" else embedded)
