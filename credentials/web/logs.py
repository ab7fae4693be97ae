"""Structured logs without personal data.

A request's line says the route's template, method, status, milliseconds and request id: never a path, a query, a
header, a body or an address. An exception's line says its class and where it rose, never its message, which may
repeat what a person typed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger, Processor

_ENCODER = msgspec.json.Encoder(enc_hook=lambda value: type(value).__name__)
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def make_log(level: str, form: str, stream: TextIO | None = None) -> FilteringBoundLogger:
    """A logger of one application: `json` or `text` lines of at least this level, on standard error by default."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=_processors(form),
        context_class=dict,
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
    ).bind()
    return logger


def configure(level: str, form: str) -> None:
    """Send what any room logs to standard error in the same form, instead of structlog's standard output."""
    structlog.configure(
        processors=_processors(form),
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def configure_libraries(level: str, form: str) -> None:
    """In a server process: what libraries log through `logging`, in the same form and without messages of errors."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_PROCESSORS,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    # Libraries speak of requests at lower levels, with what was in them.
    logging.basicConfig(level=max(LEVELS[level], logging.WARNING), handlers=[handler], force=True)


def _processors(form: str) -> list[Processor]:
    """What makes a line of an event. For `json` all steps in one: a line is written for every request."""
    return [_json_line] if form == "json" else [*_PROCESSORS, _renderer(form)]


def _json_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """Level, time, an exception without its message, as one line of JSON."""
    event["level"] = method
    event["timestamp"] = datetime.now(UTC).isoformat()
    return _json(without_messages(logger, method, event) if "exc_info" in event else event)


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(serializer=_json)
    return structlog.dev.ConsoleRenderer(colors=False)


def _json(event: object, **_options: Any) -> str:
    """One line; what JSON does not know is named by its type, never shown."""
    return _ENCODER.encode(event).decode()


def without_messages(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace an exception by its class and the places it went through; its message is left out."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = places(error)
    return event


def places(error: BaseException) -> list[str]:
    """Where an exception rose, outermost first: `file:line function`, without source lines or values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/site-packages/')[-1]}:{frame.lineno} {frame.name}" for frame in frames]


_PROCESSORS: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_messages,
]
