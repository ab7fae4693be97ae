"""How long the verification of an SD-JWT VC takes here, and in npm's @sd-jwt/sd-jwt-vc on node, in one run.

    python -m tests.bench.bench_sd_jwt [--rounds N]

Both check the signature and put the disclosures in their places; ours makes the whole report besides, of one that it
sees for the first time, each in its turn. Then the same with a Token Status List that is at hand: theirs unpacks it
each time, ours remembers it. Prints microseconds of one
verification and how often ours fits into theirs. Ends with 1 if that is below the bar without a list.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from itertools import cycle
from pathlib import Path

from credentials.core import strict_json
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.remembered import MAX_SEEN
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.bench.bench_verify import BATCH, batch_time
from tests.interop.peer import Peer
from tests.verifier.sd_world import HTTPS_ISSUER, TOKEN_LIST, SdWorld
from tests.verifier.world import ISSUED, NOW

BAR = 2.0


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and judge by the bar."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args(arguments)
    world = SdWorld(policy=TrustPolicy(confirmed={HTTPS_ISSUER: Confirmation("acme.example", "operator", ISSUED)}))
    claims = strict_json.parse_object(world.claims(), max_bytes=1 << 20)
    del claims["status"]
    bare = _compared("no status", world, strict_json.dump(claims), options.rounds)
    _compared("with a status list", world, world.claims(), options.rounds)
    return 0 if bare is None or bare >= BAR else 1


def _compared(what: str, world: SdWorld, claims: bytes, rounds: int) -> float | None:
    """How often ours fits into theirs; None without node."""
    ours = _ours(world, claims, rounds)
    sys.stdout.write(f"{what + ', ours, full report':46} {ours:8.1f} µs\n")
    if not shutil.which("node"):
        return None
    theirs = _theirs(world, world.sd_jwt_vc(claims))
    sys.stdout.write(f"{what + ', @sd-jwt/sd-jwt-vc on node':46} {theirs:8.1f} µs   {theirs / ours:.1f} times ours\n")
    return theirs / ours


def _ours(world: SdWorld, claims: bytes, rounds: int) -> float:
    resolver, policy = world.resolver(), world.policy
    numbers = range(MAX_SEEN + BATCH)
    unseen = cycle([world.sd_jwt_vc(claims, entropy=number.to_bytes(32, "big")) for number in numbers])
    if verify(next(unseen), resolver=resolver, policy=policy, now=NOW).state is not State.GENUINE:
        raise SystemExit("the sample is not genuine")
    return min(
        batch_time(lambda: verify(next(unseen), resolver=resolver, policy=policy, now=NOW)) for _ in range(rounds)
    )


def _theirs(world: SdWorld, token: bytes) -> float:
    request = {
        "token": token.decode(),
        "jwk": world.issuer.keys["k1"].public.to_jwk(),
        "alg": "EdDSA",
        "list": world.published[TOKEN_LIST].decode(),
        "now": int(NOW.timestamp()),
        "count": 300,
    }
    with Peer.started(Path(__file__).parent.parent / "interop" / "sd_jwt.mjs") as peer:
        return float(min(peer.ask("time", **request) for _ in range(3)))


if __name__ == "__main__":
    raise SystemExit(main())
