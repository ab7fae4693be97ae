"""What is wrong with the form of some bytes, or with the document in them."""

from __future__ import annotations

from credentials.core.error_kinds import DataModelInvalid, Unreadable

# Form ----------------------------------------------------------------------------------------------------------------


class TooLarge(Unreadable):
    """More bytes than the cap of this place."""

    code = "too-large"
    title = "Too large"
    advice = "Send only the credential itself, without attachments."


class NotUtf8(Unreadable):
    """Bytes that are not UTF-8, or start with a byte order mark (RFC 8259 section 8.1)."""

    code = "not-utf8"
    title = "Not UTF-8 text"
    advice = "Save the file as UTF-8 without a byte order mark and send it again."


class NotJson(Unreadable):
    """Not one JSON object (RFC 8259)."""

    code = "not-json"
    title = "Not a JSON object"
    advice = "Send the file exactly as it was received; do not edit or shorten it."


class DuplicateKey(Unreadable):
    """One object names a member twice, so two readers could see two documents."""

    code = "duplicate-key"
    title = "A member is named twice"
    advice = "Ask the issuer for a document in which every name occurs once."


class TooDeep(Unreadable):
    """Nested deeper than any credential is."""

    code = "too-deep"
    title = "Nested too deeply"
    advice = "Ask the issuer for a flatter document."


class NotBase64Url(Unreadable):
    """Not the one canonical base64url form of some bytes (RFC 4648 sections 3.5 and 5)."""

    code = "not-base64url"
    title = "Not canonical base64url"
    advice = "Copy the whole token again; a character is missing, added or changed."


class NotBase58(Unreadable):
    """Not base58btc text of a sensible length."""

    code = "not-base58"
    title = "Not base58btc"
    advice = "Copy the whole key again; a character is missing, added or changed."


class BadInstant(Unreadable):
    """Not a date-time with seconds and a zone (XSD dateTimeStamp)."""

    code = "bad-instant"
    title = "Not a date and time"
    advice = "Write a date and time with its zone, such as 2026-03-16T00:00:00Z."


class BadIdentifier(Unreadable):
    """Not an identifier or code of this service."""

    code = "bad-identifier"
    title = "Not an identifier"
    advice = "Compare it with the original character by character, or follow the link instead."


class NotCompactJws(Unreadable):
    """Not three dot-separated base64url parts (RFC 7515 section 7.1)."""

    code = "not-compact-jws"
    title = "Not a signed token"
    advice = "Copy the whole token: three parts joined by two dots, without spaces."


class BadHeader(Unreadable):
    """A JOSE header without `alg`, or with a member of the wrong type."""

    code = "bad-jose-header"
    title = "The token's header is malformed"
    advice = "Ask the issuer for a token that follows RFC 7515."


class UnknownForm(Unreadable):
    """None of the securing mechanisms recognises the bytes."""

    code = "unknown-form"
    title = "Not a credential we know"
    advice = "Ask the holder for the link to the credential, or for its .jwt file."


class WrongMediaType(Unreadable):
    """Bytes of another form than the media type that was asked for."""

    code = "wrong-media-type"
    title = "Not of this media type"
    advice = "Name the media type that the document was made as, or leave it out."


class BadDid(Unreadable):
    """Not a DID or DID URL of a supported method (DID Core section 3)."""

    code = "bad-did"
    title = "Not a supported DID"
    advice = "Use a did:web, did:key or did:jwk identifier."


class BadHttpsId(Unreadable):
    """Not an https address in the plain form that an issuer or a key may be named by (RFC 3986)."""

    code = "bad-https-id"
    title = "Not a plain https address"
    advice = "Use an https address without user name and dot segments, such as https://example.com/keys/1."


class BadDidDocument(Unreadable):
    """Not the DID document of the DID that was asked for."""

    code = "bad-did-document"
    title = "The issuer's key document is malformed"
    advice = "Ask the issuer to publish a valid DID document under its own id."


class BadKey(Unreadable):
    """A JWK or Multikey that does not hold a key."""

    code = "bad-key"
    title = "Not a public key"
    advice = "Ask the key's owner to publish it again."


class BadStatusStory(Unreadable):
    """A signed status story whose payload is not one."""

    code = "bad-status-story"
    title = "The status story is malformed"
    advice = "Ask the issuer what happened to the credential."


# Data model ----------------------------------------------------------------------------------------------------------


class MalformedCredential(DataModelInvalid):
    """A required member is missing or has the wrong shape (VC Data Model 2.0 section 4)."""

    code = "malformed-credential"
    title = "Not a verifiable credential"
    advice = "Ask the issuer for a credential that follows the W3C data model."


class WrongContext(DataModelInvalid):
    """The first @context is not that of a known version (VC Data Model 2.0 section 4.3)."""

    code = "wrong-context"
    title = "Unknown version of the data model"
    advice = "Ask for a credential whose first @context is https://www.w3.org/ns/credentials/v2."


class InlineContext(DataModelInvalid):
    """A @context given as an object could rename any member, so what is read would not be what was meant."""

    code = "inline-context"
    title = "The document redefines its own terms"
    advice = "Ask for a credential that names its contexts by address."


class NotATerm(DataModelInvalid):
    """A member written as an IRI or keyword, which a reader looking for the plain name would miss."""

    code = "not-a-term"
    title = "A member is not written by its plain name"
    advice = "Ask the issuer for a credential that uses plain member names."


class ImpossiblePeriod(DataModelInvalid):
    """validUntil lies before validFrom (VC Data Model 2.0 section 4.9)."""

    code = "impossible-period"
    title = "It ends before it starts"
    advice = "Ask the issuer for a corrected credential."


class ConflictingObjects(DataModelInvalid):
    """Two objects with one id state different things about the same property."""

    code = "conflicting-objects"
    title = "The document contradicts itself"
    advice = "Ask the issuer for a credential in which one id has one description."


class NotAnAchievement(DataModelInvalid):
    """Not an Open Badges 3.0 AchievementCredential."""

    code = "not-an-achievement"
    title = "Not an Open Badges achievement"
    advice = "Ask the issuer for an Open Badges 3.0 credential."
