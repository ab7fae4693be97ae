"""What the verifier says where there is no network: `python -m tests.hostile.without_network at-hand|ask`.

`at-hand`: every case of the corpus, and each of its bases without a fault, with keys and lists at hand; nothing needs a
network, so the answers are the same everywhere. `ask`: good credentials whose keys or lists would have to be fetched,
by the verifier and by the application that issued some of them. One JSON object on standard output.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from credentials.core.achievement import to_bytes
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.report import Report
from credentials.verifier.resolvers.web import WebResolver
from credentials.verifier.verify import verify
from tests.hostile.cases import corpus
from tests.hostile.judging import code_of, judged
from tests.hostile.making import make
from tests.verifier.world import NOW, Ed25519Key, Issuer, World, achievement, confirming
from tests.web.conftest import Site, open_site

FORMS = ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")


def at_hand() -> Iterator[tuple[str, list[object]]]:
    """Name, whether it was accepted, state and code."""
    cases = corpus()
    bases = sorted({case["base"] for case in cases} - {"text", "hostile-token"})
    for case in (*cases, *({"name": f"good {base}", "base": base} for base in bases)):
        judgement = judged(make(case))
        yield case["name"], [judgement.accepted, judgement.state, judgement.code]


def ask() -> Iterator[tuple[str, list[object]]]:
    """Name, state and code; through the real outbound client."""
    for form in FORMS:
        for name, secured in _foreign(form):
            yield f"{name}, {form}", _told(_asked(secured))
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(Path(folder) / "data")
        try:
            yield from _at_site(site)
        finally:
            site.service.close()


def _foreign(form: str) -> Iterator[tuple[str, bytes]]:
    """What others issued: under a key that names itself, with and without a list; under a domain."""
    key = Ed25519Key()
    own = Issuer(key.public.to_did_key(), {"k1": key})
    yield "a key that names itself", own.secure(to_bytes(achievement(own.did, statuses=())), mechanism=form)
    yield "a key that names itself, and a list", own.secure(to_bytes(achievement(own.did)), mechanism=form)
    yield "a domain", World().secured(form)


def _asked(secured: bytes) -> Report:
    did = Ed25519Key().public.to_did_key()
    client = OutboundClient(timeout=2.0)
    return verify(secured, resolver=WebResolver(client), policy=confirming(did), now=NOW)


def _told(report: Report) -> list[object]:
    return [str(report.state), code_of([report])]


def _at_site(site: Site) -> Iterator[tuple[str, list[object]]]:
    embedded = site.client.get(f"/c/{site.issued.id}.json").data
    sent: dict[str, Any] = {"token": site.token, "embedded proof": json.loads(embedded)}
    sent |= {f"a stranger's {form}": World().secured(form).decode() for form in FORMS}
    for name, credential in sent.items():
        answer = site.client.post("/api/v1/verify", json={"credential": credential})
        codes = [check["code"] for check in answer.get_json()["checks"] if "code" in check]
        yield f"at the site, {name}", [answer.get_json()["state"], (codes[:1] or [""])[0]]


def main() -> int:
    """Print what was asked for."""
    found = dict(at_hand() if sys.argv[1] == "at-hand" else ask())
    io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8").write(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
