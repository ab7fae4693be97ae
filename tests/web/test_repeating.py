"""What a call under an Idempotency-Key keeps: no answer that the service itself is to blame for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Response, g

from credentials.accounts.api_keys import check_key
from credentials.accounts.errors import TwoPeopleWanted
from credentials.core.errors import CredentialError
from credentials.projects.errors import StepOutOfTurn
from credentials.store.errors import DatabaseLocked
from credentials.web.repeating import REPLAYED, once
from tests.web.conftest import Site


def send(site: Site, act: Callable[[], Response], key: str = "one") -> Response:
    """Carry a call out, as a route would."""
    with site.app.test_request_context("/api/v1/x", method="POST", headers={"Idempotency-Key": key}):
        g.key_holder = check_key(site.service.engine, site.key, site.service.clock())
        return once(site.service, None, act)


def fails(error: BaseException) -> Callable[[], Response]:
    """Something that ends in an error."""

    def act() -> Response:
        raise error

    return act


def works() -> Response:
    """Something that works."""
    return Response(b"{}", 201, mimetype="application/json")


@pytest.mark.parametrize(
    "error",
    [DatabaseLocked("gone"), RuntimeError("a mistake of ours"), KeyboardInterrupt(), TwoPeopleWanted()],
    ids=["locked", "mistake", "interrupted", "not-for-them"],
)
def test_what_was_not_carried_out_can_be_tried_again_at_once(site: Site, error: BaseException) -> None:
    with pytest.raises(type(error)):
        send(site, fails(error))
    again = send(site, works)

    assert (again.status_code, REPLAYED in again.headers) == (201, False)


def test_a_refusal_is_kept(site: Site) -> None:
    refused = send(site, fails(StepOutOfTurn(where="open")))
    again = send(site, works)

    assert (refused.status_code, again.status_code) == (409, 409)
    assert again.headers[REPLAYED] == "true"
    assert again.get_data() == refused.get_data()


def test_without_a_key_errors_go_their_way(site: Site) -> None:
    with site.app.test_request_context("/api/v1/x", method="POST"), pytest.raises(CredentialError):
        once(site.service, None, fails(StepOutOfTurn()))
