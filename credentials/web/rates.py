"""Rate limits by client address, over the `limits` library: memory of each process, or Redis shared by all.

Used directly and not through its Flask extension, which works through its rules on every request of every route: here
a route without a limit costs nothing, and one with a limit costs one count.
"""

from __future__ import annotations

import math
import time
from functools import lru_cache
from typing import cast

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage, storage_from_string
from structlog.typing import FilteringBoundLogger

from credentials.web.access import Limit
from credentials.web.counting import ProcessMemory
from credentials.web.errors import SettingInvalid
from credentials.web.proxies import client_group
from credentials.web.settings import Settings

MEMORY = "memory://"


class Rates:
    """The limits of one application. Safe to share between threads.

    Raises SettingInvalid when the shared storage is of a kind that is not installed.
    """

    def __init__(self, settings: Settings, log: FilteringBoundLogger) -> None:
        self._log = log
        # The library takes longer to make a key than to count by it, and clients come again.
        self._key = lru_cache(maxsize=4096)(self._new_key)
        self._items = {limit: item for limit in Limit if (item := _item(settings, limit)) is not None}
        self._own: Storage = ProcessMemory()
        self._shared = self._own if settings.limits_storage == MEMORY else _shared(settings.limits_storage)

    def wait(self, limit: Limit, address: str) -> int:
        """Count one request; 0 if it is within the limit, else the seconds until the limit opens again.

        While the shared storage cannot be reached, each process counts for itself: a limit that is a little too
        generous is better than an outage, and better than none.
        """
        item = self._items.get(limit)
        if item is None:
            return 0
        key = self._key(limit, address)
        try:
            return _wait(self._shared, item, key)
        except StorageError:
            self._log.warning("limits-storage-unreachable")
            return _wait(self._own, item, key)

    def _new_key(self, limit: Limit, address: str) -> str:
        return self._items[limit].key_for(limit.value, client_group(address))


def _shared(address: str) -> Storage:
    try:
        # Settings let no storage in that is awaited.
        return cast("Storage", storage_from_string(address, wrap_exceptions=True))
    except ConfigurationError as error:
        raise SettingInvalid(str(error).partition("\n")[0], where="CREDENTIALS_LIMITS_STORAGE") from None


def _wait(storage: Storage, item: RateLimitItem, key: str) -> int:
    """Fixed windows, as the library's own strategy counts them."""
    if storage.incr(key, item.get_expiry()) <= item.amount:
        return 0
    return max(1, math.ceil(storage.get_expiry(key) - time.time()))


def _item(settings: Settings, limit: Limit) -> RateLimitItem | None:
    rate: str = "" if limit is Limit.NONE else getattr(settings, limit.value)
    return parse(rate) if rate else None
