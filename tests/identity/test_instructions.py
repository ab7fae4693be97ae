"""What is sent to whoever runs a web site."""

import pytest

from credentials.core.errors import registry
from credentials.identity.instructions import PROBLEMS, problem_words
from tests.identity.world import DOMAIN, Town


def test_the_letter_for_a_file(town: Town) -> None:
    proof = town.identity.start(town.acme.id, DOMAIN, "file")
    told = town.identity.instructions(proof)
    assert told.place == "https://acme.example/.well-known/credentials-verification-acme.txt"
    assert told.content == f"credentials-verification={proof.token}"
    for said in (told.place, told.content, "credentials-verification-acme.txt", "30 November 2026", "Acme Analytics"):
        assert said in told.letter
    assert told.host is None


def test_the_letter_for_a_record(town: Town) -> None:
    proof = town.identity.start(town.acme.id, "jobs.acme.example", "dns")
    told = town.identity.instructions(proof)
    assert (told.host, told.zone) == ("_credentials-challenge", "jobs.acme.example")
    assert told.place == "_credentials-challenge.jobs.acme.example"
    assert all(said in told.letter for said in ("TXT", told.place, told.content))


def test_the_letter_for_a_document(town: Town) -> None:
    told = town.identity.instructions(town.identity.start(town.acme.id, DOMAIN, "did:web"))
    assert told.place == "https://acme.example/.well-known/did.json"
    assert told.content == ""
    assert told.place in told.letter


def test_what_holds_has_no_date_to_be_found_by(town: Town) -> None:
    assert "has to be found before" not in town.identity.instructions(town.prove()).letter


def test_a_name_cannot_write_lines_of_its_own(town: Town) -> None:
    other = town.issuing.create_issuer("long", "A" * 190 + " Ltd")
    letter = town.identity.instructions(town.identity.start(other.id, "long.example", "dns")).letter
    assert letter.count("\n\n1. ") == 1


@pytest.mark.parametrize("code", [*PROBLEMS, "host-unreachable", "redirect-refused", "never-heard-of"])
def test_every_problem_has_a_sentence(code: str) -> None:
    assert problem_words(code).endswith(".")


def test_our_problems_are_no_errors() -> None:
    assert PROBLEMS.keys().isdisjoint(registry().keys())
