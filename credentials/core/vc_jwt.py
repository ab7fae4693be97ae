"""`vc+jwt`: a credential as the payload of a JWS (W3C VC-JOSE-COSE section 3.1, Open Badges 3.0 section 8.2).

Written: `typ` vc+jwt, `cty` vc, `kid` the id of a JsonWebKey method; the payload is the unsigned credential byte for
byte, plus iss, jti, nbf, sub and exp as Open Badges wants them. Read: `typ` absent, JWT or vc+jwt; `cty` absent or
vc; an absolute `kid`, or `#fragment` of the issuer; each registered claim that is present equals the credential's. A
`kid` may be an https address only if the issuer is named by one.

A compact token holds one signature, so a post-quantum signature is a second token beside the first: the same payload,
written by an instance of its own, read like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from credentials.core import base64url, strict_json
from credentials.core.credential import Credential, issuer_of, parse_credential
from credentials.core.did import parse_did_url
from credentials.core.errors import (
    AlgorithmRefused,
    AudienceRestricted,
    BadDid,
    BadHttpsId,
    ClaimMismatch,
    ClaimsMissing,
    KidMissing,
    KidNotDidUrl,
    MalformedCredential,
    SignatureMismatch,
    VcClaim,
    WrongTokenType,
)
from credentials.core.exact import Exact, exact_payload
from credentials.core.https_issuer import is_https_id, require_key_name
from credentials.core.jws import (
    MAX_TOKEN_BYTES,
    SIGNING_ALGORITHMS,
    CompactJws,
    compact,
    parse_compact,
    protected,
    verify_jws,
)
from credentials.core.keys import PublicKey
from credentials.core.mechanism import (
    MethodType,
    Prepared,
    Presented,
    Proof,
    Unsigned,
    VerifiedCredential,
    verified,
)

MAX_PAYLOAD_BYTES: Final = MAX_TOKEN_BYTES
REQUIRED_CLAIMS: Final = ("iss", "jti", "nbf", "sub")
"""What Open Badges 3.0 section 8.2.4.1 wants in every token."""

_ORDINARY: Final = frozenset({"Ed25519", "EdDSA", "P-256", "ES256"})
_POST_QUANTUM: Final = frozenset({"ML-DSA-44"})
REGISTERED: Final = ("iss", "jti", "nbf", "sub", "exp", "iat", "aud")
"""The claims of RFC 7519 that may stand beside a credential in its payload."""

_TILDE: Final = ord("~")
_ACCEPTED_TYP: Final = frozenset({None, "JWT", "vc+jwt"})
_ACCEPTED_CTY: Final = frozenset({None, "vc"})


@dataclass(frozen=True, slots=True)
class VcJwt:
    """The mechanism; see `mechanism.SecuringMechanism`. It signs with `algorithms` and verifies with all."""

    name: str = "vc+jwt"
    form: str = "vc+jwt"
    method_type: MethodType = "JsonWebKey"
    public: bool = True
    media_type: str = "application/vc+jwt"
    extension: str = "jwt"
    algorithms: frozenset[str] = _ORDINARY

    @classmethod
    def post_quantum(cls) -> VcJwt:
        """The one that writes the second token, signed with ML-DSA-44 (RFC 9964)."""
        return cls(name="vc+jwt;pq", extension="pq.jwt", algorithms=_POST_QUANTUM)

    def unsigned(self, data: bytes) -> Unsigned:
        """A credential of the VC Data Model. Raises as `Unsigned.parse`."""
        return Unsigned.parse(data)

    def prepare(
        self, unsigned: Unsigned, *, verification_method: str, algorithm: str, created: datetime, entropy: bytes = b""
    ) -> Prepared:
        """The signing input for `unsigned`, whose bytes it keeps; the template is the header, a dot and the claims.

        `created` and `entropy` have no place in this form. Raises MalformedCredential unless the credential has an id,
        a subject's id and a validFrom in whole seconds; AlgorithmRefused, BadDid.
        """
        del created, entropy
        if algorithm not in self.algorithms:
            raise AlgorithmRefused(f"{algorithm!r} does not sign {self.name}")
        _refuse_claims(unsigned)
        claims = strict_json.dump(_claims_of(unsigned.credential))
        return self.restore(unsigned.data, _header(verification_method, algorithm) + b"." + claims)

    def restore(self, unsigned: bytes, template: bytes) -> Prepared:
        """The claims become the last members of the payload, whose other bytes are the unsigned ones."""
        header, _, claims = template.partition(b".")
        payload = unsigned.rstrip()[:-1] + b"," + claims[1:]
        return Prepared(unsigned, template, header + b"." + base64url.encode_bytes(payload))

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The compact token."""
        return compact(prepared.signing_input, signature)

    def recognises(self, data: bytes) -> bool:
        """Whether `data` has three parts and starts as the base64url of `{` does."""
        # Found one by one: counting all of a token's characters costs as much as parsing its header.
        second = data.find(b".", data.find(b".") + 1)
        return data.startswith(b"e") and second > 0 and data.find(b".", second + 1) < 0 and _TILDE not in data

    def read(self, secured: bytes) -> Presented:
        """Take a token apart; nothing in the result is proved.

        Raises the errors of `parse_compact` and of `strict_json`, WrongTokenType, VcClaim, KidMissing, KidNotDidUrl,
        MalformedCredential without an issuer.
        """
        jws = parse_compact(secured)
        if jws.header.get("typ") not in _ACCEPTED_TYP:
            raise WrongTokenType(f"typ {jws.header['typ'][:40]!r}", where="typ")
        if jws.header.get("cty") not in _ACCEPTED_CTY:
            raise WrongTokenType(f"cty {jws.header['cty'][:40]!r}", where="cty")
        exact = exact_payload(jws.payload) if "iss" not in jws.header else None
        if exact is not None:
            credential = exact.credential
            return self._presented(jws, credential.issuer_id, credential.said, exact.claims, exact)
        document = strict_json.parse_object(jws.payload, max_bytes=MAX_PAYLOAD_BYTES)
        if "vc" in document or "vp" in document:
            raise VcClaim("the payload must be the credential itself", where="/vc" if "vc" in document else "/vp")
        claims: dict[str, Any] = {name: document.pop(name) for name in REGISTERED if name in document}
        return self._presented(jws, issuer_of(document), document, claims)

    def _presented(
        self,
        jws: CompactJws,
        issuer: str,
        said: strict_json.Said,
        claims: Mapping[str, Any],
        exact: Exact | None = None,
    ) -> Presented:
        method = verification_method_of(jws.header, issuer)
        proofs = (Proof(self.name, method, jws.header["alg"], jws),)
        return Presented(self.form, issuer, said, claims, jws.payload, proofs, exact=exact)

    def check_signature(self, presented: Presented, proof: Proof, key: PublicKey) -> None:
        """Return if `key` made the signature. Raises KeyAlgorithmMismatch, SignatureMismatch."""
        verify_jws(_jws(presented, proof), key)

    def parse(self, presented: Presented) -> Credential:
        """The credential in the payload. Raises as `parse_credential`."""
        exact = presented.exact
        return parse_credential(presented.document, presented.payload) if exact is None else exact.credential

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if the token is what was prepared, signed by `key`.

        Raises the errors of `parse_compact`, KeyAlgorithmMismatch, SignatureMismatch.
        """
        jws = parse_compact(secured)
        if jws.signing_input != prepared.signing_input:
            raise SignatureMismatch("it is not what was prepared")
        verify_jws(jws, key)

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """Return if each registered claim that is present says what the credential says.

        Raises ClaimMismatch, and AudienceRestricted for a token made for someone else. Missing ones are accepted here;
        Open Badges' own list is for `check_badge`.
        """
        if presented.exact is None:
            check_registered_claims(presented.claims, _jws(presented, presented.proofs[0]).header, credential)

    def check_badge(self, presented: Presented) -> None:
        """Return if the claims are there that Open Badges 3.0 section 8.2.4.1 requires. Raises ClaimsMissing.

        `check_claims` has seen that those which are there equal the credential's: `sub` needs a subject with an id.
        """
        missing = [name for name in REQUIRED_CLAIMS if name not in presented.claims]
        if missing:
            raise ClaimsMissing(f"the token lacks {', '.join(missing)}")

    def stamped(self, proof: Proof, key: PublicKey) -> bytes:
        """The whole compact token."""
        del key
        if not isinstance(proof.own, CompactJws):
            raise TypeError(f"{proof.mechanism} is not a proof of this mechanism")
        return compact(proof.own.signing_input, proof.own.signature)

    def verify(self, presented: Presented, *keys: PublicKey | None) -> VerifiedCredential:
        """Signature, data model, registered claims, in this order; the one key must be the issuer's own.

        Raises SignatureInvalid kinds and KeyAlgorithmMismatch; DataModelInvalid kinds and BadInstant; ClaimMismatch
        and AudienceRestricted.
        """
        (proof,), (key,) = presented.proofs, keys
        if key is None:
            raise ValueError("the issuer's own key is needed")
        verify_jws(_jws(presented, proof), key)
        if presented.exact is not None:  # Read as a whole, claims and all.
            return verified(presented.exact.credential, presented, keys)
        credential = self.parse(presented)
        self.check_claims(presented, credential)
        return verified(credential, presented, keys)


def check_registered_claims(claims: Mapping[str, Any], header: Mapping[str, str], credential: Credential) -> None:
    """Return if each claim of `REGISTERED` says what the credential says. Raises ClaimMismatch, AudienceRestricted."""
    own = _claims_of_any(credential)
    if "aud" in claims:
        raise AudienceRestricted("the token names its audience", where="/aud")
    if header.get("iss", credential.issuer_id) != credential.issuer_id:
        raise ClaimMismatch("the header's iss is not the issuer", where="iss")
    for name, value in claims.items():
        if name != "iat" and (type(value) is bool or name not in own or value != own[name]):
            raise ClaimMismatch(f"{name} is not what the credential says", where=f"/{name}")


def _jws(presented: Presented, proof: Proof) -> CompactJws:
    if not isinstance(proof.own, CompactJws):
        raise TypeError(f"{presented.form} is not this mechanism's form")
    return proof.own


def verification_method_of(header: Mapping[str, str], issuer: str) -> str:
    """VC-JOSE-COSE section 3.3.1: `kid` as an absolute DID URL, or a fragment of the issuer's DID.

    An https issuer's key may have an https address (Open Badges 3.0 section 8.2.3); whether it is on the issuer's own
    origin is seen when it is looked up. Raises KidMissing, KidNotDidUrl.
    """
    kid = header.get("kid")
    if not kid:
        raise KidMissing("the header has no kid", where="kid")
    absolute = issuer + kid if kid.startswith("#") else kid
    try:
        if absolute.startswith("https:") and is_https_id(issuer):
            require_key_name(absolute)
        else:
            parse_did_url(absolute)
    except (BadDid, BadHttpsId) as err:
        raise KidNotDidUrl(err.detail, where="kid") from None
    return absolute


@lru_cache(maxsize=256)
def _header(verification_method: str, algorithm: str) -> bytes:
    """The protected header in base64url, one for all tokens of a key. Raises BadDid."""
    parse_did_url(verification_method)
    alg = SIGNING_ALGORITHMS[algorithm]
    return protected({"alg": alg, "typ": "vc+jwt", "cty": "vc", "kid": verification_method})


def _claims_of(credential: Credential) -> dict[str, Any]:
    """The claims to write. Raises MalformedCredential when one cannot be formed."""
    claims = _claims_of_any(credential)
    for name in REQUIRED_CLAIMS:
        if name not in claims:
            raise MalformedCredential(f"it lacks what the claim {name} repeats", where=f"/{name}")
    moments = (credential.valid_from, credential.valid_until)
    if any(moment is not None and moment.microsecond for moment in moments):
        raise MalformedCredential("validFrom and validUntil must be whole seconds", where="/validFrom")
    return claims


def _claims_of_any(credential: Credential) -> dict[str, Any]:
    """What each claim would have to be (Open Badges 3.0 section 8.2.4.1); fractions of a second are dropped."""
    own = {
        "iss": credential.issuer_id,
        "jti": credential.id,
        "nbf": credential.valid_from and int(credential.valid_from.timestamp()),
        "sub": credential.subject_id,
        "exp": credential.valid_until and int(credential.valid_until.timestamp()),
    }
    return {name: value for name, value in own.items() if value is not None}


def _refuse_claims(unsigned: Unsigned) -> None:
    if isinstance(unsigned.said, strict_json.Written):
        return
    document = unsigned.credential.document
    for name in (*REGISTERED, "vc", "vp"):
        if name in document:
            raise MalformedCredential("an unsigned credential has no claims of a token", where=f"/{name}")
