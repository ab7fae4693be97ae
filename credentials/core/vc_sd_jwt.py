"""`vc+sd-jwt`: a credential of the VC Data Model 2.0 as the payload of an SD-JWT (W3C VC-JOSE-COSE section 3.2).

Written: `typ` vc+sd-jwt, `cty` vc, `kid` the id of a JsonWebKey method; what `disclosable` names may be left out. Read:
`typ` vc+sd-jwt, `cty` absent or vc, `kid` as for vc+jwt, any structure of disclosures that RFC 9901 allows. What
decides whether a credential counts must be in the open, and a holder's signature at its end must hold: for whom it was
made is asked by who asked for it (`sd_jwt.key_binding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.credential import Credential, issuer_of, parse_credential
from credentials.core.did import parse_did_url
from credentials.core.disclosable import disclosable
from credentials.core.errors import AlgorithmRefused, MustNotBeHidden, SignatureMismatch, VcClaim, WrongTokenType
from credentials.core.jws import MAX_TOKEN_BYTES, SIGNING_ALGORITHMS, compact, signing_input, verify_jws
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
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.key_binding import check_holder_signature
from credentials.core.sd_jwt.serialised import TILDE, SdJwt, parse_sd_jwt
from credentials.core.sd_jwt.unveiling import Unveiled, require_no_strangers, unveil
from credentials.core.vc_jwt import REGISTERED, check_registered_claims, verification_method_of

MUST_BE_OPEN: Final = frozenset(
    {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "cnf", *REGISTERED}
)
"""Members that no disclosure may bring: a holder who can leave them out decides how long a credential counts."""

_ACCEPTED_CTY: Final = frozenset({None, "vc"})


class Shown(msgspec.Struct, frozen=True):
    """A proof's own part: the SD-JWT, and where its disclosures belong."""

    sd_jwt: SdJwt
    unveiled: Unveiled


@dataclass(frozen=True, slots=True)
class VcSdJwt:
    """The mechanism; see `mechanism.SecuringMechanism`."""

    name: str = "vc+sd-jwt"
    form: str = "vc+sd-jwt"
    method_type: MethodType = "JsonWebKey"
    public: bool = False
    media_type: str = "application/vc+sd-jwt"
    extension: str = "sd-jwt"

    def unsigned(self, data: bytes) -> Unsigned:
        """A credential of the VC Data Model. Raises as `Unsigned.parse`."""
        return Unsigned.parse(data)

    def prepare(
        self, unsigned: Unsigned, *, verification_method: str, algorithm: str, created: datetime, entropy: bytes = b""
    ) -> Prepared:
        """The signing input; the template is that and the disclosures between their tildes.

        `created` has no place in it. Raises AlgorithmRefused, BadDid, NothingToHide; ValueError for too little entropy.
        """
        del created
        parse_did_url(verification_method)
        header = {"typ": self.name, "cty": "vc", "kid": verification_method}
        return prepare_hidden(unsigned, unsigned.document, header, algorithm, entropy)

    def restore(self, unsigned: bytes, template: bytes) -> Prepared:
        """All that is signed is in the template: the unsigned bytes are not repeated in this form."""
        return restore_hidden(unsigned, template)

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The SD-JWT with every disclosure."""
        return compact(prepared.signing_input, signature) + disclosures_of(prepared)

    def recognises(self, data: bytes) -> bool:
        """Whether `data` has tildes, and its first part says that it is of this type."""
        return looks_like_sd_jwt(data)

    def read(self, secured: bytes) -> Presented:
        """Take an SD-JWT apart and put what was disclosed in its place; nothing in the result is proved.

        Raises the errors of `parse_sd_jwt`, `unveil` and `strict_json`, WrongTokenType, MustNotBeHidden, VcClaim,
        KidMissing, KidNotDidUrl, MalformedCredential without an issuer.
        """
        shown = read_shown(secured, MUST_BE_OPEN)
        header = shown.sd_jwt.jws.header
        if header.get("typ") != self.name:
            raise WrongTokenType(f"typ {header.get('typ', '')[:40]!r}", where="typ")
        if header.get("cty") not in _ACCEPTED_CTY:
            raise WrongTokenType(f"cty {header['cty'][:40]!r}", where="cty")
        document = dict(shown.unveiled.payload)
        if "vc" in document or "vp" in document:
            raise VcClaim("the payload must be the credential itself", where="/vc" if "vc" in document else "/vp")
        claims: dict[str, Any] = {name: document.pop(name) for name in REGISTERED if name in document}
        document.pop("cnf", None)
        issuer = issuer_of(document)
        proof = Proof(self.name, verification_method_of(header, issuer), header["alg"], shown)
        return Presented(self.form, issuer, document, claims, shown.sd_jwt.jws.payload, (proof,))

    def check_signature(self, presented: Presented, proof: Proof, key: PublicKey) -> None:
        """Return if `key` made the signature, every disclosure is of this credential, and a holder's signature holds.

        Raises KeyAlgorithmMismatch, SignatureMismatch, DisclosureUnreferenced, and as `check_holder_signature`.
        """
        del presented
        check_shown(proof, key)

    def parse(self, presented: Presented) -> Credential:
        """The credential, as far as it was disclosed. Raises as `parse_credential`."""
        return parse_credential(presented.document)

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if the SD-JWT is what was prepared, signed by `key`. Raises as `check_hidden`."""
        check_hidden(prepared, secured, key)

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """Return if each registered claim that is present says what the credential says.

        Raises ClaimMismatch, AudienceRestricted.
        """
        check_registered_claims(presented.claims, shown_of(presented.proofs[0]).sd_jwt.jws.header, credential)

    def check_badge(self, presented: Presented) -> None:
        """Return always: Open Badges 3.0 asks nothing of this form, which it does not know."""

    def stamped(self, proof: Proof, key: PublicKey) -> bytes:
        """What the issuer signed, up to the first tilde: the same whatever the holder leaves out."""
        del key
        return shown_of(proof).sd_jwt.issuer_jwt

    def verify(self, presented: Presented, *keys: PublicKey | None) -> VerifiedCredential:
        """Signature and disclosures, data model, registered claims, in this order; the one key is the issuer's own."""
        check_signatures(self, presented, keys)
        credential = self.parse(presented)
        self.check_claims(presented, credential)
        return verified(credential, presented, keys)


