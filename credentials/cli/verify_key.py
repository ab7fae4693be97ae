"""`credentials verify --key`: does one document hold under one key file? Nobody is asked, no data folder is known."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from credentials.cli.invocation import Invocation
from credentials.cli.report_text import show_held
from credentials.cli.terminal import leave_quietly
from credentials.core.errors import WrongMediaType
from credentials.core.key_files import MAX_FILE_BYTES, parse_key_file
from credentials.core.securing import recognise
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.envelope import secured_bytes
from credentials.verifier.errors import NotFoundThere
from credentials.verifier.given_keys import only
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched, Resolver
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import SHOWN_STATES, Verdict
from credentials.verifier.verify import verify

EXIT_CODES = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.INDETERMINATE: 2}
NOT_ASKED = frozenset(
    kind.public_id
    for kind in (
        CheckKind.REVOCATION,
        CheckKind.SUSPENSION,
        CheckKind.ISSUER_CONFIRMED,
        CheckKind.RELATED_RESOURCES,
        CheckKind.CREDENTIAL_SCHEMA,
    )
)
"""Checks that no key can answer; here they may stay open, but must not fail."""


class DocumentsFirst:
    """Answers from the documents given on the command line, and asks the next resolver for everything else."""

    def __init__(self, documents: Mapping[str, bytes], others: Resolver) -> None:
        self._given = StaticResolver(documents)
        self._others = others

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`."""
        try:
            return self._given.fetch(url, accept=accept, max_bytes=max_bytes)
        except NotFoundThere:
            return self._others.fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)


def require_media_type(data: bytes | str, media_type: str) -> None:
    """Return if `data` is in the form that this media type names. Raises WrongMediaType, and Unreadable kinds."""
    found = recognise(secured_bytes(data)).media_type
    if found != media_type.strip().lower():
        raise WrongMediaType(f"it looks like {found}, not {media_type[:80]!r}")


def verify_under_key(call: Invocation, data: bytes | str, key_file: Path, documents: Mapping[str, bytes]) -> int:
    """Print whether `data` holds under the keys of a file, and return the exit code."""
    with key_file.open("rb") as file:
        keys = parse_key_file(file.read(MAX_FILE_BYTES + 1))
    now = datetime.now(UTC)
    resolver = DocumentsFirst(documents, StaticResolver({}))
    report = verify(data, resolver=resolver, policy=TrustPolicy(), now=now, keys=only(keys, now))
    held = holds(report)
    try:
        if call.as_json:
            call.result({"holds": held} | report.to_json())
        else:
            show_held(report, held, key_file.name)
    except BrokenPipeError:
        leave_quietly()
    return 0 if held else EXIT_CODES[report.verdict]


def holds(report: Report) -> bool:
    """Whether every check passed that a key and the document itself can answer, and none failed."""
    green = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    return report.state in SHOWN_STATES and all(
        check.outcome in green or (check.outcome is Outcome.NOT_CHECKED and check.id in NOT_ASKED)
        for check in report.checks
    )
