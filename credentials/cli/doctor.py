"""`credentials doctor`: look at everything the service stands on, and say what to do where it does not hold.

Looks only: makes no folder, changes no row, replays nothing. A check that cannot be made because an earlier one failed
is left out.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage

import click
from sqlalchemy import Engine

from credentials.cli import failures
from credentials.cli.invocation import Invocation, command_options
from credentials.core.errors import CredentialError
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.means import Means
from credentials.issuer.recovery import standing
from credentials.keyring.backends import IN_FILES
from credentials.keyring.errors import KeyFileMissing
from credentials.keyring.master import load_or_create_master_secret
from credentials.keyring.signer import KeyBackend
from credentials.store import issuers, signing_keys
from credentials.store.engine import open_engine, read, write
from credentials.store.migrate import require_current
from credentials.version import __file__ as program_file
from credentials.web.data_folder import SERVICE_FILE, bind
from credentials.web.issuing import utc_now
from credentials.web.key_opening import open_keys
from credentials.web.settings import DATABASE_FILE, Settings

ENOUGH_BYTES = 100 * 1024 * 1024
CLOCK_TOLERANCE_SECONDS = 60
LOCK_WAIT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: `id` is what was looked at. Well, with advice: it could be better."""

    id: str
    ok: bool
    detail: str
    advice: str = ""
    code: str = ""

    def line(self) -> str:
        """The line for people."""
        word = "PROBLEM" if not self.ok else "advice" if self.advice else "ok"
        return f"{word:<7}  {self.id:<12} {self.detail}{self.advice and ' ' + self.advice}"


@click.command(epilog="Example:  credentials doctor --data data/demo")
@command_options
def doctor(call: Invocation) -> int:
    """Check settings, data folder, disk, clock, database, keys, and what was published. Exits 1 on a problem."""
    findings = list(_findings(call))
    well = all(finding.ok for finding in findings)
    document = {"ok": well, "findings": [asdict(finding) for finding in findings]}
    call.result(document, [finding.line() for finding in findings])
    return 0 if well else 1


def _findings(call: Invocation) -> Iterator[Finding]:
    try:
        settings = call.settings()
    except CredentialError as error:
        yield _problem("settings", error)
        return
    yield Finding("settings", True, "every setting can be used")
    if not (settings.data_dir / SERVICE_FILE).exists():
        advice = "Make one with `credentials demo` or `credentials serve`, or name another with --data."
        yield Finding("data folder", False, f"{settings.data_dir} is not a data folder.", advice, "no-data-folder")
        return
    broken: set[str] = set()
    for name, look in LOOKS.items():
        if name == "published" and broken & {"database", "keys"}:
            continue
        finding = _looked(name, look, settings)
        broken |= set() if finding.ok else {name}
        yield finding


