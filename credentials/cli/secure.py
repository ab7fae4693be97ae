"""`credentials secure`: one unsigned document and one key file in, one secured document out. Knows no data folder.

The keys of a service never leave its keyring and sign only what it recorded; this command is for keys of one's own.
"""

import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from credentials.cli.terminal import note, say_json
from credentials.core import strict_json
from credentials.core.credential import issuer_of
from credentials.core.did import parse_did_url
from credentials.core.errors import BadDid
from credentials.core.instants import parse_instant
from credentials.core.jws import MAX_TOKEN_BYTES
from credentials.core.securing import MECHANISMS, VC_JWT, SecuringMechanism, issue
from credentials.keyring.portable import MAX_BYTES, PortableKey, read_portable_key

ENTROPY_BYTES = 32
_OTHERS = 0o077
_file = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "secure",
    epilog="Example:  credentials secure unsigned.json --key key.jwk --media-type application/vc+jwt -o signed.jwt",
)
@click.argument("document", metavar="FILE|-")
@click.option("--key", "key_file", type=_file, required=True, help="Private JWK, PEM PKCS#8 or multibase secret.")
@click.option("--mechanism", type=click.Choice(sorted(MECHANISMS)), help=f"How to secure it.  [default: {VC_JWT.name}]")
@click.option("--media-type", help="What the result shall be, such as application/vc+jwt, instead of --mechanism.")
@click.option("--verification-method", metavar="ID", help="Where verifiers find the key.  [default: as the key says]")
@click.option("--created", metavar="TIME", help="When the proof says it was made.  [default: now]")
@click.option("-o", "--out", type=_file, help="Write there instead of to standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
def secure_command(
    document: str,
    key_file: Path,
    mechanism: str | None,
    media_type: str | None,
    verification_method: str | None,
    created: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Secure one document: an unsigned credential in FILE (or - for standard input), with a key of your own.

    Nothing is recorded and nothing added: the document must be complete, its issuer the key's. What was made is
    verified before it is handed out.
    """
    chosen = _mechanism(mechanism, media_type)
    key = _key(key_file)
    unsigned = sys.stdin.buffer.read(MAX_TOKEN_BYTES + 1) if document == "-" else Path(document).read_bytes()
    method = verification_method or method_of(key, unsigned)
    secured = issue(
        unsigned,
        sign=key.private.sign,
        key=key.private.public,
        verification_method=method,
        created=parse_instant(created, where="--created") if created else datetime.now(UTC).replace(microsecond=0),
        mechanism=chosen.name,
        entropy=os.urandom(ENTROPY_BYTES),
    )
    if out is not None:
        out.write_bytes(secured)
    if as_json:
        say_json(_told(chosen, method, secured, out))
    elif out is None:
        click.echo(secured)


def _told(chosen: SecuringMechanism, method: str, secured: bytes, out: Path | None) -> dict[str, object]:
    where: dict[str, object] = {"secured": secured.decode("utf-8")} if out is None else {"file": str(out)}
    return {
        "mechanism": chosen.name,
        "mediaType": chosen.media_type,
        "verificationMethod": method,
        **where,
    }


def _mechanism(name: str | None, media_type: str | None) -> SecuringMechanism:
    """By name, else the first that writes the media type, else the usual one."""
    if name is not None:
        chosen = MECHANISMS[name]
        if media_type not in (None, chosen.media_type):
            raise click.BadParameter(f"{name} writes {chosen.media_type}", param_hint="--media-type")
        return chosen
    if media_type is None:
        return VC_JWT
    for mechanism in MECHANISMS.values():
        if mechanism.media_type == media_type:
            return mechanism
    known = ", ".join(sorted({mechanism.media_type for mechanism in MECHANISMS.values()}))
    raise click.BadParameter(f"{media_type!r} is none of {known}", param_hint="--media-type")


def _key(path: Path) -> PortableKey:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        data = file.read(MAX_BYTES + 1)
    if mode & _OTHERS:
        note(f"warning: others can read {path} (mode {mode:03o}). Run: chmod 600 {path}")
    return read_portable_key(data)


def method_of(key: PortableKey, unsigned: bytes) -> str:
    """The id of the key as its file has it, in full or under the document's issuer; for a did:key, the key's own.

    Raises click.UsageError when nothing says what it is, and the errors of reading the document.
    """
    issuer = issuer_of(strict_json.parse_object(unsigned, max_bytes=MAX_TOKEN_BYTES))
    if issuer == key.private.public.to_did_key():
        return f"{issuer}#{issuer.removeprefix('did:key:')}"
    name = key.name or ""
    for candidate in (name, f"{issuer}#{name.removeprefix('#')}"):
        try:
            parse_did_url(candidate)
        except BadDid:
            continue
        return candidate
    raise click.UsageError("the key file does not say where verifiers find the key: give --verification-method")
