"""Why something well formed is not accepted: policy, keys, signatures and status."""

from __future__ import annotations

from credentials.core.error_kinds import KeyUnavailable, NotAccepted, SignatureInvalid, StatusUnavailable

# Policy --------------------------------------------------------------------------------------------------------------


class AlgorithmRefused(NotAccepted):
    """An `alg` that is not on the list: EdDSA, Ed25519, ES256, RS256, ML-DSA-44."""

    code = "algorithm-refused"
    title = "Signature algorithm not accepted"
    advice = "Ask for a token signed with EdDSA, ES256, RS256 or ML-DSA-44."


class HeaderMemberRefused(NotAccepted):
    """A header member that is not on the exact list; `jwk`, `jku`, `x5u`, `crit`, `b64` and the like among them."""

    code = "header-member-refused"
    title = "A header member is not accepted"
    advice = "Ask for a token whose header has only alg, kid, typ, cty and iss."


class WrongTokenType(NotAccepted):
    """A `typ` or `cty` of another kind of token (VC-JOSE-COSE section 3.1.1)."""

    code = "wrong-token-type"
    title = "Another kind of token"
    advice = "Send the credential's own token, not an access token or a presentation."


class KidMissing(NotAccepted):
    """No `kid`, so the token does not say which key signed it."""

    code = "kid-missing"
    title = "The token names no key"
    advice = "Ask for a token whose header has a kid."


class KidNotDidUrl(NotAccepted):
    """A `kid` that is neither a DID URL with a fragment nor, for an issuer named so, an https address."""

    code = "kid-not-did-url"
    title = "The key's name is not a DID URL"
    advice = (
        "Ask for a token whose kid is a DID URL such as did:web:example.com#key-1,"
        " or an https address if the issuer is named by one."
    )


class VcClaim(NotAccepted):
    """A `vc` or `vp` claim, which VC-JOSE-COSE forbids: the payload is the credential itself."""

    code = "vc-claim"
    title = "The credential is wrapped in a vc or vp claim"
    advice = "Ask for a token whose payload is the credential itself, and for a credential, not a presentation."


class ClaimMismatch(NotAccepted):
    """iss, jti, nbf, sub or exp differs from the credential's own statement (Open Badges 3.0 section 8.2)."""

    code = "claim-mismatch"
    title = "Token and credential disagree"
    advice = "Ask the issuer for a token whose claims equal the credential."


class ClaimsMissing(NotAccepted):
    """A token of an Open Badge without the claims that its profile requires (Open Badges 3.0 section 8.2.4.1)."""

    code = "claims-missing"
    title = "The token lacks required claims"
    advice = "Ask the issuer for a token with the claims iss, jti, nbf and sub, as Open Badges 3.0 requires."


class AudienceRestricted(NotAccepted):
    """A token with an `aud`, meant for someone else (RFC 7519 section 4.1.3)."""

    code = "audience-restricted"
    title = "Meant for someone else"
    advice = "Ask the holder for the credential itself."


class WeakKey(NotAccepted):
    """A key for which signatures prove nothing: of small order, not canonical, off the curve, short, near nothing."""

    code = "weak-key"
    title = "The key is too weak"
    advice = "Ask the issuer to create a new key."


class PrivateKeyShown(NotAccepted):
    """A JWK with private members where a public key belongs. It must be considered lost."""

    code = "private-key-shown"
    title = "A private key is published"
    advice = "Tell the issuer at once: this key must be replaced and marked as compromised."


class UnsupportedKey(NotAccepted):
    """A key type or curve that no accepted algorithm uses."""

    code = "unsupported-key"
    title = "Key type not supported"
    advice = "Use an Ed25519, P-256, P-384, RSA or ML-DSA-44 key."


class KeyAlgorithmMismatch(NotAccepted):
    """The token's `alg` is not an algorithm of the issuer's key (RFC 8725 section 3.1)."""

    code = "key-algorithm-mismatch"
    title = "The algorithm does not fit the key"
    advice = "Ask the issuer for a token signed with the key it names."


class SignatureMismatch(SignatureInvalid):
    """The signature was not made over these bytes by this key."""

    code = "signature-mismatch"
    title = "The signature does not match"
    advice = "Do not rely on it. Ask the holder for the original link."


class FormsDiffer(SignatureInvalid):
    """Two secured forms that claim to be of one credential say different things."""

    code = "forms-differ"
    title = "Two forms of it differ"
    advice = "Do not rely on it. Ask the issuer which of them it signed."


# Keys ----------------------------------------------------------------------------------------------------------------


class KeyNotListed(KeyUnavailable):
    """The issuer's document does not list the key that the credential names."""

    code = "key-not-listed"
    title = "Not one of the issuer's keys"
    advice = "Do not rely on it. Ask the issuer whether it signed this."


class KeyNotAuthorised(KeyUnavailable):
    """The key is the issuer's but not for issuing: not in assertionMethod, or controlled by someone else."""

    code = "key-not-authorised"
    title = "The key may not sign credentials"
    advice = "Do not rely on it. Ask the issuer whether it signed this."


class KeyUnusable(KeyUnavailable):
    """The issuer lists the key, but it is weak, malformed or of an unsupported type."""

    code = "key-unusable"
    title = "The issuer's key cannot be used"
    advice = "Ask the issuer to publish a supported key."


# Status --------------------------------------------------------------------------------------------------------------


class BadStatusList(StatusUnavailable):
    """Not a Bitstring Status List (W3C Bitstring Status List 1.0 section 2.2)."""

    code = "bad-status-list"
    title = "The status list is malformed"
    advice = "Try again later, or ask the issuer."


class StatusListTooLarge(StatusUnavailable):
    """Unpacks to more than the cap."""

    code = "status-list-too-large"
    title = "The status list is too large"
    advice = "Ask the issuer to split its status list."


class StatusListTooShort(StatusUnavailable):
    """Fewer than 131,072 entries, too few to hide one credential among them (section 6.1)."""

    code = "status-list-too-short"
    title = "The status list is too short"
    advice = "Ask the issuer to publish a list of at least 131,072 entries."


class StatusIndexOutOfRange(StatusUnavailable):
    """The credential points past the end of the list (section 3.2, RANGE_ERROR)."""

    code = "status-index-out-of-range"
    title = "The credential is not on the status list"
    advice = "Ask the issuer to correct the credential."


class StatusListStale(StatusUnavailable):
    """The list at hand is not valid at the time of the check."""

    code = "status-list-stale"
    title = "The status list is out of date"
    advice = "Try again later, or ask the issuer."


class StatusPurposeMismatch(StatusUnavailable):
    """The list is for another purpose than the entry (section 3.2)."""

    code = "status-purpose-mismatch"
    title = "The status list is for another purpose"
    advice = "Ask the issuer to correct its status list."


class TooManyStatuses(StatusUnavailable):
    """More status entries than a verifier asks about: each may name another server to wait for."""

    code = "too-many-statuses"
    title = "Too many status entries"
    advice = "Ask the issuer whether the credential was withdrawn, and to name fewer status lists in it."


class UnsupportedStatus(StatusUnavailable):
    """A kind of status entry that is not understood, so nothing can be said."""

    code = "unsupported-status"
    title = "Unknown kind of status"
    advice = "Ask the issuer whether the credential was withdrawn."
