"""Four eyes: where a company wants two people for each award, who wrote it and who signs it are both people."""

from __future__ import annotations

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.errors import TwoPeopleWanted
from credentials.console.errors import SecondPersonWanted, WrittenByProgram
from credentials.store import organisations


def are_wanted(connection: Connection, issuer_id: str) -> bool:
    """Whether a company wants two people for each award."""
    company = organisations.by_id(connection, issuer_id)
    return company is not None and company.four_eyes


def require_person(connection: Connection, member: Member) -> None:
    """Raise TwoPeopleWanted for a program of a company that wants two people: it stands for neither of them."""
    if member.key_id and are_wanted(connection, member.issuer.id):
        raise TwoPeopleWanted(where="Authorization")


def require_second(connection: Connection, member: Member, author_id: str, key_id: str | None) -> None:
    """Raise unless this member may sign what `author_id`, or the program `key_id` in their name, wrote.

    TwoPeopleWanted: a program would sign. WrittenByProgram: a program wrote it. SecondPersonWanted: they wrote it.
    """
    require_person(connection, member)
    if not are_wanted(connection, member.issuer.id):
        return
    if key_id is not None:
        raise WrittenByProgram(where="signer")
    if author_id == member.visitor.person_id:
        raise SecondPersonWanted(where="signer")
