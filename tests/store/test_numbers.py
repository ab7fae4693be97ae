"""Which numbers a row can have, at both ends."""

import pytest

from credentials.store.numbers import LARGEST, may_be_kept


@pytest.mark.parametrize("number", [-(10**40), -(2**63), -1, 0, LARGEST + 1, 2**63 - 1, 2**63, 10**40])
def test_no_row_has_this_number(number: int) -> None:
    assert not may_be_kept(number)


@pytest.mark.parametrize("number", [1, 2, LARGEST])
def test_a_row_can_have_it(number: int) -> None:
    assert may_be_kept(number)
