"""What is wrong with the proofs that a document carries."""

from __future__ import annotations

from credentials.core.error_kinds import NotAccepted, Unreadable


class ProofMissing(Unreadable):
    """A JSON object without `proof`: whoever sent it, nobody signed it."""

    code = "proof-missing"
    title = "Nobody signed this"
    advice = "Ask the holder for the credential with its proof, or for the link."


class BadProof(Unreadable):
    """A proof whose members are missing or malformed (VC Data Integrity 1.0 section 2.1)."""

    code = "bad-proof"
    title = "The proof is malformed"
    advice = "Send the document exactly as it was received; do not edit or shorten it."


class PreviousProofMissing(Unreadable):
    """A proof that builds on another one, which is not there (VC Data Integrity 1.0 section 4.5)."""

    code = "previous-proof-missing"
    title = "A proof that another one builds on is missing"
    advice = "Ask the holder for the document with all of its proofs."


class UnsupportedProof(NotAccepted):
    """No proof of a kind that is read here, and made for this purpose."""

    code = "unsupported-proof"
    title = "No kind of proof that is accepted"
    advice = "Ask for a credential with an eddsa-rdfc-2022, eddsa-jcs-2022 or ecdsa-rdfc-2019 proof, or as vc+jwt."


class ProofOutOfTime(NotAccepted):
    """A proof of a presentation that has not begun or has expired (VC Data Integrity 1.0 section 2.1)."""

    code = "proof-out-of-time"
    title = "Not valid at this time"
    advice = "Ask the holder for a new presentation."


class AudienceMismatch(NotAccepted):
    """A proof or presentation made for another domain or challenge than the one expected."""

    code = "audience-mismatch"
    title = "Made for someone else, or for another occasion"
    advice = "Ask the holder for a presentation made for you, with the challenge that you gave."


class HolderMismatch(NotAccepted):
    """A presentation signed by someone else than the holder it names (VC Data Model 2.0 section 4.13)."""

    code = "holder-mismatch"
    title = "Not presented by its holder"
    advice = "Ask the holder to present it with their own key."


class MalformedPresentation(Unreadable):
    """Not a verifiable presentation (VC Data Model 2.0 section 4.13)."""

    code = "malformed-presentation"
    title = "Not a verifiable presentation"
    advice = "Send the whole presentation exactly as it was received."
