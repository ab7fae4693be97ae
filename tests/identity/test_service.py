"""Proofs over their whole life: begun, found, looked at each day, given up, and by one worker at a time."""

import pytest

from credentials.core.errors import CredentialError
from credentials.identity.errors import CompanyUnknown, MethodUnknown, ProofUnknown, TooManyProofs
from tests.identity.world import DOMAIN, Town

METHODS = ["file", "dns", "did:web"]
NOBODY = (None, None)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_found_confirms_the_company(town: Town, method: str) -> None:
    proof = town.begin(method)
    assert town.confirmed() == NOBODY
    found = town.identity.check(proof.id)
    assert (found.state, found.problem, found.proved_at) == ("holds", None, town.clock())
    assert town.confirmed() == (DOMAIN, method)
    assert town.issuing.issuer("acme").confirmed_at == town.clock()
    assert town.events == ["domain-proved"]


@pytest.mark.parametrize("method", METHODS)
def test_what_is_not_there_confirms_nobody(town: Town, method: str) -> None:
    town.zone.exists.add(f"_credentials-challenge.{DOMAIN}")
    proof = town.identity.check(town.identity.start(town.acme.id, DOMAIN, method).id)
    assert proof.state == "pending"
    assert proof.problem in ("not-found-there", "text-missing")
    assert town.confirmed() == NOBODY
    assert town.events == []


def test_tokens_are_random_and_one_each(town: Town) -> None:
    tokens = {town.identity.start(town.acme.id, f"d{n}.example", m).token for n in range(4) for m in METHODS}
    assert len(tokens) == 12
    assert all(len(token) >= 27 for token in tokens)


def test_beginning_twice_is_beginning_once(town: Town) -> None:
    first = town.identity.start(town.acme.id, DOMAIN, "dns")
    town.clock.advance(days=3)
    assert town.identity.start(town.acme.id, "ACME.example.", "dns") == first
    held = town.prove()
    assert town.identity.start(town.acme.id, DOMAIN, "dns") == held


@pytest.mark.parametrize("method", ["e-mail", "operator", "", "DNS", "http"])
def test_other_methods_are_not_begun(town: Town, method: str) -> None:
    with pytest.raises(MethodUnknown):
        town.identity.start(town.acme.id, DOMAIN, method)


def test_nobody_proves_nothing(town: Town) -> None:
    with pytest.raises(CompanyUnknown):
        town.identity.start("nobody", DOMAIN, "dns")
    with pytest.raises(CompanyUnknown):
        town.identity.record_address("nobody", f"ana@{DOMAIN}", town.clock())
    with pytest.raises(ProofUnknown):
        town.identity.check("none")
    with pytest.raises(ProofUnknown):
        town.identity.withdraw(town.acme.id, "none")


def test_a_foreign_proof_is_as_unknown_as_none(town: Town) -> None:
    other = town.issuing.create_issuer("other", "Other Works")
    proof = town.prove()
    with pytest.raises(ProofUnknown):
        town.identity.proof(other.id, proof.id)
    with pytest.raises(ProofUnknown):
        town.identity.withdraw(other.id, proof.id)
    assert town.confirmed() == (DOMAIN, "dns")


@pytest.mark.parametrize("method", ["file", "dns"])
def test_another_companys_token_proves_nothing(town: Town, method: str) -> None:
    other = town.issuing.create_issuer("other", "Other Works")
    theirs = town.identity.start(other.id, DOMAIN, method)
    ours = town.identity.start(town.acme.id, DOMAIN, method)
    town.answer(ours, token=theirs.token)
    assert town.identity.check(ours.id).problem == "other-token"
    assert town.confirmed() == NOBODY


def test_the_token_of_one_place_does_not_serve_at_another(town: Town) -> None:
    file, dns = (town.identity.start(town.acme.id, DOMAIN, method) for method in ("file", "dns"))
    town.answer(dns, token=file.token)
    town.answer(file, token=dns.token)
    assert [town.identity.check(one.id).problem for one in (file, dns)] == ["other-token", "other-token"]


@pytest.mark.parametrize("method", METHODS)
def test_a_token_found_too_late_is_over(town: Town, method: str) -> None:
    proof = town.identity.start(town.acme.id, DOMAIN, method)
    town.clock.advance(days=7)
    town.answer(proof)
    assert town.identity.check(proof.id).state == "expired"
    assert town.confirmed() == NOBODY
    assert town.web.asked == []
    assert town.identity.due(town.clock(), 9) == []


def test_an_old_token_is_replayed_in_vain(town: Town) -> None:
    old = town.begin()
    town.clock.advance(days=8)
    town.work()
    new = town.identity.start(town.acme.id, DOMAIN, "dns")
    assert new.token != old.token
    assert town.identity.check(new.id).problem == "other-token"
    assert town.confirmed() == NOBODY


def test_a_token_that_is_waited_for_is_looked_for_each_hour(town: Town) -> None:
    proof = town.identity.start(town.acme.id, DOMAIN, "dns")
    town.live(3)
    town.answer(proof)
    assert town.confirmed() == NOBODY
    town.live(1)
    assert town.confirmed() == (DOMAIN, "dns")


def test_the_strongest_proof_is_what_is_shown(town: Town) -> None:
    seen = []
    town.identity.record_address(town.acme.id, f"ana@{DOMAIN}", town.clock())
    seen.append(town.confirmed()[1])
    for method in ("dns", "file", "did:web"):
        town.prove(method)
        seen.append(town.confirmed()[1])
    assert seen == ["e-mail", "dns", "dns", "did:web"]


