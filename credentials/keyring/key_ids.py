"""The opaque names of private keys: 32 hexadecimal digits, random, the same in every backend."""

import re
import secrets

_KEY_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def new_key_id() -> str:
    """Return a fresh id of 128 random bits. It says nothing of the key's owner, nor of the backend that holds it."""
    return secrets.token_hex(16)


def is_key_id(text: str) -> bool:
    """Whether `text` has the form of a key's id. What has not is no key of ours, and no path to open either."""
    return _KEY_ID.fullmatch(text) is not None
