"""What is wrong with a timestamp (RFC 3161)."""

from __future__ import annotations

from credentials.core.error_kinds import NotAccepted, Unreadable


class TimestampUnreadable(Unreadable):
    """Not a TimeStampToken, or not an answer that grants one (RFC 3161 section 2.4.2)."""

    code = "timestamp-unreadable"
    title = "Not a timestamp"
    advice = "Send the token exactly as the authority made it, or ask the issuer for it at the credential's /stamps."


class TimestampMismatch(NotAccepted):
    """A timestamp over other bytes, by a digest that is not accepted, or for another request."""

    code = "timestamp-mismatch"
    title = "A timestamp of something else"
    advice = "Take the timestamp that was made over this very signature, with SHA-256, SHA-384 or SHA-512."


class TimestampUntrusted(NotAccepted):
    """A timestamp that no trusted authority made, or made with a certificate that was not for that at that time."""

    code = "timestamp-untrusted"
    title = "Not by a timestamp authority that is trusted"
    advice = "If you trust the authority, name its root certificate in the setting timestamp_roots."


class RootsUnreadable(Unreadable):
    """A file that should have certificates in PEM and has none, or something else."""

    code = "timestamp-roots-unreadable"
    title = "No certificates in the file of timestamp roots"
    advice = "Give a file of one or more certificates in PEM: those of the authorities' roots."
