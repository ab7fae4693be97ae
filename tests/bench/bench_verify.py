"""How much of a verification is the signature: raw libsodium against ours, in one run, beside npm's jose on node.

    python -m tests.bench.bench_verify [--rounds N] [--no-jose]

Prints one line a measurement: microseconds (CPU time of this thread) and its share: raw / measured. Ends with 1 if a
share is below its bar. Every round measures all of them in small batches; the round that took least in all counts.
A verifier remembers what held: "full verification" is of tokens that it sees for the first time, each in its turn.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from nacl.bindings import crypto_sign_open

from credentials.core.credential import StatusEntry
from credentials.core.jws import parse_compact, verify_jws
from credentials.verifier.remembered import MAX_SEEN
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.interop.peer import Peer
from tests.verifier.world import INDEX, NOW, World, entry

BATCH = 20
BARS = {"token to payload": 0.80, "full verification": 0.55}


def measured(world: World) -> dict[str, Callable[[], object]]:
    """What is compared, all over tokens of a finished micro-internship with two status entries."""
    token, key, resolver, policy = world.token(), world.issuer.keys["k1"].public, world.resolver(), world.policy
    unseen = cycle([world.token(statuses=entries(index)) for index in range(INDEX + 1, INDEX + 1 + MAX_SEEN + BATCH)])
    jws = parse_compact(token)
    signed = jws.signature + jws.signing_input
    if verify(token, resolver=resolver, policy=policy, now=NOW).state is not State.GENUINE:
        raise SystemExit("the sample is not genuine")
    return {
        "raw libsodium": lambda: crypto_sign_open(signed, key.material),
        "token to payload": lambda: verify_jws(parse_compact(token), key),
        "full verification": lambda: verify(next(unseen), resolver=resolver, policy=policy, now=NOW),
        "the same token again": lambda: verify(token, resolver=resolver, policy=policy, now=NOW),
    }


def entries(index: int) -> tuple[StatusEntry, StatusEntry]:
    """The entries of a credential of its own."""
    return entry("revocation", index=index), entry("suspension", index=index)


def quietest_round(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Microseconds for one call of each, in the one round that took least in all: shares within it are comparable."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        times = {name: batch_time(call) for name, call in work.items()}
        if not best or sum(times.values()) < sum(best.values()):
            best = times
    return best


def batch_time(call: Callable[[], object]) -> float:
    """Microseconds for one call, over a batch."""
    start = time.thread_time_ns()
    for _ in range(BATCH):
        call()
    return (time.thread_time_ns() - start) / 1000 / BATCH


def jose_time(world: World) -> float:
    """Microseconds for one verification by npm's jose, which checks the signature and parses the payload only."""
    with Peer.started(Path(__file__).parent.parent / "interop" / "jose.mjs") as peer:
        jwk = world.issuer.keys["k1"].public.to_jwk()
        times = [peer.ask("time", token=world.token().decode(), jwk=jwk, alg="EdDSA", count=500) for _ in range(5)]
    return float(min(times))


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and judge by the bars."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--no-jose", action="store_true")
    options = parser.parse_args(arguments)
    world = World()
    best = quietest_round(measured(world), options.rounds)
    if not options.no_jose and shutil.which("node"):
        best["npm jose on node, signature and payload only"] = jose_time(world)
    raw = best["raw libsodium"]
    for name, micros in best.items():
        bar = f"  (bar {BARS[name]:.2f})" if name in BARS else ""
        sys.stdout.write(f"{name:46} {micros:7.1f} µs   share {raw / micros:.2f}{bar}\n")
    return 1 if any(raw / best[name] < bar for name, bar in BARS.items()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
