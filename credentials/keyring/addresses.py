"""Where keys are kept, as a URI says it: read strictly, before anything is loaded or asked.

    pkcs11:token=NAME;serial=NUMBER?module-path=/path/to/module.so   RFC 7512
    aws-kms://REGION/PREFIX                                          this project's own

No error repeats the URI: someone may have put a PIN into it.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from credentials.keyring.errors import KeyBackendUnknown, PinInUri

_MAX_CHARACTERS = 1024
_PATH_ATTRIBUTES = frozenset({"token", "serial"})
_QUERY_ATTRIBUTES = frozenset({"module-path"})
_SECRET_ATTRIBUTES = frozenset({"pin-value", "pin-source"})
# RFC 7512 section 2.3: unreserved characters, some delimiters, and the rest percent-encoded.
_VALUE = re.compile(r"(?:[A-Za-z0-9._~:\[\]@!$'()*+,=/-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,12}){1,2}-[1-9][0-9]?", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*", re.ASCII)
_MAX_PREFIX = 200
DEFAULT_PREFIX = "credentials"


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """A token behind a PKCS#11 module: the absolute path of the module, the label, and the serial number if given."""

    module: str
    token: str
    serial: str | None = None

    @classmethod
    def parse(cls, uri: str) -> "TokenAddress":
        """Read a `pkcs11:` URI (RFC 7512). `token` and `module-path` are needed, `serial` may be there, no more.

        `module-path` is an attribute of the query; between the other attributes it is understood as well. Raises
        `PinInUri`, and `KeyBackendUnknown` for anything else that is not as above.
        """
        path, question_mark, query = _after("pkcs11:", uri).partition("?")
        parts = [*path.split(";"), *(query.split("&") if question_mark else ())]
        if _SECRET_ATTRIBUTES & {part.partition("=")[0].lower() for part in parts}:
            raise PinInUri("the URI has a pin-value or pin-source")
        found = dict(_attribute(part) for part in parts)
        if len(found) < len(parts):
            raise KeyBackendUnknown("an attribute is named twice")
        return cls(_module(found), _needed(found, "token"), found.get("serial"))


@dataclass(frozen=True, slots=True)
class KmsAddress:
    """A region of AWS KMS, and what the aliases of this service's keys begin with: `alias/<prefix>/<key id>`."""

    region: str
    prefix: str = DEFAULT_PREFIX

    @classmethod
    def parse(cls, uri: str) -> "KmsAddress":
        """Read `aws-kms://REGION` or `aws-kms://REGION/PREFIX`. Raises `KeyBackendUnknown`."""
        region, slash, prefix = _after("aws-kms://", uri).partition("/")
        if not _REGION.fullmatch(region):
            raise KeyBackendUnknown("aws-kms:// is followed by a region, such as eu-central-1")
        if not slash or not prefix:
            return cls(region)
        if len(prefix) > _MAX_PREFIX or not _PREFIX.fullmatch(prefix) or prefix.split("/")[0] == "aws":
            raise KeyBackendUnknown("a prefix has letters, digits, - and _, parted by /, and does not begin with aws/")
        return cls(region, prefix)


def scheme_of(uri: str) -> str:
    """The scheme of a backend's URI in lower case; empty when there is none."""
    scheme, colon, _ = uri.partition(":")
    return scheme.lower() if colon else ""


def _after(start: str, uri: str) -> str:
    """What follows the start of a URI; its scheme may be in capitals (RFC 3986 section 3.1)."""
    if len(uri) > _MAX_CHARACTERS or uri[: len(start)].lower() != start:
        raise KeyBackendUnknown(
            f"a URI that begins with {start} and has at most {_MAX_CHARACTERS} characters is needed"
        )
    return uri[len(start) :]


def _attribute(part: str) -> tuple[str, str]:
    """One `name=value`, decoded. Raises `KeyBackendUnknown`."""
    name, _, value = part.partition("=")
    if name not in _PATH_ATTRIBUTES | _QUERY_ATTRIBUTES:
        raise KeyBackendUnknown("a pkcs11: URI names token, perhaps serial, and module-path here, and nothing else")
    if not _VALUE.fullmatch(value):
        raise KeyBackendUnknown(f"the value of {name} is empty or has characters that must be percent-encoded")
    return name, _decoded(name, value)


def _decoded(name: str, value: str) -> str:
    try:
        text = unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise KeyBackendUnknown(f"the value of {name} is not UTF-8") from None
    if not text.isprintable():
        raise KeyBackendUnknown(f"the value of {name} has characters that cannot be shown")
    return text


def _needed(found: dict[str, str], name: str) -> str:
    if name not in found:
        raise KeyBackendUnknown(f"the pkcs11: URI names no {name}")
    return found[name]


def _module(found: dict[str, str]) -> str:
    """The path of the module: absolute, so that no other directory's library is taken for it."""
    path = _needed(found, "module-path")
    if not path.startswith("/"):
        raise KeyBackendUnknown("module-path is an absolute path")
    return path
