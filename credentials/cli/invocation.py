"""What every command shares: `--data`, `--json`, the service behind the data folder, and where results go.

Results go to standard output, once: lines for people, or exactly one JSON document with `--json`.
Everything else (progress, notes, logs, errors) goes to standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from credentials.cli.on_demand import imported
from credentials.cli.terminal import note, say, say_json
from credentials.web.settings import Settings, load_settings

if TYPE_CHECKING:
    from credentials.web.composition import Service
    from credentials.web.issuing import Issuing

__all__ = ["Invocation", "command_options", "note", "reading_options"]

P = ParamSpec("P")
R = TypeVar("R")
Opened = TypeVar("Opened", bound="Issuing")


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a command: the data folder it works on and the form its result takes.

    The service, its database and all that belongs to it are imported when a command opens it, and not before.
    """

    data: Path | None
    as_json: bool

    def settings(self, **changes: Any) -> Settings:
        """Settings from the environment, with `--data` and `changes` (by field name; None: not given) on top."""
        return load_settings(data_dir=self.data, **changes)

    @contextmanager
    def issuing(self) -> Iterator[Issuing]:
        """What issuing takes, which is opened in half the time of the whole service."""
        open_issuing: Callable[[Settings], Issuing] = imported("credentials.web.issuing:open_issuing")
        with self._opened(open_issuing(self.settings())) as opened:
            yield opened

    @contextmanager
    def service(self, **changes: Any) -> Iterator[Service]:
        """The opened service; its database connections are closed at the end."""
        open_service: Callable[[Settings], Service] = imported("credentials.web.composition:open_service")
        with self._opened(open_service(self.settings(**changes))) as service:
            yield service

    @contextmanager
    def _opened(self, opened: Opened) -> Iterator[Opened]:
        if opened.master_secret.created:
            note(f"Made a secret that unlocks the keys: {opened.master_secret.path}. Keep a copy in a safe place.")
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def reading(self, **changes: Any) -> Iterator[Service]:
        """The service of a folder that exists, opened so that nothing is made or changed there. Raises NoDataFolder."""
        read_service: Callable[[Settings], Service] = imported("credentials.web.composition:read_service")
        service = read_service(self.settings(**changes))
        try:
            yield service
        finally:
            service.close()

    def result(self, document: Mapping[str, Any], lines: Iterable[str] = ()) -> None:
        """Print the one result: `document` with `--json`, else `lines` for people."""
        if self.as_json:
            say_json(document)
            return
        for line in lines:
            say(line)


def command_options(function: Callable[Concatenate[Invocation, P], R]) -> Callable[..., R]:
    """Add `--data DIR` and `--json` to a command and hand it an `Invocation` as its first argument."""
    told = "The data folder; everything that is written goes there.  [default: CREDENTIALS_DATA_DIR or ./data]"
    return _with_options(function, told)


def reading_options(function: Callable[Concatenate[Invocation, P], R]) -> Callable[..., R]:
    """As `command_options`, for a command that asks a data folder only when it is named, and changes nothing there."""
    told = "The data folder of a service of yours, to believe what it knows.  [default: CREDENTIALS_DATA_DIR or none]"
    return _with_options(function, told)


def _with_options(function: Callable[Concatenate[Invocation, P], R], data_help: str) -> Callable[..., R]:
    @click.option("--data", type=click.Path(file_okay=False, path_type=Path), help=data_help)
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
    @wraps(function)
    def command(*args: Any, data: Path | None, as_json: bool, **options: Any) -> R:
        return function(Invocation(data, as_json), *args, **options)

    return command
