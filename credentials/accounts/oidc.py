"""Sign in at a company's own provider (OpenID Connect Core 1.0, authorization code flow with PKCE, RFC 7636).

1. `begin`: a cookie binds the browser. From it, under the service's secret, come the nonce and the PKCE verifier; the
   state is a ticket of ours that names the company and the cookie's digest. Nothing is kept.
2. `finish`: the state is opened, held against the cookie and spent; the code is exchanged at the provider that the
   state names, and no other (RFC 9207 against a mix-up); the ID token is checked (Core §3.1.3.7, strictly).
3. The person is who the provider vouched for before under this subject, or who has the verified address, which must
   be of the company's domain. A passkey of theirs stays wanted until then: a company is not its people's account.
4. How it signed the person in counts as it says itself: `amr` has `mfa` (RFC 8176 §2), or it was one step; at
   `auth_time` (Core §2), or long ago.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import Connection

from credentials.accounts.addresses import canonical_address, domain_of, parse_address, parse_name
from credentials.accounts.errors import AddressUnusable, LinkUnusable, NameUnusable, ProviderMissing, ProviderRefused
from credentials.accounts.means import Means
from credentials.accounts.provider_settings import ProvedDomains, opened
from credentials.accounts.racing import second_finds_first
from credentials.accounts.sessions import RECENT, Begun, Client, is_guarded
from credentials.accounts.signing_in import SecondStep, begin_by_provider, new_person, second_step
from credentials.accounts.tokens import digest_of, looks_like_token, new_token
from credentials.core import base64url
from credentials.store import oidc as rows
from credentials.store import people, sign_in
from credentials.store.engine import read, write
from credentials.store.oidc import Provider
from credentials.store.people import Person

BACK: Final = "/sign-in/company/back"
ALGORITHMS: Final = ("RS256", "ES256", "Ed25519")
SKEW: Final = 60
"""Seconds that a provider's clock may be off."""
_OLDEST: Final = 600
_LONGEST_ANSWER: Final = 4096
_LONGEST_SUBJECT: Final = 255
_PURPOSE: Final = "oidc"
# Asymmetric keys alone: a shared key in a public set would let anybody sign.
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})


class Fetch(Protocol):
    """The one client for outbound requests. Its errors are CredentialErrors; it follows no redirect."""

    def get(self, url: str) -> bytes:
        """The body of an answer of status 200."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Send a body, and the body of an answer of status 200."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Where a browser goes on to, the name of that place, and the cookie it must bring back."""

    url: str
    host: str
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider vouched for: its own name for the person, their address and name."""

    subject: str
    address: str
    name: str


def begin(means: Means, fetch: Fetch, provider: Provider) -> Start:
    """Begin to sign in at a provider. Raises ProviderRefused."""
    metadata = _metadata(fetch, provider)
    cookie, digest = new_token()
    state = means.tickets(_PURPOSE).make(f"{provider.issuer_id} {digest.hex()}", means.clock())
    challenge = base64url.encode(hashlib.sha256(_derived(means, "verifier", cookie).encode()).digest())
    asked = {
        "response_type": "code",
        "scope": "openid email profile",
        "client_id": provider.client_id,
        "redirect_uri": means.base_url + BACK,
        "state": state,
        "nonce": _derived(means, "nonce", cookie),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        # With it a provider must say when it asked (Core §3.1.2.1), and asks again when that is longer ago.
        "max_age": int(RECENT.total_seconds()),
    }
    where = metadata["authorization_endpoint"]
    return Start(f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", urlsplit(where).hostname or "", cookie)


def finish(
    means: Means, fetch: Fetch, proved: ProvedDomains, answer: Mapping[str, str], cookie: str, client: Client
) -> Begun | SecondStep:
    """Go on with what the provider sent back: `state`, `code`, perhaps `iss` (RFC 9207).

    Raises LinkUnusable: the state is not ours, not this browser's, spent or old. ProviderRefused: all else.
    """
    provider = _opened_state(means, answer.get("state", ""), cookie)
    if provider.domain not in proved(provider.issuer_id):
        raise ProviderRefused
    metadata = _metadata(fetch, provider)
    _require_same_issuer(provider, metadata, answer)
    token = _exchanged(means, fetch, provider, metadata["token_endpoint"], answer.get("code", ""), cookie)
    claims = _checked(means, provider, token, fetch.get(metadata["jwks_uri"]), _derived(means, "nonce", cookie))
    vouched = _vouched(provider, claims)
    return second_finds_first(partial(_entered, means, provider, vouched, claims, client))


def _entered(
    means: Means, provider: Provider, vouched: Vouched, claims: Mapping[str, Any], client: Client
) -> Begun | SecondStep:
    """A session of the person that the provider vouched for, or a second step. Raises ProviderRefused."""
    with write(means.engine) as connection:
        person, linked = _person(means, connection, provider, vouched)
        if person.closed_at is not None:
            raise ProviderRefused
        if not linked and is_guarded(connection, person.id):
            return second_step(means, person.id)
        if not linked:
            rows.link(connection, provider.issuer_id, vouched.subject, person.id, means.clock())
        two_steps, proved_at = _in_two_steps(claims), _proved_at(claims, means.clock())
        return begin_by_provider(means, connection, person.id, client, two_steps=two_steps, proved_at=proved_at)


def _opened_state(means: Means, state: str, cookie: str) -> Provider:
    """The provider that a state names, once."""
    ticket = means.tickets(_PURPOSE).open(state, means.clock())
    issuer_id, _, binding = ticket.data.partition(" ")
    if not looks_like_token(cookie) or not hmac.compare_digest(binding, digest_of(cookie).hex()):
        raise LinkUnusable
    with write(means.engine) as connection:
        if not sign_in.spend_ticket(connection, ticket.digest, ticket.expires_at):
            raise LinkUnusable
    with read(means.engine) as connection:
        provider = rows.by_issuer(connection, issuer_id)
    if provider is None:
        raise ProviderMissing(where="provider")
    return provider


def _metadata(fetch: Fetch, provider: Provider) -> dict[str, Any]:
    """The provider's own description (Discovery 1.0 §4): about itself, with https endpoints."""
    found = _object(fetch.get(f"{provider.address.rstrip('/')}/.well-known/openid-configuration"))
    endpoints = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if found.get("issuer") != provider.address:
        raise ProviderRefused("the provider calls itself by another address")
    if not all(isinstance(one, str) and one.startswith("https://") for one in endpoints):
        raise ProviderRefused("the provider's endpoints are not https")
    return found


