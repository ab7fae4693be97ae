"""What issuing and looking after what was issued can refuse, each with a stable code."""

from collections.abc import Sequence

from credentials.core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from credentials.issuer.lint import Finding


class DraftRefused(BadInput):
    """A draft has errors that lint found; nothing was recorded. `findings` holds warnings too."""

    code = "draft-refused"
    title = "The draft cannot be signed"
    advice = "Correct what each finding names, then send the draft again."

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Say the first error; all of them are in `findings`."""
        self.findings = tuple(findings)
        first = next((finding for finding in findings if finding.level == "error"), None)
        super().__init__(first.problem if first else "refused", where=first.field if first else "")


class OfferRefused(BadInput):
    """A credential that a program offers cannot be issued in this issuer's name as it is."""

    code = "offer-refused"
    title = "This credential cannot be issued as it is"
    advice = "Offer an Open Badges achievement about a named person; leave id, issuer, dates and status to the service."


class StatusUpdateRefused(BadInput):
    """A status update that names no entry, purpose or value of ours, or would take a revocation back."""

    code = "status-update-refused"
    title = "This status cannot be set so"
    advice = "Name one entry with its purpose, and true or false; a withdrawn credential stays withdrawn."


class CallUnderWay(Conflict):
    """The same call under the same idempotency key is being carried out."""

    code = "idempotency-under-way"
    title = "This call is being carried out"
    advice = "Send it again in a few seconds, with the same key: it is answered with what the first one did."


class IdempotencyConflict(Conflict):
    """An idempotency key was used before, for another draft or another change of a status."""

    code = "idempotency-conflict"
    title = "This idempotency key stands for another request"
    advice = "Use a new key for a new request, or send exactly the request that the key was first used with."


class SlugTaken(Conflict):
    """Another issuer has this slug."""

    code = "issuer-slug-taken"
    title = "This issuer already exists"
    advice = "Choose another slug."


class SlugUnusable(BadInput):
    """A slug is not made of lower-case letters, digits and single hyphens."""

    code = "issuer-slug-unusable"
    title = "The slug cannot be part of an address"
    advice = "Use 1 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or a digit."


class IssuerDetailsUnusable(BadInput):
    """An issuer's name or web address cannot be shown."""

    code = "issuer-details-unusable"
    title = "The issuer's name or address cannot be used"
    advice = "Give a name of 1 to 200 visible characters, and an address that begins with http:// or https://."


class ConfirmationUnusable(BadInput):
    """What an operator wants to confirm is no domain, or the level has no meaning."""

    code = "confirmation-unusable"
    title = "This cannot be confirmed"
    advice = "Give a bare domain such as example.com, and a level: operator, e-mail, file, dns or did:web."


class IssuerUnknown(NotFound):
    """No issuer has this slug."""

    code = "issuer-unknown"
    title = "No such issuer"
    advice = "List the issuers with `credentials issuer list`, or create one."


class CredentialUnknown(NotFound):
    """No credential has this id, or it is not released yet."""

    code = "credential-unknown"
    title = "Nothing here, or it is private"
    advice = "Check the id, or ask the holder for the link."


class StatusListUnknown(NotFound):
    """No status list has this id."""

    code = "status-list-unknown"
    title = "No such status list"
    advice = "Use the address that the credential itself names."


class IssuerSuspended(Forbidden):
    """This service no longer vouches for the issuer, so it signs nothing new."""

    code = "issuer-suspended"
    title = "This issuer may not issue"
    advice = "Ask the operator of this service."


class SuspensionNotOffered(Conflict):
    """The issuer's credentials carry no suspension entry."""

    code = "suspension-not-offered"
    title = "This credential cannot be put on hold"
    advice = "Revoke it instead, or create the issuer with suspension before it issues."


class StatusConflict(Conflict):
    """The event does not follow from the credential's status: revoked twice, lifted without being on hold …"""

    code = "status-conflict"
    title = "The credential's status does not allow this"
    advice = "Look at its status first."


class HolderChanged(Conflict):
    """A correction that would give somebody's credential to somebody else."""

    code = "holder-changed"
    title = "A correction stays with its holder"
    advice = "Leave the address out, or withdraw this credential and issue another one to the right person."


class ReasonMissing(BadInput):
    """A status event without a public reason, or one that cannot be shown."""

    code = "status-reason-missing"
    title = "A public reason is needed"
    advice = "Give one sentence of at most 500 characters that the holder and every verifier may read."


class ReinstatementUnexplained(BadInput):
    """An issuer was to be vouched for again without a word on why, or with too many."""

    code = "reinstatement-unexplained"
    title = "A reason for the record is needed"
    advice = "Say in at most 500 characters why the service vouches for the issuer again. Operators alone read it."


class NoActiveKey(Unavailable):
    """The issuer has no key in use."""

    code = "issuer-without-key"
    title = "The issuer has no active key"
    advice = "Run `credentials keys rotate` for this issuer."


class KeyUnknown(NotFound):
    """The issuer has no key with this name."""

    code = "issuer-key-unknown"
    title = "No such key"
    advice = "List the issuer's keys with `credentials keys list`."


class KeyInUse(Conflict):
    """The key that signs now cannot be retired without another one to take its place."""

    code = "issuer-key-in-use"
    title = "This key is in use"
    advice = "Rotate the issuer's key instead: that activates a new one and retires this one."


class KeysFrozen(Forbidden):
    """A proof of the issuer's domain failed, so it may have no new keys for now."""

    code = "keys-frozen"
    title = "This issuer may have no new keys"
    advice = "Let the proof of the domain be found again, or ask the operator, who can allow new keys."


class PortfolioUnknown(NotFound):
    """No portfolio has this slug."""

    code = "portfolio-unknown"
    title = "No such portfolio"
    advice = "List the portfolios with `credentials portfolio list`; the slug is the end of the address."


class SelfCheckFailed(Unavailable):
    """A signature just made does not verify, so nothing was released."""

    code = "self-check-failed"
    title = "The signature made here does not verify"
    advice = "Do not release anything: check the key directory with `credentials doctor`, then run the command again."


class PublishedRecordUnwritable(Unavailable):
    """The record of what was published cannot be written or read, so nothing may be published."""

    code = "published-record-unwritable"
    title = "The record of what was published cannot be used"
    advice = "Give this user write permission on the `published` folder in the data folder, and free some disk space."


class PublishedRecordDamaged(Unavailable):
    """The record of what was published does not read as one."""

    code = "published-record-damaged"
    title = "The record of what was published is damaged"
    advice = "Keep the folder as it is and look at the line named; nothing is published until it reads again."


class RecordContradicts(Unavailable):
    """The record of what was published says what this database cannot take in, such as another issuer of one slug."""

    code = "published-record-contradicts"
    title = "The database contradicts the record of what was published"
    advice = "Check that this database and this `published` folder belong together, or restore the database that does."


class FormNotMade(NotFound):
    """A credential that was not issued in the form that is asked for."""

    code = "form-not-made"
    title = "It was not issued in this form"
    advice = "Issue it again with --selective, or ask for another form."


class NoTimestampAuthority(Unavailable):
    """Timestamps are asked for, and no authority is set."""

    code = "no-timestamp-authority"
    title = "No timestamp authority is set"
    advice = "Set timestamp_authority to the address of one, and timestamp_roots to the file of its root certificate."


class StampNotTaken(NotFound):
    """A form of a credential that has no timestamp, or none yet."""

    code = "stamp-not-taken"
    title = "It has no timestamp"
    advice = "Set a timestamp authority and run credentials stamp; an SD-JWT VC (dc+sd-jwt) gets none."