def looks_like_sd_jwt(data: bytes) -> bool:
    """Whether `data` starts as the base64url of `{` does and has a tilde after two dots. Cheap."""
    return data.startswith(b"e") and data.find(TILDE) > data.find(b".", data.find(b".") + 1) > 0


def prepare_hidden(
    unsigned: Unsigned, payload: Mapping[str, Any], header: dict[str, str], algorithm: str, entropy: bytes
) -> Prepared:
    """What to sign so that what is `disclosable` of `payload` may be left out, and its disclosures between tildes.

    Raises AlgorithmRefused, NothingToHide, TooLarge; ValueError for too little entropy.
    """
    if algorithm not in SIGNING_ALGORITHMS:
        raise AlgorithmRefused(f"{algorithm!r} does not sign credentials")
    hidden = conceal(payload, disclosable(payload), entropy=entropy)
    signed = signing_input({"alg": SIGNING_ALGORITHMS[algorithm], **header}, strict_json.dump(hidden.payload))
    template = TILDE.join([signed, *[one.encoded for one in hidden.disclosures], b""])
    return Prepared(unsigned.data, template, signed)


def restore_hidden(unsigned: bytes, template: bytes) -> Prepared:
    """What `prepare_hidden` gave, from its template."""
    return Prepared(unsigned, template, template[: template.find(TILDE)])


def disclosures_of(prepared: Prepared) -> bytes:
    """Every disclosure between its tildes, as they stand behind the token."""
    return prepared.template[len(prepared.signing_input) :]


def read_shown(secured: bytes, open_members: frozenset[str]) -> Shown:
    """The SD-JWT and its processed payload. Raises as `parse_sd_jwt` and `unveil`, and MustNotBeHidden."""
    sd_jwt = parse_sd_jwt(secured)
    payload = strict_json.parse_object(sd_jwt.jws.payload, max_bytes=MAX_TOKEN_BYTES)
    unveiled = unveil(payload, sd_jwt.disclosures)
    for place in unveiled.places:
        if place.path[0] in open_members:
            raise MustNotBeHidden(f"{place.path[0]!r} may not be left out", where=place.pointer[:80])
    return Shown(sd_jwt, unveiled)


def check_shown(proof: Proof, key: PublicKey) -> None:
    """Return if `key` signed it and nothing in it is foreign. Raises as the mechanisms' `check_signature`."""
    shown = shown_of(proof)
    verify_jws(shown.sd_jwt.jws, key)
    require_no_strangers(shown.unveiled)
    check_holder_signature(shown.sd_jwt)


def check_hidden(prepared: Prepared, secured: bytes, key: PublicKey) -> None:
    """Return if `secured` is `prepared` and nothing else, signed by `key`.

    Raises the errors of `parse_sd_jwt`, KeyAlgorithmMismatch, SignatureMismatch.
    """
    sd_jwt = parse_sd_jwt(secured)
    if sd_jwt.jws.signing_input != prepared.signing_input or secured != sd_jwt.issuer_jwt + disclosures_of(prepared):
        raise SignatureMismatch("it is not what was prepared")
    verify_jws(sd_jwt.jws, key)


def shown_of(proof: Proof) -> Shown:
    """What `read_shown` gave. Raises TypeError for another mechanism's proof."""
    if not isinstance(proof.own, Shown):
        raise TypeError(f"{proof.mechanism} is not a proof of an SD-JWT")
    return proof.own
