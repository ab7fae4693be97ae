"""Four eyes as a table: who may sign what somebody, or a program, wrote, where two people are wanted and where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from credentials.accounts.errors import TwoPeopleWanted
from credentials.console import two_people
from credentials.console.errors import SecondPersonWanted, WrittenByProgram
from credentials.core.errors import CredentialError
from credentials.store import organisations
from credentials.store.engine import read, write
from tests.projects.at_work import Job, started


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    """A company with an owner."""
    made = started(tmp_path_factory.mktemp("job") / "data")
    yield made
    made.service.close()


ME, OTHER = "me", "other"
CASES: list[tuple[bool, str, str, str | None, type[CredentialError] | None]] = [
    # Two wanted, the key that signs, who wrote it, the key that wrote it, what is raised.
    (False, "", ME, None, None),
    (False, "", ME, "key-1", None),
    (False, "", OTHER, None, None),
    (False, "key-1", ME, "key-1", None),
    (False, "key-1", OTHER, None, None),
    (True, "", OTHER, None, None),
    (True, "", ME, None, SecondPersonWanted),
    (True, "", ME, "key-1", WrittenByProgram),
    (True, "", OTHER, "key-1", WrittenByProgram),
    # An id that says nothing is a program's all the same: it is no person who wrote it.
    (True, "", OTHER, "", WrittenByProgram),
    (True, "key-1", OTHER, None, TwoPeopleWanted),
    (True, "key-1", ME, None, TwoPeopleWanted),
    (True, "key-1", OTHER, "key-1", TwoPeopleWanted),
    (True, "key-1", OTHER, "key-2", TwoPeopleWanted),
]


@pytest.mark.parametrize(("wanted", "signer", "author", "key", "raised"), CASES)
def test_who_may_sign(
    wanted: bool, signer: str, author: str, key: str | None, raised: type[CredentialError] | None, job: Job
) -> None:
    member = replace(job.owner, key_id=signer)
    wrote = member.visitor.person_id if author == ME else job.candidate.person_id
    with write(job.service.engine) as connection:
        organisations.set_four_eyes(connection, member.issuer.id, wanted)
        if raised is None:
            two_people.require_second(connection, member, wrote, key)
            return
        with pytest.raises(raised) as error:
            two_people.require_second(connection, member, wrote, key)
    assert error.value.where == ("Authorization" if signer else "signer")


@pytest.mark.parametrize(("wanted", "signer", "refused"), [(True, "k", True), (True, "", False), (False, "k", False)])
def test_a_program_stands_for_nobody(wanted: bool, signer: str, refused: bool, job: Job) -> None:
    member = replace(job.owner, key_id=signer)
    with write(job.service.engine) as connection:
        organisations.set_four_eyes(connection, member.issuer.id, wanted)
        if not refused:
            two_people.require_person(connection, member)
            return
        with pytest.raises(TwoPeopleWanted):
            two_people.require_person(connection, member)


@pytest.mark.parametrize("issuer_id", ["", "nobody", "ACME", "%"])
def test_a_company_that_is_not_there_wants_nothing(issuer_id: str, job: Job) -> None:
    with write(job.service.engine) as connection:
        organisations.set_four_eyes(connection, job.owner.issuer.id, True)
    with read(job.service.engine) as connection:
        assert not two_people.are_wanted(connection, issuer_id)
        assert two_people.are_wanted(connection, job.owner.issuer.id)
