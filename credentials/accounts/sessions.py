"""Sessions: a random cookie, known here by its digest only; listed, ended, and short.

- A session ends 14 days after it began, and after 3 days without a visit (OWASP ASVS 5.0 §7.3).
- Signing in always makes a new session: a cookie that was there before is worth nothing (session fixation).
- A step that is sensitive wants a proof of the last 15 minutes, in two steps where the person has a second one; proving
  again changes the cookie.
- Where a sign-in comes from a browser and network that the person did not use before, they are told by mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.errors import ProofWanted, SessionUnknown
from credentials.accounts.tokens import digest_of, looks_like_token, new_id, new_token
from credentials.store import people, sign_in
from credentials.store import sessions as rows
from credentials.store.engine import read, write
from credentials.store.sessions import Session

LIFETIME = timedelta(days=14)
IDLE = timedelta(days=3)
RECENT = timedelta(minutes=15)
SEEN_GRAIN = timedelta(minutes=5)
"""A visit is written down this often at most."""
STRONG = frozenset({"passkey", "recovery", "provider-in-two-steps"})
"""Ways of signing in that took two steps. A company's provider counts as one step unless it says otherwise."""
_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from: the client's address and what its browser calls itself."""

    origin: str
    agent: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that began: its cookie, and whether the person never signed in from there."""

    cookie: str
    session: Session
    unfamiliar: bool

    def __repr__(self) -> str:
        """Without the cookie."""
        return f"Begun(session={self.session.id!r})"


def begin(
    connection: Connection,
    person_id: str,
    method: str,
    client: Client,
    now: datetime,
    proved_at: datetime | None = None,
) -> Begun:
    """Begin a session for a person who proved who they are by `method`, in the caller's transaction.

    `proved_at`: when they did, if that was not just now.
    """
    cookie, digest = new_token()
    known = rows.of_person(connection, person_id)
    agent = "".join(filter(str.isprintable, client.agent))[:_LONGEST_AGENT]
    session = Session(
        id=new_id(),
        digest=digest,
        person_id=person_id,
        method=method,
        agent=agent,
        origin=client.origin,
        created_at=now,
        proved_at=proved_at or now,
        last_seen_at=now,
        expires_at=now + LIFETIME,
    )
    rows.add(connection, session)
    familiar = any((one.agent, one.origin) == (agent, client.origin) for one in known)
    return Begun(cookie, session, bool(known) and not familiar)


def visitor(engine: Engine, cookie: str, client: Client, now: datetime) -> Visitor | None:
    """Who has this cookie, or None when it opens nothing (any more). Remembers the visit."""
    if not looks_like_token(cookie):
        return None
    with read(engine) as connection:
        session = rows.by_digest(connection, digest_of(cookie))
        person = people.by_id(connection, session.person_id) if session and is_open(session, now) else None
        if session is None or person is None or person.closed_at is not None:
            return None
        operator = people.is_operator(connection, person.id)
        guarded = is_guarded(connection, person.id)
    if now - session.last_seen_at >= SEEN_GRAIN:
        with write(engine) as connection:
            rows.touch(connection, session.id, now)
    return Visitor(
        person_id=person.id,
        name=person.name,
        session_id=session.id,
        proved_at=session.proved_at,
        strong=session.method in STRONG,
        guarded=guarded,
        operator=operator,
        origin=client.origin,
    )


def is_guarded(connection: Connection, person_id: str) -> bool:
    """Whether an account wants a second step after a link: it has a passkey, or recovery codes that are left."""
    return bool(sign_in.passkeys(connection, person_id)) or sign_in.recovery_codes_left(connection, person_id) > 0


def is_open(session: Session, now: datetime) -> bool:
    """Whether a session may still be used."""
    return session.ended_at is None and now < min(session.expires_at, session.last_seen_at + IDLE)


def require_recent(visitor: Visitor, now: datetime) -> None:
    """Raise ProofWanted unless the person proved who they are within the last 15 minutes, by all that they have."""
    if now - visitor.proved_at >= RECENT or (visitor.guarded and not visitor.strong):
        raise ProofWanted


def open_sessions(engine: Engine, person_id: str, now: datetime) -> list[Session]:
    """A person's sessions that may still be used, the newest first."""
    with read(engine) as connection:
        return [one for one in rows.of_person(connection, person_id) if is_open(one, now)]


def end(engine: Engine, person_id: str, session_id: str, now: datetime) -> None:
    """End one of a person's sessions at once. Raises SessionUnknown."""
    with write(engine) as connection:
        if not rows.end(connection, person_id, session_id, now):
            raise SessionUnknown(where="session")


def end_cookie(engine: Engine, cookie: str, now: datetime) -> None:
    """End the session of a cookie, if it is one: its browser signs in anew."""
    if not looks_like_token(cookie):
        return
    with write(engine) as connection:
        session = rows.by_digest(connection, digest_of(cookie))
        if session is not None:
            rows.end(connection, session.person_id, session.id, now)


def end_others(engine: Engine, person_id: str, kept: str, now: datetime) -> int:
    """End all of a person's sessions but one; returns how many."""
    with write(engine) as connection:
        return rows.end_others(connection, person_id, kept, now)
