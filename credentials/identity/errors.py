"""What can be wrong with a proof of who a company is."""

from credentials.core.errors import BadInput, Conflict, NotFound


class DomainUnusable(BadInput):
    """What was given is no domain name that a company could own."""

    code = "domain-unusable"
    title = "This is no domain of a company"
    advice = "Give the bare name, such as example.com, in ASCII: no https://, no path, no address of a machine."


class DomainProvesNothing(BadInput):
    """Anybody can have a mailbox or a page at this domain, so it says nothing about who a company is."""

    code = "domain-proves-nothing"
    title = "This domain proves nothing about a company"
    advice = "Use a domain of the company's own: not a mail provider's, and not one under which anybody may register."


class AddressUnusable(BadInput):
    """What was given is no e-mail address with a domain."""

    code = "work-address-unusable"
    title = "This is no work address"
    advice = "Give an e-mail address at the company's own domain."


class MethodUnknown(BadInput):
    """There is no such way to prove a domain, or it is not begun by hand."""

    code = "proof-method-unknown"
    title = "There is no such proof"
    advice = "Use one of: file, dns, did:web. A work address is proved by opening the link that is sent there."


class TooManyProofs(Conflict):
    """The company has begun as many proofs as it may have."""

    code = "too-many-proofs"
    title = "This company has too many proofs"
    advice = "Withdraw proofs that are no longer needed, then begin again."


class ProofUnknown(NotFound):
    """There is no proof with this id."""

    code = "domain-proof-unknown"
    title = "No such proof of a domain"
    advice = "List the company's proofs."


class CompanyUnknown(NotFound):
    """There is no issuer with this id."""

    code = "company-unknown"
    title = "No such company"
    advice = "List the issuers: `credentials issuer list`."


class ResemblanceUnknown(NotFound):
    """The issuer has no such likeness, or it was cleared."""

    code = "resemblance-unknown"
    title = "No such likeness"
    advice = "List the likenesses that stand."


class ClearingUnexplained(BadInput):
    """A likeness or a freeze was to be set aside without a word of why."""

    code = "clearing-unexplained"
    title = "Say why this is in order"
    advice = "Give a note of 1 to 500 characters: how you know that the company is who it says."
