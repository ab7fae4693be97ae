"""Why something could not be fetched. This says nothing yet about a credential: the checks decide what it means."""

from credentials.core.errors import CredentialError


class ResolutionFailed(CredentialError):
    """A kind: a key document, a status list or a credential could not be fetched. `where` is its address."""


class NotHttps(ResolutionFailed):
    """The address is not an https address."""

    code = "not-https"
    title = "Not an https address"
    advice = "Ask the issuer to publish at an https:// address; nothing else is visited."


class LocationRefused(ResolutionFailed):
    """The address is written in a way that is never visited, or names a port that is not allowed."""

    code = "location-refused"
    title = "Address not visited"
    advice = "Ask the issuer for a plain https address: a host name, no user name, the usual port, no fragment."


class AddressRefused(ResolutionFailed):
    """The host is, or resolves to, an address that is not on the public internet."""

    code = "address-refused"
    title = "Not a public address"
    advice = "Ask the issuer to publish on the public internet; private and local networks are never visited."


class HostUnknown(ResolutionFailed):
    """The host name cannot be resolved."""

    code = "host-unknown"
    title = "Host not found"
    advice = "Check the address for a typing mistake; if it is right, the issuer's domain may be gone. Try again later."


class Unreachable(ResolutionFailed):
    """The host does not answer, or breaks off."""

    code = "host-unreachable"
    title = "Host cannot be reached"
    advice = "Try again later; if it stays so, tell the issuer."


class TlsFailed(ResolutionFailed):
    """The host cannot prove its name."""

    code = "tls-failed"
    title = "The host could not prove its name"
    advice = "Tell the issuer that the certificate of their web server does not verify."


class TimedOut(ResolutionFailed):
    """The whole answer did not arrive within the time allowed."""

    code = "fetch-timed-out"
    title = "The host took too long"
    advice = "Try again later; if it stays so, tell the issuer."


class TooBusy(ResolutionFailed):
    """This service asks as many other servers at once as it may. It says nothing about the one that was not asked."""

    code = "too-busy-to-ask"
    title = "Too many servers are being asked"
    advice = "Try again in a few seconds."


class AnswerTooLarge(ResolutionFailed):
    """The answer is longer than anything of its kind may be."""

    code = "answer-too-large"
    title = "The answer is too large"
    advice = "Tell the issuer: what they publish there is larger than what any verifier has to accept."


class RedirectRefused(ResolutionFailed):
    """The host sent the request elsewhere."""

    code = "redirect-refused"
    title = "The host points elsewhere"
    advice = "Ask the issuer to publish at the very address that the credential names; redirects are not followed."


class NotFoundThere(ResolutionFailed):
    """The host answers, and has nothing at this address."""

    code = "not-found-there"
    title = "Nothing at this address"
    advice = "Tell the issuer that what their credentials refer to is no longer published there."


class UnexpectedAnswer(ResolutionFailed):
    """The host answered with an error, or in a form that was not asked for."""

    code = "unexpected-answer"
    title = "The host answered with an error"
    advice = "Try again later; if it stays so, tell the issuer."


class UnsupportedDid(ResolutionFailed):
    """The issuer is named by a DID method that cannot be resolved here, or by no DID or https address at all."""

    code = "did-unsupported"
    title = "This kind of DID cannot be looked up"
    advice = "Ask the issuer for a credential issued under did:web, did:key, did:jwk or an https address."


class SchemaUnsupported(ResolutionFailed):
    """The credential names a kind of schema that is not understood here."""

    code = "credential-schema-unsupported"
    title = "Unknown kind of schema"
    advice = "Nothing need be done: whether it keeps to its schema says nothing about who signed it."


class SchemaUnusable(ResolutionFailed):
    """What stands at the schema's address is no JSON schema that can be used without asking for another one."""

    code = "credential-schema-unusable"
    title = "The schema cannot be used"
    advice = "Tell the issuer: a schema must be one JSON document, without references to others or look-around."


class SchemaTooCostly(ResolutionFailed):
    """Checking against this schema takes more time or memory than a check may, or too many are being checked."""

    code = "credential-schema-too-costly"
    title = "The schema takes too long to check"
    advice = "Try again; if it stays so, tell the issuer that their schema is too costly."
