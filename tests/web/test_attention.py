"""How often credentials are looked at and verified: counted for their issuer, and nothing of who did it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from credentials.store import attention as rows
from credentials.store.engine import read, write
from credentials.store.tables import attention as table
from credentials.web import attention
from credentials.web.attention import Attention
from tests.web.conftest import Site

TODAY = datetime(2026, 3, 16, tzinfo=UTC).date()


def counts(site: Site) -> tuple[int, int]:
    """What acme's counts are, once they are written."""
    site.service.attention.write()
    with read(site.service.engine) as connection:
        issuer = site.service.issuer.issuer("acme")
        found = rows.since(connection, issuer.id, TODAY - timedelta(days=40_000))
    return found.looked, found.verified


def token(site: Site) -> str:
    return site.service.portfolio.signed(site.issued.id).body.decode()


def test_pages_and_checks_are_counted(site: Site) -> None:
    for _ in range(2):
        assert site.client.get(f"/c/{site.issued.id}").status_code == 200
    assert site.client.post("/api/v1/verify", json={"credential": token(site)}).status_code == 200

    assert counts(site) == (2, 1)
    site.client.get(f"/c/{site.issued.id}")
    assert counts(site) == (3, 1)


@pytest.mark.parametrize("given", ["not a token", "e30.e30.e30"])
def test_what_does_not_verify_counts_for_nobody(site: Site, given: str) -> None:
    for one in (given, token(site)[:-8] + "AAAAAAAA"):
        assert site.client.post("/api/v1/verify", json={"credential": one}).status_code == 200
    site.client.get("/c/00000000000000000000000000")

    assert counts(site) == (0, 0)


def test_nothing_of_a_visitor_is_kept(site: Site) -> None:
    site.client.get(f"/c/{site.issued.id}", headers={"User-Agent": "canary-agent"})
    counts(site)
    with read(site.service.engine) as connection:
        (row,) = connection.execute(select(table)).all()

    assert set(row._mapping) == {"issuer_id", "day", "looked", "verified"}


def test_what_cannot_be_written_is_written_later(site: Site) -> None:
    site.client.get(f"/c/{site.issued.id}")
    with write(site.service.engine) as connection:
        connection.execute(text("ALTER TABLE attention RENAME TO elsewhere"))
    site.service.attention.write()
    with write(site.service.engine) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO attention"))

    assert counts(site) == (1, 0)


def test_made_up_issuers_fill_no_memory(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "MOST_ISSUERS", 0)
    site.client.get(f"/c/{site.issued.id}")

    assert counts(site) == (0, 0)


def test_it_is_written_once_a_minute_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(attention, "WRITE_AFTER", 0.0)
    monkeypatch.setattr(site.service.attention, "write", lambda: written.append("now"))
    site.client.get(f"/c/{site.issued.id}")
    for _ in range(200):
        if written:
            break
        site.client.get("/healthz")

    assert written == ["now"]


def test_a_service_that_only_reads_counts_nothing(site: Site) -> None:
    reader = Attention(None, site.service.clock)
    reader.note("looked", site.service.verify(token(site)))
    reader.write()

    assert counts(site) == (0, 1)


def test_counts_add_up_and_are_each_issuers_own(site: Site) -> None:
    site.service.issuer.create_issuer("zeta", "Zeta Ltd")
    dids = {slug: site.service.issuer.issuer(slug).did for slug in ("acme", "zeta")}
    with write(site.service.engine) as connection:
        for did in (dids["acme"], dids["acme"], dids["zeta"], "did:key:nobody"):
            rows.add(connection, did, TODAY, rows.Attention(2, 3))
        rows.add(connection, dids["acme"], TODAY - timedelta(days=1), rows.Attention(1, 1))
        acme, zeta = (site.service.issuer.issuer(slug).id for slug in ("acme", "zeta"))
        found = [rows.since(connection, one, TODAY) for one in (acme, zeta)]

    assert found == [rows.Attention(4, 6), rows.Attention(2, 3)]
