"""What webhooks tell of, a closed list.

A message holds ids, links and moments only: no name, no e-mail address, no word that a person wrote, not even those
that a credential's page shows. Whoever may see more follows the link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from credentials.webhooks.errors import WebhookKindUnknown


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its name, when it is told, and the members that its `data` may have."""

    name: str
    meaning: str
    members: frozenset[str]


_CREDENTIAL = frozenset({"issuer", "credential", "url"})
_PROJECT = frozenset({"issuer", "project", "url"})
_STATUS = _CREDENTIAL | {"status", "at"}
_WORK = frozenset({"issuer", "engagement", "url", "at"})
_LIST = frozenset({"issuer", "list", "url", "at"})

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("credential.issued", "A credential was signed and released.", _CREDENTIAL),
            Kind("credential.claimed", "The person it is about took a credential into their portfolio.", _CREDENTIAL),
            Kind("credential.revoked", "A credential was withdrawn for good.", _STATUS),
            Kind("credential.corrected", "A corrected credential took its place.", _STATUS | {"successor"}),
            Kind("credential.suspended", "A credential was put on hold.", _STATUS),
            Kind("credential.lifted", "The hold on a credential ended.", _STATUS),
            Kind("credential.bounced", "The mail that hands a credential over came back.", _CREDENTIAL),
            Kind(
                "credential.disputed",
                "Its holder says that something in a credential is wrong.",
                _CREDENTIAL | {"dispute"},
            ),
            Kind("project.opened", "A project was put on the board.", _PROJECT),
            Kind("project.closed", "A project was taken off the board.", _PROJECT),
            Kind("project.invited", "Somebody of the talent pool was invited to a project.", _PROJECT),
            Kind("application.sent", "Somebody applied to a project.", _PROJECT | {"application"}),
            Kind("application.withdrawn", "Somebody took an application back.", _PROJECT | {"application"}),
            Kind("offer.taken", "Somebody took the offer of a project.", _PROJECT | {"application", "engagement"}),
            Kind("work.agreed", "Both sides accepted the terms of some work, or other terms for it.", _WORK),
            Kind("work.submitted", "Work was handed in.", _WORK),
            Kind("work.returned", "Work that was handed in went back with notes.", _WORK),
            Kind("work.accepted", "All of the work was accepted; its award waits for a signature.", _WORK),
            Kind("work.completed", "The credential for accepted work was signed.", _WORK),
            Kind("work.paid", "The company said that it paid for work.", _WORK),
            Kind("work.pay-confirmed", "The candidate confirmed that the pay arrived.", _WORK),
            Kind("work.ended", "One side ended work before it was accepted.", _WORK),
            Kind("next-step.answered", "A candidate said whether an offer of more interests them.", _WORK | {"step"}),
            Kind("reference.answered", "Somebody said whether they stand as a reference, or took it back.", _WORK),
            Kind("list.checked", "An uploaded list was checked; nothing of it is issued by that.", _LIST),
            Kind("list.done", "All that can be issued of a list is issued and sent.", _LIST),
            Kind("list.stopped", "A list was stopped, for the company can sign nothing now.", _LIST),
            Kind("domain.lost", "The proof of a domain does not hold any more.", frozenset({"issuer", "domain", "at"})),
            Kind("key.rotated", "Another key signs from now on.", frozenset({"issuer", "key", "url", "at"})),
        )
    }
)
"""Every kind by its name. `issuer` is a slug; `url`, `status` are links; `at` is a moment (RFC 3339, UTC)."""


def known_kinds(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the registry, each once. Raises WebhookKindUnknown for an unknown one and for none."""
    wanted = set(names)
    if not wanted or not wanted.issubset(KINDS):
        raise WebhookKindUnknown(", ".join(sorted(one[:40] for one in wanted.difference(KINDS))), where="kinds")
    return tuple(name for name in KINDS if name in wanted)


def require_data(kind: str, data: Mapping[str, object]) -> None:
    """Raise ValueError when `data` has members that a message of this kind does not tell, or the kind is unknown."""
    if kind not in KINDS or not KINDS[kind].members.issuperset(data):
        raise ValueError(f"a message of the kind {kind} does not hold {', '.join(sorted(data))}")
