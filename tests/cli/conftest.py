"""Run commands as a person would, in this process, and a demo folder to run them on."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credentials.cli.demo_samples import DemoLinks, prepare
from credentials.cli.invocation import Invocation
from credentials.cli.main import run

BASE_URL = "http://127.0.0.1:8123"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one command did."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one JSON document on standard output."""
        return msgspec.json.decode(self.out)


Credentials = Callable[..., Outcome]


@pytest.fixture
def credentials(capsys: pytest.CaptureFixture[str]) -> Credentials:
    """`credentials("verify", path)`: the command's exit code and what it printed."""

    def command(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return command


@dataclass(frozen=True, slots=True)
class Demo:
    """A data folder with the demo's samples, and their links."""

    folder: Path
    links: DemoLinks

    def token(self, name: str) -> bytes:
        """The stored signed bytes of a sample."""
        with Invocation(self.folder, as_json=False).service() as service:
            return service.resolver.fetch(f"{getattr(self.links, name)}.jwt", accept="*/*", max_bytes=100_000).body

    def published(self, url: str) -> bytes:
        """What stands at one of the service's addresses."""
        with Invocation(self.folder, as_json=False).service() as service:
            return service.resolver.fetch(url, accept="*/*", max_bytes=1_000_000).body


def make_demo(folder: Path) -> Demo:
    """The samples in a folder."""
    with Invocation(folder, as_json=False).service(base_url=BASE_URL) as service:
        return Demo(folder, prepare(service))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Made once: look, do not change."""
    return make_demo(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture
def own_demo(demo: Demo, tmp_path: Path) -> Demo:
    """A copy to change."""
    shutil.copytree(demo.folder, tmp_path / "data")
    return Demo(tmp_path / "data", demo.links)
