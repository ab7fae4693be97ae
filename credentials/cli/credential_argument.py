"""Name a credential as people have it at hand: its link, its id, or its 10-character code."""

from credentials.issuer.errors import CredentialUnknown
from credentials.store import credentials
from credentials.store.engine import read
from credentials.verifier.intake import Code, Link, Unrecognised, recognise
from credentials.web.issuing import Issuing


def credential_id(service: Issuing, text: str) -> str:
    """The id of one of this service's own credentials.

    Raises CredentialUnknown, and whatever intake says of a text that is no link, id or code.
    """
    match recognise(text, base_url=service.base_url):
        case Link(credential_id=str(found)):
            return found
        case Code(code=code):
            return _by_code(service, code)
        case Unrecognised(error=error):
            raise error
        case _:
            raise CredentialUnknown("this is not a credential of this service")


def _by_code(service: Issuing, code: str) -> str:
    with read(service.engine) as connection:
        stored = credentials.by_code(connection, code)
    if stored is None:
        raise CredentialUnknown("no credential has this code")
    return stored.id
