"""How much of verifying an embedded proof is the signature: raw libsodium, ours, and @digitalbazaar/vc on node.

    python -m tests.bench.bench_data_integrity [--rounds N]

All over one credential with an `eddsa-rdfc-2022` proof, in one run. Prints microseconds of one verification (CPU time
of this thread), its share (raw / measured), and how often it fits into theirs, which checks the proof and neither
status nor trust. Raw is over as many bytes as the document has, as for tokens. "New each time" spells the document in
other white space for every call, so nothing is remembered from the call before. Ends with 1 below a bar.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from credentials.core.instants import format_instant
from credentials.core.securing import EDDSA_RDFC_2022
from credentials.verifier.remembered import MAX_ENTRIES
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.bench.bench_verify import quietest_round
from tests.interop.peer import Peer
from tests.verifier.world import NOW, World

RAW = "raw libsodium"
MECHANISM = "read and verified"
NEW = "full verification, new each time"
AGAIN = "full verification, the same again"
THEIRS = "@digitalbazaar/vc on node, proof only"
SHARES = {MECHANISM: 0.3, AGAIN: 0.3}
TIMES = {MECHANISM: 15.0, NEW: 15.0, AGAIN: 15.0}


def spellings(secured: bytes, count: int) -> Iterator[bytes]:
    """So many of the same document, by the spaces between its first members."""
    parts = re.split(rb'(?<=,)(?=")', secured)
    for number in range(count):
        yield b"".join(part + b" " * (number >> place & 1) for place, part in enumerate(parts))


def measured(world: World) -> dict[str, Callable[[], object]]:
    """What is compared; the first is the yardstick."""
    secured, key = world.secured(EDDSA_RDFC_2022.name), world.issuer.keys["k1"].public
    resolver, policy = world.resolver(), world.policy
    public, secret = crypto_sign_seed_keypair(bytes([1]) * 32)
    signed = crypto_sign(bytes(len(secured)), secret)
    every = itertools.cycle(list(spellings(secured, MAX_ENTRIES + 1000)))

    def full(data: bytes) -> object:
        return verify(data, resolver=resolver, policy=policy, now=NOW)

    for data in itertools.islice(every, 50):
        if verify(data, resolver=resolver, policy=policy, now=NOW).state is not State.GENUINE:
            raise SystemExit("the sample is not genuine")
    return {
        RAW: lambda: crypto_sign_open(signed, public),
        MECHANISM: lambda: EDDSA_RDFC_2022.verify(EDDSA_RDFC_2022.read(secured), key),
        NEW: lambda: full(next(every)),
        AGAIN: lambda: full(secured),
    }


def their_time(world: World) -> float:
    """Microseconds for one verification by @digitalbazaar/vc, whose loader has all documents at hand."""
    asked = {
        "credential": json.loads(world.secured(EDDSA_RDFC_2022.name)),
        "documents": {world.issuer.did: json.loads(world.issuer.document())},
        "now": format_instant(NOW),
        "count": 100,
    }
    with Peer.started(Path(__file__).parent.parent / "interop" / "digitalbazaar.mjs") as peer:
        return float(min(peer.ask("time", **asked) for _ in range(5)))


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and judge by the bars."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args(arguments)
    world = World()
    best = quietest_round(measured(world), options.rounds)
    shares = {name: best[RAW] / micros for name, micros in best.items()}
    times: dict[str, float] = {}
    if shutil.which("node"):
        theirs = their_time(world)
        times = {name: theirs / micros for name, micros in best.items() if name != RAW}
        sys.stdout.write(f"{THEIRS:40} {theirs:8.1f} µs\n")
    for name, micros in best.items():
        fits = f"   {times[name]:5.1f} times in theirs" if name in times else ""
        sys.stdout.write(f"{name:40} {micros:8.1f} µs   share {shares[name]:.2f}{fits}\n")
    sys.stdout.write(f"bars: shares {SHARES}, times {TIMES}\n")
    fast = all(shares[name] >= bar for name, bar in SHARES.items())
    return 0 if fast and all(times.get(name, bar) >= bar for name, bar in TIMES.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
