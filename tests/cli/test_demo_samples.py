"""The demo's samples: each in its state, the same when made twice, and completed when a first run was cut short."""

import re
from pathlib import Path

import pytest

from credentials.cli import demo_samples
from credentials.cli.demo_samples import DemoLinks, prepare, with_other_hours
from credentials.cli.invocation import Invocation
from credentials.core import base64url
from credentials.issuer.own import SLUG
from credentials.store import candidates
from credentials.store.credentials import of_candidate
from credentials.store.engine import read
from credentials.web.composition import Service
from tests.cli.conftest import BASE_URL, Demo


@pytest.mark.parametrize("name", ["genuine", "revoked", "expired", "tampered"])
def test_each_sample_is_in_its_state(name: str, demo: Demo) -> None:
    with Invocation(demo.folder, as_json=False).service() as service:
        report = service.verify(demo.token(name))

    assert report.state == name.upper()


def test_the_revoked_one_says_who_when_and_why(demo: Demo) -> None:
    with Invocation(demo.folder, as_json=False).service() as service:
        words = service.verify(demo.token("revoked")).words

    assert re.fullmatch(
        r"Withdrawn by northwind\.example on \d+ \w+ \d+: Issued in error: .+\. Don't rely on it\.", words
    )


def test_the_portfolio_has_more_projects(demo: Demo) -> None:
    with Invocation(demo.folder, as_json=False).service() as service, read(service.engine) as connection:
        person = candidates.by_slug(connection, demo.links.portfolio.rsplit("/", 1)[1])
        assert person is not None
        found = of_candidate(connection, person.id)

    assert person.name == "Zoë Brännström"
    assert len(found) == 5
    assert len({one.issuer_slug for one in found}) == 3


def test_every_link_is_below_the_base_address(demo: Demo) -> None:
    assert all(address.startswith(f"{BASE_URL}/") for _, address in demo.links.labelled())


def test_the_operator_confirmed_the_companies_and_it_says_so(demo: Demo) -> None:
    with Invocation(demo.folder, as_json=False).service() as service:
        # Receipts are signed by the service itself, which nobody has to confirm.
        companies = [one for one in service.issuer.issuers() if one.slug != SLUG]

    assert {(one.confirmed_domain, one.confirmed_level) for one in companies} == {
        ("northwind.example", "operator"),
        ("harbour.example", "operator"),
        ("fjordfoods.example", "operator"),
    }


def test_made_twice_they_are_the_same(own_demo: Demo) -> None:
    before = _everything(own_demo.folder)
    with Invocation(own_demo.folder, as_json=False).service() as service:
        again = prepare(service)

    assert again == own_demo.links
    assert _everything(own_demo.folder) == before


def test_without_the_links_file_they_are_found_again(own_demo: Demo) -> None:
    before = _everything(own_demo.folder)
    (own_demo.folder / "demo.json").unlink()
    with Invocation(own_demo.folder, as_json=False).service() as service:
        again = prepare(service)

    assert again == own_demo.links
    assert _everything(own_demo.folder) == before


@pytest.mark.parametrize("step", ["_register", "_issue", "_join", "_withdraw", "_spoil", "_links"])
def test_a_run_cut_short_is_completed(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Invocation(tmp_path / "data", as_json=False).service(base_url=BASE_URL) as service:
        with monkeypatch.context() as context:
            context.setattr(demo_samples, step, _cut_short)
            with pytest.raises(KeyboardInterrupt):
                prepare(service)
        links = prepare(service)
        assert _states(service, links) == ["GENUINE", "REVOKED", "EXPIRED", "TAMPERED"]
    assert len(_everything(tmp_path / "data")) == 8


def _cut_short(*_arguments: object) -> None:
    raise KeyboardInterrupt


def _states(service: Service, links: DemoLinks) -> list[str]:
    pages = (links.genuine, links.revoked, links.expired, links.tampered)
    tokens = (service.resolver.fetch(f"{page}.jwt", accept="*/*", max_bytes=100_000).body for page in pages)
    return [service.verify(token).state for token in tokens]


def _everything(folder: Path) -> set[tuple[str, str]]:
    with Invocation(folder, as_json=False).service() as service, read(service.engine) as connection:
        people = candidates.every(connection)
        return {(one.id, one.title) for person in people for one in of_candidate(connection, person.id)}


def test_one_digit_was_changed_in_what_was_genuine(demo: Demo) -> None:
    spoilt = demo.token("tampered")
    header, payload, signature = spoilt.split(b".")
    as_signed = base64url.encode(base64url.decode(payload).replace(b'"90"', b'"20"')).encode()
    with Invocation(demo.folder, as_json=False).service() as service:
        report = service.verify(b".".join((header, as_signed, signature)))

    assert report.state == "GENUINE"


def test_spoiling_twice_changes_nothing_more(demo: Demo) -> None:
    assert with_other_hours(demo.token("tampered")) == demo.token("tampered")
    assert with_other_hours(demo.token("genuine")) == demo.token("genuine")
