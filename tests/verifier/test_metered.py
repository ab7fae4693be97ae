"""Allowances: time and bytes that do not start afresh."""

import ssl
import time
from pathlib import Path

import pytest

from credentials.verifier.metered import Allowance, MeteredSocket, ReadTooMuchError, metered_tls


def test_time_runs_out_once() -> None:
    allowance = Allowance.of(0.05, 10)
    assert 0 < allowance.seconds() <= 0.05
    time.sleep(0.06)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            allowance.seconds()


def test_no_time_at_all() -> None:
    with pytest.raises(TimeoutError):
        Allowance.of(0, 10).seconds()


def test_bytes_run_out() -> None:
    allowance = Allowance.of(5, 10)
    allowance.take(4)
    allowance.take(6)
    with pytest.raises(ReadTooMuchError):
        allowance.take(1)


def test_a_context_that_verifies(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        metered_tls(tmp_path / "missing.pem")
    context = metered_tls(ssl.get_default_verify_paths().cafile or _public_authorities())
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.sslsocket_class is MeteredSocket


def _public_authorities() -> str:
    certifi = pytest.importorskip("certifi")
    return str(certifi.where())
