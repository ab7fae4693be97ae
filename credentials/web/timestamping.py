"""The timestamp authority that a service asks, from its settings."""

from __future__ import annotations

import secrets

from credentials.core.timestamps import (
    MAX_TOKEN_BYTES,
    NONCES,
    QUERY_MEDIA_TYPE,
    REPLY_MEDIA_TYPE,
    Roots,
    accept_answer,
    timestamp_request,
)
from credentials.issuer.means import Means
from credentials.issuer.stamping import Stamp, Stamper
from credentials.verifier.locations import parse_location
from credentials.verifier.outbound import OutboundClient
from credentials.web.errors import SettingInvalid
from credentials.web.settings import Settings
from credentials.web.timestamp_roots import ROOTS_SETTING


def make_stamper(settings: Settings, roots: Roots, means: Means) -> Stamper | None:
    """Who takes timestamps; None where no authority is set. Raises SettingInvalid for one whose root is not known."""
    address = settings.timestamp_authority
    if address is None:
        return None
    if not roots:
        raise SettingInvalid("an authority needs its root certificate here", where=ROOTS_SETTING)
    port = parse_location(address, allowed_ports=range(1, 1 << 16)).port
    client = OutboundClient(
        timeout=settings.outbound_timeout,
        allowed_ports=(port,),
        allowed_private_hosts=settings.outbound_private_hosts,
    )
    return Stamper(means.engine, authority_at(client, address, roots), means.clock)


def authority_at(client: OutboundClient, address: str, roots: Roots) -> Stamp:
    """Timestamps by the authority at an https address, each checked against the request before it is handed on."""

    def stamp(stamped: bytes) -> bytes:
        nonce = secrets.randbelow(NONCES)
        answer = client.exchange(
            address,
            timestamp_request(stamped, nonce),
            {"Content-Type": QUERY_MEDIA_TYPE, "Accept": REPLY_MEDIA_TYPE},
            max_bytes=MAX_TOKEN_BYTES,
        )
        return accept_answer(answer.body, stamped, nonce, roots)

    return stamp
