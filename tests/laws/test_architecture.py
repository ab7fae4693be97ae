"""The laws of the architecture: kept by the package, and each able to notice when it is broken."""

from pathlib import Path

import pytest

from tests.laws import rooms, writing
from tests.laws.source_tree import Law, SourceTree

PACKAGE = Path(__file__).parents[2] / "credentials"
TESTS = Path(__file__).parents[1]

LAWS = (*rooms.LAWS, *writing.LAWS)

# A sentence for docstrings of samples, so that only the law under test is broken.
DOC = '"""Sample."""\n'

# law → a tree that breaks it (path → source), and the text its complaint must contain.
BAD = [
    (rooms.core_is_pure, {"core/clock.py": "import time\n"}, "imports time"),
    (rooms.core_is_pure, {"core/clock.py": "from os.path import join\n"}, "imports os"),
    (rooms.core_is_pure, {"core/clock.py": "now = datetime.now(UTC)\n"}, "datetime.now"),
    (rooms.core_is_pure, {"core/clock.py": "now = datetime.datetime.now(UTC)\n"}, "datetime.now"),
    (rooms.core_is_pure, {"core/clock.py": "text = open('a').read()\n"}, "uses open"),
    (rooms.rooms_talk_downwards, {"core/a.py": "from credentials.store import b\n"}, "imports from store"),
    (rooms.rooms_talk_downwards, {"verifier/a.py": "from credentials.issuer.status import b\n"}, "imports from issuer"),
    (rooms.rooms_talk_downwards, {"issuer/a.py": "import credentials.verifier.verify\n"}, "imports from verifier"),
    (rooms.rooms_talk_downwards, {"verifier/a.py": "from credentials import store\n"}, "imports from store"),
    (rooms.rooms_talk_downwards, {"verifier/checks.py": "from credentials.web import access\n"}, "imports from web"),
    (rooms.rooms_talk_downwards, {"store/a.py": "import credentials.keyring\n"}, "imports from keyring"),
    (rooms.rooms_talk_downwards, {"web/a.py": "from credentials.cli import main\n"}, "imports from cli"),
    (rooms.rooms_talk_downwards, {"basement/a.py": ""}, "not a room"),
    (rooms.packages_have_their_place, {"issuer/status.py": "from flask import request\n"}, "imports flask"),
    (rooms.packages_have_their_place, {"verifier/checks.py": "import sqlalchemy as sa\n"}, "imports sqlalchemy"),
    (rooms.packages_have_their_place, {"portfolio/routes.py": "from sqlalchemy import select\n"}, "imports sqlalchemy"),
    (rooms.packages_have_their_place, {"core/vc_jwt.py": "import jwt.algorithms\n"}, "imports jwt"),
    (rooms.packages_have_their_place, {"core/linked_data/rdfc.py": "import pyoxigraph\n"}, "imports pyoxigraph"),
    (rooms.packages_have_their_place, {"verifier/verify.py": "from rfc8785 import dumps\n"}, "imports rfc8785"),
    (rooms.packages_have_their_place, {"portfolio/views.py": "import qrcode\n"}, "imports qrcode"),
    (rooms.packages_have_their_place, {"portfolio/pages.py": "import requests\n"}, "imports requests"),
    (rooms.packages_have_their_place, {"portfolio/pages.py": "import urllib.request\n"}, "imports urllib.request"),
    (rooms.packages_have_their_place, {"issuer/draft.py": "from pydantic import BaseModel\n"}, "imports pydantic"),
    (rooms.one_reader_of_the_environment, {"web/app.py": "import os\nx = os.environ['A']\n"}, "os.environ"),
    (rooms.one_reader_of_the_environment, {"cli/a.py": "from os import getenv\n"}, "os.getenv"),
    (rooms.no_imports_inside_functions, {"web/a.py": "def f():\n    import credentials.core\n"}, "f imports core"),
    (rooms.no_imports_inside_functions, {"web/a.py": "def f():\n    from credentials import core\n"}, "f imports core"),
    (rooms.absolute_imports_only, {"web/a.py": "from . import b\n"}, "imports ."),
    (
        rooms.no_circles,
        {"core/a.py": "import credentials.core.b\n", "core/b.py": "from credentials.core.a import x\n"},
        "core.a: imports itself",
    ),
    (
        rooms.no_circles,
        {
            "web/a.py": "from credentials.web import b\n",
            "web/b.py": "from credentials.web import c\n",
            "web/c.py": "from credentials.web.a import x\n",
            "web/d.py": "from credentials.web.a import x\n",
        },
        "web.b: imports itself",
    ),
    (writing.public_things_are_documented, {"core/a.py": "x = 1\n"}, "a.py: module"),
    (writing.public_things_are_documented, {"core/a.py": DOC + "def f(): pass\n"}, ": f"),
    (writing.public_things_are_documented, {"core/a.py": DOC + f"class A:\n    {DOC}    def f(self): pass\n"}, ": f"),
    (writing.everything_is_typed, {"core/a.py": "def f(x) -> None: pass\n"}, ": f"),
    (writing.everything_is_typed, {"core/a.py": "def f(x: int): pass\n"}, ": f"),
    (writing.everything_is_typed, {"core/a.py": "class A:\n    def f(self, *, x) -> None: pass\n"}, ": f"),
    (writing.functions_are_short, {"core/a.py": "def f():\n" + "    x = 1\n" * 60}, "61 lines"),
    (writing.functions_are_short, {"core/a.py": "def f():\n" + "    x = 1\n" * 9}, "the median function has 10"),
    (
        writing.functions_are_short,
        {"core/a.py": "def f(): pass\n" * 15, "core/b.py": "def f():\n" + "    x = 1\n" * 31},
        "the 95th percentile is 32",
    ),
    (writing.files_are_short, {"core/a.py": "x = 1\n" * 351}, "351 lines"),
    (writing.names_say_something, {"core/utils.py": ""}, "utils"),
    (writing.names_say_something, {"web/helpers/dates.py": ""}, "helpers"),
    (writing.errors_are_caught_by_name, {"core/a.py": "try:\n    x\nexcept:\n    y\n"}, "a.py:3"),
    (writing.errors_are_caught_by_name, {"core/a.py": "try:\n    x\nexcept Exception:\n    pass\n"}, "a.py:3"),
    (rooms.routes_declare_their_caller, {"web/routes.py": "@app.get('/')\ndef home(): pass\n"}, "home"),
    (rooms.only_verify_makes_verified_credentials, {"web/a.py": "x = core.VerifiedCredential(1)\n"}, "a.py:1"),
    (rooms.the_store_never_commits, {"store/keys.py": "def f(c):\n    c.commit()\n"}, "keys.py:2"),
]

