"""The bundled lists that look-alikes are compared with: well-known companies, and words that make no difference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Company:
    """Whom somebody may look like: its names, its domains (the first is how it is called here).

    `is_word`: its name is an ordinary word too, so that a name which merely has it in it says nothing.
    """

    names: tuple[str, ...]
    domains: tuple[str, ...]
    is_word: bool = False


@cache
def well_known() -> tuple[Company, ...]:
    """The companies of the bundled list, by first domain."""
    return tuple(_company(line) for line in _lines("well_known.txt"))


@cache
def generic_words() -> frozenset[str]:
    """Words such as `careers`, `inc` and `secure`, in lower case."""
    return frozenset(word for line in _lines("generic_words.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    text = files("credentials.identity").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _company(line: str) -> Company:
    domains, names, *mark = line.split("\t")
    return Company(tuple(names.split("|")), tuple(domains.split(",")), mark == ["word"])
