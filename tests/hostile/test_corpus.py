"""The hostile corpus: nothing accepted, each fault met by its name, no server error, no long wait, little memory."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES
from credentials.verifier.states import Verdict
from tests.hostile.cases import Case, corpus
from tests.hostile.judging import SECONDS, Site, judged, site
from tests.hostile.making import make
from tests.hostile.signatures import OTHER_S

CORPUS = corpus()
FILES = sorted({case["name"].partition(",")[0] for case in CORPUS})
BASES = sorted({case["base"] for case in CORPUS} - {"text", "hostile-token", "Ed25519Signature2020"})
by_file = pytest.mark.parametrize("file", FILES)
ROOT = Path(__file__).parents[2]
MEGABYTES = 256


def of(file: str) -> list[Case]:
    return [case for case in CORPUS if case["name"].startswith(f"{file},")]


def test_it_is_large_and_every_case_has_a_name_of_its_own() -> None:
    assert len(CORPUS) >= 500
    assert [name for name, times in Counter(case["name"] for case in CORPUS).items() if times > 1] == []
    assert set(CRYPTOSUITES) <= {case["base"] for case in CORPUS}


@pytest.mark.parametrize("base", [*BASES, "Ed25519Signature2020"])
def test_without_its_fault_a_case_is_good(base: str) -> None:
    """So it is the fault that is refused, and nothing else."""
    assert judged(make({"base": base})).accepted


def test_without_its_fault_a_token_by_a_p256_key_is_good() -> None:
    assert judged(make({"base": "vc+jwt", "key": "p1"})).accepted


def test_the_other_signature_of_p256_is_taken_and_makes_no_other_credential() -> None:
    """Nothing may be known by its signature: this credential has two, and everything else about them is equal."""
    case = {"base": "ecdsa-jcs-2019"}
    one, other = make(case), make({**case, "signature": OTHER_S})
    assert one.data != other.data
    reports = [made.world.verify(made.data) for made in (one, other)]
    assert reports[0].to_json() == reports[1].to_json()
    assert reports[0].verdict is Verdict.VALID


@by_file
def test_nothing_is_accepted_and_each_fault_has_its_name(file: str) -> None:
    found = []
    for case in of(file):
        judgement = judged(make(case))
        met = judgement.code in case["codes"] and judgement.state == case.get("state", judgement.state)
        if judgement.accepted or not met or judgement.seconds > SECONDS:
            found.append((case["name"], judgement))
    assert found == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("hostile")) as opened:
        yield opened


def is_accepted(body: dict[str, Any]) -> bool:
    """Our verdict; VCALM's `verified` is about proofs alone, and speaks of the rest in its problem details."""
    return body.get("verdict") == "valid" or (body.get("verified") is True and not body["problemDetails"])


@by_file
def test_over_http_there_is_an_answer_and_it_is_no(file: str, served: Site) -> None:
    found = []
    for case in of(file):
        for status, body, seconds in served.answers(make(case)):
            if status >= 500 or (status == 200 and is_accepted(body)) or seconds > SECONDS:
                found.append((case["name"], status, seconds, body))
    assert found == []


def test_over_http_the_same_reason_is_given(served: Site) -> None:
    """For what can be sent as a text of JSON, the report over HTTP is that of the library."""
    for case in CORPUS[::7]:
        made = make(case)
        status, body, _ = next(iter(served.answers(made)))
        if made.shows or status != 200:
            continue
        codes = [check["code"] for check in body["checks"] if "code" in check]
        assert (codes[:1] or [""])[0] in case["codes"], case["name"]


def test_over_http_a_good_one_is_good(served: Site) -> None:
    for base in ("vc+jwt", "eddsa-rdfc-2022", "dc+sd-jwt"):
        status, body, _ = next(iter(served.answers(make({"base": base}))))
        assert (status, body["verdict"]) == (200, "valid")
    status, body, _ = next(iter(served.answers(make({"base": "presentation:eddsa-rdfc-2022"}))))
    assert (status, body["verified"]) == (200, True)


def test_all_of_it_in_little_memory() -> None:
    """The largest resident size of a process that starts, makes and judges every case, the interpreter included."""
    command = [sys.executable, "-m", "tests.hostile.in_one_process"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    cases, megabytes = run.stdout.split()
    assert int(cases) == len(CORPUS)
    assert float(megabytes) <= MEGABYTES
