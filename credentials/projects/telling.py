"""What a company's programs are told of work that is going on: ids, a link, a moment, and no word of anybody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.core.instants import format_instant
from credentials.store import issuers
from credentials.store.engagements import Engagement
from credentials.webhooks.messages import emit


def announce(
    means: Means,
    connection: Connection,
    kind: str,
    event: str,
    engagement: Engagement,
    now: datetime,
    **more: int,
) -> None:
    """Tell of a step, in the transaction in which it is taken. `event` is the name under which it happens once."""
    issuer = issuers.by_id(connection, engagement.issuer_id)
    if issuer is None:
        return
    data: dict[str, object] = {
        "issuer": issuer.slug,
        "engagement": engagement.id,
        "url": f"{means.accounts.base_url}/console/{issuer.slug}/work/{engagement.id}",
        "at": format_instant(now),
        **more,
    }
    emit(connection, issuer.id, kind, event, data, now)