def _looked(name: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except (CredentialError, OSError) as error:
        return _problem(name, error)


def _problem(name: str, error: CredentialError | OSError) -> Finding:
    failure = failures.of_os_error(error) if isinstance(error, OSError) else failures.of_credential_error(error)
    return Finding(name, False, failures.sentence(failure.what), failure.advice, failure.code)


def data_folder(settings: Settings) -> Finding:
    """The folder is bound to the base address that the settings want."""
    return Finding("data folder", True, f"{settings.data_dir} belongs to {bind(settings)}")


def privacy(settings: Settings) -> Finding:
    """Nobody but its owner can read the data folder and the database in it."""
    files = [settings.data_dir, *settings.data_dir.glob(f"{DATABASE_FILE}*")]
    opened = [path for path in files if path.stat().st_mode & 0o077]
    if opened:
        names = " ".join(map(str, opened))
        detail = f"others on this machine can look into {names}."
        return Finding("privacy", False, detail, f"Run: chmod go= {names}", "data-folder-too-open")
    return Finding("privacy", True, "only its owner can look into the data folder")


def disk(settings: Settings) -> Finding:
    """Room to write."""
    free = disk_usage(settings.data_dir).free
    detail = f"{free // 1024**2} MiB free where {settings.data_dir} is"
    if free < ENOUGH_BYTES:
        advice = "Free some space before it is used up: nothing can be issued or revoked on a full disk."
        return Finding("disk", False, f"{detail}.", advice, "disk-nearly-full")
    return Finding("disk", True, detail)


def clock(settings: Settings) -> Finding:
    """The clock is not behind the files that were written with it, and runs as fast as the machine's own counter."""
    now = time.time()
    ahead = max(path.stat().st_mtime for path in _dated_files(settings.data_dir)) - now
    if ahead > CLOCK_TOLERANCE_SECONDS:
        detail = f"the clock is {int(ahead)} s behind files written earlier."
        return Finding("clock", False, detail, "Set the clock, best from a time server (NTP).", "clock-behind")
    if abs(drift := _drift()) > CLOCK_TOLERANCE_SECONDS:
        return Finding("clock", False, f"the clock jumped by {drift:.0f} s just now.", "Let NTP settle.", "clock-jumps")
    return Finding("clock", True, datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"))


def _dated_files(folder: Path) -> Iterator[Path]:
    yield Path(program_file)
    yield from (path for path in folder.rglob("*") if path.is_file())


def _drift() -> float:
    """Seconds by which the clock moved more than the monotonic counter over a twentieth of a second."""
    wall, counter = time.time(), time.monotonic()
    time.sleep(0.05)
    return (time.time() - wall) - (time.monotonic() - counter)


def database(settings: Settings) -> Finding:
    """The database answers, has this version's tables, and lets a writer in."""
    with _opened(settings) as engine:
        require_current(engine)
        with write(engine) as connection:
            count = len(issuers.every(connection))
        return Finding("database", True, f"{engine.dialect.name}, {count} issuers, can be written")


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database, lock_wait_seconds=LOCK_WAIT_SECONDS)
    try:
        yield engine
    finally:
        engine.dispose()


def keys(settings: Settings) -> Finding:
    """Every private key that the database names can be opened."""
    wanted = _keys_in_use(settings)
    if not wanted and not settings.keys_path.is_dir():
        return Finding("keys", True, "none yet")
    if not settings.keys_path.is_dir():
        raise KeyFileMissing(f"{len(wanted)} keys are in use, and there is no folder {settings.keys_path}")
    keyring = _keyring(settings)
    for key_id in wanted:
        keyring.public_key(key_id)
    for error in keyring.problems().values():
        raise error
    opened_with = "passphrase" if settings.passphrase else "master secret"
    if settings.keys_backend in IN_FILES:
        return Finding("keys", True, f"{len(wanted)} in use, all open with the {opened_with}")
    told = f"{len(wanted)} in use, all open; new ones are made in {settings.keys_backend}"
    return Finding("keys", True, f"{told}, those in files open with the {opened_with}")


def _keyring(settings: Settings) -> KeyBackend:
    passphrase = settings.passphrase.get_secret_value() if settings.passphrase else None
    return open_keys(settings, load_or_create_master_secret(settings.keys_path, passphrase))


def _keys_in_use(settings: Settings) -> list[str]:
    with _opened(settings) as engine, read(engine) as connection:
        every = [signing_keys.of_issuer(connection, issuer.id) for issuer in issuers.every(connection)]
    return [key.key_id for keys in every for key in keys if key.state != "retired"]


def backups(settings: Settings) -> Finding:
    """A backup of the database does not take in the record that tells when an old one was restored."""
    folder, record = settings.data_dir.resolve(), settings.published_path.resolve()
    if settings.database_url is not None or folder not in record.parents:
        return Finding("backups", True, f"the record of what was published is apart from the database, in {record}")
    detail = f"{record} is in one folder with the database: restoring the whole folder would take back revocations."
    advice = "Stop the service, move it to where no backup takes it in, and say where in CREDENTIALS_PUBLISHED_DIR."
    return Finding("backups", True, detail, advice)


def published(settings: Settings) -> Finding:
    """The database knows everything that was published: it was not restored from an older copy."""
    record = HighWaterMark(settings.published_path)
    with _opened(settings) as engine:
        found = standing(Means(engine, _keyring(settings), bind(settings), record, utc_now))
    if not found.behind:
        again = f"; last brought back in step {found.recovered_at:%Y-%m-%d}" if found.recovered_at else ""
        return Finding("published", True, f"the database has everything that was published{again}")
    detail = f"the database is older than what was published: it lacks {found.lacks()}."
    advice = "Start the service: it replays what was published and allots from new lists. Never restore that record."
    return Finding("published", False, detail, advice, "database-older-than-published")


LOOKS: dict[str, Callable[[Settings], Finding]] = {
    "data folder": data_folder,
    "privacy": privacy,
    "disk": disk,
    "clock": clock,
    "database": database,
    "keys": keys,
    "published": published,
    "backups": backups,
}
