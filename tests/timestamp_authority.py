"""A small timestamp authority of the tests' own (RFC 3161): honest by default, and able to forge in every way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MADE = datetime(2024, 1, 1, tzinfo=UTC)
ENDS = datetime(2034, 1, 1, tzinfo=UTC)
TIME_STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
Change = Callable[[dict[str, Any]], None]


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Certified:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))


def make_root(name: str = "Root of the tests") -> Certified:
    """A root that vouches for authorities."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, key, MADE, ENDS).add_extension(x509.BasicConstraints(True, None), critical=True)
    builder = builder.add_extension(_usage(certificates=True), critical=True)
    return Certified(key, builder.sign(key, hashes.SHA256()))


def certify(
    root: Certified,
    name: str = "Timestamps of the tests",
    *,
    purposes: Sequence[x509.ObjectIdentifier] | None = TIME_STAMPING,
    critical: bool = True,
    ends: datetime = ENDS,
    serial: int | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Certified:
    """A signer that a root vouches for; `purposes` None leaves the extended key usage out."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    issuer = root.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    builder = _builder(name, str(issuer), own, MADE, ends, serial)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    builder = builder.add_extension(_usage(certificates=False), critical=True)
    if purposes is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return Certified(own, builder.sign(root.key, hashes.SHA256()))


def _builder(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(not certificates, False, False, False, False, certificates, certificates, False, False)


@dataclass
class TimestampAuthority:
    """An authority with a root, a signer and a clock that says `at`.

    What a token says can be changed before it is signed (`change` gets the TSTInfo as a dict); `embedded` are the
    certificates that are put into it, by default its signer's. Without a `signer` its root certifies one.
    """

    at: datetime = datetime(2026, 3, 16, 9, 0, 0, tzinfo=UTC)
    root: Certified = field(default_factory=make_root)
    signer: Certified | None = None
    embedded: Sequence[Certified] | None = None
    change: Change | None = None
    accuracy: dict[str, int] | None = None
    status: str = "granted"
    seen: list[int | None] = field(default_factory=list)
    signed_with: str = "sha256"

    def __post_init__(self) -> None:
        self.signer = self.signer or certify(self.root)

    @property
    def certified(self) -> Certified:
        """Its signer, which there is from the beginning."""
        assert self.signer is not None
        return self.signer

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        return (self.root.certificate,)

    def token(self, stamped: bytes, *, nonce: int | None = None, digest: str = "sha256") -> bytes:
        """A token over some bytes, without being asked by a request."""
        imprint = {"hash_algorithm": {"algorithm": digest}, "hashed_message": hashlib.new(digest, stamped).digest()}
        made: bytes = self._signed(self._info(tsp.MessageImprint(imprint), nonce)).dump()
        return made

    def answer(self, request: bytes) -> bytes:
        """The answer to a TimeStampReq."""
        asked = tsp.TimeStampReq.load(request, strict=True)
        nonce = asked["nonce"].native
        self.seen.append(nonce)
        if not self.status.startswith("granted"):
            return status_alone(self.status)
        token = self._signed(self._info(asked["message_imprint"], nonce))
        answered: bytes = tsp.TimeStampResp({"status": {"status": self.status}, "time_stamp_token": token}).dump()
        return answered

    def _info(self, imprint: tsp.MessageImprint, nonce: int | None) -> tsp.TSTInfo:
        values: dict[str, Any] = {
            "version": "v1",
            "policy": "1.3.6.1.4.1.99999.1",
            "message_imprint": imprint,
            "serial_number": x509.random_serial_number(),
            "gen_time": self.at,
        }
        if self.accuracy is not None:
            values["accuracy"] = self.accuracy
        if nonce is not None:
            values["nonce"] = nonce
        if self.change is not None:
            self.change(values)
        return tsp.TSTInfo(values)

    def _signed(self, info: tsp.TSTInfo) -> cms.ContentInfo:
        content = info.dump()
        certificate = self.certified.asn1
        certificates = [one.asn1 for one in (self.embedded if self.embedded is not None else [self.certified])]
        attributes = self._attributes(content, certificate)
        algorithm = {"sha256": hashes.SHA256, "sha1": hashes.SHA1}[self.signed_with]()
        signature = self.certified.key.sign(attributes.dump(), ec.ECDSA(algorithm))
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    }
                ),
                "digest_algorithm": {"algorithm": self.signed_with},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": f"{self.signed_with}_ecdsa"},
                "signature": signature,
            }
        )
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [algos.DigestAlgorithm({"algorithm": self.signed_with})],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "certificates": certificates,
                "signer_infos": [signer],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _attributes(self, content: bytes, certificate: asn1_x509.Certificate) -> cms.CMSAttributes:
        ess = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(certificate.dump()).digest()}]})
        return cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute(
                    {"type": "message_digest", "values": [hashlib.new(self.signed_with, content).digest()]}
                ),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [ess]}),
            ]
        )


def status_alone(status: str) -> bytes:
    """A TimeStampResp without a token, which the library that makes the others cannot write."""
    said: bytes = tsp.PKIStatusInfo({"status": status}).dump()
    return bytes((0x30, len(said))) + said
