"""The files of a company acme over one database and a folder, and people around them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.accounts.acting import Member, Visitor
from credentials.files.disk import DiskStorage
from credentials.files.service import Files, Limits
from credentials.store.files import StoredFile
from tests.accounts.actors import BASE_URL, World
from tests.accounts.actors import world as make_world
from tests.accounts.conftest import NOW, add_issuer

SUBJECT = "award:0123456789ABCDEFGHJKMNPQRS"


@dataclass
class FileWorld:
    """Files, the folder that they lie in, the people, and the credentials whose pages are open."""

    files: Files
    folder: Path
    people: World
    owner: Member
    shown: set[str] = field(default_factory=set)

    def receive(self, content: bytes, name: str = "report.txt", subject: str = SUBJECT) -> StoredFile:
        """The owner of acme uploads something."""
        return self.files.receive(BytesIO(content), name, subject, "id-of-acme", self.owner.visitor)

    def with_limits(self, file: int, company: int = 1 << 40) -> "FileWorld":
        """The same with other limits."""
        return replace(self, files=replace(self.files, limits=Limits(file, company)))

    def content(self, found: StoredFile) -> bytes:
        """The bytes of a file."""
        return b"".join(self.files.open(found))

    def on_disk(self) -> list[Path]:
        """Everything that lies in the folder."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def file_world(engine: Engine, tmp_path: Path) -> FileWorld:
    """The companies acme and other, and nothing uploaded yet."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    people = make_world(engine, NOW)
    shown: set[str] = set()
    is_shown: Callable[[str], bool] = shown.__contains__
    limits = Limits(1 << 31, 1 << 40)
    files = Files(engine, DiskStorage(tmp_path / "files"), people.clock, BASE_URL, limits, is_shown)
    return FileWorld(files, tmp_path / "files", people, people.owner(), shown)


__all__ = ["SUBJECT", "FileWorld", "Visitor"]
