"""What to do so that a proof is found: in short for the company, and as a letter to whoever runs its web site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from credentials.core.errors import registry
from credentials.identity.evidence import CHALLENGE_LABEL, challenge_name, document_url, file_url, statement
from credentials.identity.ladder import DID_WEB, DNS, FILE
from credentials.store.domain_proofs import DomainProof

PROBLEMS: Final = {
    "text-missing": "The place was found, and the text is not there yet.",
    "other-token": "There is a text for this service, with another token.",
    "not-plain-text": "The address answers, but not with a text file (text/plain).",
    "name-server-failed": "The name servers of the domain gave no answer.",
    "name-gone": "The domain does not exist.",
    "leads-elsewhere": "The name is an alias (CNAME) of a name in another domain, which proves nothing about this one.",
    "too-many-texts": "The name holds too many texts.",
    "not-a-did-document": "The address answers, but not with the DID document of this domain.",
    "other-keys": "The DID document lists none of the company's keys.",
    "keys-missing": "The DID document lacks a key that the company signs with.",
    "stolen-key-listed": "The DID document lists a key that was reported stolen, without saying so.",
    "address-too-old": "The work address was proved more than a year ago.",
}
"""What each problem means that this room finds itself; the others are those of the outbound client."""


def problem_words(code: str) -> str:
    """A problem of a proof in words."""
    if code in PROBLEMS:
        return PROBLEMS[code]
    error = registry().get(code)
    return f"{error.title}." if error else "It could not be checked."


@dataclass(frozen=True, slots=True)
class Instructions:
    """What to do for one proof, for a page and for a mail.

    `place`: the address of the file or the name of the record. `host`: for a record, the name as most forms of DNS
    providers want it, relative to `zone`. `content`: what has to stand there; empty for a DID document, which is
    handed out by itself. `steps`: in order. `letter`: plain text to send on, lines of at most 78 characters where the
    values allow it. There is no secret in any of it.
    """

    method: str
    domain: str
    place: str
    content: str
    steps: tuple[str, ...]
    letter: str
    host: str | None = None
    zone: str | None = None


def instructions(proof: DomainProof, company: str, slug: str, base_url: str) -> Instructions:
    """The instructions for a proof of the issuer with this name and slug, hosted at `base_url`.

    A work address needs none but to open the link that was sent there.
    """
    content = statement(proof.token) if proof.method in (FILE, DNS) else ""
    place = _place(proof, slug)
    steps = _steps(proof, place, content, f"{base_url}/issuers/{slug}")
    return Instructions(
        method=proof.method,
        domain=proof.domain,
        place=place,
        content=content,
        steps=steps,
        letter=_letter(proof, _one_line(company), steps, f"{base_url}/issuers/{slug}"),
        host=CHALLENGE_LABEL if proof.method == DNS else None,
        zone=proof.domain if proof.method == DNS else None,
    )


def _place(proof: DomainProof, slug: str) -> str:
    if proof.method == FILE:
        return file_url(proof.domain, slug)
    if proof.method == DNS:
        return challenge_name(proof.domain)
    return document_url(proof.domain) if proof.method == DID_WEB else proof.domain


def _steps(proof: DomainProof, place: str, content: str, page: str) -> tuple[str, ...]:
    if proof.method == FILE:
        return (
            f"Make a text file named {place.rpartition('/')[2]} with this one line:\n\n    {content}",
            f"Put it into the folder .well-known at the root of the web site, so that it is at\n\n    {place}",
            "Open that address in a browser. You must see the line itself: no page around it, no redirect, no sign-in.",
            "Leave the file there. It is looked for every day.",
        )
    if proof.method == DNS:
        return (
            f"Open the DNS settings of {proof.domain} and add a record of the type TXT.",
            f"Name (many forms want only the part before {proof.domain}, which is {CHALLENGE_LABEL}):\n\n    {place}",
            f"Value, in one piece and without quotation marks:\n\n    {content}",
            "Leave the record there. It is looked for every day.",
        )
    if proof.method == DID_WEB:
        return (
            f"Take the file did.json from the company's pages here ({page}).",
            f"Put it into the folder .well-known at the root of the web site, so that it is at\n\n    {place}",
            "Replace it within seven days whenever the company gets a new key: you are told then.",
        )
    return (f"Open the link that was sent to an address at {proof.domain}.",)


def _letter(proof: DomainProof, company: str, steps: tuple[str, ...], page: str) -> str:
    numbered = "\n\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    until = f"{proof.expires_at:%-d %B %Y, %H:%M} UTC"
    closing = f"It has to be found before {until}.\n\n" if proof.state == "pending" else ""
    return (
        f"To whoever looks after {proof.domain}\n\n"
        f"{company} wants to show that {proof.domain} is its own, so that the credentials it\n"
        f"signs carry that name. This takes a few minutes and changes nothing that\n"
        f"visitors see.\n\n"
        f"{numbered}\n\n"
        f"{closing}"
        f"The text is no password: anybody may read it. Do this only if you know that\n"
        f"{company} may speak for {proof.domain}. Who asks: {page}\n"
    )


def _one_line(name: str) -> str:
    """A name that cannot pass for a line of the letter."""
    return " ".join(name.split())[:200]
