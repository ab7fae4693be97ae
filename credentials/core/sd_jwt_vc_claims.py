"""One of our credentials as the claims of an SD-JWT VC: the same statements, under the names that such a token has.

What a JWT has a claim for stands there (`iss`, `jti`, `sub`, `nbf`, `exp`, `status`). The rest keeps the names and the
structure of Open Badges, so that one part is found at one JSON pointer in both forms. The issuer's self-chosen name is
in `issuer`, without an id: who the issuer is says `iss` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.achievement import CONTEXTS
from credentials.core.credential import STATUS_LIST_ENTRY, parse_credential
from credentials.core.instants import format_instant
from credentials.core.jws import MAX_TOKEN_BYTES
from credentials.core.keys import PublicKey

_TOLD_BY_CLAIMS: Final = frozenset(
    {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema"}
)
_TOLD_BY_JWT: Final = frozenset(
    {"iss", "vct", "vct#integrity", "jti", "sub", "nbf", "exp", "iat", "cnf", "status", "statusReference", "issuer"}
)
_TOLD_ABOUT_ISSUER: Final = ("name", "url")


def sd_jwt_vc_claims(
    unsigned: bytes, *, vct: str, issuer: str, list_url: str, index: int, holder: PublicKey | None = None
) -> bytes:
    """The claims that say what the unsigned credential of the VC Data Model says; what `SdJwtVc.prepare` takes.

    `issuer` is the address or DID under which the signing key is found, `list_url` and `index` its place in a Token
    Status List; `holder` is the key by which its holder can show whose it is. Raises the errors of `parse_credential`
    and `strict_json`.
    """
    document = strict_json.parse_object(unsigned, max_bytes=MAX_TOKEN_BYTES)
    credential = parse_credential(document, unsigned)
    seconds = {"nbf": credential.valid_from, "exp": credential.valid_until}
    claims: dict[str, Any] = {
        "iss": issuer,
        "vct": vct,
        "jti": credential.id,
        "sub": credential.subject_id,
        **{name: int(moment.timestamp()) for name, moment in seconds.items() if moment is not None},
        "status": {STATUS_LIST_ENTRY: {"idx": index, "uri": list_url}},
        "cnf": {} if holder is None else {"jwk": holder.to_jwk()},
        "statusReference": next((one.status_reference for one in credential.statuses if one.status_reference), None),
        "issuer": _about_issuer(document),
        **{name: value for name, value in document.items() if name not in _TOLD_BY_CLAIMS},
    }
    return strict_json.dump({name: value for name, value in claims.items() if value not in (None, {})})


def type_metadata(vct: str) -> bytes:
    """What wallets may show of our one type (SD-JWT VC Type Metadata), for the address that `vct` is."""
    shown = {
        "name": "Completed micro-internship",
        "description": "Work for a company that was handed in, reviewed and accepted.",
    }
    claims = [
        {"path": list(path), "sd": "always", "display": [{"locale": "en", "label": label}]}
        for path, label in (
            (("credentialSubject", "identifier", None), "Who did the work"),
            (("credentialSubject", "result", None), "Hours, pay and ratings"),
            (("credentialSubject", "achievement", "resultDescription", None), "What these are"),
            (("evidence", None), "Deliverables and what was said of them"),
            (("endorsementJwt", None), "Words that were signed as an endorsement"),
        )
    ]
    return strict_json.dump({"vct": vct, **shown, "display": [{"locale": "en", **shown}], "claims": claims})


def as_credential(claims: Mapping[str, Any]) -> dict[str, Any] | None:
    """An SD-JWT VC's claims as the Open Badges credential that they tell of, to be shown; None where they tell of none.

    The way back from `sd_jwt_vc_claims`, but for the status. Raises nothing: whether it is a sound badge is asked of
    the result.
    """
    if "vct" not in claims or not isinstance(claims.get("credentialSubject"), Mapping):
        return None
    about = claims.get("issuer")
    told = {name: value for name, value in claims.items() if name not in _TOLD_BY_JWT}
    dates = {"validFrom": claims.get("nbf", claims.get("iat")), "validUntil": claims.get("exp")}
    return {
        "@context": list(CONTEXTS),
        "id": claims.get("jti") or claims.get("sub") or claims["vct"],
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {**(about if isinstance(about, Mapping) else {}), "type": ["Profile"], "id": claims.get("iss")},
        **{name: _instant(seconds) for name, seconds in dates.items() if isinstance(seconds, int | float)},
        **told,
    }


def _instant(seconds: float) -> str:
    return format_instant(datetime.fromtimestamp(int(seconds), UTC))


def _about_issuer(document: Mapping[str, Any]) -> dict[str, Any]:
    issuer = document.get("issuer")
    if not isinstance(issuer, Mapping):
        return {}
    return {name: issuer[name] for name in _TOLD_ABOUT_ISSUER if name in issuer}
