"""An issuer of SD-JWTs in the small world: private parts, an https address with metadata, a Token Status List."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec

from credentials.core.achievement import Evidence, Result, ResultDescription, to_bytes
from credentials.core.did_document import PublishedKey
from credentials.core.disclosable import parts
from credentials.core.issuer_metadata import metadata_url, write_issuer_metadata
from credentials.core.keys import PublicKey
from credentials.core.micro_internship import AUDIENCES, COMPENSATION, DELIVERABLE, PERFORMANCE, PLAIN_RESULT
from credentials.core.sd_jwt.presenting import opened, select
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.core.sd_jwt_vc_claims import sd_jwt_vc_claims
from credentials.core.securing import SD_JWT_VC, VC_SD_JWT
from credentials.core.token_status_list import (
    assemble_status_list_token,
    status_list_claims,
    status_list_signing_input,
)
from tests.verifier.world import BASE, INDEX, ISSUED, NOW, World, achievement

HTTPS_ISSUER = "https://acme.example/issuers/acme"
VCT = f"{BASE}/types/micro-internship"
TOKEN_LIST = f"{BASE}/status/1/token"
ENTROPY = bytes(range(32))
PRIVATE = ("pay", "market-research", "deliverable-2")
"""Names of a pay figure, a rating and a confidential deliverable in `full`."""


def full(did: str, valid_until: datetime | None = None) -> bytes:
    """A finished micro-internship with a pay figure, a rating and a confidential deliverable."""
    plain = achievement(did, valid_until=valid_until)
    subject = plain.credential_subject
    told = (("1", COMPENSATION, PLAIN_RESULT, "EUR 400"), ("2", "market research", PERFORMANCE, "4 of 5"))
    work = msgspec.structs.replace(
        subject.achievement,
        result_description=tuple(
            ResultDescription(id=f"urn:x:{number}", name=name, result_type=kind) for number, name, kind, _ in told
        ),
    )
    subject = msgspec.structs.replace(
        subject,
        achievement=work,
        result=tuple(Result(result_description=f"urn:x:{number}", value=value) for number, _, _, value in told),
    )
    secret = Evidence(name="Price list of a rival", genre=DELIVERABLE, audience=AUDIENCES["confidential"])
    return to_bytes(msgspec.structs.replace(plain, credential_subject=subject, evidence=(*plain.evidence, secret)))


class SdWorld(World):
    """A world whose issuer has an https address too."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.publish_metadata()
        self.publish_token_list()

    def publish_metadata(self, issuer: str = HTTPS_ISSUER) -> None:
        keys = [PublishedKey(name, key.public, self.issuer.revoked.get(name)) for name, key in self.issuer.keys.items()]
        self.published[metadata_url(issuer)] = write_issuer_metadata(issuer, keys)

    def publish_token_list(
        self,
        statuses: Mapping[int, int] | None = None,
        *,
        url: str = TOKEN_LIST,
        issuer: str = HTTPS_ISSUER,
        name: str = "k1",
        key_name: str = "k1",
        built: datetime = NOW - timedelta(minutes=1),
        lasts: timedelta = timedelta(hours=1),
        ttl: timedelta = timedelta(minutes=5),
    ) -> None:
        key = self.issuer.keys[name]
        claims = status_list_claims(
            list_url=url,
            issuer=issuer,
            statuses=statuses or {},
            size=131_072,
            issued_at=built,
            expires=built + lasts,
            ttl=ttl,
        )
        data = status_list_signing_input(claims, key_name=key_name, algorithm=key.algorithm)
        self.published[TOKEN_LIST] = assemble_status_list_token(data, key.sign(data))

    def claims(
        self, valid_until: datetime | None = None, issuer: str = HTTPS_ISSUER, holder: PublicKey | None = None
    ) -> bytes:
        unsigned = full(self.issuer.did, valid_until)
        return sd_jwt_vc_claims(unsigned, vct=VCT, issuer=issuer, list_url=TOKEN_LIST, index=INDEX, holder=holder)

    def sd_jwt_vc(
        self,
        claims: bytes | None = None,
        *,
        method: str = f"{HTTPS_ISSUER}#k1",
        name: str = "k1",
        entropy: bytes = ENTROPY,
    ) -> bytes:
        """The whole SD-JWT VC; other `entropy` gives other salts."""
        key = self.issuer.keys[name]
        prepared = SD_JWT_VC.prepare(
            SD_JWT_VC.unsigned(self.claims() if claims is None else claims),
            verification_method=method,
            algorithm=key.algorithm,
            created=ISSUED,
            entropy=entropy,
        )
        return SD_JWT_VC.assemble(prepared, key.sign(prepared.signing_input))

    def vc_sd_jwt(self, unsigned: bytes | None = None, name: str = "k1") -> bytes:
        """The whole vc+sd-jwt."""
        key = self.issuer.keys[name]
        prepared = VC_SD_JWT.prepare(
            VC_SD_JWT.unsigned(full(self.issuer.did) if unsigned is None else unsigned),
            verification_method=self.issuer.method(name),
            algorithm=key.algorithm,
            created=ISSUED,
            entropy=ENTROPY,
        )
        return VC_SD_JWT.assemble(prepared, key.sign(prepared.signing_input))


def without(whole: bytes, names: Collection[str]) -> bytes:
    """What a candidate hands on who leaves out the parts of these names."""
    sd_jwt = parse_sd_jwt(whole)
    kept = [part for part in parts(opened(sd_jwt).payload) if part.name not in names]
    return select(sd_jwt, keep=[pointer for part in kept for pointer in part.pointers])
