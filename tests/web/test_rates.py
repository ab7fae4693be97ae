"""Rate limits: what is counted together, and what apart."""

import io
from collections.abc import Callable

import pytest

from credentials.web.access import Limit
from credentials.web.logs import make_log
from credentials.web.rates import Rates
from credentials.web.settings import load_settings


@pytest.fixture
def wait() -> Callable[[Limit, str], int]:
    """Two verifications a minute, one look-up."""
    settings = load_settings(rate_verify_api="2 per minute", rate_lookup="1 per minute")
    return Rates(settings, make_log("info", "json", io.StringIO())).wait


def test_one_beyond_the_limit_waits_for_the_rest_of_the_window(wait: Callable[[Limit, str], int]) -> None:
    assert [wait(Limit.VERIFY_API, "192.0.2.1") for _ in range(2)] == [0, 0]
    assert 1 <= wait(Limit.VERIFY_API, "192.0.2.1") <= 60


def test_clients_and_limits_are_counted_apart(wait: Callable[[Limit, str], int]) -> None:
    asked = [(Limit.LOOKUP, "192.0.2.1"), (Limit.LOOKUP, "192.0.2.2"), (Limit.VERIFY_API, "192.0.2.1")]
    assert [wait(*one) for one in asked] == [0, 0, 0]
    assert wait(Limit.LOOKUP, "192.0.2.2") > 0


def test_a_network_of_one_customer_is_counted_together(wait: Callable[[Limit, str], int]) -> None:
    assert wait(Limit.LOOKUP, "2001:db8:0:1::1") == 0
    assert wait(Limit.LOOKUP, "2001:db8:0:1::2") > 0
    assert wait(Limit.LOOKUP, "2001:db8:0:2::1") == 0


def test_what_has_no_limit_never_waits(wait: Callable[[Limit, str], int]) -> None:
    assert [wait(Limit.NONE, "192.0.2.1") for _ in range(3)] == [0, 0, 0]
