"""What belongs to one application while it runs, found again from a request by `runtime()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from structlog.typing import FilteringBoundLogger

from credentials.web.metrics import Metrics

EXTENSION = "credentials"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The public origin, the log and the figures of one application."""

    base_url: str
    log: FilteringBoundLogger
    metrics: Metrics


def attach(app: Flask, found: Runtime) -> None:
    """Give an application its runtime."""
    app.extensions[EXTENSION] = found


def runtime() -> Runtime:
    """The runtime of the application that answers the present request."""
    return cast("Runtime", current_app.extensions[EXTENSION])
