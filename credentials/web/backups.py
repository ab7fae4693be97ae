"""Back up a data folder, and put a backup back. The record of what was published is never part of either.

A backup is a folder: the database, the service's binding and secret, the encrypted keys with what unlocks them, and the
uploaded files, where they lie in the data folder. Those of a bucket are backed up where the bucket is.
Whoever has it can sign in every company's name unless a passphrase guards the keys: keep it as the keys are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from credentials.files.disk import INCOMING
from credentials.store.backup import copy_database, is_in_use, note_backup
from credentials.web.composition import Service
from credentials.web.data_folder import SECRET_FILE, SERVICE_FILE
from credentials.web.errors import BackupIncomplete, BackupTaken, FolderInUse
from credentials.web.settings import DATABASE_FILE, Settings

KEYS = "keys"
FILES = "files"
_LOGS = ("-wal", "-shm")


def back_up(service: Service, folder: Path, now: datetime) -> None:
    """Write a backup into a folder that is new or empty, and remember when.

    Raises BackupTaken when something is there, CopyElsewhere for PostgreSQL, OSError when the disk refuses.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupTaken(f"{folder} is not empty", where=str(folder))
    folder.chmod(0o700)
    copy_database(service.engine, folder / DATABASE_FILE)
    for name in (SERVICE_FILE, SECRET_FILE):
        shutil.copy2(service.settings.data_dir / name, folder / name)
    shutil.copytree(service.settings.keys_path, folder / KEYS)
    # After the database: a file that it names is whole by then, and never changes.
    if service.settings.files_path.is_dir():
        shutil.copytree(service.settings.files_path, folder / FILES, ignore=shutil.ignore_patterns(INCOMING))
    note_backup(service.engine, now)


def restore(settings: Settings, folder: Path) -> None:
    """Put a backup back; what lay there stays beside it, under names that end in `.before-restore`.

    The service must be stopped. At its next start it brings the database in step with what was published since.
    Raises BackupIncomplete, FolderInUse, OSError.
    """
    missing = [name for name in (DATABASE_FILE, SERVICE_FILE, SECRET_FILE, KEYS) if not (folder / name).exists()]
    if missing:
        raise BackupIncomplete(f"it lacks {', '.join(missing)}", where=str(folder))
    present = settings.data_dir / DATABASE_FILE
    if present.exists() and is_in_use(present):
        raise FolderInUse(f"{present} is open", where=str(settings.data_dir))
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix in _LOGS:
        present.with_name(present.name + suffix).unlink(missing_ok=True)
    for source, place in _places(settings, folder):
        _put(source, place)


def _places(settings: Settings, folder: Path) -> Iterator[tuple[Path, Path]]:
    for name in (DATABASE_FILE, SERVICE_FILE, SECRET_FILE):
        yield folder / name, settings.data_dir / name
    yield folder / KEYS, settings.keys_path
    if (folder / FILES).is_dir():
        yield folder / FILES, settings.files_path


def _put(source: Path, place: Path) -> None:
    aside = place.with_name(f"{place.name}.before-restore")
    if place.exists():
        shutil.rmtree(aside) if aside.is_dir() else aside.unlink(missing_ok=True)
        place.rename(aside)
    if source.is_dir():
        shutil.copytree(source, place)
    else:
        shutil.copy2(source, place)
