"""A group of commands each of which is imported when it is asked for: `--help` and Ctrl-C need not wait for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from credentials.cli.on_demand import imported
from credentials.cli.terminal import leave_quietly

PIPE_CLOSED = 141
"""What a shell reports of a program that ended because nobody reads its output: 128 + SIGPIPE."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is (`module:attribute`), and its line in the list of commands."""

    target: str
    short_help: str

    def load(self) -> click.Command:
        """Import it."""
        found = imported(self.target)
        if not isinstance(found, click.Command):
            raise TypeError(f"{self.target} is not a command")
        return found


class LazyGroup(click.Group):
    """Knows its commands by their places. A closed pipe ends any of them without a word."""

    def __init__(self, *args: Any, places: Mapping[str, Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names, in the order of the alphabet."""
        return sorted(self.places)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import a command; None when there is none of this name."""
        place = self.places.get(name)
        return None if place is None else place.load()

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.places[name].short_help) for name in sorted(self.places)])

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the call, which may print help."""
        try:
            return super().make_context(*args, **options)
        except BrokenPipeError:
            leave_quietly()
            raise click.exceptions.Exit(PIPE_CLOSED) from None

    def invoke(self, context: click.Context) -> Any:
        """Run a command. Click would call a closed pipe exit code 1, which is a verdict here."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            leave_quietly()
            return PIPE_CLOSED
