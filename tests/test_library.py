"""The names that other programs import from `credentials`: one list for people, for type checkers and for Python."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import credentials


def for_type_checkers() -> dict[str, tuple[str, ...]]:
    """Module → names, as the file imports them where only type checkers look."""
    tree = ast.parse(Path(credentials.__file__ or "").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        str(node.module): tuple(name.name for name in node.names)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
    }


def test_type_checkers_see_what_is_there() -> None:
    assert for_type_checkers() == credentials._HOMES
    assert {"__version__", *credentials._HOME_OF} == set(credentials.__all__)


@pytest.mark.parametrize("name", credentials.__all__)
def test_every_name_can_be_had(name: str) -> None:
    found = getattr(credentials, name)
    if name in credentials._HOME_OF:
        assert found is getattr(import_module(credentials._HOME_OF[name]), name)
    assert name in dir(credentials)


@pytest.mark.parametrize("name", ["verifier_", "HighWaterMark", "__path", "all"])
def test_other_names_are_none(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'credentials' has no attribute '{name}'"):
        getattr(credentials, name)
