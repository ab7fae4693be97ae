"""Workers keep to one processor each, with all their threads, and only if they shall."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

USABLE = sorted(os.sched_getaffinity(0))
PROGRAM = """
import json, sys
from credentials.web.affinity import bind
bound = []
import os
everywhere = os.sched_getaffinity(0)
for turn in range(int(sys.argv[1])):
    os.sched_setaffinity(0, everywhere)
    bind(turn)
    bound.append(sorted(os.sched_getaffinity(0)))
print(json.dumps(bound))
"""
SERVICE = """
import sys
from functools import partial
from credentials.web.server import serve

def answer(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

def factory():
    return answer

if __name__ == "__main__":
    ready = partial(print, "ready", flush=True)
    serve(factory, port=int(sys.argv[1]), workers=2, pinned=sys.argv[2] == "pinned", on_ready=ready)
"""


def test_turns_go_round_among_the_processors_that_may_be_used() -> None:
    turns = 2 * len(USABLE) + 1
    run = subprocess.run([sys.executable, "-c", PROGRAM, str(turns)], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [[USABLE[turn % len(USABLE)]] for turn in range(turns)]


def test_of_one_processor_that_may_be_used_it_is_that_one() -> None:
    program = f"import os; os.sched_setaffinity(0, {{{USABLE[-1]}}})\n{PROGRAM}"
    run = subprocess.run([sys.executable, "-c", program, "3"], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [[USABLE[-1]]] * 3


def started(service: psutil.Process, count: int) -> list[psutil.Process]:
    """The workers of a service, once so many have threads that wait for requests."""
    give_up = time.monotonic() + 20
    workers: list[psutil.Process] = []
    while len(workers) < count:
        assert time.monotonic() < give_up, "the workers did not start"
        time.sleep(0.05)
        workers = [child for child in service.children() if len(child.threads()) > 1]
    return workers


Threads = list[list[tuple[set[int], int]]]


def threads_of_workers(tmp_path: Path, port: int, how: str) -> Threads:
    """Of each thread of each worker of a running service: the processors that it may use, and how it is scheduled."""
    program = tmp_path / "service.py"
    program.write_text(SERVICE)
    command = [sys.executable, str(program), str(port), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "ready\n"
        workers = started(psutil.Process(service.pid), 2)
        found = [
            [(os.sched_getaffinity(thread.id), os.sched_getscheduler(thread.id)) for thread in worker.threads()]
            for worker in workers
        ]
        service.terminate()
    return found


def bound_processors(threads: Threads) -> list[set[int]]:
    """Of each worker, over all of its threads."""
    return [set().union(*[processors for processors, _ in worker]) for worker in threads]


@pytest.mark.skipif(len(USABLE) < 2, reason="there is one processor only")
def test_the_workers_of_a_service_are_on_processors_of_their_own(tmp_path: Path, port: int) -> None:
    threads = threads_of_workers(tmp_path, port, "pinned")
    found = bound_processors(threads)
    assert {how for worker in threads for _, how in worker} == {os.SCHED_BATCH}
    assert [len(processors) for processors in found] == [1, 1]
    assert found[0] != found[1]


def test_a_service_that_shall_not_is_left_to_the_kernel(tmp_path: Path, port: int) -> None:
    threads = threads_of_workers(tmp_path, port, "free")
    assert bound_processors(threads) == [set(USABLE)] * 2
    assert {how for worker in threads for _, how in worker} == {os.SCHED_OTHER}
