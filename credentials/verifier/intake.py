"""Whatever a person pastes, types or uploads, recognised as one of a closed set of things.

 (1) a picture            the QR codes in it are read, and each text is recognised again
 (2) a JSON object        a credential object, such as an EnvelopedVerifiableCredential
 (3) a token              three parts joined by dots, and what is disclosed behind tildes; white space from a
                          line-wrapped e-mail is dropped
 (4) a link               to our own origin: the credential's id or code in it; elsewhere: https only
 (5) a code               the ten characters printed beside a QR code, or a credential's id

Nothing here says that anything is genuine: what comes out goes into `verify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from credentials.core.errors import BadIdentifier, CredentialError, NotUtf8, TooLarge
from credentials.core.identifiers import parse_credential_id, parse_short_code
from credentials.core.strict_json import parse_object
from credentials.verifier.errors import NotFoundThere
from credentials.verifier.intake_errors import (
    LinkRefused,
    NoCredentialAtLink,
    NothingGiven,
    NothingHere,
    NotRecognised,
    SeveralCredentials,
)
from credentials.verifier.qr_reader import picture_format, read_qr_codes
from credentials.verifier.resolvers.resolver import Resolver

MAX_TEXT_BYTES: Final = 256 * 1024
MAX_LINK_CHARS: Final = 2048
CREDENTIAL_MEDIA_TYPES: Final = "application/vc+jwt, application/vc+sd-jwt, application/dc+sd-jwt"

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:~[A-Za-z0-9_.~-]*)?\Z")
_SPACES: Final = re.compile(r"\s+")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
# What a browser would drop or rewrite in an address, and so could read differently from us.
_TREACHEROUS: Final = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Token:
    """A signed token, as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """An address. `credential_id` is the id in it if it leads to a credential of our own origin, else None."""

    url: str
    credential_id: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A ten-character code in its canonical spelling."""

    code: str


@dataclass(frozen=True, slots=True)
class QrPhoto:
    """A picture: the text of the QR code in it, and what that text is."""

    text: str
    found: Token | Document | Link | Code


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Nothing that can be checked; `error` says why and what to do."""

    error: CredentialError


Intake = Token | Document | Link | Code | QrPhoto | Unrecognised


def recognise(data: bytes | str, *, base_url: str) -> Intake:
    """What `data` is. Never raises: what cannot be recognised is `Unrecognised`.

    `base_url` is this service's own address, such as `https://credentials.example`.
    """
    try:
        if isinstance(data, bytes) and picture_format(data):
            return _recognise_photo(data, base_url)
        return _recognise_text(_as_text(data), base_url)
    except CredentialError as err:
        return Unrecognised(err)


def obtain(
    intake: Intake, *, resolver: Resolver, base_url: str, find_code: Callable[[str], str | None]
) -> str | bytes | dict[str, Any]:
    """What `verify` takes, for whatever was recognised.

    `find_code` maps a ten-character code to the id of its credential, or to None. A credential of our own origin is
    read through `resolver` as `<base_url>/c/<id>.jwt`. Raises CredentialError: the error of an `Unrecognised`,
    NothingHere, NoCredentialAtLink, or the resolver's own.
    """
    match intake:
        case Token(text=text):
            return text
        case Document(value=value):
            return value
        case Code(code=code):
            return _published(find_code(code), resolver, base_url)
        case Link(credential_id=str(credential_id)):
            return _published(credential_id, resolver, base_url)
        case Link(url=url):
            return _fetched_token(url, resolver)
        case QrPhoto(found=found):
            return obtain(found, resolver=resolver, base_url=base_url, find_code=find_code)
        case Unrecognised(error=error):
            raise error


def further_forms(
    intake: Intake, *, resolver: Resolver, base_url: str, find_code: Callable[[str], str | None]
) -> tuple[bytes, ...]:
    """What `verify` takes as `also`: other signed forms of a credential of our own origin that was linked or named.

    Its post-quantum token is read through `resolver` as `<base_url>/c/<id>.pq.jwt`; there need be none. Raises the
    resolver's errors.
    """
    match intake:
        case QrPhoto(found=found):
            return further_forms(found, resolver=resolver, base_url=base_url, find_code=find_code)
        case Link(credential_id=str(found_id)):
            credential_id: str | None = found_id
        case Code(code=code):
            credential_id = find_code(code)
        case _:
            return ()
    try:
        return (_fetch(f"{base_url.rstrip('/')}/c/{credential_id}.pq.jwt", resolver),) if credential_id else ()
    except NotFoundThere:
        return ()


def _as_text(data: bytes | str) -> str:
    # A character takes at least a byte: the cheap measure first, so that megabytes are not encoded to be refused.
    if len(data) > MAX_TEXT_BYTES:
        raise TooLarge(f"{len(data)} are more than the {MAX_TEXT_BYTES} allowed")
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        text.encode("utf-8")
    except UnicodeError:
        raise NotUtf8("it is neither text nor a PNG, JPEG, WebP or GIF picture") from None
    return text.strip().removeprefix("\ufeff").strip()


