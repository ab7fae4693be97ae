"""Timestamps: what one proves, and every way in which it proves nothing."""

import hashlib
import subprocess
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import example, given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.core.timestamp_errors import (
    RootsUnreadable,
    TimestampMismatch,
    TimestampUnreadable,
    TimestampUntrusted,
)
from credentials.core.timestamps import (
    MAX_TOKEN_BYTES,
    NONCES,
    accept_answer,
    check_token,
    parse_roots,
    timestamp_request,
)
from tests.timestamp_authority import (
    ENDS,
    TIME_STAMPING,
    Certified,
    TimestampAuthority,
    certify,
    make_root,
    status_alone,
)

STAMPED = b"eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"
NONCE = 4711
SECOND = timedelta(seconds=1)
HONEST = TimestampAuthority()
TOKEN = HONEST.token(STAMPED)


def test_a_token_proves_its_time() -> None:
    proved = check_token(TOKEN, STAMPED, HONEST.roots)

    assert proved.latest == HONEST.at + SECOND  # genTime is rounded
    assert proved.authority == "CN=Timestamps of the tests"


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_the_accepted_digests(digest: str) -> None:
    proved = check_token(HONEST.token(STAMPED, digest=digest), STAMPED, HONEST.roots)

    assert proved.latest == HONEST.at + SECOND


def test_the_accuracy_counts_against_it() -> None:
    authority = TimestampAuthority(accuracy={"seconds": 60, "millis": 500, "micros": 7})

    proved = check_token(authority.token(STAMPED), STAMPED, authority.roots)

    assert proved.latest == authority.at + SECOND + timedelta(seconds=60, milliseconds=500, microseconds=7)


def test_a_certificate_counts_at_the_time_in_the_token() -> None:
    """That it has expired since, or that its root has, changes nothing."""
    root = make_root()
    ended = certify(root, ends=datetime(2026, 4, 1, tzinfo=UTC))
    authority = TimestampAuthority(root=root, signer=ended)

    assert check_token(authority.token(STAMPED), STAMPED, authority.roots).latest < datetime(2026, 4, 1, tzinfo=UTC)


