"""Read back what an issuer recorded: one credential with its signed forms and its events."""

from collections.abc import Mapping
from dataclasses import dataclass

from credentials.core.identifiers import parse_credential_id
from credentials.issuer.errors import CredentialUnknown
from credentials.issuer.forms import COMPACT, POST_QUANTUM, SELECTIVE_FORMS
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.recovery import recovering
from credentials.store import credentials, status
from credentials.store.credentials import SecuredForm, StoredCredential
from credentials.store.engine import read
from credentials.store.status import RecordedEvent


@dataclass(frozen=True, slots=True)
class Holding:
    """A credential of an issuer. `form` is None while it is recorded but not signed yet; events are oldest first.

    `post_quantum` is its second token; None too where its issuer made none. `selective` are the forms for the candidate
    alone, by their names; empty where it has none.
    """

    stored: StoredCredential
    form: SecuredForm | None
    post_quantum: SecuredForm | None
    events: tuple[RecordedEvent, ...]
    selective: Mapping[str, SecuredForm]


@recovering
def form_of(means: Means, credential_id: str, form: str) -> SecuredForm | None:
    """A released form of a credential, None where it has none of this name. For the operator's own hands.

    Raises BadIdentifier.
    """
    with read(means.engine) as connection:
        return credentials.secured(connection, parse_credential_id(credential_id), form)


def released(means: Means, credential_id: str) -> list[SecuredForm]:
    """Every released form of a credential of ours. Raises CredentialUnknown when there is none."""
    with read(means.engine) as connection:
        forms = credentials.every_form(connection, credential_id)
    if not forms:
        raise CredentialUnknown("no such credential")
    return forms


@recovering
def find(means: Means, slug: str, credential_id: str) -> Holding:
    """An issuer's credential by its id in any spelling. Another issuer's is as good as unknown.

    Raises BadIdentifier, IssuerUnknown, CredentialUnknown.
    """
    wanted = parse_credential_id(credential_id)
    with read(means.engine) as connection:
        issuer = require_issuer(means, connection, slug)
        stored = credentials.by_id(connection, wanted)
        if stored is None or stored.issuer_id != issuer.id:
            raise CredentialUnknown("no such credential")
        form = credentials.secured(connection, wanted, COMPACT)
        second = credentials.secured(connection, wanted, POST_QUANTUM)
        private = {name: credentials.secured(connection, wanted, name) for name in SELECTIVE_FORMS}
        selective = {name: found for name, found in private.items() if found is not None}
        return Holding(stored, form, second, tuple(status.story(connection, wanted)), selective)
