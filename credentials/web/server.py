"""Serve an application with granian: one process for each worker, TLS without a proxy if wanted, a clean stop.

What can be known before the first worker starts (is the port free, do the TLS files fit) is checked here, so that a
mistake is one line and not a worker that dies again and again.
"""

from __future__ import annotations

import errno
import gc
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server import Server

from credentials.web.affinity import on_one_processor
from credentials.web.errors import AddressUnusable, PortTaken, TlsFilesUnusable
from credentials.web.waiting import THREADS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


def serve(
    app_factory: Callable[[], WSGIApplication],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    workers: int = 1,
    pinned: bool = True,
    on_ready: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then let open requests end and return.

    `app_factory` is called once in each worker process and must be picklable, such as
    `functools.partial(build_app, settings)`. `on_ready` runs here, in a thread, once the first
    worker answers at the port. `pinned` keeps each worker on a processor of its own.

    Raises:
        PortTaken, AddressUnusable: nothing can listen there.
        TlsFilesUnusable: certificate or key is missing, unreadable or does not fit the other.
    """
    check_tls(tls_cert, tls_key)
    check_address(host, port)
    server = _Server(
        "credentials",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        http=HTTPModes.auto if tls_cert else HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        ssl_cert=tls_cert,
        ssl_key=tls_key,
        ssl_protocol_min=SSLProtocols.tls12,
        workers_kill_timeout=SECONDS_TO_STOP,
        respawn_failed_workers=workers > 1,
    )
    server.on_ready = on_ready
    made = Lasting(app_factory)
    server.serve(target_loader=on_one_processor(made) if pinned else made, wrap_loader=False)


def at_end_of_worker(call: Callable[[], object]) -> None:
    """Have something done when this worker process has answered its last request and ends."""
    Finalize(None, call, exitpriority=1)


@dataclass(frozen=True, slots=True)
class Lasting:
    """An application factory, picklable. What it made stays as long as the worker: the collector need not look at it.

    It would at every full collection, which cost a twentieth of all verifications.
    """

    app_factory: Callable[[], WSGIApplication]

    def __call__(self) -> WSGIApplication:
        app = self.app_factory()
        gc.collect()
        gc.freeze()
        return app


class _Server(Server):  # type: ignore[misc, valid-type]  # which of its servers this is depends on the interpreter
    """Granian's server; says that it is ready when a worker answers, not when workers are about to start."""

    on_ready: Callable[[], None] | None = None

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the workers, then watch for the first one. No thread of ours runs while processes are forked."""
        super().startup(spawn_target, target_loader)
        if self.on_ready is not None:
            watch = partial(_when_answering, self.bind_addr, self.bind_port, self.on_ready)
            threading.Thread(target=watch, daemon=True).start()

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop. Ctrl-C reaches the workers as well as us: those that end on it by themselves did not fail."""
        try:
            super().shutdown(exit_code)
        except SystemExit:
            if not self.interrupt_signal:
                raise


def _when_answering(host: str, port: int, announce: Callable[[], None]) -> None:
    """Wait until something accepts connections there. A worker listens only once it has made its application."""
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            announce()
            return


def check_address(host: str, port: int) -> None:
    """Raise unless this address can be listened at right now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"something listens at {host}:{port} already", where=f"{host}:{port}") from error
        raise AddressUnusable(error.strerror or "it has no address", where=f"{host}:{port}") from error


def check_tls(cert: Path | None, key: Path | None) -> None:
    """Raise unless certificate and key are both absent, or both readable and a pair."""
    if cert is None and key is None:
        return
    if cert is None or key is None:
        raise TlsFilesUnusable("a certificate needs its key and a key its certificate")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key, password=_no_password)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise TlsFilesUnusable(str(reason).replace("_", " ").lower(), where=str(cert)) from error


def _no_password() -> str:
    """Refuse an encrypted key instead of asking for its password on the terminal."""
    raise ValueError("the key is encrypted")
