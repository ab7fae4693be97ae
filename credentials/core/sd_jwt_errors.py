"""What is wrong with an SD-JWT, its disclosures, the proof of its holder (RFC 9901) or the keys of its issuer."""

from __future__ import annotations

from credentials.core.error_kinds import BadInput, KeyUnavailable, NotAccepted, SignatureInvalid, Unreadable

# Form ----------------------------------------------------------------------------------------------------------------


class NotSdJwt(Unreadable):
    """Not `<issuer-signed JWT>~<disclosure>~…~` with an optional key binding JWT at its end (RFC 9901 section 4)."""

    code = "not-sd-jwt"
    title = "Not an SD-JWT"
    advice = "Copy the whole text again, from its first character to its last."


class BadDisclosure(Unreadable):
    """A disclosure that is not an array of a salt, a name where one belongs, and a value (sections 4.2.1, 4.2.2)."""

    code = "bad-disclosure"
    title = "A disclosure is malformed"
    advice = "Ask the holder to make the presentation again from the issuer's original."


class BadDigest(Unreadable):
    """`_sd`, `_sd_alg` or `...` with another value than the format gives it (sections 4.1.1, 4.2.4)."""

    code = "bad-digest"
    title = "A digest is malformed"
    advice = "Ask the issuer for a credential whose hidden parts are written as RFC 9901 says."


class DigestRepeated(Unreadable):
    """One digest stands in two places, or one disclosure is sent twice (section 7.1, step 4)."""

    code = "digest-repeated"
    title = "A hidden part stands in two places"
    advice = "Ask the issuer for a credential in which each hidden part has one place."


class DisclosureNameReserved(Unreadable):
    """A disclosure that would add a member with a meaning of its own in SD-JWT (section 7.1, step 3.c.ii.2)."""

    code = "disclosure-name-reserved"
    title = "A disclosure has a reserved name"
    advice = "Do not rely on it. Ask the issuer for a corrected credential."


class DisclosureCollision(Unreadable):
    """A disclosure that would say again, or otherwise, what is said in the open (section 7.1, step 3.c.ii.3)."""

    code = "disclosure-collision"
    title = "A disclosure repeats a member"
    advice = "Do not rely on it. Ask the issuer for a corrected credential."


# Policy --------------------------------------------------------------------------------------------------------------


class HashRefused(NotAccepted):
    """An `_sd_alg` other than sha-256, sha-384 and sha-512 (section 4.1.1)."""

    code = "hash-refused"
    title = "Hash algorithm not accepted"
    advice = "Ask for a credential whose _sd_alg is sha-256."


class MustNotBeHidden(NotAccepted):
    """What decides whether a credential counts was selectively disclosable (section 9.7)."""

    code = "must-not-be-hidden"
    title = "A part that must be open was hidden"
    advice = "Ask the issuer for a credential whose issuer, type, validity and status cannot be left out."


class DisclosureUnreferenced(SignatureInvalid):
    """A disclosure whose digest is nowhere in what was signed: altered, or of another credential (step 5)."""

    code = "disclosure-unreferenced"
    title = "A disclosure does not belong to it"
    advice = "Do not rely on it. Ask the holder for the original."


# Key binding ---------------------------------------------------------------------------------------------------------


class HolderKeyMissing(NotAccepted):
    """Key binding without a `cnf` whose `jwk` is the holder's key (section 4.1.2)."""

    code = "holder-key-missing"
    title = "The credential names no key of its holder"
    advice = "Ask the issuer for a credential that is bound to the holder's key."


class KeyBindingMissing(NotAccepted):
    """A verifier that wants to know the holder got no key binding JWT (section 7.3, step 2)."""

    code = "key-binding-missing"
    title = "The holder has not signed the presentation"
    advice = "Ask the holder for a presentation with a key binding JWT."


class KeyBindingMismatch(NotAccepted):
    """A key binding JWT for another verifier, another occasion, another time or other disclosures (section 7.3)."""

    code = "key-binding-mismatch"
    title = "The holder's signature is for something else"
    advice = "Ask the holder to present the credential again, to you and now."


# Issuer --------------------------------------------------------------------------------------------------------------


class BadIssuerMetadata(KeyUnavailable):
    """Not the JWT VC Issuer Metadata of this issuer (draft-ietf-oauth-sd-jwt-vc)."""

    code = "bad-issuer-metadata"
    title = "The issuer's metadata is malformed"
    advice = "Ask the issuer to publish its keys at /.well-known/jwt-vc-issuer of its own address."


# Making --------------------------------------------------------------------------------------------------------------


class NothingToHide(BadInput):
    """A place that shall be selectively disclosable is not in the document, or can have no disclosure."""

    code = "nothing-to-hide"
    title = "There is no such part"
    advice = "Name a part that the credential has; `credentials disclose FILE` lists them."
