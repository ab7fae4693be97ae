"""What a real name server may answer, and what is made of it."""

import socket

import pytest

from credentials.identity.name_server import LONGEST_TEXT, MOST_TEXTS, NameServers, Server, Texts
from tests.identity.world import DOMAIN, Zone, name_server

NAME = f"_credentials-challenge.{DOMAIN}"


def ask(zone: Zone, seconds: float = 1.0) -> Texts:
    with name_server(zone) as port:
        return NameServers([Server("127.0.0.1", port)], seconds=seconds).texts(NAME, DOMAIN)


def test_the_texts_of_the_exact_name(zone: Zone) -> None:
    zone.put(NAME, "credentials-verification=abc", "v=spf1 -all")
    zone.put(DOMAIN, "credentials-verification=elsewhere")
    zone.put(f"x.{NAME}", "credentials-verification=beneath")
    assert sorted(ask(zone).found) == [b"credentials-verification=abc", b"v=spf1 -all"]
    assert zone.asked == [f"{NAME} TXT"]


def test_the_strings_of_a_text_are_one(zone: Zone) -> None:
    zone.texts[NAME] = [[b"credentials-", b"verification=", b"abc"]]
    assert ask(zone).found == (b"credentials-verification=abc",)


def test_a_text_that_is_none_of_ours_in_length(zone: Zone) -> None:
    zone.texts[NAME] = [[b"x" * 255] * (LONGEST_TEXT // 255 + 1), [b"short"]]
    assert ask(zone).found == (b"short",)


def test_an_answer_too_large_for_a_datagram_is_read_over_tcp(zone: Zone) -> None:
    zone.put(NAME, *(f"{number:03}{'x' * 100}" for number in range(80)))
    assert len(ask(zone).found) == 80


def test_too_many_texts(zone: Zone) -> None:
    zone.put(NAME, *(f"text-{number}" for number in range(MOST_TEXTS + 1)))
    assert ask(zone) == Texts(trouble="too-many-texts")


def test_a_name_without_texts(zone: Zone) -> None:
    zone.exists.add(NAME)
    assert ask(zone) == Texts()


def test_a_name_that_is_not_there_in_a_domain_that_is(zone: Zone) -> None:
    assert ask(zone) == Texts()
    assert zone.asked == [f"{NAME} TXT", f"{DOMAIN} NS"]


def test_a_domain_that_is_gone(zone: Zone) -> None:
    zone.exists.clear()
    assert ask(zone) == Texts(trouble="name-gone")


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTIMP", "FORMERR"])
def test_a_server_that_fails(zone: Zone, rcode: str) -> None:
    zone.rcode = rcode
    assert ask(zone) == Texts(trouble="name-server-failed")


def test_a_server_that_keeps_silent(zone: Zone) -> None:
    zone.seconds = 1.0
    assert ask(zone, seconds=0.2) == Texts(trouble="name-server-failed")


def test_no_server_at_all() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        assert NameServers([Server("127.0.0.1", port)], seconds=0.2).texts(NAME, DOMAIN).trouble == "name-server-failed"


def test_an_alias_within_the_domain_counts(zone: Zone) -> None:
    zone.aliases[NAME] = f"proofs.{DOMAIN}"
    zone.put(f"proofs.{DOMAIN}", "credentials-verification=abc")
    assert ask(zone).found == (b"credentials-verification=abc",)


@pytest.mark.parametrize("target", ["evil.example", f"{DOMAIN}.evil.example", "x.github.io"])
def test_an_alias_that_leads_elsewhere_does_not(zone: Zone, target: str) -> None:
    zone.aliases[NAME] = target
    zone.put(target, "credentials-verification=abc")
    assert ask(zone) == Texts(trouble="leads-elsewhere")


def test_a_wildcard_is_an_answer_like_any(zone: Zone) -> None:
    zone.wildcard = [[b"v=spf1 -all"]]
    assert ask(zone).found == (b"v=spf1 -all",)


def test_a_name_that_cannot_be_asked_for(zone: Zone) -> None:
    with name_server(zone) as port:
        names = NameServers([Server("127.0.0.1", port)], seconds=0.5)
        assert names.texts(f"{'a' * 70}.example", DOMAIN).trouble == "name-server-failed"
    assert zone.asked == []
