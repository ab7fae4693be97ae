"""A stolen key: what it signed before stands if a timestamp shows that it was before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.achievement import to_bytes
from credentials.core.errors import CredentialError
from credentials.core.securing import FORMS, MECHANISMS, Unsigned
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.stamps import MOST_STAMPS, read_stamps, stamps_address
from credentials.verifier.states import State
from tests.verifier.robbed import FORMS_MADE, HONEST, STAMPS, STOLEN, published, refused, robbed, stamp, stamped_bytes
from tests.verifier.world import DAY, ISSUED, P256Key, World, achievement, confirming


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
