"""`credentials verify`: is it genuine? Prints the report; exits 0 valid, 1 invalid, 2 indeterminate."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ENOENT
from pathlib import Path
from typing import Any

import click

from credentials.cli.compared_agreement import compare_agreement
from credentials.cli.compared_files import compare
from credentials.cli.failures import of_credential_error
from credentials.cli.invocation import Invocation, reading_options
from credentials.cli.report_text import show
from credentials.cli.terminal import leave_quietly, note
from credentials.cli.verify_key import EXIT_CODES, DocumentsFirst, require_media_type, verify_under_key
from credentials.verifier.intake import Unrecognised, further_forms, obtain, recognise
from credentials.verifier.intake_errors import LinkRefused, NotRecognised
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.caching import CachingResolver
from credentials.verifier.resolvers.resolver import Resolver, utc_now
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.resolvers.web import WebResolver
from credentials.verifier.verify import verify
from credentials.web.timestamp_roots import timestamp_roots

SHOWN_CHARACTERS = 60
MAX_BYTES = 8 * 1024 * 1024
NOWHERE = "https://service.invalid"
"""The base address when there is no data folder: no link leads to it, so every link is somebody else's."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a verification asks and whom it believes."""

    base_url: str
    resolver: Resolver
    policy: TrustPolicy
    find_code: Callable[[str], str | None]


@click.command("verify", epilog="Example:  credentials verify https://credentials.example/c/0DNB3E7PD8XS7K1WB4D5QH2GTR")
@click.argument("credential", metavar="FILE|URL|CODE|-")
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="URL=FILE",
    help="Read URL (a did.json, a status list) from FILE instead of the network; may be repeated.",
)
@click.option("--offline", is_flag=True, help="Ask no other server; what is not at hand is not checked.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Believe the public keys in this file (JWK, JWK Set, did.json, Multikey) and no others, and ask no server.",
)
@click.option(
    "--stamp",
    "stamp_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A timestamp of its signature (TimeStampToken, DER), for a key that was stolen since; may be repeated.",
)
@click.option(
    "--deliverable",
    "deliverables",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Is this file the one that was accepted? Compares it with the digests in the credential; may be repeated.",
)
@click.option(
    "--agreement",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Is this file what was agreed on before the work? Compares it with the digest in the credential.",
)
@click.option("--media-type", help="What FILE must be, such as application/vc+jwt.  [default: as recognised]")
@reading_options
def verify_command(
    call: Invocation,
    credential: str,
    documents: tuple[str, ...],
    offline: bool,
    key_file: Path | None,
    stamp_files: tuple[Path, ...],
    deliverables: tuple[Path, ...],
    agreement: Path | None,
    media_type: str | None,
) -> int:
    """Verify a credential: a file (token, JSON, or a photo of its QR code), a link, a code, or - for standard input.

    Exits 0 when it is valid, 1 when it is invalid, 2 when that cannot be said. Only with --data (or
    CREDENTIALS_DATA_DIR) is a service of yours asked: what it published and whom its operator confirmed is then known
    without asking anyone. Nothing is made or changed there.

    With --deliverable it also exits 1 when a file is none of those that the credential names by their digests.
    With --agreement it exits 1 when the file is another agreement, 2 when the credential names none.

    With --key the question is narrower: does this document hold under that key? Then 0 says that it does, whoever the
    key belongs to and whether or not it was withdrawn.
    """
    given = dict(_read_document(document) for document in documents)
    data = _read(credential)
    stamps = [path.read_bytes()[:MAX_BYTES] for path in stamp_files]
    if media_type is not None:
        require_media_type(data, media_type)
    if key_file is not None and (deliverables or agreement):
        raise click.UsageError("--deliverable and --agreement go with a whole verification: leave --key out.")
    if key_file is not None:
        return verify_under_key(call, data, key_file, given)
    with _surroundings(call, given, offline) as around:
        report = _report(data, around, stamps)
    compared, agreed = compare(report, deliverables), compare_agreement(report, agreement)
    try:
        if call.as_json:
            call.result(report.to_json() | compared.to_json() | agreed.to_json())
        else:
            show(report, [*compared.lines(), *agreed.lines()])
    except BrokenPipeError:
        leave_quietly()
    return EXIT_CODES[report.verdict] or compared.exit_code or agreed.exit_code


def _report(data: bytes | str, around: Surroundings, stamps: Sequence[bytes]) -> Report:
    """The report on what was given. A file that cannot be read has one too: UNREADABLE, with the reason beside it."""
    intake = recognise(data, base_url=around.base_url)
    found: bytes | str | dict[str, Any]
    also: tuple[bytes, ...] = ()
    if isinstance(intake, Unrecognised) and isinstance(data, bytes):
        note(of_credential_error(intake.error).line())
        found = data
    elif isinstance(intake, Unrecognised) and isinstance(intake.error, NotRecognised):
        raise FileNotFoundError(ENOENT, "no such file, and no link, code or token", str(data)[:SHOWN_CHARACTERS])
    elif isinstance(intake, Unrecognised) and isinstance(intake.error, LinkRefused) and str(data).startswith("http://"):
        raise LinkRefused("http is followed to no other server; if it is yours, give --data FOLDER of that service")
    else:
        found = obtain(intake, resolver=around.resolver, base_url=around.base_url, find_code=around.find_code)
        also = further_forms(intake, resolver=around.resolver, base_url=around.base_url, find_code=around.find_code)
    now = datetime.now(UTC)
    return verify(found, resolver=around.resolver, policy=around.policy, now=now, also=also, stamps=stamps)


def _read(named: str) -> bytes | str:
    """Standard input, a file's bytes, or the text itself when no file has that name."""
    if named == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    path = Path(named)
    if "://" not in named and _is_file(path):
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    return named


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # a whole token given as the argument is too long to be a name


def _read_document(document: str) -> tuple[str, bytes]:
    url, separator, name = document.rpartition("=")
    if not separator or "://" not in url:
        raise click.BadParameter(f"{document!r} is not URL=FILE", param_hint="--document")
    return url, Path(name).read_bytes()


@contextmanager
def _surroundings(call: Invocation, documents: Mapping[str, bytes], offline: bool) -> Iterator[Surroundings]:
    """The service of the data folder that was named, else only what is at hand or out there.

    A folder that merely lies where the command is run is not asked: whoever made it would decide who is believed.
    """
    settings = call.settings()
    if "data_dir" not in settings.model_fields_set:
        others: Resolver = StaticResolver({}) if offline else CachingResolver(WebResolver(OutboundClient()), utc_now)
        policy = TrustPolicy(timestamp_roots=timestamp_roots(settings))
        yield Surroundings(NOWHERE, DocumentsFirst(documents, others), policy, lambda _code: None)
        return
    with call.reading(log_level="error") as service:
        resolver = DocumentsFirst(documents, service.resolver)
        yield Surroundings(service.base_url, resolver, service.policy(), service.find_code)
