"""DIDs of the methods we resolve: did:web (its method specification, section 3), did:key and did:jwk.

Syntax only: whether the address behind a did:web may be asked is for the one that asks. The document of a did:key or
did:jwk is in `did_expansion`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from credentials.core.errors import BadDid

MAX_DID_CHARS: Final = 2560
"""A did:jwk with an ML-DSA-44 key has 2,403 characters; nothing we resolve is longer."""
MAX_DID_URL_CHARS: Final = 2 * MAX_DID_CHARS
"""The method of a did:key names the key twice."""

_DID: Final = re.compile(r"did:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})")
_FRAGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_HOST_AND_PORT: Final = re.compile(r"(?P<host>[^%]+)(?:%3[Aa](?P<port>[0-9]{1,5}))?")
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_DOCUMENT: Final = "/did.json"


def is_did(text: str) -> bool:
    """Whether `text` is a DID without path, query or fragment (DID Core section 3.1)."""
    return len(text) <= MAX_DID_CHARS and _DID.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def parse_did_url(text: str) -> tuple[str, str]:
    """The DID and the fragment of a verification method's id: `did:web:a.example#k` → (`did:web:a.example`, `k`).

    Raises BadDid without a fragment, or with a path or query (DID Core section 3.2).
    """
    did, hash_sign, fragment = text.partition("#")
    if not hash_sign or len(text) > MAX_DID_URL_CHARS or not _FRAGMENT.fullmatch(fragment):
        raise BadDid(f"{_shown(text)} is not a DID URL with a fragment")
    if not is_did(did):
        raise BadDid(f"{_shown(did)} is not a DID")
    return did, fragment


def did_web_to_url(did: str) -> str:
    """Where the document of a did:web is: `did:web:a.example:x` → `https://a.example/x/did.json`.

    Always https. A port is written `%3A8443`. Raises BadDid for another method, an odd host, dot segments, and
    segments that hide a slash or a percent sign.
    """
    if not is_did(did) or not did.startswith("did:web:"):
        raise BadDid(f"{_shown(did)} is not a did:web")
    host, *segments = did.removeprefix("did:web:").split(":")
    path = "".join(f"/{_path_segment(segment)}" for segment in segments) or "/.well-known"
    return f"https://{_authority(host)}{path}{_DOCUMENT}"


def hosted_issuer_url(did: str) -> str:
    """The https address under which the document of a did:web lies: what names its issuer in an SD-JWT VC.

    `did:web:a.example:issuers:x` → `https://a.example/issuers/x`. Raises BadDid.
    """
    return did_web_to_url(did).removesuffix(_DOCUMENT).removesuffix("/.well-known")


def url_to_did_web(url: str) -> str:
    """The did:web whose document lives under `url`: `https://a.example:8443/x` → `did:web:a.example%3A8443:x`.

    `url` may be the base address or the document's own. Its scheme may be http, so that a service under development
    has a name; resolving always asks https. Raises BadDid for user names, queries, fragments or odd hosts.
    """
    parts = _split(url)
    host = parts[0]
    segments = [quote(unquote(segment), safe="") for segment in parts[1].split("/") if segment]
    did = ":".join([f"did:web:{host}", *segments])
    did_web_to_url(did)
    return did


def did_web_domain(did: str) -> str:
    """The host (with `:port`, if it has one) that a did:web belongs to. Raises BadDid."""
    return did_web_to_url(did).split("/", 3)[2]


def _authority(text: str) -> str:
    found = _HOST_AND_PORT.fullmatch(text)
    if not found or not _HOST.fullmatch(found["host"]) or len(found["host"]) > 253:
        raise BadDid(f"{_shown(text)} is not a host name")
    if found["port"] is None:
        return found["host"].lower()
    if not 0 < int(found["port"]) < 65536:
        raise BadDid(f"{_shown(text)} has an impossible port")
    return f"{found['host'].lower()}:{int(found['port'])}"


def _path_segment(segment: str) -> str:
    plain = unquote(segment)
    if not _SEGMENT.fullmatch(segment) or plain in {".", ".."} or any(char in plain for char in "/\\%?#\0"):
        raise BadDid(f"{_shown(segment)} is not a path segment")
    return segment


def _split(url: str) -> tuple[str, str]:
    """Host (its port escaped) and path of a base or document address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadDid(f"{_shown(url)} is not an address") from None
    if parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise BadDid(f"{_shown(url)} is not a plain https address")
    path = parts.path.removesuffix(_DOCUMENT).removesuffix("/.well-known")
    return (host if port is None else f"{host}%3A{port}"), path


def _shown(text: str) -> str:
    return repr(text[:80])
