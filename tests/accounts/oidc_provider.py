"""An OpenID provider over loopback: it takes a code with PKCE and its client's secret, and signs ID tokens.

Each flaw of a hostile one is a switch. Addresses are https for the service; `Loopback` carries them here.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from credentials.verifier.errors import ResolutionFailed

KEYS: dict[str, Callable[[], Key]] = {
    "RS256": lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}),
    "ES256": lambda: ECKey.generate_key("P-256", {"kid": "1"}),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519", {"kid": "1"}),
}


@dataclass
class Provider:
    """One provider. `claims` and `metadata` change what it says; `forge` makes the ID token in another way."""

    address: str
    clock: Callable[[], datetime]
    alg: str = "ES256"
    client_id: str = "our-client"
    client_secret: str = "s3cret & more:+/"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[Provider, dict[str, Any]], str] | None = None
    key: Key = field(init=False)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = KEYS[self.alg]()

    def description(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser brings back after its person signed in here."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == self.client_id
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"state": asked["state"], "code": code, "iss": self.address}

    def token(self, body: bytes, authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint: each code once, with the verifier and the secret that belong to it."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client = tuple(unquote(part) for part in pair.split(":"))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        good = asked is not None and client == (self.client_id, self.client_secret)
        if asked is None or not good or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            self.refused.append("code")
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        """A signed ID token; a claim of the value None is left out."""
        now = int(self.clock().timestamp())
        said = {
            "iss": self.address,
            "sub": "subject-1",
            "aud": self.client_id,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": "ana@acme.example",
            "email_verified": True,
            "name": "Ana Souza",
            **self.claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return self.forge(self, said) if self.forge else self.signed(said, self.key)

    def signed(self, said: dict[str, Any], key: Key, alg: str | None = None) -> str:
        """A token under a key."""
        alg = alg or self.alg
        return jwt.encode({"alg": alg, "kid": "1"}, said, key, algorithms=[alg])

    def keys(self) -> dict[str, Any]:
        """The public keys."""
        return {"keys": [self.key.as_dict(private=False)]}


def unsigned(_provider: Provider, said: dict[str, Any]) -> str:
    """`alg: none`."""
    parts = ({"alg": "none"}, said)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


def with_public_key_as_secret(provider: Provider, said: dict[str, Any]) -> str:
    """HS256, its secret being the provider's public key."""
    pem = json.dumps(provider.key.as_dict(private=False)).encode()
    return provider.signed(said, OctKey.import_key(pem), "HS256")


def under_another_key(provider: Provider, said: dict[str, Any]) -> str:
    """A good token, of a key that the provider does not have."""
    return provider.signed(said, KEYS[provider.alg]())


@dataclass
class Loopback:
    """Carries requests for https addresses to the servers of the tests, over real sockets."""

    ports: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> bytes:
        """The body of an answer of status 200."""
        return self._ask("GET", url, None, {})

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Send a body."""
        return self._ask("POST", url, body, headers)

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        parts = urlsplit(url)
        assert parts.scheme == "https"
        self.asked.append(f"{method} {url}")
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[parts.netloc], timeout=5)
        try:
            connection.request(method, parts.path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ResolutionFailed(f"the host answered {answer.status}")
        return content


@contextmanager
def served(provider: Provider, loopback: Loopback) -> Iterator[Provider]:
    """The provider, listening while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/keys": provider.keys, "/.well-known/openid-configuration": provider.description}
            made = found.get(self.path)
            self._say(200 if made else 404, made() if made else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(*provider.token(body, self.headers["Authorization"]))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    loopback.ports[urlsplit(provider.address).netloc] = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
