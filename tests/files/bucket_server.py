"""A store that speaks S3 on loopback: moto's buckets behind a real HTTP server, for real boto3."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import werkzeug
from moto.core.request import Request
from moto.s3.responses import S3Response
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response


class _Request(Request):
    """What moto expects of a request that came over the wire."""

    from_wsgi_server = True


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, kind: str, message: str, *args: object) -> None:
        """Keep the output of tests clean."""


@dataclass
class BucketServer:
    """A running server; `url` is what AWS_ENDPOINT_URL_S3 is set to. `failing` answers every request with an error."""

    failing: tuple[int, str] | None = None
    log: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        application = _Request.application(self._answer)
        self.server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def _answer(self, request: werkzeug.Request) -> Response:
        """Answer as S3 would."""
        with self.lock:
            self.log.append(f"{request.method} {request.full_path}")
            if self.failing is not None:
                status, code = self.failing
                body = f"<Error><Code>{code}</Code><Message>arn:aws:secret-of-the-account</Message></Error>"
                return Response(body, status=status, content_type="application/xml")
            # A path with one step is a bucket, a longer one an object in it.
            whole = request.path.strip("/").count("/") > 0
            dispatch = S3Response.key_dispatch if whole else S3Response.bucket_dispatch
            status, headers, content = dispatch(request, request.url, request.headers)
            return Response(content, status=status, headers={k: v for k, v in headers.items() if k != "status"})

    def environment(self, nothing: Path) -> Mapping[str, str]:
        """What boto3 reads, so that it asks this server and nobody else."""
        return {
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_CONFIG_FILE": str(nothing),
            "AWS_SHARED_CREDENTIALS_FILE": str(nothing),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
