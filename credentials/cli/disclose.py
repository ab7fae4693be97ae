"""`credentials disclose`: say what can be left out of an SD-JWT, and write what is to be shown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from credentials.cli.invocation import Invocation, reading_options
from credentials.core import strict_json
from credentials.core.errors import KeyBindingMismatch
from credentials.core.holder_choice import kept, offers
from credentials.core.jws import MAX_TOKEN_BYTES
from credentials.core.sd_jwt.key_binding import KeyBinding, holder_key
from credentials.core.sd_jwt.presenting import present, select
from credentials.core.sd_jwt.serialised import SdJwt, parse_sd_jwt
from credentials.keyring.holder_key import read_holder_key

_file = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command("disclose", epilog="Example:  credentials disclose mine.sd-jwt --without pay --without name")
@click.argument("file", type=_file)
@click.option("--keep", multiple=True, metavar="NAME", help="Show only this part; repeatable. A JSON pointer will do.")
@click.option("--without", multiple=True, metavar="NAME", help="Leave out this part; repeatable.")
@click.option("--key", type=_file, help="Sign with this private JWK, the key that the credential names as yours.")
@click.option("--audience", help="Whom you show it to; needed with --key.")
@click.option("--nonce", help="What they gave you, so that it counts once; needed with --key.")
@reading_options
def disclose(
    call: Invocation,
    file: Path,
    keep: tuple[str, ...],
    without: tuple[str, ...],
    key: Path | None,
    audience: str | None,
    nonce: str | None,
) -> None:
    """Choose what to show of the SD-JWT in FILE (- for standard input).

    Without options: a list of what can be left out. With --keep, --without or --key: the SD-JWT to hand on. What is
    left out is not in it, and nobody can tell from it what it was.
    """
    sd_jwt = parse_sd_jwt(_read(file).strip())
    if not (keep or without or key):
        _list(call, sd_jwt)
        return
    pointers = kept(offers(sd_jwt), keep=keep, without=without)
    if key is None:
        presentation = select(sd_jwt, keep=pointers)
    elif audience is None or nonce is None:
        raise click.UsageError("--key needs --audience and --nonce: a signature is for one occasion.")
    else:
        presentation = _signed(sd_jwt, pointers, key, KeyBinding(audience, nonce))
    call.result({"presentation": presentation.decode()}, [presentation.decode()])


def _list(call: Invocation, sd_jwt: SdJwt) -> None:
    found = offers(sd_jwt)
    document = {"parts": [{"name": one.name, "words": one.words, "pointers": one.pointers} for one in found]}
    width = max((len(one.name) for one in found), default=0)
    lines = [f"{one.name:{width}}  {one.words}" for one in found]
    call.result(document, lines or ["Nothing can be left out of it."])


def _signed(sd_jwt: SdJwt, pointers: Sequence[str] | frozenset[str], file: Path, expected: KeyBinding) -> bytes:
    own = read_holder_key(_read(file))
    if holder_key(strict_json.parse_object(sd_jwt.jws.payload, max_bytes=MAX_TOKEN_BYTES)) != own.public:
        raise KeyBindingMismatch("the credential names another key than this one", where="/cnf")
    now = datetime.now(UTC)
    return present(sd_jwt, keep=pointers, expected=expected, algorithm=own.algorithm, sign=own.sign, now=now)


def _read(file: Path) -> bytes:
    with click.open_file(str(file), "rb") as stream:
        return bytes(stream.read(MAX_TOKEN_BYTES + 1))
