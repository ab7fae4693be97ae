"""What holders said is wrong with their credentials, and what became of it: all of it, the last said first."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from credentials.accounts.acting import Member
from credentials.console.award_form import LABELS
from credentials.console.means import Means
from credentials.console.proposing import kept_proposal
from credentials.store import credentials, disputes, pages
from credentials.store.disputes import Dispute
from credentials.store.engine import read
from credentials.store.pages import Found, Place


class Said(msgspec.Struct, frozen=True):
    """A dispute for people: the title of its credential, and what they would have there, by the label of the field."""

    dispute: Dispute
    title: str
    wanted: Mapping[str, str]


def page_of_disputes(means: Means, member: Member, state: str | None, before: Place | None) -> Found[Dispute]:
    """A page of the company's disputes, the newest first."""
    with read(means.accounts.engine) as connection:
        found = disputes.page_of_issuer(connection, member.issuer.id, state, before, pages.PAGE + 1)
    return pages.cut(found, [(one.created_at, one.id) for one in found])


def page_of_said(means: Means, member: Member, before: Place | None) -> Found[Said]:
    """The same in any state, as a page shows it."""
    found = page_of_disputes(means, member, None, before)
    with read(means.accounts.engine) as connection:
        titles = credentials.titles(connection, {one.credential_id for one in found.rows})
    return Found([_said(one, titles[one.credential_id]) for one in found.rows], found.last)


def _said(one: Dispute, title: str) -> Said:
    proposal = kept_proposal(one.proposal)
    return Said(one, title, {LABELS[name]: proposal[name] for name in LABELS if name in proposal})
