"""`credentials issue` as a person runs it: output, exit codes, files, and a stop in the middle."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import Any

import psutil
import pytest
from openpyxl import Workbook

from credentials.cli.issue_tally import SHOWN, Tally
from credentials.cli.main import run
from credentials.issuer.bulk.events import RowBlank, RowIssued, RowLeftOut
from credentials.issuer.bulk.trouble import RowProblem

DATA = Path(__file__).parents[1] / "data"
GOOD, SPREADSHEET = DATA / "finished.csv", DATA / "finished-spreadsheet.csv"
HEADING = "Name,Project,Description,Started,Finished,Supervisor\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder with one key: making a secret that unlocks keys is slow on purpose."""
    folder = tmp_path_factory.mktemp("data") / "d"
    assert run(["issuer", "create", "bakery", "--name", "Bakery", "--data", str(folder)]) == 0
    return folder


Issue = Callable[..., tuple[int, str, str]]


@pytest.fixture
def issue(folder: Path, capfd: pytest.CaptureFixture[str]) -> Issue:
    """Run `credentials issue` in this process; exit code, standard output, standard error."""
    capfd.readouterr()

    def call(*arguments: object, slug: str = "bakery") -> tuple[int, str, str]:
        code = run(["issue", "--data", str(folder), "--issuer", slug, *map(str, arguments)])
        out, err = capfd.readouterr()
        return code, out, err

    return call


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def written(tmp_path: Path, *rows: str, heading: str = HEADING) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(heading + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_good_rows_issue_and_exit_0(issue: Issue, tmp_path: Path) -> None:
    code, out, err = issue(GOOD, "--report", tmp_path / "r.csv")
    assert code == 0
    assert out.splitlines()[-1] in ("20 issued.", "0 issued, 20 issued before.")
    assert "error" not in err
    rows = table(tmp_path / "r.csv")
    assert list(rows[0]) == ["row", "person", "id", "link", "code", "portfolio"]
    assert [row["row"] for row in rows] == [str(number) for number in range(2, 22)]
    assert all(row["link"].endswith(f"/c/{row['id']}") and "/p/" in row["portfolio"] for row in rows)


def test_bad_rows_are_named_and_exit_65(issue: Issue, tmp_path: Path) -> None:
    code, out, _ = issue(SPREADSHEET, "--errors", tmp_path / "e.csv")
    assert code == 65
    assert "error: row 3, E-Mail: “person2 at example.net” This is not an e-mail address." in out
    assert "9 left out" in out
    assert "1 merged with an equal row" in out
    assert [row["row"] for row in table(tmp_path / "e.csv")] == ["3", "4", "6", "8", "9", "10", "13", "14", "15", "17"]


def test_twice_is_once(issue: Issue, tmp_path: Path) -> None:
    issue(SPREADSHEET, "--report", tmp_path / "1.csv")
    _, out, _ = issue(SPREADSHEET, "--report", tmp_path / "2.csv")
    assert out.splitlines()[-1].startswith("0 issued, 6 issued before, ")
    assert table(tmp_path / "1.csv") == table(tmp_path / "2.csv")


def test_a_dry_run_issues_nothing(issue: Issue, tmp_path: Path) -> None:
    path = written(tmp_path, "Dry Run,P,Did it,2026-03-02,2026-03-03,R")
    assert issue(path, "--dry-run") == (0, "1 would be issued.\n", "")
    code, out, _ = issue(path)
    assert (code, out.splitlines()[-1]) == (0, "1 issued.")


def test_json_is_one_document_on_standard_output(issue: Issue) -> None:
    code, out, err = issue(SPREADSHEET, "--json")
    document: dict[str, Any] = json.loads(out)
    assert code == 65
    assert err == ""
    assert document["counts"]["leftOut"] == 9
    assert document["counts"]["issued"] + document["counts"]["issuedBefore"] == 6
    assert {problem["code"] for problem in document["problems"]} > {"bad-email", "repeated-row", "looks-like-formula"}
    assert document["columns"]["supervisor_words"] == "Bemerkung"
    assert len(document["issued"]) == 6


def test_exported_values_do_not_run_as_formulas(issue: Issue, tmp_path: Path) -> None:
    path = written(tmp_path, "=cmd|' /C calc'!A0,P,Did it,+1,2026-03-03,R", "@Name,P,Did it,2026-03-02,2026-03-03,R")
    code, _, _ = issue(path, "--errors", tmp_path / "e.csv", "--report", tmp_path / "r.csv")
    assert code == 65
    cells = [cell for name in ("e.csv", "r.csv") for row in table(tmp_path / name) for cell in row.values()]
    assert "'+1" in cells
    assert "'@Name" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_columns_are_mapped(issue: Issue, tmp_path: Path) -> None:
    path = written(tmp_path, "Mapped Person,P,Did it,04/05/2026,05/05/2026,R", heading=HEADING.replace("Name", "a=b"))
    code, _, err = issue(path, "--dry-run")
    assert code == 65
    assert "--map FIELD=HEADER" in err
    assert "[column-missing]" in err
    code, out, _ = issue(path, "--dry-run", "--map", "recipient_name=a=b")
    assert code == 65
    assert "--date-format dmy" in out
    code, out, _ = issue(path, "--dry-run", "--map", "recipient_name=a=b", "--date-format", "dmy")
    assert (code, out) == (0, "1 would be issued.\n")


def two_sheets(tmp_path: Path) -> Path:
    made, path = Workbook(), tmp_path / "list.xlsx"
    made.active.title = "May"
    for name in ("May", "June"):
        one = made[name] if name == "May" else made.create_sheet(name)
        one.append(HEADING.strip().split(","))
        one.append([f"Sheet {name}", "P", "Did it", "2026-03-02", "2026-03-03", "R"])
    made["June"].sheet_state = "hidden"
    made.create_sheet("Notes")
    made.save(path)
    return path


def test_a_sheet_is_named(issue: Issue, tmp_path: Path) -> None:
    path = two_sheets(tmp_path)
    _, _, err = issue(path, "--dry-run")
    assert "Of the workbook’s 2 sheets only “May” is read. Name another one with --sheet. [sheets-unread]" in err
    code, out, err = issue(path, "--sheet", "june", "--report", tmp_path / "r.csv")

    assert (code, out.splitlines()[-1]) == (0, "1 issued.")
    assert "[sheet-hidden]" in err
    assert [row["person"] for row in table(tmp_path / "r.csv")] == ["Sheet June"]
    document = json.loads(issue(path, "--sheet", "May", "--dry-run", "--json")[1])
    assert (document["sheet"], document["problems"]) == ("May", [])


@pytest.mark.parametrize("name", ["July", "Notes "])
def test_a_sheet_that_cannot_be_read_is_one_line(issue: Issue, tmp_path: Path, name: str) -> None:
    code, out, err = issue(two_sheets(tmp_path), "--sheet", name)

    assert (code, out, err.count("\n")) == (65, "", 1)
    assert ("“July”; it has “May”, “Notes”" in err and "[sheet-unknown]" in err) or "[file-empty]" in err


def test_a_csv_file_has_no_sheets(issue: Issue) -> None:
    code, out, err = issue(GOOD, "--sheet", "May")

    assert (code, out, "[sheet-unknown]" in err) == (65, "", True)


def test_unknown_columns_are_named(issue: Issue, tmp_path: Path) -> None:
    path = written(tmp_path, "X Y,P,Did it,2026-03-02,2026-03-03,R,44", heading=HEADING.replace("\n", ",Shoe size\n"))
    code, _, err = issue(path, "--dry-run")
    assert code == 0
    assert "warning: row 1, Shoe size: This column is not known and is not used." in err


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file-empty"), (b"PK\x03\x04", "file-is-workbook"), (b"\0\1\2\3", "file-not-text"),
     (b"a,b\n", "heading-not-found"), (HEADING.encode(), "no-rows"), (b"Name,Full name\nx,y\n", "column-ambiguous")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line(issue: Issue, tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    exit_code, out, err = issue(path)
    assert (exit_code, out) == (65, "")
    assert err.startswith("error: ")
    assert err.endswith(f"[{code}]\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.csv"],
        [GOOD, "--map", "recipient_name"],
        [GOOD, "--date-format", "ymd"],
        [GOOD, "--dry-run", "--report", "r.csv"],
        [GOOD, "--errors", GOOD],
        [GOOD, "--errors", "x.csv", "--report", "x.csv"],
        [],
    ],
    ids=str,
)
def test_a_wrong_call_is_exit_64(issue: Issue, arguments: list[object]) -> None:
    before = GOOD.read_bytes()
    code, out, err = issue(*arguments)
    assert (code, out) == (64, "")
    assert "[wrong-call]" in err
    assert GOOD.read_bytes() == before


