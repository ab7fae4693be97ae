"""Show several portfolios as one: for an operator who knows that they are one person's.

Each issuer has candidates of its own, so a person with work from three companies has three portfolios until somebody
who may says that they belong together. No issuer may: it would learn what others say of a person, and could put
whatever it likes beside it.
"""

import structlog

from credentials.issuer.errors import PortfolioUnknown
from credentials.issuer.means import Means
from credentials.store import candidates
from credentials.store.candidates import Candidate
from credentials.store.engine import write

_log = structlog.get_logger(__name__)


def join_portfolios(means: Means, slug: str, into: str) -> Candidate:
    """Show the work of the portfolio `slug` in the portfolio `into`; the old address leads there from now on.

    What the same issuers issue to the same addresses later goes there too. Nothing happens when they are one already.
    The log keeps who was joined with whom, by their ids. Returns whose portfolio it is now. Raises PortfolioUnknown.
    """
    with write(means.engine) as connection:
        wanted = {name: candidates.by_slug(connection, name) for name in (slug, into)}
        candidates.lock(connection, {one.id for one in wanted.values() if one})
        one, other = candidates.by_slug(connection, slug), candidates.by_slug(connection, into)
        if one is None or other is None:
            raise PortfolioUnknown(f"no portfolio {(into if one else slug)[:80]!r}", where="portfolio")
        if one.id == other.id:
            return other
        candidates.join(connection, one.id, other.id)
    _log.info("portfolios-joined", candidate=one.id, into=other.id)
    return other
