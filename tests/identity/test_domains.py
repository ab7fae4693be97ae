"""Which domains can say something about a company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.identity.domains import company_domain, domain_of_address, mailbox_domains, registrable
from credentials.identity.errors import AddressUnusable, DomainProvesNothing, DomainUnusable


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("acme.example", "acme.example"),
        (" ACME.Example. ", "acme.example"),
        ("jobs.acme.co.uk", "jobs.acme.co.uk"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("acme.github.io", "acme.github.io"),
        ("1-2.example", "1-2.example"),
    ],
)
def test_a_companys_own_domain(typed: str, domain: str) -> None:
    assert company_domain(typed) == domain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "acme",
        "localhost",
        "acme.local",
        "acme.localhost",
        "printer.lan",
        "127.0.0.1",
        "[::1]",
        "2130706433",
        "acme.127",
        "https://acme.example",
        "acme.example/",
        "acme.example:443",
        "user@acme.example",
        "acme..example",
        "-acme.example",
        "acme-.example",
        "_dmarc.acme.example",
        "müller.example",
        "acme。example",
        "acme.example\n",
        "acme.example\n.evil.example",
        "acme .example",
        "*.acme.example",
        "a" * 64 + ".example",
        "a." * 120 + "example",
        "acme.example\x00",
        "x" * 100_000,
    ],
)
def test_what_is_no_domain(typed: str) -> None:
    if typed == "acme.example\n":
        assert company_domain(typed) == "acme.example"
        return
    with pytest.raises(DomainUnusable):
        company_domain(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "gmail.com",
        "GMAIL.com.",
        "mail.gmail.com",
        "yahoo.co.uk",
        "outlook.com",
        "mailinator.com",
        "x.mailinator.com",
        "co.uk",
        "github.io",
        "blogspot.com",
        "com.br",
        "web.de",
        "qq.com",
        "proton.me",
    ],
)
def test_what_proves_nothing(typed: str) -> None:
    with pytest.raises(DomainProvesNothing):
        company_domain(typed)


def test_the_list_of_mailbox_domains() -> None:
    assert len(mailbox_domains()) >= 150
    assert all(domain == domain.lower().strip() for domain in mailbox_domains())
    assert "acme.example" not in mailbox_domains()


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@acme.example", "acme.example"),
        ("Ana@ACME.example", "acme.example"),
        ('"a@b"@acme.example', "acme.example"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of_address(address) == domain


@pytest.mark.parametrize(
    "address",
    ["", "@", "ana", "ana@", "@acme.example", "ana@acme", "ana@[127.0.0.1]", "ana@müller.example", "a" * 400 + "@a.b"],
)
def test_what_is_no_work_address(address: str) -> None:
    with pytest.raises(AddressUnusable) as caught:
        domain_of_address(address)
    assert "ana" not in str(caught.value)


@pytest.mark.parametrize("address", ["ana@gmail.com", "acme@outlook.com", "acme@mailinator.com", "a@co.uk"])
def test_a_mailbox_that_anybody_has_proves_nothing(address: str) -> None:
    with pytest.raises(DomainProvesNothing) as caught:
        domain_of_address(address)
    assert address not in str(caught.value)


def test_what_somebody_registered() -> None:
    assert registrable("jobs.acme.co.uk") == "acme.co.uk"
    assert registrable("a.b.github.io") == "b.github.io"
    assert registrable("co.uk") is None


@given(st.text(max_size=80))
def test_every_text_is_a_domain_or_an_error(text: str) -> None:
    try:
        found = company_domain(text)
    except CredentialError:
        return
    assert found == found.lower()
    assert found.isascii()
    assert registrable(found) is not None