def test_a_request_is_what_an_authority_reads() -> None:
    asked = tsp.TimeStampReq.load(timestamp_request(STAMPED, NONCE), strict=True)

    assert asked["version"].native == "v1"
    assert asked["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
    assert asked["message_imprint"]["hashed_message"].native == hashlib.sha256(STAMPED).digest()
    assert (asked["nonce"].native, asked["cert_req"].native) == (NONCE, True)


@given(st.integers(min_value=0, max_value=NONCES - 1))
@example(0)
@example(0x7F)
@example(0x80)
@example(NONCES - 1)
def test_every_nonce_is_written_as_der(nonce: int) -> None:
    asked = tsp.TimeStampReq.load(timestamp_request(STAMPED, nonce), strict=True)

    assert asked["nonce"].native == nonce
    assert asked.dump(force=True) == timestamp_request(STAMPED, nonce)


def test_an_answer_is_accepted() -> None:
    answer = HONEST.answer(timestamp_request(STAMPED, NONCE))

    token = accept_answer(answer, STAMPED, NONCE, HONEST.roots)

    assert check_token(token, STAMPED, HONEST.roots, nonce=NONCE).latest == HONEST.at + SECOND


def test_another_program_agrees(tmp_path: Path) -> None:
    (tmp_path / "token.tst").write_bytes(TOKEN)
    (tmp_path / "stamped").write_bytes(STAMPED)
    (tmp_path / "root.pem").write_bytes(HONEST.root.pem)
    call = ["openssl", "ts", "-verify", "-data", "stamped", "-in", "token.tst", "-token_in", "-CAfile", "root.pem"]

    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "Verification: OK" in done.stdout, done.stderr


# Not the answer to this request ------------------------------------------------------------------------------------


def test_a_nonce_that_was_answered_before_is_refused() -> None:
    replayed = HONEST.answer(timestamp_request(STAMPED, NONCE))

    with pytest.raises(TimestampMismatch, match="nonce"):
        accept_answer(replayed, STAMPED, NONCE + 1, HONEST.roots)


def test_an_answer_without_the_nonce_is_refused() -> None:
    forgetful = TimestampAuthority(change=lambda info: info.pop("nonce"))

    with pytest.raises(TimestampMismatch, match="nonce"):
        accept_answer(forgetful.answer(timestamp_request(STAMPED, NONCE)), STAMPED, NONCE, forgetful.roots)


def test_an_answer_over_other_bytes_is_refused() -> None:
    with pytest.raises(TimestampMismatch, match="other bytes"):
        accept_answer(HONEST.answer(timestamp_request(b"other", NONCE)), STAMPED, NONCE, HONEST.roots)


@pytest.mark.parametrize("status", ["granted_with_mods", "rejection", "waiting", "revocation_warning"])
def test_an_answer_that_grants_nothing_is_refused(status: str) -> None:
    unwilling = TimestampAuthority(status=status)

    with pytest.raises(TimestampUnreadable):
        accept_answer(unwilling.answer(timestamp_request(STAMPED, NONCE)), STAMPED, NONCE, unwilling.roots)


def test_an_answer_that_says_granted_and_has_no_token_is_refused() -> None:
    with pytest.raises(TimestampUnreadable):
        accept_answer(status_alone("granted"), STAMPED, NONCE, HONEST.roots)


# Not by whom it should be ------------------------------------------------------------------------------------------


def _of_another_root() -> TimestampAuthority:
    return TimestampAuthority(root=HONEST.root, signer=certify(make_root()))


def _of_a_root_by_the_same_name() -> TimestampAuthority:
    return TimestampAuthority(root=HONEST.root, signer=certify(make_root("Root of the tests")))


def _signed(**options: Any) -> Callable[[], TimestampAuthority]:
    return lambda: TimestampAuthority(root=HONEST.root, signer=certify(HONEST.root, **options))


def _after_the_certificate_ended() -> TimestampAuthority:
    return TimestampAuthority(root=HONEST.root, signer=certify(HONEST.root, ends=HONEST.at - SECOND))


def _before_the_certificate_began() -> TimestampAuthority:
    return TimestampAuthority(root=HONEST.root, at=datetime(2023, 6, 1, tzinfo=UTC))


def _after_the_root_ended() -> TimestampAuthority:
    signer = certify(HONEST.root, ends=ENDS + timedelta(days=900))
    return TimestampAuthority(root=HONEST.root, signer=signer, at=ENDS + timedelta(days=1))


def _without_its_certificate() -> TimestampAuthority:
    return TimestampAuthority(root=HONEST.root, embedded=())


def _with_another_key() -> TimestampAuthority:
    """Signed by a key of one's own, with the honest authority's certificate beside it."""
    return TimestampAuthority(root=HONEST.root, signer=Certified(make_root().key, HONEST.certified.certificate))


def _two_certificates_of_one_name() -> TimestampAuthority:
    """A certificate for something else, which is checked, and a made-up one for timestamping, which is believed."""
    server = certify(HONEST.root, "a web server", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,), serial=77)
    made_up = certify(make_root("Root of the tests"), "a web server", serial=77, key=server.key)
    return TimestampAuthority(root=HONEST.root, signer=server, embedded=(server, made_up))


CHAIN = "no trusted root"
UNTRUSTED: dict[str, tuple[Callable[[], TimestampAuthority], str]] = {
    "another root": (_of_another_root, CHAIN),
    "another root by the same name": (_of_a_root_by_the_same_name, CHAIN),
    "no extended key usage": (_signed(purposes=None), "is not for timestamping"),
    "for web servers": (_signed(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), "timestamping alone"),
    "for code": (_signed(purposes=(ExtendedKeyUsageOID.CODE_SIGNING,)), "timestamping alone"),
    "for more": (_signed(purposes=(*TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)), "timestamping alone"),
    "for anything": (_signed(purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)), "timestamping alone"),
    "for timestamping, not critically": (_signed(critical=False), "timestamping alone"),
    "after its certificate ended": (_after_the_certificate_ended, CHAIN),
    "before its certificate began": (_before_the_certificate_began, CHAIN),
    "after its root ended": (_after_the_root_ended, CHAIN),
    "without its certificate": (_without_its_certificate, "0 certificates"),
    "with another key": (_with_another_key, CHAIN),
    "two certificates of one name": (_two_certificates_of_one_name, "2 certificates"),
}


