"""What the pages say for each state, outcome and check: headline, colour, icon and what the reader should do.

The sentence under the headline is the report's own. Colours: `good` is GENUINE and nothing else; `bad` says do not rely
on it; `caution` says that nobody can tell, not now, or no longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Tone = Literal["good", "bad", "caution"]


@dataclass(frozen=True, slots=True)
class Wording:
    """How one state is shown. `hides`: the signature does not hold, so nothing that was in the credential is shown."""

    headline: str
    tone: Tone
    advice: tuple[str, ...]
    hides: bool = False
    sign: str = ""

    @property
    def icon(self) -> str:
        """The icon's name: never the only sign, the headline says the same."""
        return self.sign or {"good": "check", "bad": "cross", "caution": "question"}[self.tone]


_ASK_LINK = "Ask the person who gave it to you for the link to their credential, or for the original file."
_DONT_USE = "Don’t use this copy for a decision."
_WORK_HAPPENED = "The signature is good, so the work below is what the issuer signed."

WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "UNREADABLE": Wording(
            "We can’t read this",
            "caution",
            (_ASK_LINK, "A photo must show the whole QR code, sharp and with its white margin."),
            hides=True,
        ),
        "NO_KEY": Wording(
            "We can’t say yet",
            "caution",
            ("Check again in a few minutes: the issuer’s server may be down.", "If it stays so, ask the issuer."),
            hides=True,
        ),
        "NOT_THEIR_KEY": Wording(
            "Not genuine",
            "bad",
            (_DONT_USE, "Ask the issuer, through an address you find yourself, whether it issued this."),
            hides=True,
        ),
        "TAMPERED": Wording(
            "Not genuine",
            "bad",
            (
                "Something in it was changed after it was signed, so we show none of it.",
                _DONT_USE + " " + _ASK_LINK,
            ),
            hides=True,
        ),
        "TEST": Wording("Test only", "caution", ("Treat it as a sample. Nobody vouches for what it says.",)),
        "REPLACED": Wording("Replaced", "bad", ("Use the corrected version, and leave this one aside.",)),
        "REVOKED": Wording(
            "Withdrawn",
            "bad",
            ("Don’t rely on what is below: its issuer took it back.", "Ask the holder, or the issuer, what happened."),
        ),
        "SUSPENDED": Wording(
            "On hold",
            "caution",
            ("Ask the issuer before you decide.", "A hold can be lifted: check again later."),
            sign="pause",
        ),
        "EXPIRED": Wording(
            "Expired",
            "caution",
            (_WORK_HAPPENED, "If you need one that is in date, ask the holder for a renewed one."),
            sign="clock",
        ),
        "NOT_YET": Wording("Not valid yet", "caution", ("Check again on or after the day it starts.",), sign="clock"),
        "ISSUER_SUSPENDED": Wording(
            "No longer vouched for",
            "caution",
            ("The signature is good, but ask the company, through an address you find yourself, about this work.",),
        ),
        "UNCONFIRMED_ISSUER": Wording(
            "Issuer unconfirmed",
            "caution",
            ("Ask the company, through an address you find yourself, whether it issued this.",),
        ),
        "CANT_CHECK": Wording(
            "Status unknown",
            "caution",
            ("Check again in a few minutes.", "If it can’t wait, ask the issuer whether it was withdrawn."),
        ),
        "GENUINE": Wording(
            "Genuine and current",
            "good",
            (
                "Check that this is your applicant: the name above is the one that was signed.",
                "To be sure, check again yourself: open the address from the QR code, not from a screenshot.",
            ),
        ),
    }
)
RECEIPTS: Mapping[str, Wording] = MappingProxyType(
    {
        "GENUINE": Wording(
            "Genuine receipt",
            "good",
            (
                "It shows that this was handed in, by whom and when. It does not say that the work was accepted.",
                "Whether it was accepted, a completion credential of the company says.",
            ),
        ),
        "UNCONFIRMED_ISSUER": Wording(
            "Service unconfirmed",
            "caution",
            ("The signature is good. Ask whoever runs the service, through an address you find yourself.",),
        ),
    }
)
"""For a receipt for work that was handed in, in the states in which it is no credential like any other."""
UNKNOWN = Wording("We can’t say", "caution", (_ASK_LINK,), hides=True)
"""For a state this version has no words for: never green, nothing shown."""

OUTCOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "passed": ("check", "passed"),
        "failed": ("cross", "failed"),
        "not_checked": ("question", "not checked"),
        "not_applicable": ("dash", "does not apply"),
    }
)
"""Outcome of a check → icon and words."""

SEVERAL: Mapping[str, str] = MappingProxyType({"not_applicable": "do not apply"})
"""Outcome of several checks → words, where they differ from those of one."""

SIGNED_FORMS: Mapping[str, str] = MappingProxyType(
    {"jwt": "Signed data, JWT", "json": "Signed data, JSON", "pq.jwt": "Signed again with ML-DSA-44, JWT"}
)
"""Ending of a signed form's address → what its link says, in the order of the links."""

CHECK_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "form": "We could read it",
        "algorithm": "Signed in a way we accept",
        "issuer-key": "The issuer’s key was found",
        "key-authorised": "The key is the issuer’s",
        "signature": "Unchanged since it was signed",
        "data-model": "A well-formed credential",
        "registered-claims": "Nothing beside it says otherwise",
        "open-badges": "A well-formed Open Badge",
        "valid-from": "It has started",
        "valid-until": "It has not expired",
        "revocation": "Not withdrawn",
        "suspension": "Not on hold",
        "issuer-confirmed": "The issuer’s domain is confirmed",
        "not-a-test": "Not a test",
        "related-resources": "What it refers to is unchanged",
        "credential-schema": "It keeps to its own schema",
        "holder-binding": "Shown by its holder",
        "earlier-than-compromise": "Signed before its key was stolen",
        "endorsements": "The words on it are signed too",
    }
)
"""Check id → what it asks, in a few words."""

VISIBILITY_NOTES: Mapping[str, str] = MappingProxyType(
    {"public": "public", "link": "for those with the link", "confidential": "confidential"}
)

STORY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "revoked": "Withdrawn",
        "replaced": "Replaced by a corrected version",
        "suspended": "Put on hold",
        "lifted": "Hold lifted",
    }
)

KEY_STATES: Mapping[str, str] = MappingProxyType(
    {"created": "published, not in use yet", "active": "signs now", "retired": "retired"}
)


def wording(state: str, *, receipt: bool = False) -> Wording:
    """How a state is shown; `receipt`: of a receipt for work that was handed in."""
    known = RECEIPTS.get(state) if receipt else None
    return known or WORDINGS.get(state, UNKNOWN)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 project`, `5 projects`."""
    return f"{number:,} {one if number == 1 else many}"


def sentence(text: str) -> str:
    """A remark as a sentence: the first letter large, a full stop at the end. Empty stays empty."""
    plain = text.strip()
    return plain[:1].upper() + plain[1:] + ("" if plain[-1:] in ".!?…" else ".") if plain else ""