def test_the_operators_own_check_stands(town: Town) -> None:
    town.issuing.confirm("acme", "acme.com", note="rang them")
    town.prove("did:web")
    assert town.confirmed() == ("acme.com", "operator")
    town.zone.texts.clear()
    town.site.scripts.clear()
    town.live(72)
    assert town.identity.listed(town.acme.id)[0].state == "lost"
    assert town.confirmed() == ("acme.com", "operator")


def test_a_proof_is_looked_at_each_day(town: Town) -> None:
    proof = town.prove()
    town.clock.advance(hours=23, minutes=59)
    assert town.work() == []
    town.clock.advance(minutes=1)
    assert town.work() == [proof.id]
    assert town.identity.proof(town.acme.id, proof.id).checked_at == town.clock()
    assert town.events == ["domain-proved"]


def test_what_is_given_up_confirms_no_more(town: Town) -> None:
    file, dns = town.prove("file"), town.prove("dns")
    town.identity.withdraw(town.acme.id, dns.id)
    assert town.confirmed() == (DOMAIN, "file")
    town.identity.withdraw(town.acme.id, file.id)
    assert town.confirmed() == NOBODY
    assert town.identity.listed(town.acme.id) == []


def test_an_address_proves_for_a_year(town: Town) -> None:
    town.identity.record_address(town.acme.id, f"ana@{DOMAIN}", town.clock())
    assert town.confirmed() == (DOMAIN, "e-mail")
    town.clock.advance(days=364)
    assert town.work() == []
    town.identity.record_address(town.acme.id, f"bo@{DOMAIN.upper()}", town.clock())
    town.clock.advance(days=364)
    assert town.work() == []
    assert town.confirmed() == (DOMAIN, "e-mail")
    town.clock.advance(days=1)
    assert len(town.work()) == 1
    assert town.confirmed() == NOBODY
    assert town.events == ["domain-proved", "domain-proved", "domain-lost"]
    assert town.identity.frozen(town.acme.id) is None


def test_no_address_is_kept(town: Town) -> None:
    proof = town.identity.record_address(town.acme.id, f"ana.souza@{DOMAIN}", town.clock())
    assert "souza" not in repr(proof)


def test_two_workers_never_judge_one_proof_at_once(town: Town) -> None:
    proof = town.begin()
    inner: list[list[str]] = []

    def while_looking(name: str, domain: str) -> object:
        inner.append(town.identity.due(town.clock(), 9))
        town.identity.run(proof.id)
        return real(name, domain)

    real = town.identity.names.texts
    object.__setattr__(town.identity, "names", type("Names", (), {"texts": staticmethod(while_looking)})())
    town.identity.run(proof.id)
    assert inner == [[]]
    assert town.events == ["domain-proved"]


def test_a_worker_that_died_is_taken_over(town: Town) -> None:
    proof = town.begin()

    def dies(name: str, domain: str) -> object:
        raise KeyboardInterrupt

    alive = town.identity.names
    object.__setattr__(town.identity, "names", type("Names", (), {"texts": staticmethod(dies)})())
    with pytest.raises(KeyboardInterrupt):
        town.identity.run(proof.id)
    object.__setattr__(town.identity, "names", alive)
    assert town.work() == []
    town.clock.advance(minutes=6)
    assert town.work() == [proof.id]
    assert town.confirmed() == (DOMAIN, "dns")


def test_a_worker_that_comes_too_late_changes_nothing(town: Town) -> None:
    proof = town.prove()
    town.clock.advance(days=1)

    def slow(name: str, domain: str) -> object:
        object.__setattr__(town.identity, "names", alive)
        town.clock.advance(minutes=6)
        town.zone.texts.clear()
        town.identity.run(proof.id)
        town.answer(proof)
        return alive.texts(name, domain)

    alive = town.identity.names
    object.__setattr__(town.identity, "names", type("Names", (), {"texts": staticmethod(slow)})())
    town.identity.run(proof.id)
    assert town.identity.proof(town.acme.id, proof.id).state == "failing"
    assert town.events == ["domain-proved", "domain-failing"]


def test_a_fetch_that_fails_in_an_unknown_way_is_no_answer(town: Town) -> None:
    town.web.down = CredentialError("odd")
    proof = town.identity.check(town.identity.start(town.acme.id, DOMAIN, "file").id)
    assert proof.state == "pending"


def test_a_company_has_so_many_proofs_and_no_more(town: Town) -> None:
    started = [town.identity.start(town.acme.id, f"d{number}.example", "dns") for number in range(20)]
    with pytest.raises(TooManyProofs):
        town.identity.start(town.acme.id, "d20.example", "dns")
    town.identity.withdraw(town.acme.id, started[0].id)
    town.identity.start(town.acme.id, "d20.example", "dns")


def test_a_proof_that_was_given_up_meanwhile_is_let_be(town: Town) -> None:
    proof = town.begin()
    town.identity.withdraw(town.acme.id, proof.id)
    town.identity.run(proof.id)
    assert town.events == []


def test_a_proof_given_up_while_it_is_looked_at_confirms_nobody(town: Town) -> None:
    proof = town.begin()

    def withdrawn(name: str, domain: str) -> object:
        town.identity.withdraw(town.acme.id, proof.id)
        return real(name, domain)

    real = town.identity.names.texts
    object.__setattr__(town.identity, "names", type("Names", (), {"texts": staticmethod(withdrawn)})())
    town.identity.run(proof.id)
    assert town.confirmed() == NOBODY
    assert town.events == []
