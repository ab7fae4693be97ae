"""A credential spelled exactly as this project spells it: one typed decode reads it, and nothing is left to look for.

If encoding what was decoded gives the very bytes again, then nothing stood there that the types do not know: no other
member, none twice, no other order or spacing. Then `strict_json`, `parse_credential` and `read_achievement` would find
nothing to object to, and the same; see ADR 38. Whatever is not exactly so is None here and left to those, who say what
is the matter. Nothing in the result is proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from types import MappingProxyType
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.achievement import CONTEXTS, AchievementCredential, Profile, check_profile
from credentials.core.credential import MAX_STATUSES, Credential, StatusEntry, checked_status
from credentials.core.errors import CredentialError, MalformedCredential
from credentials.core.object_identity import names_twice

_TYPES: Final = ("VerifiableCredential", "AchievementCredential")
_CLAIMS_BEGIN: Final = b',"iss":'
_NO_CLAIMS: Final[Mapping[str, Any]] = MappingProxyType({})


class _Claimed(AchievementCredential, frozen=True, kw_only=True):
    """As the payload of a token: the registered claims are its last members (Open Badges 3.0 section 8.2.4.1)."""

    iss: str
    jti: str
    nbf: int
    sub: str
    exp: int | None = None


_PLAIN: Final = msgspec.json.Decoder(AchievementCredential)
_CLAIMED: Final = msgspec.json.Decoder(_Claimed)


class Exact(msgspec.Struct, frozen=True, gc=False):
    """What was read. `bare`: it carries no endorsement, and states no digest of another resource.

    `claims` are those of a token's payload; each says what the credential says.
    """

    credential: Credential
    bare: bool
    claims: Mapping[str, Any] = _NO_CLAIMS


def exact_credential(data: bytes) -> Exact | None:
    """The credential that `data` is."""
    read = _exactly(data, _PLAIN)
    return None if read is None else _sound(read, strict_json.Written(data), _NO_CLAIMS)


def exact_payload(payload: bytes) -> Exact | None:
    """The credential in the payload of a token, if the claims behind it are all of its own."""
    read = _exactly(payload, _CLAIMED)
    if read is None or read.jti != read.id or read.sub != read.credential_subject.id:
        return None
    last = read.valid_until
    # Fractions of a second are dropped, as in `vc_jwt`.
    if read.nbf != int(read.valid_from.timestamp()) or read.exp != (None if last is None else int(last.timestamp())):
        return None
    claims = {"iss": read.iss, "jti": read.jti, "nbf": read.nbf, "sub": read.sub}
    if read.exp is not None:
        claims["exp"] = read.exp
    exact = _sound(read, strict_json.Written(payload, payload.rindex(_CLAIMS_BEGIN)), claims)
    return None if exact is None or exact.credential.issuer_id != read.iss else exact


def _exactly(data: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    try:
        read = decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return read if strict_json.dump(read) == data else None


def _sound(read: AchievementCredential, said: strict_json.Written, claims: Mapping[str, Any]) -> Exact | None:
    """None for what is spelled exactly, but is not sound or not ordinary."""
    issuer, tokens = read.issuer, read.endorsement_jwt
    if isinstance(issuer, str) or ":" not in issuer.id or read.context != CONTEXTS or read.type != _TYPES:
        return None
    first, last = read.valid_from, read.valid_until
    # In UTC, as everywhere in a `Credential`, and not over before it begins.
    if first.tzinfo is not UTC or (last is not None and (last.tzinfo is not UTC or last < first)):
        return None
    if tokens != () and not _are_tokens(tokens):
        return None
    try:
        statuses = _statuses(read.credential_status)
        check_profile(read)
    except CredentialError:
        return None
    ids = {read.id, issuer.id, read.credential_subject.id, read.credential_subject.achievement.id}
    bare = not tokens
    for one in read.evidence:
        ids.add(one.id)
        bare = bare and one.digest_sri is None
    for meaning in read.credential_subject.achievement.result_description:
        ids.add(meaning.id)
        ids.update([level.id for level in meaning.rubric_criterion_level])
    if _names_twice(ids, read.credential_subject.source, statuses, said.source):
        return None
    credential = Credential(
        id=read.id,
        version="2.0",
        types=_TYPES,
        contexts=CONTEXTS,
        issuer_id=issuer.id,
        issuer_name=issuer.name,
        valid_from=first,
        valid_until=last,
        statuses=statuses,
        subject_id=read.credential_subject.id,
        said=said,
    )
    return Exact(credential, bare, claims)


def _names_twice(ids: set[str | None], source: Profile | None, statuses: Iterable[StatusEntry], data: bytes) -> bool:
    """As `names_twice`, which is asked where ids stand elsewhere than in most credentials, or where some are equal."""
    if source is not None:
        ids.add(source.id)
    for entry in statuses:
        ids.add(entry.id)
    ids.discard(None)
    # Spelled exactly, no text has these bytes in it: its own quotation marks have a backslash before them.
    return len(ids) != data.count(b'"id":') and names_twice(data)


def _statuses(stated: StatusEntry | tuple[StatusEntry, ...] | None) -> tuple[StatusEntry, ...]:
    """Raises MalformedCredential."""
    if stated is None:
        return ()
    entries = (stated,) if isinstance(stated, StatusEntry) else stated
    if not 1 <= len(entries) <= MAX_STATUSES:
        raise MalformedCredential(f"not 1 to {MAX_STATUSES} entries", where="/credentialStatus")
    for entry in entries:
        checked_status(entry)
    return entries


def _are_tokens(stated: Any) -> bool:
    """Endorsements are any value to the type; one that nests would have no bound on its depth."""
    return isinstance(stated, list) and all(type(one) is str for one in stated)
