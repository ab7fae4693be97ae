"""The one way to the terminal: whatever is said there shows as what it is.

Names, titles and reasons are written by strangers. A terminal obeys some characters (colours, cursor movements, the
direction of writing), so a stranger could paint GENUINE over a verdict. No such character leaves here.
"""

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import click
import msgspec

JOINERS = "\u200c\u200d"
"""Not printable by themselves, but Persian, the scripts of India and emoji are not written without."""
_NOT_ASCII = re.compile(r"[^\n -~]")


def visible(text: str) -> str:
    """One line without what could move the cursor, turn the writing direction or hide: U+FFFD stands in its place."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or character in JOINERS:
        return character
    wide_space = character.isspace() and not character.isascii()
    return " " if wide_space else "\N{REPLACEMENT CHARACTER}"


def say(line: str) -> None:
    """Print a line of the result on standard output."""
    click.echo(visible(line))


def note(line: str) -> None:
    """Say something beside the result, on standard error."""
    click.echo(visible(line), err=True)


def say_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output; what is not printable is written as escapes, which mean the same."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    click.echo(_NOT_ASCII.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    """The character itself if it is printable, else as JSON escapes it (RFC 8259 §7)."""
    character = found[0]
    if character.isprintable():
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def leave_quietly() -> None:
    """The reader of our output went away: the interpreter must not complain when it flushes at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