def test_an_unknown_issuer_is_named_before_any_file_is_touched(issue: Issue, tmp_path: Path) -> None:
    report = tmp_path / "r.csv"
    report.write_text("from an earlier run")
    code, _, err = issue(GOOD, "--report", report, slug="nobody")
    assert code == 65
    assert "[issuer-unknown]" in err
    assert report.read_text() == "from an earlier run"


def test_a_folder_that_cannot_be_written_issues_nothing(issue: Issue, tmp_path: Path) -> None:
    path = written(tmp_path, "Never Issued,P,Did it,2026-03-02,2026-03-03,R")
    code, _, err = issue(path, "--report", tmp_path / "none" / "r.csv")
    assert code != 0
    assert err.startswith("error: ")
    assert issue(path)[1].splitlines()[-1] == "1 issued."


def test_standard_input(folder: Path) -> None:
    command = [sys.executable, "-m", "credentials.cli", "issue", "--data", str(folder), "--issuer", "bakery", "-"]
    done = subprocess.run([*command, "--dry-run"], input=GOOD.read_bytes(), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"20 would be issued.\n")


def test_a_stop_by_hand_says_how_to_go_on(folder: Path, tmp_path: Path, issue: Issue) -> None:
    count = 2500
    path = written(tmp_path, *[f"Stopped N{n},P,Did it,2026-03-02,2026-03-03,R" for n in range(count)])
    report = tmp_path / "r.csv"
    command = [sys.executable, "-m", "credentials.cli", "issue", "--data", str(folder), "--issuer", "bakery"]
    command += [str(path), "--report", str(report)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        deadline = time.monotonic() + 60
        while not (report.exists() and report.stat().st_size > 20_000) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # As a terminal does: the process that signs hears it too.
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Run the same command again to go on: nothing is issued twice." in err
    assert b"Traceback" not in err
    code, out, _ = issue(path, "--json")
    counts = json.loads(out)["counts"]
    assert code == 0
    assert counts["issued"] + counts["issuedBefore"] == count
    assert counts["issued"] > 0
    assert counts["issuedBefore"] > 0


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="wants two processors")
def test_on_a_terminal_too_a_second_process_signs(folder: Path, tmp_path: Path) -> None:
    """Nothing that draws the bar keeps it from that, and Ctrl-C, which goes to both, leaves neither."""
    path = written(tmp_path, *[f"Beside N{n},P,Did it,2026-03-02,2026-03-03,R" for n in range(4000)])
    command = [sys.executable, "-m", "credentials.cli", "issue", "--data", str(folder), "--issuer", "bakery", str(path)]
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (24, 80))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=there, start_new_session=True) as process:
        os.close(there)
        started, deadline = psutil.Process(process.pid), time.monotonic() + 60
        while not (signers := started.children()) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        shown = "".join(iter(lambda: read_terminal(here), ""))
    os.close(here)
    assert len(signers) == 1
    assert process.returncode == 130
    assert "Run the same command again to go on" in shown
    assert "Traceback" not in shown
    _gone, alive = psutil.wait_procs(signers, timeout=10)
    assert not alive


