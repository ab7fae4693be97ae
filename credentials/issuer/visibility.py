"""Who may see a credential's page: its holder's choice, which a restored backup must not undo."""

from credentials.core.identifiers import parse_credential_id
from credentials.issuer.errors import CredentialUnknown
from credentials.issuer.means import Means
from credentials.issuer.recovery import recovering
from credentials.store import credentials
from credentials.store.credentials import Visibility
from credentials.store.engine import write


@recovering
def set_visibility(means: Means, credential_id: str, visibility: Visibility) -> None:
    """Let anyone (public), whoever has the link (unlisted) or nobody (private) see it from now on.

    Recorded outside the database first, while the row is locked: a crash in between leaves a credential more private
    than asked for, never less. Raises BadIdentifier, CredentialUnknown, PublishedRecordUnwritable.
    """
    wanted = parse_credential_id(credential_id)
    with write(means.engine) as connection:
        if credentials.lock(connection, wanted) is None:
            raise CredentialUnknown("no such credential")
        means.high_water.add_visibilities({wanted: visibility})
        credentials.set_visibility(connection, wanted, visibility)
