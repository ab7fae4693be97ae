"""Whose timestamps a service or a command believes, from its settings."""

from __future__ import annotations

from typing import Final

from credentials.core.errors import CredentialError
from credentials.core.timestamps import Roots, parse_roots
from credentials.web.errors import SettingInvalid
from credentials.web.settings import Settings

ROOTS_SETTING: Final = "CREDENTIALS_TIMESTAMP_ROOTS"


def timestamp_roots(settings: Settings) -> Roots:
    """The root certificates of the authorities that are believed; none without the setting. Raises SettingInvalid."""
    if settings.timestamp_roots is None:
        return ()
    try:
        return parse_roots(settings.timestamp_roots.read_bytes())
    except (OSError, CredentialError) as error:
        raise SettingInvalid("name a file of certificates in PEM that can be read", where=ROOTS_SETTING) from error
