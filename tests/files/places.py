"""What every place for files is tried with."""

from collections.abc import Iterator

KEY = "0123456789ABCDEFGHJKMNPQRS"
OTHER = "0123456789ABCDEFGHJKMNPQRT"


class Gone(Exception):
    """Whoever sent the file is gone."""


def cut_off(*chunks: bytes) -> Iterator[bytes]:
    """Some bytes, and then the sender is gone."""
    yield from chunks
    raise Gone
