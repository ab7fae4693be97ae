"""`dc+sd-jwt`: an SD-JWT VC (IETF draft-ietf-oauth-sd-jwt-vc-24), a credential in the claims of a JWT.

Written: `typ` dc+sd-jwt, `kid` the fragment under which the issuer's metadata lists the key, or the DID URL where `iss`
is a DID; what `disclosable` names may be left out. Read besides: `typ` vc+sd-jwt, as drafts up to 05 had it, where the
payload has a `vct` and no @context, and so is nothing else. Keys come from the issuer alone: a certificate chain in the
header (`x5c`) is refused like every key that a token brings.

Its claims become a `Credential`: `iss` the issuer, `jti` the id, `sub` the subject, `vct` the one type, `nbf` and `exp`
the validity, `status.status_list` (IETF draft-ietf-oauth-status-list-21) the status entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from credentials.core import base64url, strict_json
from credentials.core.credential import STATUS_LIST_ENTRY, Credential, StatusEntry
from credentials.core.did import parse_did_url
from credentials.core.errors import (
    AudienceRestricted,
    ClaimMismatch,
    CredentialError,
    ImpossiblePeriod,
    KidMissing,
    MalformedCredential,
    WrongTokenType,
)
from credentials.core.jws import MAX_TOKEN_BYTES, compact, parse_compact
from credentials.core.keys import PublicKey
from credentials.core.mechanism import (
    MethodType,
    Prepared,
    Presented,
    Proof,
    Unsigned,
    VerifiedCredential,
    check_signatures,
    verified,
)
from credentials.core.sd_jwt.serialised import TILDE
from credentials.core.vc_jwt import verification_method_of
from credentials.core.vc_sd_jwt import (
    check_hidden,
    check_shown,
    disclosures_of,
    looks_like_sd_jwt,
    prepare_hidden,
    read_shown,
    restore_hidden,
    shown_of,
)

TYPE: Final = "dc+sd-jwt"
FORMER_TYPE: Final = "vc+sd-jwt"
MUST_BE_OPEN: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aud", "jti", "statusReference", "@context"}
)
"""What the draft wants in the open (its section on registered JWT claims), and what we act on besides."""

_MAX_KID_CHARS: Final = 512
_LATEST: Final = 253402300799
_MAX_STATUSES: Final = 8


@dataclass(frozen=True, slots=True)
class SdJwtVc:
    """The mechanism; see `mechanism.SecuringMechanism`."""

    name: str = TYPE
    form: str = TYPE
    method_type: MethodType = "JsonWebKey"
    public: bool = False
    media_type: str = "application/dc+sd-jwt"
    extension: str = "dc.sd-jwt"

    def unsigned(self, data: bytes) -> Unsigned:
        """The claims of an SD-JWT VC. Raises as `parse` and `strict_json.parse_object`."""
        claims = strict_json.parse_object(data, max_bytes=MAX_TOKEN_BYTES)
        return Unsigned(data, claims, _parse(claims))

    def prepare(
        self, unsigned: Unsigned, *, verification_method: str, algorithm: str, created: datetime, entropy: bytes = b""
    ) -> Prepared:
        """The signing input for the claims in `unsigned`, with `iat` from `created`; the template as in `VcSdJwt`.

        Raises AlgorithmRefused, BadDid, NothingToHide, MalformedCredential (also for a `verification_method` that is
        not the issuer's), BadInstant, ImpossiblePeriod; ValueError for too little entropy.
        """
        issuer, _, kid = verification_method.partition("#")
        if issuer != unsigned.credential.issuer_id or not kid:
            raise MalformedCredential("the key is not one of its issuer's", where="/iss")
        if issuer.startswith("did:"):
            parse_did_url(verification_method)
            kid = verification_method
        payload = {"iat": int(created.timestamp()), **unsigned.document}
        return prepare_hidden(unsigned, payload, {"typ": TYPE, "kid": kid}, algorithm, entropy)

    def restore(self, unsigned: bytes, template: bytes) -> Prepared:
        """All that is signed is in the template: the unsigned bytes are not repeated in this form."""
        return restore_hidden(unsigned, template)

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The SD-JWT with every disclosure."""
        return compact(prepared.signing_input, signature) + disclosures_of(prepared)

    def recognises(self, data: bytes) -> bool:
        """Whether `data` has tildes and says that it is of this type, or of the former one with a `vct`."""
        if not looks_like_sd_jwt(data):
            return False
        issuer_jwt = data[: data.find(TILDE)]
        try:
            header = base64url.decode(issuer_jwt[: issuer_jwt.find(b".")])
            return b'"dc+sd-jwt"' in header or (b'"vc+sd-jwt"' in header and _has_vct(issuer_jwt))
        except CredentialError:
            return False

    def read(self, secured: bytes) -> Presented:
        """Take an SD-JWT VC apart and put what was disclosed in its place; nothing in the result is proved.

        Raises the errors of `parse_sd_jwt`, `unveil` and `strict_json`, WrongTokenType, MustNotBeHidden, KidMissing,
        KidNotDidUrl, MalformedCredential without an `iss`, and BadInstant.
        """
        shown = read_shown(secured, MUST_BE_OPEN)
        header, payload = shown.sd_jwt.jws.header, shown.unveiled.payload
        if header.get("typ") not in (TYPE, FORMER_TYPE):
            raise WrongTokenType(f"typ {header.get('typ', '')[:40]!r}", where="typ")
        if "cty" in header:
            raise WrongTokenType(f"cty {header['cty'][:40]!r}", where="cty")
        issuer = _issuer(payload)
        created = _moment(payload, "iat")
        proof = Proof(self.name, _method(header, issuer), header["alg"], shown, created)
        return Presented(self.form, issuer, payload, {}, shown.sd_jwt.jws.payload, (proof,))

    def check_signature(self, presented: Presented, proof: Proof, key: PublicKey) -> None:
        """Return if `key` made the signature, every disclosure is of this credential, and a holder's signature holds.

        Raises KeyAlgorithmMismatch, SignatureMismatch, DisclosureUnreferenced, and as `check_holder_signature`.
        """
        del presented
        check_shown(proof, key)

    def parse(self, presented: Presented) -> Credential:
        """The credential that the claims tell of. Raises MalformedCredential, BadInstant, ImpossiblePeriod."""
        return _parse(presented.document)

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if the SD-JWT is what was prepared, signed by `key`. Raises as `check_hidden`."""
        check_hidden(prepared, secured, key)

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """Return if it is for everybody. Raises AudienceRestricted, ClaimMismatch for another `iss` in the header."""
        if "aud" in presented.document:
            raise AudienceRestricted("the token names its audience", where="/aud")
        header = shown_of(presented.proofs[0]).sd_jwt.jws.header
        if header.get("iss", credential.issuer_id) != credential.issuer_id:
            raise ClaimMismatch("the header's iss is not the issuer", where="iss")

    def check_badge(self, presented: Presented) -> None:
        """Return always: an SD-JWT VC is no Open Badge."""

    def stamped(self, proof: Proof, key: PublicKey) -> bytes:
        """What the issuer signed, up to the first tilde: the same whatever the holder leaves out."""
        del key
        return shown_of(proof).sd_jwt.issuer_jwt

    def verify(self, presented: Presented, *keys: PublicKey | None) -> VerifiedCredential:
        """Signature and disclosures, data model, audience, in this order; the one key is the issuer's own."""
        check_signatures(self, presented, keys)
        credential = self.parse(presented)
        self.check_claims(presented, credential)
        return verified(credential, presented, keys)


def _has_vct(issuer_jwt: bytes) -> bool:
    payload = strict_json.parse_object(parse_compact(issuer_jwt).payload, max_bytes=MAX_TOKEN_BYTES)
    return "vct" in payload and "@context" not in payload


def _method(header: Mapping[str, str], issuer: str) -> str:
    """The key's absolute name: a DID URL, or the issuer's address and the `kid` of its metadata."""
    if issuer.startswith("did:"):
        return verification_method_of(header, issuer)
    kid = header.get("kid")
    if not kid or len(kid) > _MAX_KID_CHARS:
        raise KidMissing("the header has no kid of a sensible length", where="kid")
    return kid if kid.startswith(f"{issuer}#") else f"{issuer}#{kid}"


def _parse(payload: Mapping[str, Any]) -> Credential:
    vct = payload.get("vct")
    if not isinstance(vct, str) or not vct:
        raise MalformedCredential("there is no vct", where="/vct")
    first, last = _moment(payload, "nbf"), _moment(payload, "exp")
    if first is not None and last is not None and last < first:
        raise ImpossiblePeriod("it ends before it starts", where="/exp")
    issuer = payload.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else None
    return Credential(
        id=_text(payload, "jti"),
        version="SD-JWT VC",
        types=(vct,),
        contexts=(),
        issuer_id=_issuer(payload),
        issuer_name=name if isinstance(name, str) else None,
        valid_from=first,
        valid_until=last,
        statuses=_statuses(payload),
        subject_id=_text(payload, "sub"),
        said=payload,
    )


def _issuer(payload: Mapping[str, Any]) -> str:
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or ":" not in issuer or "#" in issuer:
        raise MalformedCredential("there is no iss that is an address or a DID", where="/iss")
    return issuer


def _text(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    if name in payload and not (isinstance(value, str) and value):
        raise MalformedCredential("not a text", where=f"/{name}")
    return value


def _moment(payload: Mapping[str, Any], name: str) -> datetime | None:
    """A NumericDate (RFC 7519 section 2)."""
    if name not in payload:
        return None
    seconds = payload[name]
    if type(seconds) not in (int, float) or not 0 <= seconds <= _LATEST:
        raise MalformedCredential("not a number of seconds since 1970", where=f"/{name}")
    return datetime.fromtimestamp(seconds, UTC)


def _statuses(payload: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """The status claim of Token Status List. Another mechanism is kept by its name: nothing can be said about it."""
    if "status" not in payload:
        return ()
    status = payload["status"]
    if not isinstance(status, dict) or not status or len(status) > _MAX_STATUSES:
        raise MalformedCredential("not an object that names how its status is told", where="/status")
    return tuple([
        _status(value, _text(payload, "statusReference")) if name == STATUS_LIST_ENTRY else StatusEntry(type=name)
        for name, value in status.items()
    ])  # fmt: skip


def _status(entry: object, reference: str | None) -> StatusEntry:
    index, uri = (entry.get("idx"), entry.get("uri")) if isinstance(entry, dict) else (None, None)
    if type(index) is not int or not 0 <= index < 10**12 or not isinstance(uri, str) or not uri:
        raise MalformedCredential("idx and uri are needed", where="/status/status_list")
    return StatusEntry(
        type=STATUS_LIST_ENTRY,
        status_list_index=str(index),
        status_list_credential=uri,
        status_reference=reference,
    )
