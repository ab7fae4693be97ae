"""API keys: shown once, known by a digest, limited in scope and time, refused in one voice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from credentials.accounts.api_keys import check_key, digest, list_keys, make_key, revoke_key
from credentials.accounts.errors import ApiKeyUnknown, IssuerUnknown, KeyRefused, LifetimeInvalid, ScopeUnknown
from credentials.core.errors import CredentialError, Unavailable

PUBLISHED: dict[str, datetime] = {}


def test_a_made_key_opens_what_its_scopes_say(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read", "issue"], label="nightly", now=now)
    holder = check_key(accounts, made.secret, now)
    assert (holder.slug, holder.issuer_id, holder.key_id) == ("acme", "id-of-acme", made.key.id)
    assert holder.scopes == {"issue", "read"}
    assert made.key.scopes == "issue read"


def test_the_secret_is_nowhere_but_in_the_answer(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["issue"], label="nightly", now=now)
    assert made.secret not in repr(made)
    with accounts.connect() as connection:
        rows = connection.execute(text("SELECT * FROM api_key")).all()
    assert made.secret not in repr(rows)
    assert made.secret.removeprefix("vck_") not in repr(rows)
    assert bytes(rows[0].digest) == digest(made.secret)


def test_secrets_do_not_repeat(accounts: Engine, now: datetime) -> None:
    made = {make_key(accounts, "acme", ["read"], label="", now=now).secret for _ in range(20)}
    assert len(made) == 20
    assert all(len(secret) == 47 for secret in made)


@pytest.mark.parametrize("scopes", [[], ["admin"], ["issue", "ISSUE"], ["issue read"], [""]])
def test_unknown_scopes_are_refused(scopes: list[str], accounts: Engine, now: datetime) -> None:
    with pytest.raises(ScopeUnknown):
        make_key(accounts, "acme", scopes, label="", now=now)
    assert list_keys(accounts, "acme") == []


def test_a_key_for_nobody_is_refused(accounts: Engine, now: datetime) -> None:
    with pytest.raises(IssuerUnknown):
        make_key(accounts, "nobody", ["read"], label="", now=now)
    with pytest.raises(IssuerUnknown):
        list_keys(accounts, "nobody")
    with pytest.raises(IssuerUnknown):
        revoke_key(accounts, "nobody", "any", now, publish=PUBLISHED.update)


def test_a_key_that_has_expired_already_is_refused(accounts: Engine, now: datetime) -> None:
    with pytest.raises(LifetimeInvalid):
        make_key(accounts, "acme", ["read"], label="", now=now, expires_at=now)


def test_a_key_ends_at_its_expiry(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now, expires_at=now + timedelta(days=1))
    assert check_key(accounts, made.secret, now + timedelta(hours=23)).slug == "acme"
    with pytest.raises(KeyRefused):
        check_key(accounts, made.secret, now + timedelta(days=1))


def test_a_revoked_key_ends_at_once(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now)
    revoke_key(accounts, "acme", made.key.id, now, publish=PUBLISHED.update)
    with pytest.raises(KeyRefused):
        check_key(accounts, made.secret, now)
    with pytest.raises(ApiKeyUnknown):
        revoke_key(accounts, "acme", made.key.id, now, publish=PUBLISHED.update)


def test_a_revocation_is_published_at_once_and_only_if_it_is_one(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now)
    told: dict[str, datetime] = {}
    for slug, key_id in (("nobody", made.key.id), ("other", made.key.id), ("acme", "any")):
        with pytest.raises(CredentialError):
            revoke_key(accounts, slug, key_id, now, publish=told.update)
    assert told == {}
    revoke_key(accounts, "acme", made.key.id, now, publish=told.update)
    assert told == {made.key.id: now}
    with pytest.raises(ApiKeyUnknown):
        revoke_key(accounts, "acme", made.key.id, now + timedelta(days=1), publish=told.update)
    assert told == {made.key.id: now}


def test_a_revocation_that_cannot_be_published_holds_here(accounts: Engine, now: datetime) -> None:
    def full(_revoked: object) -> None:
        raise Unavailable("no room")

    made = make_key(accounts, "acme", ["read"], label="", now=now)
    with pytest.raises(Unavailable):
        revoke_key(accounts, "acme", made.key.id, now, publish=full)
    with pytest.raises(KeyRefused):
        check_key(accounts, made.secret, now)


def test_one_issuer_cannot_revoke_anothers_key(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now)
    with pytest.raises(ApiKeyUnknown):
        revoke_key(accounts, "other", made.key.id, now, publish=PUBLISHED.update)
    assert check_key(accounts, made.secret, now).slug == "acme"
    assert list_keys(accounts, "other") == []


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "vck_",
        "vck_" + "A" * 43,
        "vck_" + "A" * 44,
        "VCK_" + "A" * 43,
        "vck_" + "é" * 43,
        "vck_" + "A" * 42 + "\n",
        "vck_" + "A" * 100_000,
        "x' OR '1'='1",
    ],
)
def test_what_is_no_key_is_refused_in_the_same_words(secret: str, accounts: Engine, now: datetime) -> None:
    with pytest.raises(KeyRefused) as caught:
        check_key(accounts, secret, now)
    assert str(caught.value) == KeyRefused.title


def test_one_wrong_character_is_refused(accounts: Engine, now: datetime) -> None:
    secret = make_key(accounts, "acme", ["read"], label="", now=now).secret
    wrong = secret[:-2] + ("A" if secret[-2] != "A" else "B") + secret[-1]
    with pytest.raises(KeyRefused):
        check_key(accounts, wrong, now)


def test_the_last_use_is_remembered_to_the_minute(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now)
    for seconds, remembered in ((0, 0), (59, 0), (61, 61), (100, 61), (300, 300)):
        check_key(accounts, made.secret, now + timedelta(seconds=seconds))
        assert list_keys(accounts, "acme")[0].last_used_at == now + timedelta(seconds=remembered)


def test_a_refused_key_leaves_no_trace(accounts: Engine, now: datetime) -> None:
    made = make_key(accounts, "acme", ["read"], label="", now=now, expires_at=now + timedelta(minutes=1))
    with pytest.raises(KeyRefused):
        check_key(accounts, made.secret, now + timedelta(hours=1))
    assert list_keys(accounts, "acme")[0].last_used_at is None
