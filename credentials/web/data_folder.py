"""The data folder: made on first run, closed to everybody but its owner, and bound to one base address for ever.

`service.json` holds the base address, for it is inside every DID and link that was signed. `web.secret` signs the
CSRF tokens of forms; it is made on first run, readable by its owner only, and shared by all processes of the folder.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from credentials.web.errors import BaseUrlFixed, DataFolderUnusable, FolderIsReal, FolderIsSandbox, NoDataFolder
from credentials.web.settings import DEFAULT_BASE_URL, Settings

SERVICE_FILE = "service.json"
SECRET_FILE = "web.secret"  # noqa: S105 - the name of the file, not what is in it
_SECRET_BYTES = 32


class Binding(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a data folder is bound to; `sandbox`: everything signed in it is a test."""

    base_url: str
    sandbox: bool = False


def bind(settings: Settings) -> str:
    """The base address of the data folder, fixed now if this is its first run.

    Raises:
        BaseUrlFixed: the settings name another address than the folder's.
        FolderIsSandbox, FolderIsReal: the folder is a sandbox's and the settings are not, or the other way round.
        DataFolderUnusable: the folder cannot be made, read or written, or `service.json` is not what was written.
    """
    bound = _bound(settings)
    if bound.sandbox and not settings.sandbox:
        raise FolderIsSandbox(f"{settings.data_dir} is a sandbox's", where="--data")
    if settings.sandbox and not bound.sandbox:
        raise FolderIsReal(f"{settings.data_dir} is a real service's", where="--data")
    return bound.base_url


def _bound(settings: Settings) -> Binding:
    folder = settings.data_dir
    wanted = Binding(settings.base_url or DEFAULT_BASE_URL, settings.sandbox)
    written = _create_once(folder, SERVICE_FILE, lambda: msgspec.json.encode(wanted) + b"\n", mode=0o644)
    try:
        bound = msgspec.json.decode(written, type=Binding)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DataFolderUnusable("it does not hold a base address", where=str(folder / SERVICE_FILE)) from None
    if settings.base_url is not None and settings.base_url != bound.base_url:
        told = f"the folder belongs to {bound.base_url}, not {settings.base_url}"
        raise BaseUrlFixed(told, where=str(folder / SERVICE_FILE))
    return bound


def require_bound(settings: Settings) -> str:
    """The base address of a data folder that exists; makes nothing.

    Raises:
        NoDataFolder: nothing is bound there.
        BaseUrlFixed, DataFolderUnusable: see `bind`.
    """
    if not (settings.data_dir / SERVICE_FILE).is_file():
        raise NoDataFolder(f"{settings.data_dir} holds no {SERVICE_FILE}", where="--data")
    return _bound(settings).base_url


def form_secret(folder: Path) -> bytes:
    """The secret that signs form tokens, made on first use. Raises DataFolderUnusable."""
    found = _create_once(folder, SECRET_FILE, lambda: secrets.token_bytes(_SECRET_BYTES), mode=0o600)
    if len(found) != _SECRET_BYTES:
        raise DataFolderUnusable("it is not the secret that was written", where=str(folder / SECRET_FILE))
    return found


def _create_once(folder: Path, name: str, content: Callable[[], bytes], *, mode: int) -> bytes:
    """A file's bytes; the first of several processes that start together writes it, whole, the others read it."""
    path = folder / name
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_new(path, content(), mode)
        return path.read_bytes()
    except OSError as error:
        raise DataFolderUnusable(error.strerror or "no answer", where=str(path)) from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
