"""What issuing takes, opened from a data folder: what most commands work with.

Pages, people, tasks and the verifier come on top of it in `composition`. They are three quarters of what there is to
import, so a command that only issues starts in half the time without them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from credentials.identity.resemblances import ResemblanceService, watch
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.master import MasterSecret
from credentials.keyring.signer import KeyBackend
from credentials.store.engine import open_engine
from credentials.store.migrate import require_current, upgrade
from credentials.web.data_folder import bind, form_secret, require_bound
from credentials.web.key_opening import existing_secret, master_secret, open_keys
from credentials.web.logs import configure
from credentials.web.read_only import ReadHighWaterMark, ReadKeys
from credentials.web.settings import Settings
from credentials.webhooks.messages import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """The issuing part of a service. `form_secret` is empty where nothing may be changed."""

    settings: Settings
    base_url: str
    engine: Engine
    keyring: KeyBackend
    master_secret: MasterSecret
    issuer: IssuerService
    resemblances: ResemblanceService
    clock: Callable[[], datetime]
    form_secret: bytes

    def close(self) -> None:
        """Give the database connections back."""
        self.engine.dispose()


def utc_now() -> datetime:
    """The system's clock, aware."""
    return datetime.now(UTC)


def open_issuing(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Issuing:
    """Open what issuing takes, making what a first run needs.

    Raises:
        CredentialError: the folder, the database or the keys cannot be used; each says what to do.
    """
    configure(settings.log_level, settings.log_format)
    base_url = bind(settings)
    secret = master_secret(settings)
    engine = open_engine(settings.database)
    upgrade(engine)
    high_water = HighWaterMark(settings.published_path)
    keyring = open_keys(settings, secret)
    return _assembled(settings, base_url, engine, secret, keyring, high_water, clock, form_secret(settings.data_dir))


def read_issuing(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Issuing:
    """Open a data folder that exists: makes no file, key or table, changes no row.

    Raises:
        NoDataFolder: the folder was not made by this service.
        CredentialError: the folder, the database or the keys cannot be used; each says what to do.
    """
    configure(settings.log_level, settings.log_format)
    base_url = require_bound(settings)
    secret = existing_secret(settings)
    engine = open_engine(settings.database, read_only=True)
    require_current(engine)
    keyring, high_water = ReadKeys(open_keys(settings, secret)), ReadHighWaterMark(settings.published_path)
    return _assembled(settings, base_url, engine, secret, keyring, high_water, clock, b"")


def _assembled(
    settings: Settings,
    base_url: str,
    engine: Engine,
    secret: MasterSecret,
    keyring: KeyBackend,
    high_water: HighWaterMark,
    clock: Callable[[], datetime],
    forms: bytes,
) -> Issuing:
    return Issuing(
        settings=settings,
        base_url=base_url,
        engine=engine,
        keyring=keyring,
        master_secret=secret,
        issuer=IssuerService(engine, keyring, base_url, high_water, clock, announce, watch),
        resemblances=ResemblanceService(engine),
        clock=clock,
        form_secret=forms,
    )
