"""What can go wrong at the HTTP boundary itself; each has a stable code, and `problems.py` gives it its status."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable, Unreadable


class RouteUndeclared(RuntimeError):
    """A route does not say who may call it; the application refuses to start."""


class SettingInvalid(BadInput):
    """A setting has a value that cannot be used."""

    code = "setting-invalid"
    title = "A setting cannot be used"
    advice = "Correct the setting named here; the settings reference lists what each accepts."


class BaseUrlFixed(BadInput):
    """The data folder belongs to another base address; every signed DID and link contains it."""

    code = "base-url-fixed"
    title = "The data folder belongs to another address"
    advice = "Use the address the folder was made with, or another data folder: it is inside everything signed."


class FolderIsSandbox(BadInput):
    """The data folder was made by a sandbox: everything signed in it is a test."""

    code = "folder-is-sandbox"
    title = "The data folder is a sandbox's"
    advice = "Use another data folder, or serve this one with --sandbox."


class FolderIsReal(BadInput):
    """A sandbox was to be opened on a data folder or a database of a real service."""

    code = "folder-is-real"
    title = "A sandbox cannot live beside real issuers"
    advice = "Give the sandbox a data folder, and a database, of its own."


class DataFolderUnusable(Unavailable):
    """The data folder cannot be made, read or written."""

    code = "data-folder-unusable"
    title = "The data folder cannot be used"
    advice = "Check that the folder exists, that this user may write there, and that the disk has room."


class NoDataFolder(BadInput):
    """The folder that was named is not one that this service made; nothing in it is believed, nothing made."""

    code = "no-data-folder"
    title = "This is not a data folder"
    advice = "Name the folder of a service with --data, or make one with `credentials demo` or `credentials serve`."


class BackupTaken(BadInput):
    """The folder for a backup is not empty; nothing is written over."""

    code = "backup-folder-taken"
    title = "There is something in this folder"
    advice = "Name a folder that is new or empty, such as one called after the day."


class BackupIncomplete(BadInput):
    """The folder is none that `credentials backup` made, or parts of it are gone."""

    code = "backup-incomplete"
    title = "This is no whole backup"
    advice = "Name a folder that `credentials backup` made, with everything that it wrote there."


class FolderInUse(Conflict):
    """The data folder's database is open: the service runs."""

    code = "data-folder-in-use"
    title = "The service is running"
    advice = "Stop the service and its workers, then restore."


class PortTaken(Unavailable):
    """Another program listens at this address already."""

    code = "port-taken"
    title = "The port is taken"
    advice = "Stop the other program, or choose another port."


class AddressUnusable(Unavailable):
    """The address to listen at does not exist here, or this user may not use it."""

    code = "address-unusable"
    title = "This address cannot be listened at"
    advice = "Choose an address of this machine, and a port above 1023 unless this user may use lower ones."


class TlsFilesUnusable(Unavailable):
    """The TLS certificate or its key cannot be read or do not belong together."""

    code = "tls-files-unusable"
    title = "The TLS certificate or key cannot be used"
    advice = "Give a PEM certificate chain and its PEM key, both readable by this user."


class PageMissing(NotFound):
    """No page lives at this address."""

    code = "not-found"
    title = "Nothing here"
    advice = "Check the address."


class MethodRefused(Unreadable):
    """The address exists; it does not answer to this method."""

    code = "method-not-allowed"
    title = "This address does not take that method"
    advice = "Use one of the methods in the Allow header."


class RequestMalformed(Unreadable):
    """The HTTP request itself cannot be read."""

    code = "request-malformed"
    title = "The request cannot be read"
    advice = "Check the request's form against the API reference."


class StateUnknown(BadInput):
    """A list was asked for what is in a state that there is not."""

    code = "state-unknown"
    title = "There is no such state"
    advice = "Use one of the states that the reference of the API names, or leave it out."


class TextUnreadable(Unreadable):
    """A text of an address or a form has a NUL in it."""

    code = "text-unreadable"
    title = "This text can’t be read"
    advice = "Type it anew: there is a character in it that no keyboard makes."


class BodyTooLarge(Unreadable):
    """The body is larger than this address takes."""

    code = "body-too-large"
    title = "The body is too large"
    advice = "Send less; the API reference says how much each address takes."


class MediaTypeRefused(Unreadable):
    """The body's media type is none that this address reads."""

    code = "media-type-refused"
    title = "This media type is not read here"
    advice = "Send the media type that the API reference names, in a Content-Type header."


class NotAcceptable(Unreadable):
    """Nothing at this address is of a media type that the Accept header takes (RFC 9110 section 15.5.7)."""

    code = "not-acceptable"
    title = "Nothing here is of a kind you take"
    advice = "Name one of the media types listed here in the Accept header, or leave the header out."


class MembersInvalid(BadInput):
    """A JSON body is well formed, but its members are not what the API takes."""

    code = "members-invalid"
    title = "The body does not have the expected members"
    advice = "Compare the body with the schema of this call in /openapi.json."


class TooManyRequests(Forbidden):
    """This client asked more often than the limit allows."""

    code = "too-many-requests"
    title = "Too many requests"
    advice = "Wait as long as the Retry-After header says, then ask again."

    def __init__(self, retry_after: int = 60) -> None:
        """`retry_after` is in seconds."""
        self.retry_after = retry_after
        super().__init__(f"ask again in {retry_after} seconds")


class TooManyBodies(Unavailable):
    """Too many requests wait for their bodies already, or too many of this client's."""

    code = "too-many-bodies"
    title = "Too many requests are being received"
    advice = "Wait as long as the Retry-After header says, then send it again, in one go."


class FormExpired(Forbidden):
    """The form's CSRF token is missing, wrong or too old."""

    code = "form-expired"
    title = "This form is no longer valid"
    advice = "Open the page again and send the form from there."


class OperatorOnly(Forbidden):
    """Only the operator of this service may read this."""

    code = "operator-only"
    title = "Only the operator may read this"
    advice = "Ask from the machine itself, or send the operator token as a bearer token."


class InternalError(Unavailable):
    """Something unforeseen went wrong; the log has it under the request id."""

    code = "internal-error"
    title = "Something went wrong here"
    advice = "Try again; if it happens again, tell the operator the request id."


class IdempotencyKeyMalformed(BadInput):
    """The Idempotency-Key header is empty, too long or not visible ASCII."""

    code = "idempotency-key-malformed"
    title = "The Idempotency-Key cannot be used"
    advice = "Send 1 to 200 visible ASCII characters, the same ones whenever the same call is repeated."


class NotReady(Unavailable):
    """The service is up but cannot do its work."""

    code = "not-ready"
    title = "The service is not ready"
    advice = "See which check failed; `credentials doctor` says what to do."


class DatabaseBehindPublished(Unavailable):
    """The database is older than what was published: it was restored from a backup."""

    code = "database-behind-published"
    title = "The database is older than what was published"
    advice = "Restart the service: it replays what was published and allots only from new lists."


class ErrorCodeUnknown(NotFound):
    """No error of this service has this code."""

    code = "error-code-unknown"
    title = "No error has this code"
    advice = "Check the code; the reference lists all of them."
