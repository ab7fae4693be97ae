"""The addresses of places for keys: what is understood, and everything else refused without repeating it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.keyring.addresses import KmsAddress, TokenAddress
from credentials.keyring.errors import KeyBackendUnknown, PinInUri

MODULE = "module-path=/usr/lib/m.so"


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        (f"pkcs11:token=keys?{MODULE}", TokenAddress("/usr/lib/m.so", "keys")),
        (f"PKCS11:token=keys?{MODULE}", TokenAddress("/usr/lib/m.so", "keys")),
        (f"pkcs11:token=keys;{MODULE}", TokenAddress("/usr/lib/m.so", "keys")),
        (f"pkcs11:serial=00ff;token=my%20keys?{MODULE}", TokenAddress("/usr/lib/m.so", "my keys", "00ff")),
        (f"pkcs11:token=caf%C3%A9%3B%25?{MODULE}", TokenAddress("/usr/lib/m.so", "café;%")),
    ],
)
def test_an_address_of_a_token(uri: str, address: TokenAddress) -> None:
    assert TokenAddress.parse(uri) == address


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs11:",
        "pkcs11:token=keys",
        f"pkcs11:?{MODULE}",
        f"pkcs11:{MODULE}",
        "pkcs11:token=keys?",
        "pkcs11:token=keys?module-path=",
        "pkcs11:token=keys?module-path=m.so",
        "pkcs11:token=keys?module-path=../m.so",
        "pkcs11:token=keys?module-name=softhsm",
        f"pkcs11:token=?{MODULE}",
        f"pkcs11:token?{MODULE}",
        f"pkcs11:token=a;token=b?{MODULE}",
        f"pkcs11:token=a?{MODULE}&{MODULE}",
        f"pkcs11:token=a;{MODULE}?{MODULE}",
        f"pkcs11:token=a;?{MODULE}",
        f"pkcs11:token=a;object=key?{MODULE}",
        f"pkcs11:token=a;id=%01?{MODULE}",
        f"pkcs11:token=a;slot-id=1?{MODULE}",
        f"pkcs11:token=a;x-vendor=1?{MODULE}",
        f"pkcs11:Token=a?{MODULE}",
        f"pkcs11:token=a b?{MODULE}",
        f"pkcs11:token=a%2?{MODULE}",
        f"pkcs11:token=a%zz?{MODULE}",
        f"pkcs11:token=%ff?{MODULE}",
        f"pkcs11:token=a%00?{MODULE}",
        f"pkcs11:token=a%0a?{MODULE}",
        f"pkcs11:token=é?{MODULE}",
        f"pkcs11:token=a=b=c%?{MODULE}",
        f"pkcs11:token=a?{MODULE}#fragment",
        f"pkcs11:token=a?{MODULE}?{MODULE}",
        f"pkcs11:token={'a' * 1100}?{MODULE}",
        f" pkcs11:token=a?{MODULE}",
        f"pkcs11:token=a?{MODULE}\n",
        f"pkcs12:token=a?{MODULE}",
    ],
)
def test_no_address_of_a_token(uri: str) -> None:
    with pytest.raises(KeyBackendUnknown):
        TokenAddress.parse(uri)


@pytest.mark.parametrize(
    "uri",
    [
        f"pkcs11:token=a?{MODULE}&pin-value=S3cret",
        f"pkcs11:token=a?pin-value=S3cret&{MODULE}",
        f"pkcs11:token=a;pin-value=S3cret?{MODULE}",
        f"pkcs11:token=a?{MODULE}&pin-source=file:/S3cret",
        f"pkcs11:token=a?{MODULE}&PIN-VALUE=S3cret",
        "pkcs11:pin-value=S3cret",
        "pkcs11:?pin-value",
    ],
)
def test_a_pin_has_no_place_in_an_address(uri: str) -> None:
    with pytest.raises(PinInUri) as caught:
        TokenAddress.parse(uri)
    assert "S3cret" not in repr(caught.value) + str(caught.value)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=40), st.booleans())
def test_any_name_comes_through_percent_encoding(name: str, everything: bool) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    assert TokenAddress.parse(f"pkcs11:token={encoded}?{MODULE}").token == name


@given(
    st.text(max_size=60), st.sampled_from(["", "pkcs11:", "pkcs11:token=", f"pkcs11:token=a?{MODULE}&", "aws-kms://"])
)
def test_any_text_is_read_or_refused(text: str, start: str) -> None:
    for parse in (TokenAddress.parse, KmsAddress.parse):
        try:
            parse(start + text)
        except CredentialError as error:
            assert len(text) < 12 or text not in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("aws-kms://eu-central-1", KmsAddress("eu-central-1", "credentials")),
        ("aws-kms://eu-central-1/", KmsAddress("eu-central-1", "credentials")),
        ("AWS-KMS://us-gov-west-1/acme", KmsAddress("us-gov-west-1", "acme")),
        ("aws-kms://ap-southeast-2/acme/staging_2", KmsAddress("ap-southeast-2", "acme/staging_2")),
    ],
)
def test_an_address_in_aws(uri: str, address: KmsAddress) -> None:
    assert KmsAddress.parse(uri) == address


@pytest.mark.parametrize(
    "uri",
    [
        "aws-kms:",
        "aws-kms://",
        "aws-kms:eu-central-1",
        "aws-kms:///acme",
        "aws-kms://EU-CENTRAL-1",
        "aws-kms://eu-central-1.example",
        "aws-kms://key:secret@eu-central-1",
        "aws-kms://eu-central-1:443",
        "aws-kms://eu-central-1?endpoint=http://x",
        "aws-kms://eu-central-1/a b",
        "aws-kms://eu-central-1/a//b",
        "aws-kms://eu-central-1/a/",
        "aws-kms://eu-central-1//a",
        "aws-kms://eu-central-1/aws/x",
        "aws-kms://eu-central-1/é",
        "aws-kms://eu-central-1/a%20b",
        "aws-kms://eu-central-1/" + "a" * 201,
        "aws-kms://eu-central-1/a\n",
        "aws-kms://169.254.169.254/a",
    ],
)
def test_no_address_in_aws(uri: str) -> None:
    with pytest.raises(KeyBackendUnknown):
        KmsAddress.parse(uri)
