"""The migrations make exactly the tables that the code uses, and refuse a database from the future."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from credentials.core.achievement import to_bytes
from credentials.core.securing import VC_JWT
from credentials.store import credentials, migrate, migrating, status
from credentials.store.engine import open_engine, read, write
from credentials.store.errors import SchemaOutdated
from credentials.store.tables import metadata
from tests.core.parties import ed25519_party
from tests.verifier.world import ISSUED, achievement


def test_upgrade_makes_exactly_the_tables_of_the_code(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    assert migrate.current(engine) is None
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_names_of_the_files_say_what_they_hold() -> None:
    found = migrating.revisions()
    assert migrate._revisions() == found
    assert len(found) >= 8
    assert migrate.head() == found[-1]


def test_a_database_without_tables_is_outdated(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    with pytest.raises(SchemaOutdated):
        migrate.require_current(engine)
    with pytest.raises(SchemaOutdated), read(engine) as connection:
        connection.execute(text("SELECT slug FROM issuer"))
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="9999"):
        migrate.upgrade(engine)
    engine.dispose()


def old_rows(unsigned: bytes, signing_input: bytes) -> list[tuple[str, dict[str, object]]]:
    """What the first version stored of one credential that a crash left unsigned."""
    moment = "2026-03-16 00:00:00.000000+00:00"
    key: dict[str, object] = {"issuer": "I", "list": "L", "now": moment}
    return [
        (
            (
                "INSERT INTO issuer (id, slug, name, did, suspends, sandbox, created_at) "
                "VALUES (:issuer, 'acme', 'Acme', 'did:web:a.example', true, false, :now)"
            ),
            key,
        ),
        (
            "INSERT INTO candidate (id, issuer_id, slug, name, created_at) VALUES ('P', :issuer, 'ana', 'Ana', :now)",
            key,
        ),
        (
            (
                "INSERT INTO credential (id, code, issuer_id, candidate_id, draft_digest, title, visibility, "
                "created_at, unsigned) VALUES ('C', 'K', :issuer, 'P', :unsigned, 'T', 'public', :now, :unsigned)"
            ),
            key | {"unsigned": unsigned},
        ),
        (
            (
                "INSERT INTO signing_intent (credential_id, format, key_id, algorithm, verification_method, "
                "created_at, signing_input, template) VALUES ('C', 'vc+jwt', 'k', 'EdDSA', 'm', :now, :signed, :empty)"
            ),
            key | {"signed": signing_input, "empty": b""},
        ),
        (
            (
                "INSERT INTO status_list (id, issuer_id, purpose, size, seed, allotted, created_at) "
                "VALUES (:list, :issuer, 'revocation', 131072, :seed, 0, :now)"
            ),
            key | {"seed": b"s"},
        ),
        (
            (
                "INSERT INTO published_list (list_id, key_id, events, built_at, valid_until, body) "
                "VALUES (:list, 'k', 0, :now, :now, :body)"
            ),
            key | {"body": b"old"},
        ),
    ]


def test_what_an_older_version_recorded_asks_for_the_same_signature(empty_database_url: str) -> None:
    """The signing input was stored whole; now it follows from the unsigned bytes and the template."""
    party = ed25519_party()
    unsigned = to_bytes(achievement(party.did)) + b"\n"
    prepared = VC_JWT.prepare(
        VC_JWT.unsigned(unsigned), verification_method=party.method, algorithm="Ed25519", created=ISSUED
    )
    engine = open_engine(empty_database_url)
    migrate.upgrade(engine, "0001")
    with write(engine) as connection:
        for statement, values in old_rows(unsigned, prepared.signing_input):
            connection.execute(text(statement), values)
    migrate.upgrade(engine)
    with read(engine) as connection:
        (waiting,) = credentials.unreleased(connection, ids={"C"})
        stored = credentials.by_id(connection, "C")
        kept = status.published(connection, "L")
    assert VC_JWT.restore(waiting.unsigned, waiting.intent.template) == prepared
    assert stored is not None
    assert (stored.unsigned, stored.full_document) == (unsigned, None)
    assert kept is None  # built anew when it is asked for
    engine.dispose()
