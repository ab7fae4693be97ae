"""The keyed bijection behind status indexes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.permutation import permuted

SEED = bytes(range(32))


@given(st.binary(min_size=16, max_size=64), st.integers(min_value=1, max_value=300))
def test_no_index_is_given_twice_and_none_is_left_out(seed: bytes, size: int) -> None:
    assert sorted(permuted(seed, position, size) for position in range(size)) == list(range(size))


def test_a_whole_list_of_production_size() -> None:
    size = 131_072
    assert len({permuted(SEED, position, size) for position in range(size)}) == size


def test_the_seed_decides() -> None:
    one = [permuted(SEED, position, 131_072) for position in range(50)]
    other = [permuted(SEED[::-1], position, 131_072) for position in range(50)]
    assert one == [permuted(SEED, position, 131_072) for position in range(50)]
    assert one != other


def test_neighbours_are_scattered() -> None:
    """The order of issuing does not show: about half of all steps go up, and the mean step is a third of the list."""
    size = 131_072
    indexes = [permuted(SEED, position, size) for position in range(4000)]
    steps = [after - before for before, after in itertools.pairwise(indexes)]
    assert 0.45 < sum(step > 0 for step in steps) / len(steps) < 0.55
    assert 0.30 < sum(map(abs, steps)) / len(steps) / size < 0.37
    quarters = [sum(index * 4 // size == quarter for index in indexes) for quarter in range(4)]
    assert all(900 < count < 1100 for count in quarters)


@pytest.mark.parametrize(("position", "size"), [(-1, 8), (8, 8), (0, 0), (0, -1), (131_072, 131_072), (0, 2**26 + 1)])
def test_positions_outside_are_refused(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        permuted(SEED, position, size)


@pytest.mark.parametrize("length", [0, 15, 65])
def test_seeds_of_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        permuted(bytes(length), 0, 8)
