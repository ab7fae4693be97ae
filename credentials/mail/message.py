"""A letter: what it says, in plain paragraphs, and the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do: what the button says and where it leads."""

    label: str
    url: str

    def __repr__(self) -> str:
        """Without the address, which may open an account."""
        return f"Action(label={self.label!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `kind` says what sort it is; `reason` why the reader gets it; `after` stands below the action."""

    kind: str
    subject: str
    paragraphs: tuple[str, ...]
    action: Action | None = None
    after: tuple[str, ...] = ()
    reason: str = ""
