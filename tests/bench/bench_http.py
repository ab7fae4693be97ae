"""POST /api/v1/verify on granian with everything on, against raw libsodium in the same run, beside npm jose on node.

Run:  python tests/bench/bench_http.py [--seconds 5] [--least 0.15]

Prints one line a measurement: requests a second of one core, and the ratio to raw Ed25519 verifications a second.
Exits 1 when the ratio is below `--least`. npm jose is left out when node or the package is not there.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import nacl.bindings
import psutil

from credentials.issuer.draft import Deliverable, Draft
from credentials.web.app import build_app
from credentials.web.composition import open_service
from credentials.web.server import serve
from credentials.web.settings import Settings, load_settings
from tests.bench.http_load import Load, ask, http_request, run_load, wait_for

HERE = Path(__file__).parent
INTEROP = HERE.parent / "interop"
PATH = "/api/v1/verify"
CONNECTIONS = 4
NODE_SERVER = """
import { createServer } from "node:http";
import { compactVerify, importJWK } from "jose";
const [port, jwk] = process.argv.slice(-2);
const key = await importJWK(JSON.parse(jwk), "EdDSA");
createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    const { credential } = JSON.parse(Buffer.concat(parts));
    const { payload } = await compactVerify(credential, key);
    const answer = JSON.stringify({ verified: true, credential: JSON.parse(new TextDecoder().decode(payload)) });
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(answer) });
    response.end(answer);
  });
}).listen(Number(port), "127.0.0.1");
"""
DRAFT = Draft(
    recipient_name="Ana Souza",
    recipient_email="ana@mail.example",
    project_title="Customer survey report",
    summary="Interviewed 20 customers and wrote a report with three proposals, two of which were taken up.",
    deliverables=(Deliverable("Report", "public", "https://files.example/report"), Deliverable("Slides")),
    skills=("Survey design", "Interviewing", "Writing"),
    started_on=date(2026, 2, 2),
    ended_on=date(2026, 3, 6),
    hours=Decimal(40),
    supervisor_name="Kim Larsen",
    supervisor_words="Careful, quick, and clear about what the numbers cannot say.",
    evidence_url=None,
)


def raw_per_second(seconds: float) -> float:
    """Ed25519 verifications a second of one core, by libsodium through its thinnest binding."""
    public, secret = nacl.bindings.crypto_sign_keypair()
    message = os.urandom(2048)
    signed = nacl.bindings.crypto_sign(message, secret)
    rates = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(rates) < 3:
        started = time.process_time()
        for _ in range(1000):
            nacl.bindings.crypto_sign_open(signed, public)
        rates.append(1000 / (time.process_time() - started))
    return statistics.median(rates)


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(folder: Path, port: int) -> tuple[Settings, str, str]:
    """A data folder with one confirmed issuer: its settings, a token, the public key as a JWK."""
    settings = load_settings(
        data_dir=folder,
        base_url=f"http://127.0.0.1:{port}",
        rate_verify_api="100000000 per minute",
        log_level="info",
    )
    service = open_service(settings)
    service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example")
    service.issuer.confirm("acme", "acme.example")
    issued = service.issuer.issue("acme", DRAFT)
    token = service.portfolio.signed(issued.id).body.decode()
    jwk = service.issuer.keys("acme")[0].public_jwk
    service.close()
    return settings, token, jwk


@contextmanager
def running(command: list[str], port: int, **options: object) -> Iterator[psutil.Process]:
    """A server process, stopped at the end."""
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    try:
        wait_for(port)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def measure_service(token: str, folder: Path, port: int, seconds: float) -> Load:
    """The service's throughput; its log goes to a file, as it would in production."""
    request = http_request(PATH, port, json.dumps({"credential": token}).encode())
    command = [sys.executable, __file__, "--serve", str(folder), "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1])}
    with (folder / "log").open("wb") as log, running(command, port, env=environment, stderr=log) as server:
        status, body = ask(port, request)
        assert (status, json.loads(body)["state"]) == (200, "GENUINE"), body
        run_load(port, request, server, seconds=1, connections=CONNECTIONS)
        return run_load(port, request, server, seconds=seconds, connections=CONNECTIONS)


def measure_node(token: str, jwk: str, port: int, seconds: float) -> Load | None:
    """npm jose behind node's http server, or None where it is not installed."""
    node = shutil.which("node")
    if node is None or not (INTEROP / "node_modules" / "jose").is_dir():
        return None
    request = http_request(PATH, port, json.dumps({"credential": token}).encode())
    command = [node, "--input-type=module", "--eval", NODE_SERVER, "--", str(port), jwk]
    with running(command, port, cwd=INTEROP) as server:
        run_load(port, request, server, seconds=1, connections=CONNECTIONS)
        return run_load(port, request, server, seconds=seconds, connections=CONNECTIONS)


def say(name: str, load: Load, raw: float) -> None:
    """Print one measurement."""
    print(  # noqa: T201
        f"{name:<34} {load.per_core:8.0f} /s per core  {load.per_core / raw:6.3f} of raw"
        f"   ({load.per_second:.0f} /s of wall time, {load.requests} requests)"
    )


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--least", type=float, default=0.15)
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    if options.serve:
        settings = load_settings(data_dir=options.serve, rate_verify_api="100000000 per minute")
        serve(partial(build_app, settings), port=options.port)
        return 0
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        _, token, jwk = prepare(Path(name) / "data", port)
        raw = raw_per_second(1.0)
        load = measure_service(token, Path(name) / "data", port, options.seconds)
        node = measure_node(token, jwk, free_port(), options.seconds)
        raw = (raw + raw_per_second(1.0)) / 2
    print(f"{'raw libsodium Ed25519 verification':<34} {raw:8.0f} /s per core")  # noqa: T201
    say(f"POST {PATH}, granian", load, raw)
    if node is not None:
        say("npm jose behind node's http", node, raw)
    return 0 if load.per_core / raw >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
