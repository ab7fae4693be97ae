"""Kill the worker of uploaded workbooks at random moments, and see that exactly their good rows are issued, once.

    python tests/faults/kill_list.py --rows 10000 --kills 20

One row in a hundred is bad. A workbook is uploaded and checked as in the console, then issued by a process that is
killed with SIGKILL after a random while and started again; the lease of the killed one is ended by hand, as if two
minutes had passed. However fast the machine, there is another workbook until enough were killed. Prints how long the
first check took for 1,000 rows and by how much the checking process grew.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import select

from credentials.accounts.acting import Member, Visitor
from credentials.accounts.tokens import new_id
from credentials.store import organisations, people
from credentials.store.bulk_uploads import BulkUpload
from credentials.store.engine import read, write
from credentials.store.organisations import Membership
from credentials.store.people import Person
from credentials.store.tables import bulk_upload, candidate, credential, mail, secured_form
from credentials.web.composition import Service, open_service
from credentials.web.settings import Settings

HEAD = ("Name", "E-mail", "Project", "Summary", "Start", "End", "Hours", "Supervisor")
PATIENCE = 600
_FORK = multiprocessing.get_context("fork")


class Failed(AssertionError):
    """A good row was not issued, was issued twice, or a bad one was."""


@dataclass(frozen=True)
class Cost:
    """What a check took for 1,000 rows, in seconds, and by how much its process grew, in MiB."""

    seconds: float
    grown: float


@dataclass(frozen=True)
class Found:
    """What a run of `lists` workbooks showed. `cost`: of the first check."""

    killed: int
    lists: int
    issued: int
    cost: Cost


def workbook(rows: int, which: int) -> bytes:
    """The list of this number, of which one row in a hundred is bad."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for number in range(rows):
        bad = number % 100 == 50
        days = ("2026-03-06", "2026-02-02") if bad else ("2026-02-02", "2026-03-06")
        who = (f"Person {number}", f"person-{which}-{number}@mail.example", f"Project {which}-{number}")
        sheet.append([*who, "Counted what there was to count, and wrote it down.", *days, 28.0, "Kim Larsen"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_here(folder: Path) -> Service:
    """The service over a folder."""
    return open_service(Settings(data_dir=folder, base_url="https://credentials.example"))


def member_of(service: Service) -> Member:
    """An owner of a new company."""
    issuer = service.issuer.create_issuer("acme", "Acme Bakeries")
    person, now = (
        Person(id=new_id(), name="Olga", handle=new_id().encode(), created_at=service.clock()),
        service.clock(),
    )
    roles = "author owner reviewer signer"
    with write(service.engine) as connection:
        people.add(connection, person)
        organisations.put_member(
            connection, Membership(issuer_id=issuer.id, person_id=person.id, roles=roles, created_at=now)
        )
    visitor = Visitor(
        person_id=person.id,
        name="Olga",
        session_id="",
        proved_at=now,
        strong=True,
        guarded=True,
        operator=False,
        origin="",
    )
    return Member(visitor=visitor, issuer=issuer, roles=frozenset(roles.split()))


def work(folder: Path, upload_id: str) -> None:
    """A worker's life: the list to its end."""
    service = open_here(folder)
    service.issuer.resume()
    service.uploads.run(upload_id)
    service.close()


def issue(folder: Path, service: Service, upload: BulkUpload, kills: int, chance: random.Random) -> int:
    """Issue the list with a worker that is killed again and again. Returns how often that was."""
    killed, until = 0, time.monotonic() + PATIENCE
    while state_of(service, upload.id) != "done":
        if time.monotonic() > until:
            raise Failed(f"it is still {state_of(service, upload.id)}")
        with write(service.engine) as connection:
            connection.execute(bulk_upload.update().values(leased_until=None))
        process = _FORK.Process(target=work, args=(folder, upload.id))
        process.start()
        process.join(chance.expovariate(1.5) if killed < kills else PATIENCE)
        if process.is_alive():
            process.kill()
            killed += 1
        process.join()
    return killed


def state_of(service: Service, upload_id: str) -> str:
    """Where a list stands."""
    with read(service.engine) as connection:
        return str(connection.execute(select(bulk_upload.c.state).where(bulk_upload.c.id == upload_id)).scalar_one())


def check(service: Service, rows: int, lists: int) -> int:
    """Exactly the good rows were issued, signed and sent, each once. Returns how many. Raises Failed."""
    good = [number for number in range(rows) if number % 100 != 50]
    wanted = Counter(f"Project {which}-{number}" for which in range(lists) for number in good)
    signed = select(credential.c.title).join(secured_form).where(secured_form.c.format == "vc+jwt")
    with read(service.engine) as connection:
        issued = Counter(connection.execute(signed).scalars())
        letters = Counter(connection.execute(select(mail.c.address).where(mail.c.kind == "claim")).scalars())
        holders = set(connection.execute(select(candidate.c.email)).scalars())
    if issued != wanted:
        raise Failed(f"{sum((wanted - issued).values())} are missing, {sum((issued - wanted).values())} too many")
    if set(letters) != holders or max(letters.values()) > 1:
        raise Failed(f"{len(holders)} holders, {sum(letters.values())} letters to {len(letters)}")
    return sum(issued.values())


def begin(service: Service, member: Member, content: bytes, rows: int) -> tuple[BulkUpload, Cost]:
    """Upload a list, check it, and have it wait for its worker."""
    uploads = service.uploads
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    upload = uploads.take(member, "list.xlsx", content)
    uploads.run(upload.id)
    seconds = (time.monotonic() - began) * 1000 / rows
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    uploads.start(member, upload.id)
    return upload, Cost(seconds, grown)


def run(rows: int, kills: int, seed: int) -> Found:
    """Upload, check and issue under fire, list after list until enough workers were killed, and look. Raises Failed."""
    chance = random.Random(seed)  # noqa: S311  (moments to kill at, nothing secret)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        service = open_here(folder)
        member, killed = member_of(service), 0
        costs: list[Cost] = []
        while killed < kills:
            upload, cost = begin(service, member, workbook(rows, len(costs)), rows)
            costs.append(cost)
            service.engine.dispose()
            killed += issue(folder, service, upload, kills - killed, chance)
        found = Found(killed, len(costs), check(service, rows, len(costs)), costs[0])
        service.close()
    return found


def main() -> int:
    """Run and print what was found; 1 when something was lost or came twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    asked = parser.parse_args()
    try:
        found = run(asked.rows, asked.kills, asked.seed)
    except Failed as failure:
        sys.stdout.write(f"FAILED with seed {asked.seed}: {failure}\n")
        return 1
    sys.stdout.write(
        f"{found.lists} of {asked.rows} rows, {found.killed} kills: {found.issued} issued, each once; checked in "
        f"{found.cost.seconds:.2f} s for 1,000 rows, grown by {found.cost.grown:.0f} MiB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
