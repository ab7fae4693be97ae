"""Passkeys (WebAuthn level 3, section 7): registered by whoever is signed in, used to sign in and for second steps.

- The challenge is a ticket of ours: signed, ten minutes, good once, bound to what it is for and to whom.
- Passkeys are discoverable and verify the user (a PIN, a finger): one of them is two factors at once.
- The host of the service's address is the relying party, so an IP address has no passkeys: pages then offer none.
- A counter that runs backwards tells of a copied authenticator: it is refused (§6.1.1).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from credentials.accounts.errors import LinkUnusable, PasskeyRefused, PasskeyTaken
from credentials.accounts.means import Means
from credentials.accounts.tokens import new_id
from credentials.store import people, sign_in
from credentials.store.engine import read
from credentials.store.people import Person
from credentials.store.sign_in import Passkey

LONGEST_ANSWER = 16_384
LONGEST_LABEL = 60
_ALGORITHMS = [COSEAlgorithmIdentifier.EDDSA, COSEAlgorithmIdentifier.ECDSA_SHA_256]
_REGISTER = "passkey-register"
# What the library lets out for an answer that is none: a key without its parts, brackets in brackets without end.
_UNREADABLE = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_SIGN_IN = "passkey-sign-in"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a page hands to the browser (JSON) and gets back beside the authenticator's answer."""

    options: str
    ticket: str


def possible(means: Means) -> bool:
    """Whether this service can have passkeys: it has a name, and it is https or this machine (WebAuthn §5.1.2)."""
    with suppress(ValueError):
        ipaddress.ip_address(means.host)
        return False
    return means.base_url.startswith("https:") or means.host == "localhost"


def has_one(means: Means, person_id: str) -> bool:
    """Whether a person has a passkey that this service can take."""
    with read(means.engine) as connection:
        return possible(means) and bool(sign_in.passkeys(connection, person_id))


def registration(means: Means, person_id: str) -> Ceremony:
    """Begin to register a passkey for a person."""
    with read(means.engine) as connection:
        person, known = _with_passkeys(connection, person_id)
        addresses = people.addresses(connection, person_id)
    ticket = means.tickets(_REGISTER).make(person_id, means.clock())
    options = generate_registration_options(
        rp_id=means.host,
        rp_name=means.host,
        user_id=person.handle,
        user_name=addresses[0].address if addresses else person.name,
        user_display_name=person.name,
        challenge=ticket.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return Ceremony(options_to_json(options), ticket)


def register(means: Means, connection: Connection, person_id: str, ticket: str, answer: str, label: str) -> Passkey:
    """Keep a passkey that an authenticator made (§7.1), in the caller's transaction.

    Raises PasskeyRefused, PasskeyTaken, LinkUnusable.
    """
    now = means.clock()
    opened = means.tickets(_REGISTER).open(ticket, now)
    if opened.data != person_id:
        raise LinkUnusable
    try:
        verified = verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=ticket.encode(),
            expected_rp_id=means.host,
            expected_origin=means.base_url,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except _UNREADABLE as error:
        raise PasskeyRefused(where="passkey") from error
    made = Passkey(
        id=new_id(),
        person_id=person_id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=" ".join(label.split())[:LONGEST_LABEL] or "Passkey",
        created_at=now,
    )
    if not sign_in.spend_ticket(connection, opened.digest, opened.expires_at):
        raise LinkUnusable
    try:
        sign_in.add_passkey(connection, made)
    except IntegrityError:
        raise PasskeyTaken(where="passkey") from None
    return made


def authentication(means: Means, person_id: str = "") -> Ceremony:
    """Begin to sign in with any passkey, or with one of a person who is known already."""
    known: Sequence[Passkey] = ()
    if person_id:
        with read(means.engine) as connection:
            known = sign_in.passkeys(connection, person_id)
    ticket = means.tickets(_SIGN_IN).make(person_id, means.clock())
    options = generate_authentication_options(
        rp_id=means.host,
        challenge=ticket.encode(),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(options_to_json(options), ticket)


def authenticate(means: Means, connection: Connection, ticket: str, answer: str) -> str:
    """The id of the person whose passkey gave this answer (§7.2), in the caller's transaction.

    Raises PasskeyRefused, LinkUnusable.
    """
    now = means.clock()
    opened = means.tickets(_SIGN_IN).open(ticket, now)
    if not sign_in.spend_ticket(connection, opened.digest, opened.expires_at):
        raise LinkUnusable
    passkey = _named(connection, answer)
    if opened.data not in ("", passkey.person_id):
        raise PasskeyRefused(where="passkey")
    try:
        verified = verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=ticket.encode(),
            expected_rp_id=means.host,
            expected_origin=means.base_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise PasskeyRefused(where="passkey") from error
    sign_in.used_passkey(connection, passkey.id, verified.new_sign_count, now)
    return passkey.person_id


def _named(connection: Connection, answer: str) -> Passkey:
    """The passkey that an answer names, if its user handle names the same person."""
    try:
        parsed = parse_authentication_credential_json(_bounded(answer))
        found = sign_in.find_passkey(connection, base64url_to_bytes(parsed.id))
    except _UNREADABLE as error:
        raise PasskeyRefused(where="passkey") from error
    person = people.by_id(connection, found.person_id) if found else None
    if found is None or person is None or person.closed_at is not None:
        raise PasskeyRefused(where="passkey")
    if parsed.response.user_handle not in (None, person.handle):
        raise PasskeyRefused(where="passkey")
    return found


def _with_passkeys(connection: Connection, person_id: str) -> tuple[Person, list[Passkey]]:
    person = people.by_id(connection, person_id)
    if person is None:
        raise LinkUnusable
    return person, sign_in.passkeys(connection, person_id)


def _descriptors(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in known]


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(where="passkey")
    return answer