# law → a tree that comes close to breaking it and does not.
GOOD = [
    (rooms.core_is_pure, {"core/a.py": "from datetime import datetime\nimport io, zlib, hashlib\nopened = 1\n"}),
    (rooms.core_is_pure, {"web/a.py": "import os, time\nopen('a')\n"}),
    (rooms.rooms_talk_downwards, {"verifier/routes.py": "from credentials.web.access import declares\n"}),
    (rooms.rooms_talk_downwards, {"issuer/a.py": "import credentials.core.jws, credentials.issuer.b\n"}),
    (rooms.packages_have_their_place, {"issuer/routes.py": "import flask\n", "core/jws.py": "from jwt import x\n"}),
    (rooms.packages_have_their_place, {"core/a.py": "from urllib.parse import urlsplit\nimport jwtless\n"}),
    (rooms.packages_have_their_place, {"core/linked_data/oxigraph.py": "from pyoxigraph import parse\n"}),
    (rooms.one_reader_of_the_environment, {"web/settings.py": "import os\nx = os.environ\n"}),
    (rooms.one_reader_of_the_environment, {"web/app.py": "def app(environ): return environ['PATH_INFO']\n"}),
    (rooms.no_imports_inside_functions, {"web/a.py": "def f():\n    import json\n"}),
    (rooms.absolute_imports_only, {"web/a.py": "import credentials.core\n"}),
    (rooms.no_circles, {"core/a.py": "import credentials.core.b\n", "core/b.py": "import credentials.core.c\n"}),
    (writing.public_things_are_documented, {"core/a.py": DOC + "def _f(): pass\n"}),
    (writing.everything_is_typed, {"core/a.py": "class A:\n    def f(self, x: int) -> None: pass\n"}),
    (writing.functions_are_short, {"core/a.py": "def f():\n    '''Doc.\n" + "\n" * 70 + "    '''\n    return 1\n"}),
    (writing.files_are_short, {"core/a.py": "x = 1\n" * 350}),
    (writing.names_say_something, {"core/utilities_bill.py": ""}),
    (writing.errors_are_caught_by_name, {"core/a.py": "try:\n    x\nexcept Exception:\n    raise\n"}),
    (rooms.routes_declare_their_caller, {"web/routes.py": "@app.get('/')\n@declares(PUBLIC)\ndef home(): pass\n"}),
    (rooms.only_verify_makes_verified_credentials, {"core/vc_jwt.py": "x = VerifiedCredential(1)\n"}),
    (rooms.the_store_never_commits, {"store/engine.py": "def f(c):\n    c.commit()\n"}),
]


def sample(folder: Path, files: dict[str, str]) -> SourceTree:
    """Write a small package and read it back."""
    for name, text in files.items():
        path = folder / "credentials" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return SourceTree.of(folder / "credentials")


@pytest.fixture(scope="module")
def package() -> SourceTree:
    """The real package."""
    return SourceTree.of(PACKAGE)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_is_kept(law: Law, package: SourceTree) -> None:
    assert law(package) == []


@pytest.mark.parametrize(("law", "files", "complaint"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_law_notices(law: Law, files: dict[str, str], complaint: str, tmp_path: Path) -> None:
    found = law(sample(tmp_path, files))

    assert any(complaint in line for line in found), found


@pytest.mark.parametrize(("law", "files"), GOOD, ids=lambda value: getattr(value, "__name__", None))
def test_law_lets_pass(law: Law, files: dict[str, str], tmp_path: Path) -> None:
    found = law(sample(tmp_path, files))

    assert found == []


def test_the_files_of_the_tests_are_short_too() -> None:
    ours = (module for module in SourceTree.of(TESTS) if "node_modules" not in Path(module.path).parts)

    assert writing.files_are_short(SourceTree(tuple(ours))) == []


def test_every_law_is_tried_both_ways() -> None:
    assert {law for law, *_ in BAD} == set(LAWS)
    assert {law for law, *_ in GOOD} == set(LAWS)


def test_the_package_is_there(package: SourceTree) -> None:
    assert {"core", "keyring", "store", "issuer", "portfolio", "verifier", "accounts", "web", "cli"} <= {
        module.room for module in package
    }