@pytest.mark.parametrize(("made", "why"), UNTRUSTED.values(), ids=UNTRUSTED)
def test_no_trusted_authority_made_it(made: Callable[[], TimestampAuthority], why: str) -> None:
    with pytest.raises(TimestampUntrusted, match=why):
        check_token(made().token(STAMPED), STAMPED, HONEST.roots)


def test_without_roots_nobody_is_trusted() -> None:
    with pytest.raises(TimestampUntrusted):
        check_token(TOKEN, STAMPED, ())


def test_the_authoritys_own_certificate_is_no_root() -> None:
    """A signer whose chain leads nowhere is not believed because it is named itself."""
    with pytest.raises(TimestampUntrusted):
        check_token(TOKEN, STAMPED, (certify(HONEST.root).certificate,))


# Not about these bytes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamped", [b"", STAMPED + b" ", STAMPED[:-1], STAMPED.replace(b"e30", b"e31")])
def test_a_token_for_other_bytes(stamped: bytes) -> None:
    with pytest.raises(TimestampMismatch):
        check_token(TOKEN, stamped, HONEST.roots)


@pytest.mark.parametrize("digest", ["sha1", "md5", "sha224"])
def test_a_weak_digest(digest: str) -> None:
    with pytest.raises(TimestampMismatch, match="not accepted"):
        check_token(HONEST.token(STAMPED, digest=digest), STAMPED, HONEST.roots)


def test_a_weak_digest_of_the_signature() -> None:
    weak = TimestampAuthority(root=HONEST.root, signed_with="sha1")

    with pytest.raises(TimestampUntrusted, match="digest"):
        check_token(weak.token(STAMPED), STAMPED, HONEST.roots)


# Not a token -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        b"{}",
        b"\x00" * 64,
        TOKEN[:-1],
        TOKEN + b"\x00",
        TOKEN * 2,
        b"\x30\x84\xff\xff\xff\xff",
    ],
)
def test_garbage(token: bytes) -> None:
    with pytest.raises(TimestampUnreadable):
        check_token(token, STAMPED, HONEST.roots)


def test_a_whole_answer_is_no_token() -> None:
    with pytest.raises(TimestampUnreadable):
        check_token(HONEST.answer(timestamp_request(STAMPED, NONCE)), STAMPED, HONEST.roots)


def test_a_huge_token_is_not_even_read() -> None:
    with pytest.raises(TimestampUnreadable, match="more than"):
        check_token(TOKEN + bytes(MAX_TOKEN_BYTES), STAMPED, HONEST.roots)


def test_a_time_that_no_calendar_has() -> None:
    authority = TimestampAuthority(root=HONEST.root, at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))

    with pytest.raises(CredentialError):
        check_token(authority.token(STAMPED), STAMPED, HONEST.roots)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(token: bytes) -> None:
    with pytest.raises(TimestampUnreadable):
        check_token(token, STAMPED, HONEST.roots)


@given(st.data())
def test_a_damaged_token_never_proves_another_time(data: st.DataObject) -> None:
    """Whatever is done to a token, it is refused by name or still says what its authority signed."""
    damaged = bytearray(TOKEN)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of certificates that are only just still readable
        try:
            proved = check_token(bytes(damaged), STAMPED, HONEST.roots)
        except CredentialError:
            return

    assert proved.latest == HONEST.at + SECOND


# Roots -------------------------------------------------------------------------------------------------------------


def test_roots_are_read_from_pem() -> None:
    other = make_root("Another root")

    assert parse_roots(HONEST.root.pem + b"\n" + other.pem) == (HONEST.root.certificate, other.certificate)


@pytest.mark.parametrize("pem", [b"", b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_roots(pem: bytes) -> None:
    with pytest.raises(RootsUnreadable):
        parse_roots(pem)
