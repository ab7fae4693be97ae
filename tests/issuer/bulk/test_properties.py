"""Whatever the bytes: one clear error, or one verdict for every row. Never another exception, never a lost row."""

import csv
import io
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.core.errors import BadInput
from credentials.issuer.bulk.events import RowBlank, RowLeftOut, RowReady, RowRepeated, Verdict
from credentials.issuer.bulk.plan import plan, read
from tests.issuer.bulk.sheets import HEADING, line, sheet

DATA = Path(__file__).parents[2] / "data"
SEEDS = [(DATA / name).read_bytes() for name in ("finished.csv", "finished-spreadsheet.csv")]


def answer(data: bytes) -> list[Verdict] | None:
    """The verdicts, or None for a clear error; anything else fails the test."""
    try:
        bulk = plan(data)
    except BadInput as error:
        return None if error.code and error.advice else pytest.fail(f"{error!r} does not say what to do")
    found = list(read(bulk))
    numbers = [verdict.row for verdict in found]
    assert numbers == list(range(bulk.first_row + 1, bulk.first_row + 1 + len(found)))
    for verdict in found:
        if isinstance(verdict, RowLeftOut):
            assert any(problem.level == "error" for problem in verdict.problems)
        elif isinstance(verdict, RowReady):
            assert all(problem.level == "warning" for problem in verdict.problems)
        elif isinstance(verdict, RowRepeated):
            assert bulk.first_row < verdict.of_row < verdict.row
        for problem in () if isinstance(verdict, RowBlank) else verdict.problems:
            assert problem.row == verdict.row
            assert problem.problem
            assert problem.advice
            str(problem).encode()
    return found


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    answer(data)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_under_a_good_heading(data: bytes) -> None:
    answer(sheet() + data)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), st.integers(1, 20))
def test_damaged_files(seed: bytes, chance: random.Random, changes: int) -> None:
    data = bytearray(seed)
    for _ in range(changes):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randrange(1, 200)]
            case 2:
                data[place:place] = data[place : place + chance.randrange(1, 200)]
            case _:
                data[place:place] = chance.choice([b'"', b";", b",", b"\r\n", b"\r", b"\0", b"\xff", b"\xe2\x80\xae"])
    answer(bytes(data))


@pytest.mark.parametrize("seed", SEEDS, ids=["plain", "spreadsheet"])
def test_files_cut_anywhere(seed: bytes) -> None:
    whole = answer(seed)
    assert whole is not None
    for end in range(0, len(seed), 53):
        found = answer(seed[:end])
        # What is ready in a cut file is what the whole file holds, but for the row that was cut.
        assert found is None or found[:-1] == whole[: len(found) - 1]


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["2026-03-02", "04/05/2026", "31.12.2026", "30,5", "a@b.co", "https://a.example", "=1", '"', "\r\n", "\u202e", ""]
)
ROW: st.SearchStrategy[list[str]] = st.lists(CELL, min_size=1, max_size=12) | st.just(line()) | st.just([])


@settings(deadline=None, max_examples=300)
@given(st.lists(ROW, max_size=8), st.sampled_from(",;\t|"))
def test_no_row_is_lost(rows: list[list[str]], separator: str) -> None:
    data = sheet(*rows, separator=separator)
    expected = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator))
    found = answer(data)
    if found is not None:
        assert len(found) == len(expected) - 1


@settings(deadline=None)
@given(st.permutations(list(zip(HEADING, line(), strict=True))), st.sampled_from(",;\t|"))
def test_columns_in_any_order_say_the_same(columns: list[tuple[str, str]], separator: str) -> None:
    heading, cells = zip(*columns, strict=True)
    (verdict,) = answer(sheet(cells, heading=heading, separator=separator)) or []
    (plain,) = answer(sheet(line())) or []
    assert verdict == plain


def test_memory_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    """Ten times the rows, some kilobytes more: of a row only a digest is kept."""
    peaks = []
    for count in (500, 5000):
        path = tmp_path / f"{count}.csv"
        path.write_bytes(sheet(*[line(Name=f"Person N{n}", Description="x" * 900) for n in range(count)]))
        bulk = plan(path)
        tracemalloc.start()
        assert sum(isinstance(verdict, RowReady) for verdict in read(bulk)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2 * 2**20
