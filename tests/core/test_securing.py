"""Which mechanism a form belongs to."""

import pytest

from credentials.core.errors import UnknownForm
from credentials.core.mechanism import SecuringMechanism
from credentials.core.securing import MECHANISMS, VC_JWT, recognise
from tests.core.parties import Party


def test_each_mechanism_is_registered_under_its_name() -> None:
    mechanism: SecuringMechanism = VC_JWT
    assert MECHANISMS["vc+jwt"] is mechanism
    assert all(name == mechanism.name for name, mechanism in MECHANISMS.items())
    assert (mechanism.media_type, mechanism.extension) == ("application/vc+jwt", "jwt")


def test_a_token_is_recognised(issuer: Party) -> None:
    assert recognise(issuer.token(b'{"alg":"EdDSA"}', b"{}").encode()) is VC_JWT
    assert recognise(issuer.token(b'{\n "alg":"EdDSA"}', b"{}").encode()) is VC_JWT


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"https://a.example/c/1",
        b"www.a.example",
        b"eyJh.eyJh",
        b"eyJh.e30.AAAA.AAAA",
        b"eyJh.e30.AAAA~disclosure~",
        b"\x89PNG\r\n",
        b'{"proof":{}}',
        b"7KQ2-M9XV-4T",
        b"\xff\xfe",
    ],
)
def test_other_things_are_not(data: bytes) -> None:
    with pytest.raises(UnknownForm):
        recognise(data)
