"""How much the core adds to raw libsodium Ed25519 verification: `python tests/bench/bench_core.py`.

Each step runs in small batches in turn with the raw verification, and the best batch of each counts, so that a busy
machine slows both sides alike. Ratios are time against raw time; "speed" is its inverse.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from nacl.bindings import crypto_sign_open
from nacl.signing import SigningKey

from credentials.core import achievement, strict_json
from credentials.core.credential import StatusEntry, parse_credential
from credentials.core.jws import MAX_TOKEN_BYTES, parse_compact, verify_jws
from credentials.core.keys import PublicKey
from credentials.core.securing import VC_JWT, Unsigned

ROUNDS = 300
BATCH = 20
BASE = "https://credentials.example"


def sample(issuer: str) -> achievement.AchievementCredential:
    """A finished micro-internship of ordinary size: about 2 KB."""
    start, end = datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 3, 13, tzinfo=UTC)
    hours = achievement.ResultDescription(id="urn:uuid:hours", name="Hours", result_type="RawScore")
    skills = tuple(
        achievement.Alignment(target_name=name, target_url=f"https://skills.example/{name}")
        for name in ("research", "writing", "statistics")
    )
    work = achievement.Achievement(
        id="urn:uuid:work",
        name="Survey of second-hand clothing shops",
        description="Interviewed twenty shops and described how they price.",
        criteria=achievement.Criteria(narrative="A report of ten pages and the data set, both accepted."),
        achievement_type=achievement.FIELDWORK,
        alignment=skills,
        result_description=(hours,),
    )
    subject = achievement.AchievementSubject(
        id="urn:uuid:person",
        identifier=(achievement.named("Zoë Okonkwo"), achievement.hashed_email("zoe@mail.example", "pepper")),
        activity_start_date=start,
        activity_end_date=end,
        role="Research intern",
        narrative="Planned the survey, held the interviews and wrote the report.",
        result=(achievement.Result(result_description=hours.id, value="60"),),
        source=achievement.Profile(id="urn:uuid:supervisor", name="Marit Dahl"),
        achievement=work,
    )
    status = StatusEntry(
        id=f"{BASE}/status/1#5",
        type="BitstringStatusListEntry",
        status_purpose="revocation",
        status_list_index="5",
        status_list_credential=f"{BASE}/status/1",
        status_reference=f"{BASE}/c/1/status",
    )
    return achievement.AchievementCredential(
        id=f"{BASE}/c/1",
        name=work.name,
        issuer=achievement.Profile(id=issuer, name="Nordlys Textiles", url="https://nordlys.example"),
        valid_from=end,
        credential_subject=subject,
        evidence=(
            achievement.Evidence(id=f"{BASE}/e/1", name="Report", genre="Deliverable", audience="public"),
            achievement.Evidence(name="Supervisor", narrative="Careful work, on time. " * 10, genre="Testimonial"),
        ),
        credential_status=status,
    )


def sample_token() -> tuple[bytes, PublicKey]:
    """A signed sample and the key that verifies it."""
    secret = SigningKey(bytes(range(32)))
    key = PublicKey.ed25519(bytes(secret.verify_key))
    method = f"{key.to_did_key()}#{key.to_multikey()}"
    unsigned = Unsigned.parse(achievement.to_bytes(sample(key.to_did_key())))
    prepared = VC_JWT.prepare(
        unsigned, verification_method=method, algorithm="Ed25519", created=datetime(2026, 3, 16, tzinfo=UTC)
    )
    return VC_JWT.assemble(prepared, secret.sign(prepared.signing_input).signature), key


def steps(token: bytes, key: PublicKey) -> dict[str, Callable[[], object]]:
    """What is measured; the first is the yardstick."""
    jws = parse_compact(token)
    signed = jws.signature + jws.signing_input
    document = VC_JWT.read(token).document

    def to_payload() -> object:
        parts = parse_compact(token)
        verify_jws(parts, key)
        return strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)

    def to_achievement() -> object:
        return achievement.parse_achievement(VC_JWT.verify(VC_JWT.read(token), key).credential.document)

    return {
        "raw libsodium verification": lambda: crypto_sign_open(signed, key.material),
        "token to checked payload": to_payload,
        "token to verified achievement": to_achievement,
        "parse_compact": lambda: parse_compact(token),
        "verify_jws": lambda: verify_jws(jws, key),
        "strict payload": lambda: strict_json.parse_object(jws.payload, max_bytes=MAX_TOKEN_BYTES),
        "parse_credential": lambda: parse_credential(document),
        "parse_achievement": lambda: achievement.parse_achievement(document),
    }


def measure(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best time of each, in microseconds a call."""
    best = dict.fromkeys(functions, float("inf"))
    for _ in range(ROUNDS):
        for name, function in functions.items():
            begin = time.perf_counter()
            for _ in range(BATCH):
                function()
            best[name] = min(best[name], (time.perf_counter() - begin) / BATCH * 1e6)
    return best


def main() -> int:
    """Print the table, or one JSON object with `--json`."""
    token, key = sample_token()
    best = measure(steps(token, key))
    raw = next(iter(best.values()))
    if "--json" in sys.argv:
        print(json.dumps({name: {"us": micros, "speed": raw / micros} for name, micros in best.items()}))  # noqa: T201
        return 0
    print(f"token of {len(token)} bytes")  # noqa: T201
    for name, micros in best.items():
        print(f"{name:32}{micros:8.1f} µs   time {micros / raw:5.2f}   speed {raw / micros:5.2f}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
