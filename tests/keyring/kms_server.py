"""AWS KMS on loopback: moto's keys and aliases behind a real HTTP server, for real boto3.

moto hashes what it is given whatever MessageType says. KMS signs a DIGEST as it is (API reference, Sign), and so does
this server. `fail_next` makes it refuse the next requests as KMS would, `log` has what it was asked.
"""

import base64
import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import werkzeug
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core.request import Request
from moto.kms.models import kms_backends
from moto.kms.responses import KmsResponse
from moto.kms.utils import ECDSAPrivateKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

ACCOUNT = "123456789012"
REGION = "eu-central-1"


class _Request(Request):
    """What moto expects of a request that came over the wire."""

    from_wsgi_server = True


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, kind: str, message: str, *args: object) -> None:
        """Keep the output of tests clean."""


@dataclass
class KmsServer:
    """A running server; `url` is what AWS_ENDPOINT_URL_KMS is set to."""

    log: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[tuple[int, str]] = field(default_factory=list)
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    lasting: dict[str, tuple[int, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    pages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    silent: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        application = _Request.application(self._alone)
        self.server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def fail_next(self, status: int, code: str, times: int = 1) -> None:
        self.failures += [(status, code)] * times

    def fail(self, operation: str, status: int, code: str) -> None:
        """Refuse this operation once."""
        self.refusals[operation] = (status, code)

    def refuse_always(self, operation: str, status: int, code: str) -> None:
        """Refuse this operation until `forget`."""
        self.lasting[operation] = (status, code)

    def forget(self) -> None:
        """Be as at the beginning, but for the keys."""
        for one in (self.log, self.failures, self.refusals, self.lasting, self.answers, self.pages):
            one.clear()

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [body for name, body in self.log if name == operation]

    def _alone(self, request: werkzeug.Request) -> Response:
        if self.silent.is_set():
            while self.silent.is_set():
                time.sleep(0.05)
            # Whoever asked has left: it must not count as asked by whoever comes next.
            return Response(status=503)
        with self.lock:
            return self._answer(request)

    def _answer(self, request: werkzeug.Request) -> Response:
        operation = request.headers["X-Amz-Target"].removeprefix("TrentService.")
        body = json.loads(request.get_data(cache=True))
        self.log.append((operation, body))
        refusal = self.failures.pop(0) if self.failures else self.refusals.pop(operation, self.lasting.get(operation))
        if refusal is not None:
            status, code = refusal
            return _json({"__type": code, "message": "arn:aws:kms:secret-of-the-account"}, status)
        if self.pages.get(operation):
            return _json(self.pages[operation].pop(0), 200)
        if operation in self.answers:
            return _json(self.answers[operation], 200)
        if operation == "Sign" and body.get("MessageType") == "DIGEST":
            return self._sign_digest(body)
        status, headers, content = KmsResponse.dispatch(request, request.url, request.headers)
        return Response(content, status=status, headers={k: v for k, v in headers.items() if k != "status"})

    def _sign_digest(self, body: dict[str, Any]) -> Response:
        key = kms_backends[ACCOUNT][REGION].describe_key(body["KeyId"])
        if key.key_state != "Enabled":
            return _json({"__type": "KMSInvalidStateException", "message": "not enabled"}, 400)
        digest = base64.b64decode(body["Message"])
        assert isinstance(key.private_key, ECDSAPrivateKey)
        made = key.private_key.private_key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        told = {"KeyId": key.arn, "Signature": base64.b64encode(made).decode(), "SigningAlgorithm": "ECDSA_SHA_256"}
        return _json(told, 200)


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/x-amz-json-1.1")


def environment(server: KmsServer, nothing: str) -> Iterable[tuple[str, str]]:
    """What boto3 reads, so that it asks this server and nobody else."""
    return {
        "AWS_ENDPOINT_URL_KMS": server.url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items()
