"""From a failure to one line on standard error and an exit code. No traceback reaches a person.

The line is `error: <what> <what to do> [code]`. Exit codes follow sysexits.h: 64 wrong call, 65 bad data,
69 unavailable, 73 cannot write, 75 try again, 77 permission, 78 settings.
"""

import errno
from dataclasses import dataclass

import click

from credentials.core.errors import CredentialError, Forbidden, KeyUnavailable, StatusUnavailable, Unavailable
from credentials.verifier.errors import ResolutionFailed

WRONG_CALL, BAD_DATA, UNAVAILABLE, CANNOT_WRITE, TRY_AGAIN, NO_PERMISSION, BAD_SETTINGS = 64, 65, 69, 73, 75, 77, 78

BY_CODE = {
    "disk-full": CANNOT_WRITE,
    "database-read-only": CANNOT_WRITE,
    "database-locked": TRY_AGAIN,
    "data-folder-unusable": CANNOT_WRITE,
    "key-storage-full": CANNOT_WRITE,
    "published-record-unwritable": CANNOT_WRITE,
    "wrong-passphrase": NO_PERMISSION,
    "key-file-too-open": NO_PERMISSION,
    "key-file-unreadable": NO_PERMISSION,
    "key-directory-too-open": NO_PERMISSION,
    "passphrase-too-short": BAD_SETTINGS,
    "setting-invalid": BAD_SETTINGS,
    "base-url-fixed": BAD_SETTINGS,
}
BY_KIND: tuple[tuple[type[CredentialError], int], ...] = (
    (Forbidden, NO_PERMISSION),
    (Unavailable, UNAVAILABLE),
    (KeyUnavailable, UNAVAILABLE),
    (StatusUnavailable, UNAVAILABLE),
    (ResolutionFailed, UNAVAILABLE),
)
BY_ERRNO = {
    errno.ENOSPC: (CANNOT_WRITE, "disk-full", "Free some space, then run this again."),
    errno.EDQUOT: (CANNOT_WRITE, "disk-full", "Free some space or raise the quota, then run this again."),
    errno.EROFS: (CANNOT_WRITE, "read-only-file-system", "Choose a folder that can be written with --data."),
    errno.EACCES: (NO_PERMISSION, "no-permission", "Change the permissions, or choose another folder with --data."),
    errno.EPERM: (NO_PERMISSION, "no-permission", "Change the permissions, or choose another folder with --data."),
    errno.ENOENT: (BAD_DATA, "no-such-file", "Check the name."),
    errno.EISDIR: (BAD_DATA, "is-a-folder", "Name a file."),
    errno.ENOTDIR: (BAD_DATA, "not-a-folder", "Name a folder."),
    errno.EEXIST: (CANNOT_WRITE, "not-a-folder", "Name a folder, or a new name."),
    errno.EADDRINUSE: (UNAVAILABLE, "port-taken", "Choose another port with --port."),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong in the terms of the command line."""

    code: str
    what: str
    advice: str
    exit_code: int

    def line(self) -> str:
        """The one line for standard error."""
        return f"error: {sentence(self.what)} {self.advice} [{self.code}]"

    def document(self) -> dict[str, object]:
        """The same for `--json`."""
        return {"error": {"code": self.code, "detail": self.what, "advice": self.advice, "exitCode": self.exit_code}}


def sentence(text: str) -> str:
    """One line that ends like a sentence."""
    flat = " ".join(text.split())
    return flat if flat.endswith((".", "!", "?")) else f"{flat}."


def of_credential_error(error: CredentialError) -> Failure:
    """A failure our own code names: its code decides the exit code first, then its kind."""
    fallback = next((code for kind, code in BY_KIND if isinstance(error, kind)), BAD_DATA)
    return Failure(error.code, str(error) or error.title, error.advice, BY_CODE.get(error.code, fallback))


def of_os_error(error: OSError) -> Failure:
    """A failure of files, folders or sockets."""
    exit_code, code, advice = BY_ERRNO.get(error.errno or 0, (UNAVAILABLE, "system-error", "Run credentials doctor."))
    what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    return Failure(code, what, advice, exit_code)


def of_usage(error: click.ClickException) -> Failure:
    """A wrong call: an unknown option, a missing argument, a file that is not there."""
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "credentials"
    return Failure("wrong-call", error.format_message(), f"Try: {path} --help", WRONG_CALL)


def describe(error: Exception) -> Failure | None:
    """The failure that `error` stands for, or None when it is a defect of ours."""
    match error:
        case CredentialError():
            return of_credential_error(error)
        case click.ClickException():
            return of_usage(error)
        case OSError():
            return of_os_error(error)
        case _:
            return None
