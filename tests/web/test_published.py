"""Our own publications, answered without a network and hardly ever from the database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from credentials.core.errors import BadIdentifier, NotFound, Unavailable
from credentials.web.published import SECONDS, Published

ID = "0" * 26


class Press:
    """Publishes what it is told to, and counts."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.error: Exception | None = None

    def did_document(self, slug: str) -> bytes:
        """An issuer's document."""
        return self._print(f"did {slug}")

    def status_list(self, list_id: str) -> bytes:
        """A list."""
        return self._print(f"list {list_id}")

    def status_story(self, credential_id: str) -> bytes:
        """A story."""
        return self._print(f"story {credential_id}")

    def token_status_list(self, revocation: str, suspension: str | None = None) -> bytes:
        """A Token Status List."""
        return self._print(f"token list {revocation} {suspension}")

    def issuer_metadata(self, slug: str) -> bytes:
        """An issuer's metadata."""
        return self._print(f"metadata {slug}")

    def token(self, credential_id: str, post_quantum: bool) -> bytes:
        """A token, the first or the second."""
        return self._print(f"{'second ' * post_quantum}token {credential_id}")

    def stamps(self, credential_id: str) -> bytes:
        """Timestamps."""
        return self._print(f"stamps {credential_id}")

    def _print(self, what: str) -> bytes:
        self.calls.append(what)
        if self.error is not None:
            raise self.error
        return f"{what} #{len(self.calls)}".encode()


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def published(press: Press, time: Callable[[], float], tmp_path: Path) -> Published:
    return Published(press, press.token, press.stamps, tmp_path / "journal.jsonl", time)


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("/issuers/acme/did.json", "did acme"),
        ("/status/7", "list 7"),
        ("/status/7/token", "token list 7 None"),
        ("/status/7/token/8", "token list 7 8"),
        ("/.well-known/jwt-vc-issuer/issuers/acme", "metadata acme"),
        (f"/c/{ID}/status", f"story {ID}"),
        (f"/c/{ID}.jwt", f"token {ID}"),
        (f"/c/{ID}", f"token {ID}"),
        (f"/c/{ID}.pq.jwt", f"second token {ID}"),
        (f"/c/{ID}/stamps", f"stamps {ID}"),
    ],
)
def test_each_path_has_its_publication(path: str, call: str, published: Published, press: Press) -> None:
    assert published(path) == f"{call} #1".encode()
    assert press.calls == [call]


@pytest.mark.parametrize(
    "path",
    ["", "/", "/verify", "/issuers/acme", "/issuers/acme/did.json?x=1", "/issuers/../did.json", "/status/",
     "/status/7/8", "/status/7?x", "/c/short.jwt", f"/c/{ID}.jwt#x", f"/c/{ID}\n", "/issuers/a/did.json\n",
     "/metrics", "/api/v1/credentials", "/status/" + "x" * 100],
)  # fmt: skip
def test_nothing_else_is_published(path: str, published: Published, press: Press) -> None:
    assert published(path) is None
    assert press.calls == []


def test_a_second_look_within_a_second_asks_nobody(published: Published, press: Press, time: Time) -> None:
    first = published("/status/7")
    time.now += SECONDS / 2
    assert published("/status/7") == first
    assert len(press.calls) == 1
    time.now += SECONDS
    assert published("/status/7") != first


def test_an_event_anywhere_is_seen_at_once(published: Published, press: Press, tmp_path: Path) -> None:
    first = published("/status/7")
    (tmp_path / "journal.jsonl").write_text("{}\n")
    assert published("/status/7") != first
    assert len(press.calls) == 2


@pytest.mark.parametrize("ending", ["", ".jwt", ".pq.jwt", "/stamps"])
def test_a_token_is_asked_for_each_time(ending: str, published: Published, press: Press) -> None:
    """Its holder may have made it private."""
    published(f"/c/{ID}{ending}")
    published(f"/c/{ID}{ending}")
    assert len(press.calls) == 2


@pytest.mark.parametrize("error", [NotFound(), BadIdentifier()])
def test_what_is_missing_is_none_and_not_remembered(error: Exception, published: Published, press: Press) -> None:
    press.error = error
    assert published("/status/7") is None
    press.error = None
    assert published("/status/7") is not None


def test_a_failure_is_never_nothing(published: Published, press: Press) -> None:
    """A list that cannot be made must not look like a list that does not exist."""
    press.error = Unavailable("the database is locked")
    with pytest.raises(Unavailable):
        published("/status/7")


def test_a_failure_after_success_is_still_a_failure(published: Published, press: Press, time: Time) -> None:
    published("/status/7")
    time.now += 2 * SECONDS
    press.error = Unavailable("the database is locked")
    with pytest.raises(Unavailable):
        published("/status/7")


def test_memory_is_bounded(published: Published) -> None:
    for number in range(5000):
        published(f"/status/{number}")
    assert len(published._kept) <= 4096


def test_one_verification_asks_once_whether_anything_was_published(
    published: Published, press: Press, tmp_path: Path
) -> None:
    during = published.as_of_now()
    first = during("/status/7")
    (tmp_path / "journal.jsonl").write_text("{}\n")
    assert during("/status/7") == first
    assert published.as_of_now()("/status/7") != first
    assert len(press.calls) == 2
