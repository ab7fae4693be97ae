"""Law 5: every error has a stable code and advice, every setting is described, and the documentation says so of each.

The documentation is built here as `sh run docs` builds it, then read.
"""

import html
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import credentials
from credentials.cli.main import PLACES
from credentials.core.errors import CredentialError, registry
from credentials.web.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "site" / "docs"


def import_everything() -> None:
    """Import every module of the package, so that every error class is registered."""
    for module in walk_packages(credentials.__path__, "credentials."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            import_module(module.name)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, strictly built."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", "site/mkdocs.yml", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


def text_of(page: Path) -> str:
    """What a reader sees of a built page."""
    article = page.read_text(encoding="utf-8").partition("<article")[2]
    return html.unescape(re.sub(r"<[^>]+>", "", article))


def concrete_errors(kind: type[CredentialError] = CredentialError) -> list[type[CredentialError]]:
    """Every class of the family that nothing is derived from."""
    inner = kind.__subclasses__()
    return [one for child in inner for one in concrete_errors(child)] if inner else [kind]


def test_every_error_that_is_raised_has_a_code_title_and_advice() -> None:
    import_everything()
    nameless = [error.__name__ for error in concrete_errors() if not (error.code and error.title and error.advice)]

    assert nameless == []


def test_every_error_is_registered_once() -> None:
    import_everything()
    codes = [error.code for error in concrete_errors() if error.__module__.startswith("credentials.")]

    assert len(codes) == len(set(codes))
    assert set(codes) <= set(registry())


def test_a_code_cannot_be_taken_twice() -> None:
    taken = next(iter(registry()))

    with pytest.raises(TypeError, match="belongs to"):
        type("Twice", (CredentialError,), {"code": taken, "title": "x", "advice": "y"})


def test_an_error_needs_advice() -> None:
    with pytest.raises(TypeError, match="advice"):
        type("NoAdvice", (CredentialError,), {"code": "test-no-advice", "title": "x"})


def test_advice_is_a_sentence_that_says_what_to_do() -> None:
    import_everything()
    odd = [code for code, kind in registry().items() if not re.fullmatch(r"[A-Z].{8,}[.:)\w]", kind.advice, re.DOTALL)]

    assert odd == []


def test_every_error_is_in_the_reference(built: Path) -> None:
    import_everything()
    page = (built / "reference" / "errors" / "index.html").read_text(encoding="utf-8")
    codes = [code for code, kind in registry().items() if kind.__module__.startswith("credentials.")]

    assert [code for code in codes if f'id="{code}"' not in page] == []


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")] == []


def test_every_setting_is_in_the_reference(built: Path) -> None:
    text = text_of(built / "reference" / "settings" / "index.html")

    assert [name for name in Settings.model_fields if f"CREDENTIALS_{name.upper()}" not in text] == []


def test_every_command_is_in_the_reference_and_has_a_how_to(built: Path) -> None:
    text = text_of(built / "reference" / "command-line" / "index.html")
    told = {path.stem for path in (DOCS / "how-to").glob("*.md")} | {"suspend", "lift", "backup", "restore"}

    assert [name for name in PLACES if f"credentials {name}" not in text] == []
    assert set(PLACES) - told == set()


def test_every_public_name_is_in_the_reference(built: Path) -> None:
    text = text_of(built / "reference" / "python" / "index.html")

    assert [name for name in credentials.__all__ if name not in text and not name.startswith("__")] == []


def test_the_api_reference_names_every_operation(built: Path) -> None:
    text = text_of(built / "reference" / "http-api" / "index.html")

    assert "POST /api/v1/verify" in text
    assert all(f"POST /api/v1/credentials{rest}" in text for rest in ("", "/{credential_id}/revoke"))


# What makes a browser ask for something: scripts, styles, fonts, pictures, frames; not the links a reader may follow.
ELSEWHERE = r"""["']?(?:https?:)?//"""
LOADED = re.compile(
    rf"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data|srcset)\s*=\s*{ELSEWHERE}[^\s"'>]+
      | <link\b(?=[^>]*\brel=["']?(?:stylesheet|\w*preload|preconnect|dns-prefetch|icon))[^>]*?\bhref={ELSEWHERE}
      | @import\s+{ELSEWHERE}
      | \burl\(\s*{ELSEWHERE}""",
    re.VERBOSE | re.IGNORECASE,
)


def loads(text: str) -> list[str]:
    """What a page or a style would ask of another server."""
    return [match.group() for match in LOADED.finditer(text)]


def test_the_documentation_asks_no_other_server(built: Path) -> None:
    pages = [path for path in built.rglob("*") if path.suffix in (".html", ".css", ".svg")]
    found = {str(path.relative_to(built)): seen for path in pages if (seen := loads(path.read_text(encoding="utf-8")))}

    assert len(pages) > 20
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://x.example/a.js">',
        "<script async src=//x.example/a.js>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<link href="https://x.example" rel="preconnect">',
        '<img alt="a" src="http://x.example/a.png">',
        "@import 'https://x.example/a.css';",
        "src: url(https://x.example/a.woff2)",
    ],
)
def test_a_request_to_another_server_is_seen(text: str) -> None:
    assert loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://x.example/">',
        '<script src="../assets/a.js">',
        '<link rel="canonical" href="https://x.example/">',
        "url(data:image/png;base64,//8=)",
        "<code>curl https://x.example/a.js</code>",
    ],
)
def test_a_link_is_let_pass(text: str) -> None:
    assert loads(text) == []


def test_no_page_needs_what_the_theme_would_fetch(built: Path) -> None:
    # The theme's script fetches a library for diagrams from elsewhere when a page has one: none may.
    assert [path.name for path in built.rglob("*.html") if 'class="mermaid"' in path.read_text(encoding="utf-8")] == []
