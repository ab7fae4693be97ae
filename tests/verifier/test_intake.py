"""What people paste, type and upload: recognised as one thing, or refused with advice."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from credentials.core.errors import CredentialError
from credentials.verifier.intake import (
    Code,
    Document,
    Intake,
    Link,
    QrPhoto,
    Token,
    Unrecognised,
    obtain,
    recognise,
)
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from tests.verifier.test_qr_reader import qr, saved
from tests.verifier.world import World

BASE = "https://credentials.example"
ID = "0123456789ABCDEFGHJKMNPQRS"
OWN = f"{BASE}/c/{ID}"
CODE = "7KQ2M9XV4T"
TOKEN = World().token().decode()
FAR = "https://other.example/c/1"


def seen(data: bytes | str, base_url: str = BASE) -> Intake:
    return recognise(data, base_url=base_url)


def given_up(data: bytes | str, base_url: str = BASE) -> str:
    found = seen(data, base_url)
    assert isinstance(found, Unrecognised), found
    assert found.error.advice
    return found.error.code


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"  {TOKEN}\n",
        "\n".join(TOKEN[start : start + 76] for start in range(0, len(TOKEN), 76)),
        f'"{TOKEN}"',
        f"<{TOKEN}>",
        f"\ufeff{TOKEN}",
    ],
)
def test_a_token_however_it_was_copied(text: str) -> None:
    assert seen(text) == Token(TOKEN)
    assert seen(text.encode()) == Token(TOKEN)


def test_a_json_object_is_a_document() -> None:
    assert seen('{"type": "EnvelopedVerifiableCredential"}') == Document({"type": "EnvelopedVerifiableCredential"})


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        f"HTTPS://CREDENTIALS.EXAMPLE/C/{ID}",
        f"{BASE}/c/{ID.lower()}",
        f"{OWN}.jwt",
        f"{OWN}.qr.svg",
        f"{OWN}/status",
        f"{OWN}/",
        f"{OWN}?utm_source=mail",
        f"{OWN}#checks",
        f"http://credentials.example/c/{ID}",
        f"https://credentials.example:443/c/{ID}",
        f"credentials.example/c/{ID}",
        f"Credentials.Example/C/{ID}",
        f"<{OWN}>",
        f"{BASE}/c/{ID.replace('0', 'O').replace('1', 'l')}",
        ID,
        ID.lower(),
    ],
)
def test_a_link_to_a_credential_of_ours(text: str) -> None:
    found = seen(text)
    assert isinstance(found, Link)
    assert found.credential_id == ID


def test_a_service_below_a_path_and_on_a_port() -> None:
    base = "http://localhost:8000/creds"
    found = seen(f"HTTP://LOCALHOST:8000/CREDS/C/{ID}", base)
    assert isinstance(found, Link)
    assert found.credential_id == ID
    assert given_up(f"http://localhost:8001/creds/c/{ID}", base) == "link-refused"
    assert given_up(f"http://localhost:8000/c/{ID}", base) == "link-refused"


@pytest.mark.parametrize(
    "text", [CODE, "7KQ2-M9XV-4T", "7kq2 m9xv 4t", f" {CODE}\n", f"{BASE}/v/{CODE}", f"{BASE}/V/7kq2-m9xv-4t"]
)
def test_a_code_however_it_is_written(text: str) -> None:
    assert seen(text) == Code(CODE)


@pytest.mark.parametrize(
    "text", [FAR, f"{FAR}.jwt", "https://credentials.example.evil.example/c/x", "https://other.example"]
)
def test_a_link_elsewhere_is_a_link_and_no_more(text: str) -> None:
    assert seen(text) == Link(text, None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "nothing-given"),
        (" \n\t", "nothing-given"),
        (b"", "nothing-given"),
        ("\ufeff", "nothing-given"),
        ("good morning", "not-recognised"),
        ("7KQ2-M9XV-4", "not-recognised"),
        ("U" * 10, "not-recognised"),
        ("Z" * 26, "not-recognised"),
        ("a.b.c", "not-recognised"),
        ("data:application/vc+jwt,eyJ", "not-recognised"),
        ("javascript:alert(1)", "not-recognised"),
        ("[1]", "not-recognised"),
        ("é" * 10, "not-recognised"),
        ("\ud800", "not-utf8"),
        (b"\xff\xfea\x00", "not-utf8"),
        (b"%PDF-1.7\xe2\xe3", "not-utf8"),
        (b"x" * 300_000, "too-large"),
        ("x" * 300_000, "too-large"),
        ("{", "not-json"),
        ('{"a":1} x', "not-json"),
        ('{"a":1,"a":2}', "duplicate-key"),
        ('{"a":' * 5000, "too-deep"),
        ('{"a":NaN}', "not-json"),
        ("http://other.example/c/1", "link-refused"),
        ("ftp://other.example/c/1", "link-refused"),
        ("file:///etc/passwd", "link-refused"),
        ("https://", "link-refused"),
        ("https://[::1", "link-refused"),
        ("https://other.example:99999/x", "link-refused"),
        (f"https://credentials.example@evil.example/c/{ID}", "link-refused"),
        (f"https://evil.example\\@credentials.example/c/{ID}", "link-refused"),
        (f"https://credentials.example\t.evil.example/c/{ID}", "link-refused"),
        (f"https://сredentials.example/c/{ID}", "link-refused"),
        (f"https://other.example/{'x' * 3000}", "link-refused"),
        (f"{BASE}/p/ana", "no-credential-at-link"),
        (f"{BASE}/", "no-credential-at-link"),
        (f"{BASE}/c/", "bad-identifier"),
        (f"{BASE}/c/{ID}X", "bad-identifier"),
        (f"{BASE}/c/../c/{ID}", "bad-identifier"),
        (f"{BASE}/c/%30{ID[1:]}", "bad-identifier"),
        (f"{BASE}/v/short", "bad-identifier"),
        (b"\x89PNG\r\n\x1a\nxx", "picture-unreadable"),
        (b"GIF89a", "picture-unreadable"),
        (saved(Image.new("RGB", (60, 60)), "PNG"), "no-qr-code"),
        (saved(qr("WIFI:S:guest;;"), "PNG"), "not-recognised"),
        (saved(qr("http://evil.example/c/1"), "PNG"), "link-refused"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_everything_else_is_refused_with_advice(data: bytes | str, code: str) -> None:
    assert given_up(data) == code


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200), st.text(max_size=60).map("https://".__add__)))
def test_noise_never_raises(data: bytes | str) -> None:
    seen(data)
    seen(data, "http://localhost:8000")


def test_a_photo_is_recognised_by_what_its_code_says() -> None:
    address = f"HTTPS://CREDENTIALS.EXAMPLE/C/{ID}"
    assert seen(saved(qr(address), "JPEG")) == QrPhoto(address, Link(address, ID))
    assert seen(saved(qr(CODE), "PNG")) == QrPhoto(CODE, Code(CODE))


def page(*texts: str) -> bytes:
    sheet = Image.new("RGB", (480 * len(texts) + 60, 600), "white")
    for place, text in enumerate(texts):
        sheet.paste(qr(text).resize((400, 400)), (50 + 480 * place, 100))
    return saved(sheet, "PNG")


def test_two_codes_of_one_credential_are_one() -> None:
    found = seen(page(OWN, OWN.upper()))
    assert isinstance(found, QrPhoto)
    assert isinstance(found.found, Link)
    assert found.found.credential_id == ID


def test_two_credentials_in_one_picture_are_not_guessed_between() -> None:
    assert given_up(page(OWN, f"{BASE}/c/{'1' * 26}")) == "several-credentials"


def test_codes_of_other_things_are_passed_over() -> None:
    found = seen(page("WIFI:S:guest;;", OWN))
    assert isinstance(found, QrPhoto)
    assert found.text == OWN


# From what was recognised to what `verify` takes ----------------------------------------------------------------------

CODES = {CODE: ID, "0000000000": "9" * 26}
PUBLISHED = {f"{BASE}/c/{ID}.jwt": TOKEN.encode(), FAR: TOKEN.encode() + b"\n"}


def got(data: bytes | str, published: dict[str, bytes] | None = None) -> Any:
    resolver = StaticResolver(PUBLISHED if published is None else published)
    return obtain(seen(data), resolver=resolver, base_url=BASE, find_code=CODES.get)


@pytest.mark.parametrize("data", [TOKEN, OWN, OWN.upper(), CODE, f"{BASE}/v/{CODE}", FAR, saved(qr(OWN), "PNG")])
def test_it_leads_to_the_credential(data: bytes | str) -> None:
    assert World().verify(got(data)).state is State.GENUINE


def test_an_envelope_leads_to_the_credential() -> None:
    envelope = f'{{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,{TOKEN}"}}'
    assert World().verify(got(envelope)).state is State.GENUINE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("hello", "not-recognised"),
        ("1111111111", "nothing-here"),
        ("0000000000", "nothing-here"),
        (f"{BASE}/c/{'1' * 26}", "nothing-here"),
        ("https://gone.example/c/1", "not-found-there"),
    ],
)
def test_what_leads_nowhere_says_so(data: str, code: str) -> None:
    with pytest.raises(CredentialError) as caught:
        got(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"{}", b"\xff\xfe", b"a.b", b"a.b.c.d", f"{TOKEN} {TOKEN}".encode()]
)
def test_a_link_elsewhere_must_lead_to_a_token(body: bytes) -> None:
    with pytest.raises(CredentialError) as caught:
        got(FAR, {FAR: body})
    assert caught.value.code == "no-credential-at-link"


def test_an_answer_that_is_too_long_is_refused() -> None:
    with pytest.raises(CredentialError) as caught:
        got(FAR, {FAR: b"a" * 400_000})
    assert caught.value.code == "answer-too-large"
