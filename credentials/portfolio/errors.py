"""What can go wrong when something is to be shown."""

from __future__ import annotations

from credentials.core.errors import NotFound


class NothingHere(NotFound):
    """There is no such page, or its holder keeps it private: the two look the same, so that nobody can tell."""

    code = "nothing-here"
    title = "Nothing here, or it’s private"
    advice = "Ask the holder for the link. If you typed it, compare every character."
