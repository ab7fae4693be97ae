"""Copies of a database that can be put back under a running service, as an operator would."""

import os
import secrets
import sqlite3
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, make_url

from tests.databases import create_postgresql, drop_postgresql


class Snapshots(Protocol):
    """Take copies, and put one back."""

    def take(self) -> str:
        """Copy the database as it is; returns the copy's name."""

    def put_back(self, name: str) -> None:
        """Replace the database by a copy, while the service has it open."""


class SqliteSnapshots:
    """Copies by SQLite's backup interface; put back either through it, or by another file at the same path."""

    def __init__(self, url: str, folder: Path, *, by_rename: bool) -> None:
        self.path = Path(str(make_url(url).database))
        self.folder = folder
        self.by_rename = by_rename

    def take(self) -> str:
        name = secrets.token_hex(4)
        _copy(self.path, self.folder / name)
        return name

    def put_back(self, name: str) -> None:
        if not self.by_rename:
            _copy(self.folder / name, self.path)
            return
        fresh = self.path.with_suffix(".restored")
        _copy(self.folder / name, fresh)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        os.replace(fresh, self.path)  # noqa: PTH105


def _copy(source: Path, target: Path) -> None:
    left, right = sqlite3.connect(source), sqlite3.connect(target)
    left.backup(right)
    left.close()
    right.close()


class PostgresqlSnapshots:
    """Copies are databases made from the running one as a template."""

    def __init__(self, url: str, admin: Engine, engine: Engine) -> None:
        self.name = str(make_url(url).database)
        self.admin = admin
        self.engine = engine
        self.copies: list[str] = []

    def take(self) -> str:
        self.engine.dispose()  # a template must have no other connection
        name = f"copy_{secrets.token_hex(4)}"
        create_postgresql(self.admin, name, self.name)
        self.copies.append(name)
        return name

    def put_back(self, name: str) -> None:
        drop_postgresql(self.admin, self.name)
        create_postgresql(self.admin, self.name, name)

    def drop_all(self) -> None:
        for name in self.copies:
            drop_postgresql(self.admin, name)
