"""What a sandbox takes: any credential of the data model, under whichever of its issuers and suites is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.credential import BITSTRING_ENTRY, parse_credential
from credentials.core.securing import MECHANISMS, VC_JWT
from credentials.issuer.errors import OfferRefused
from credentials.issuer.offered import Offered
from credentials.issuer.sandbox import KEY_SLUGS, NAME
from credentials.store.issuers import Issuer

OPTIONS: Final = frozenset({"type", "cryptosuite", "proofPurpose", "mediaType", "credentialStatus"})
"""The options that the sandbox understands."""
_EMBEDDED: Final = "DataIntegrityProof"
_PURPOSE: Final = "assertionMethod"


def sandbox_offer(
    document: Mapping[str, Any], options: Mapping[str, Any], issuers: Sequence[Issuer]
) -> tuple[str, Offered]:
    """The slug of the issuer that signs, and the offer.

    Raises OfferRefused for an issuer that is none of the sandbox's, a document that is secured already, and options
    that do not fit together; and the errors of `parse_credential`.
    """
    if "proof" in document:
        raise OfferRefused("it is secured already", where="/proof")
    form = _form(options)
    issuer = _issuer(document.get("issuer"), form, issuers)
    stand_in = {"issuer": issuer.did, **document}
    parse_credential(stand_in, strict_json.dump(stand_in))
    if "credentialStatus" in options and "credentialStatus" in document:
        raise OfferRefused("it has a status of its own", where="/credentialStatus")
    return issuer.slug, Offered(
        recipient_name=NAME,
        project_title=NAME,
        document=dict(document),
        form=form,
        as_it_is=True,
        with_status=_wants_status(options),
    )


def _form(options: Mapping[str, Any]) -> str:
    """The mechanism that the options ask for: an embedded proof unless they say otherwise."""
    if options.get("proofPurpose", _PURPOSE) != _PURPOSE:
        raise OfferRefused(f"a credential's proof is for {_PURPOSE}", where="/options/proofPurpose")
    if options.get("type", _EMBEDDED) != _EMBEDDED:
        raise OfferRefused(f"type is to be {_EMBEDDED}", where="/options/type")
    if options.get("mediaType") == VC_JWT.media_type and "cryptosuite" not in options:
        return VC_JWT.name
    name = options.get("cryptosuite", "eddsa-rdfc-2022")
    mechanism = MECHANISMS.get(name) if isinstance(name, str) else None
    if mechanism is None or options.get("mediaType", mechanism.media_type) != mechanism.media_type:
        raise OfferRefused(f"{str(name)[:60]!r} is no way to secure it that is known", where="/options/cryptosuite")
    return mechanism.name


def _issuer(stated: object, form: str, issuers: Sequence[Issuer]) -> Issuer:
    """The one that the document names, else one whose DID is a key of the suite's kind."""
    if stated is None:
        slug = KEY_SLUGS["P-256" if form.startswith("ecdsa") else "Ed25519"]
        return next(one for one in issuers if one.slug == slug)
    named = stated.get("id") if isinstance(stated, dict) else stated
    for one in issuers:
        if one.did == named:
            return one
    known = ", ".join(one.did for one in issuers)
    raise OfferRefused(f"the sandbox signs only as {known}", where="/issuer")


def _wants_status(options: Mapping[str, Any]) -> bool:
    if "credentialStatus" not in options:
        return False
    asked = options["credentialStatus"]
    kind = asked.get("type", BITSTRING_ENTRY) if isinstance(asked, dict) else None
    if kind != BITSTRING_ENTRY:
        raise OfferRefused(f"the kind of status here is {BITSTRING_ENTRY}", where="/options/credentialStatus")
    return True