def _recognise_text(text: str, base_url: str) -> Token | Document | Link | Code:
    if not text:
        raise NothingGiven
    if text.startswith("{"):
        return Document(parse_object(text.encode(), max_bytes=MAX_TEXT_BYTES))
    text = _unquoted(text)
    joined = _SPACES.sub("", text)
    # Every compact JWS starts so: the header is a JSON object, and `{"` is `eyJ`, `{ ` is `eyA`, `{\n` is `ewo`.
    if joined.startswith(("ey", "ew")) and _TOKEN.match(joined):
        return Token(joined)
    link = _link(text, base_url)
    return link if link is not None else _code(text, base_url)


def _unquoted(text: str) -> str:
    """Without the quotation marks or angle brackets that copying from JSON or an e-mail leaves around it."""
    if len(text) > 1 and (text[0], text[-1]) in {('"', '"'), ("'", "'"), ("<", ">")}:
        return text[1:-1].strip()
    return text


def _code(text: str, base_url: str) -> Link | Code:
    try:
        return Code(parse_short_code(text))
    except BadIdentifier:
        pass
    try:
        credential_id = parse_credential_id(text)
    except BadIdentifier:
        raise NotRecognised(f"{len(text)} characters that are none of these") from None
    return Link(f"{base_url.rstrip('/')}/c/{credential_id}", credential_id)


def _link(text: str, base_url: str) -> Link | Code | None:
    """The link that `text` is, or None if it is none. Our own host may be written without `https://`."""
    own = urlsplit(base_url)
    bare_own = bool(own.netloc) and text[: len(own.netloc) + 1].casefold() == f"{own.netloc}/".casefold()
    if bare_own:
        text = f"{own.scheme}://{text}"
    if "://" not in text[:16]:
        return None
    if len(text) > MAX_LINK_CHARS or _TREACHEROUS.search(text) or not text.isascii():
        raise LinkRefused("the address is too long or has characters that no address has")
    parts = _split(text)
    if _is_own(parts, own):
        return _own_link(text, parts, own)
    if parts.scheme != "https":
        raise LinkRefused("only https links are followed")
    return Link(text)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise LinkRefused("the address is malformed") from None
    if not host:
        raise LinkRefused("the address names no host")
    if "@" in parts.netloc:
        raise LinkRefused("an address with a user name hides where it leads")
    return parts


def _is_own(parts: SplitResult, own: SplitResult) -> bool:
    """Whether an address is on our own origin. http stands for https there: nothing is fetched over the network."""
    origins = {(own.scheme, _port(own))}
    if origins == {("https", 443)}:
        origins.add(("http", 80))
    inside = parts.path.casefold().startswith(f"{own.path.rstrip('/')}/".casefold())
    return inside and parts.hostname == own.hostname and (parts.scheme, _port(parts)) in origins


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _own_link(url: str, parts: SplitResult, own: SplitResult) -> Link | Code:
    """`/c/<id>` and what is below it, in either case, and `/v/<code>`; no other page of ours has a credential."""
    path = parts.path[len(own.path.rstrip("/")) :]
    kind, _, rest = path.strip("/").partition("/")
    name = re.split(r"[./]", rest, maxsplit=1)[0]
    match kind.casefold():
        case "c":
            return Link(url, parse_credential_id(name))
        case "v":
            return Code(parse_short_code(name))
        case _:
            raise NoCredentialAtLink("this page of ours is not a credential's page")


def _recognise_photo(data: bytes, base_url: str) -> QrPhoto:
    """The one credential that the QR codes of a picture lead to; codes of other things are passed over."""
    texts = read_qr_codes(data)
    found: dict[Token | Link | Code | str, QrPhoto] = {}
    refused: CredentialError | None = None
    for text in texts:
        try:
            thing = _recognise_text(text.strip(), base_url)
        except CredentialError as err:
            refused = err
        else:
            found.setdefault(_identity(thing, text), QrPhoto(text, thing))
    if len(found) > 1:
        raise SeveralCredentials(f"{len(found)} QR codes lead to different credentials")
    if not found:
        raise refused or NotRecognised("the QR code leads to no credential")
    return next(iter(found.values()))


def _identity(thing: Token | Document | Link | Code, text: str) -> Token | Link | Code | str:
    """What two QR codes must share to be the same: an id, whatever the address around it looks like."""
    if isinstance(thing, Document):
        return text
    if isinstance(thing, Link) and thing.credential_id is not None:
        return thing.credential_id
    return thing


def _published(credential_id: str | None, resolver: Resolver, base_url: str) -> bytes:
    if credential_id is None:
        raise NothingHere
    try:
        return _fetch(f"{base_url.rstrip('/')}/c/{credential_id}.jwt", resolver)
    except NotFoundThere:
        raise NothingHere from None


def _fetched_token(url: str, resolver: Resolver) -> bytes:
    """The token behind a link elsewhere; what is no token is not looked at."""
    body = _fetch(url, resolver).strip()
    if not _TOKEN.match(body.decode("latin-1")):
        raise NoCredentialAtLink("what came back is not a signed token")
    return body


def _fetch(url: str, resolver: Resolver) -> bytes:
    return resolver.fetch(url, accept=CREDENTIAL_MEDIA_TYPES, max_bytes=MAX_TEXT_BYTES).body
