"""Rate limits by client address, over the `limits` library: memory of each process, or Redis shared by all.

Used directly and not through its Flask extension, which works through its rules on every request of every route: here
a route without a limit costs nothing, and one with a limit costs one count.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
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
        self._items = {limit: item for limit in Limit if (item := _item(settings, limit)) is not None}
        self._own = FixedWindowRateLimiter(ProcessMemory())
        self._shared = self._own if settings.limits_storage == MEMORY else _shared(settings.limits_storage)

    def wait(self, limit: Limit, address: str) -> int:
        """Count one request; 0 if it is within the limit, else the seconds until the limit opens again.

        While the shared storage cannot be reached, each process counts for itself: a limit that is a little too
        generous is better than an outage, and better than none.
        """
        item = self._items.get(limit)
        if item is None:
            return 0
        who = client_group(address)
        try:
            return _wait(self._shared, item, limit, who)
        except StorageError:
            self._log.warning("limits-storage-unreachable")
            return _wait(self._own, item, limit, who)


def _shared(address: str) -> FixedWindowRateLimiter:
    try:
        return FixedWindowRateLimiter(storage_from_string(address, wrap_exceptions=True))
    except ConfigurationError as error:
        raise SettingInvalid(str(error).partition("\n")[0], where="CREDENTIALS_LIMITS_STORAGE") from None


def _wait(counter: FixedWindowRateLimiter, item: RateLimitItem, limit: Limit, who: str) -> int:
    if counter.hit(item, limit.value, who):
        return 0
    return max(1, math.ceil(counter.get_window_stats(item, limit.value, who).reset_time - time.time()))


def _item(settings: Settings, limit: Limit) -> RateLimitItem | None:
    rate: str = "" if limit is Limit.NONE else getattr(settings, limit.value)
    return parse(rate) if rate else None