def _require_same_issuer(provider: Provider, metadata: Mapping[str, Any], answer: Mapping[str, str]) -> None:
    """RFC 9207 §2.4: an answer that says who it is from must be from this provider."""
    promised = metadata.get("authorization_response_iss_parameter_supported") is True
    if "iss" in answer and answer["iss"] != provider.address:
        raise ProviderRefused("the answer is another provider's")
    if promised and "iss" not in answer:
        raise ProviderRefused("the answer does not say whose it is")


def _exchanged(means: Means, fetch: Fetch, provider: Provider, where: str, code: str, cookie: str) -> str:
    """The ID token for a code (Core §3.1.3; client_secret_basic as RFC 6749 §2.3.1 has it)."""
    if not code or len(code) > _LONGEST_ANSWER:
        raise ProviderRefused("the provider gave no code")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": means.base_url + BACK,
        "code_verifier": _derived(means, "verifier", cookie),
    }
    pair = f"{quote(provider.client_id, safe='')}:{quote(opened(means, provider), safe='')}"
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    token = _object(fetch.post(where, urlencode(form).encode(), headers)).get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused("the provider gave no ID token")
    return token


def _checked(means: Means, provider: Provider, token: str, keys: bytes, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right (Core §3.1.3.7)."""
    try:
        public = [key for key in _object(keys).get("keys", []) if key.get("kty") in _KINDS]
        claims = jwt.decode(token, KeySet.import_key_set({"keys": public}), algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ProviderRefused("the ID token does not verify") from error
    now, audience = means.clock().timestamp(), claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    held = {
        "iss": claims.get("iss") == provider.address,
        "aud": provider.client_id in several,
        "azp": claims.get("azp", provider.client_id if len(several) == 1 else None) == provider.client_id,
        "exp": _is_number(claims.get("exp")) and now < claims["exp"] + SKEW,
        "iat": _is_number(claims.get("iat")) and now - _OLDEST <= claims["iat"] <= now + SKEW,
        "nbf": "nbf" not in claims or (_is_number(claims["nbf"]) and claims["nbf"] <= now + SKEW),
        "auth_time": "auth_time" not in claims
        or (_is_number(claims["auth_time"]) and claims["auth_time"] <= now + SKEW),
        "nonce": secrets.compare_digest(str(claims.get("nonce", "")).encode("utf-8", "replace"), nonce.encode()),
    }
    if wrong := [name for name, holds in held.items() if not holds]:
        raise ProviderRefused(f"the ID token is wrong in {', '.join(wrong)}")
    return dict(claims)


def _vouched(provider: Provider, claims: Mapping[str, Any]) -> Vouched:
    """Who it is: a verified address of the company's domain, and the provider's own name for the person."""
    subject, name = claims.get("sub"), claims.get("name")
    if not isinstance(subject, str) or not 1 <= len(subject) <= _LONGEST_SUBJECT:
        raise ProviderRefused("the ID token names nobody")
    try:
        address = parse_address(str(claims.get("email", "")))
    except AddressUnusable:
        raise ProviderRefused("the ID token has no address") from None
    if claims.get("email_verified") is not True or domain_of(address) != provider.domain:
        raise ProviderRefused("the address is not verified, or of another domain")
    return Vouched(subject, canonical_address(address), _name(name, address))


def _in_two_steps(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for more than one thing (RFC 8176 §2)."""
    methods = claims.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def _proved_at(claims: Mapping[str, Any], now: datetime) -> datetime:
    """When the provider asked the person; so long ago that it is not recent where it does not say."""
    said = claims.get("auth_time")
    if said is None:
        return now - RECENT
    ago = timedelta(seconds=min(now.timestamp() - said, RECENT.total_seconds()))
    return now - max(ago, timedelta(0))


def _name(text: object, address: str) -> str:
    try:
        return parse_name(str(text or ""))
    except NameUnusable:
        return address.partition("@")[0]


def _person(means: Means, connection: Connection, provider: Provider, vouched: Vouched) -> tuple[Person, bool]:
    """The person, and whether this provider vouched for them before."""
    if found := rows.person_of(connection, provider.issuer_id, vouched.subject):
        return found, True
    known = people.by_address(connection, vouched.address)
    return known or new_person(means, connection, vouched.address, vouched.name), False


def _derived(means: Means, what: str, cookie: str) -> str:
    """A secret that belongs to a cookie and that only this service can tell."""
    return base64url.encode(hmac.digest(means.secret, f"oidc {what}:{cookie}".encode(), "sha256"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProviderRefused("the provider's answer is not JSON") from error
