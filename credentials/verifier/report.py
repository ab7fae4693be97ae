"""What a verification says: one verdict, one state with its words, every check, and what was signed if that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from credentials.core import strict_json
from credentials.core.endorsement import Endorsed
from credentials.core.instants import format_instant
from credentials.core.mechanism import VerifiedCredential
from credentials.verifier.checks import Check
from credentials.verifier.proofs import ProofView
from credentials.verifier.states import State, Verdict


class IssuerView(msgspec.Struct, frozen=True):
    """Who signed. `name` is what the issuer calls itself: show it beside `domain`, never instead of it.

    `id` is the DID. `domain`, `level` and `since` say how the DID's domain was confirmed; all None if it was not.
    """

    id: str
    name: str | None = None
    domain: str | None = None
    level: str | None = None
    since: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Whether somebody showed that this DID belongs to `domain`."""
        return self.domain is not None

    def to_json(self) -> dict[str, Any]:
        """A JSON object; times as RFC 3339 text, unknown members as null."""
        return {
            "id": self.id,
            "name": self.name,
            "confirmed": self.confirmed,
            "domain": self.domain,
            "level": self.level,
            "since": None if self.since is None else format_instant(self.since),
        }


class StatusNote(msgspec.Struct, frozen=True):
    """What the issuer's signed status story tells about a bit that is set.

    `kind` is `revoked`, `replaced` or `suspended`; `successor` is the address of the corrected version.
    """

    kind: str
    at: datetime
    reason: str = ""
    successor: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON object; the time as RFC 3339 text."""
        return {"kind": self.kind, "at": format_instant(self.at), "reason": self.reason, "successor": self.successor}


class Report(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The result of one verification; immutable.

    `issuer` and `verified` are None unless the signature holds, so a page can show nothing that was not signed.
    `checked_at` is the time that every check was made for. `proofs` says of each proof whether it held; empty when the
    verification ended before any was tried. `endorsements` are those that held, and nothing of the others.
    """

    state: State
    words: str
    checks: tuple[Check, ...]
    checked_at: datetime
    issuer: IssuerView | None = None
    verified: VerifiedCredential | None = None
    status: StatusNote | None = None
    proofs: tuple[ProofView, ...] = ()
    endorsements: tuple[Endorsed, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`valid`, `invalid` or `indeterminate`, as the state has it."""
        return self.state.verdict

    @property
    def credential(self) -> Mapping[str, Any] | None:
        """The signed document with objects of one `id` merged, or None unless the signature holds."""
        return None if self.verified is None else self.verified.credential.document

    def check(self, id: str) -> Check:  # noqa: A002 (the public name of the member)
        """The check of that id; `KeyError` if there is none."""
        for check in self.checks:
            if check.id == id:
                return check
        raise KeyError(id)

    def to_json(self) -> dict[str, Any]:
        """The public JSON form: `credential` and `issuer` only when the signature holds."""
        return self._said(msgspec.to_builtins(self.checks), msgspec.to_builtins(self.proofs), self.credential)

    def to_bytes(self) -> bytes:
        """The same as UTF-8 JSON, in a third of the time."""
        credential = None if self.verified is None else strict_json.json_of(self.verified.credential.said)
        return strict_json.dump(self._said(self.checks, self.proofs, credential))

    def _said(self, checks: Sequence[object], proofs: Sequence[object], credential: object) -> dict[str, Any]:
        said: dict[str, Any] = {
            "verdict": str(self.verdict),
            "state": str(self.state),
            "words": self.words,
            "checks": checks,
            "proofs": proofs,
            "checkedAt": format_instant(self.checked_at),
        }
        if self.issuer is not None:
            said["issuer"] = self.issuer.to_json()
        if credential is not None:
            said["credential"] = credential
        if self.endorsements:
            said["endorsements"] = [{"issuer": one.issuer, "words": one.words} for one in self.endorsements]
        if self.status is not None:
            said["status"] = self.status.to_json()
        return said