def read_terminal(terminal: int) -> str:
    """What was written to a terminal since; nothing more once its other end is closed."""
    try:
        return os.read(terminal, 65536).decode("utf-8", "replace")
    except OSError:
        return ""


def test_long_lists_are_cut_on_the_screen_and_counted() -> None:
    tally = Tally("https://c.example", "s", "f", dry_run=False, keep_all=False)
    problem = RowProblem(2, "Hours", "x", "Wrong.", "Correct it.", "bad-hours", "error")
    for row in range(SHOWN + 5):
        tally.add(RowIssued(row, "A B", "I", "C", "https://c.example/c/I", "a-b", repeated=False))
        tally.add(RowLeftOut(row, "A B", (problem,)))
    tally.add(RowBlank(9))
    lines = list(tally.lines())
    assert "… and 5 more; --report FILE writes all." in lines
    assert "… and 5 more problems; --errors FILE writes all." in lines
    assert lines[-1] == "105 issued, 105 left out, 1 blank."
    assert len(lines) == 2 * SHOWN + 3


def test_words_on_a_stop() -> None:
    tally = Tally("https://c.example", "s", "f", dry_run=True, keep_all=False)
    assert tally.stopped() == "Stopped. Nothing was issued."
    events = (RowIssued(row, "A", "I", "C", "u", "p", repeated=row == 1) for row in chain(range(3)))
    real = Tally("https://c.example", "s", "f", dry_run=False, keep_all=False)
    for event in islice(events, 3):
        real.add(event)
    assert real.stopped().startswith("Stopped after 3 credentials.")
