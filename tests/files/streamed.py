"""Send one large file through the award form as a server would hand it on, and print what became of it.

Run as a program: the size in bytes, how many of the body's bytes arrive, and a folder to work in. It prints the status,
the mebibytes by which the process grew, and the SHA-384 and size of what was kept (or nothing).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from credentials.accounts.organisations import invite_owner
from credentials.web.app import create_app
from tests.peak_memory import peak_mebibytes
from tests.web.conftest import open_site
from tests.web.staff import Browser, browser, with_letters

PIECE = bytes(range(256)) * 1024
BOUNDARY = "a-boundary"
NEW = "/console/acme/awards/new"


class Body:
    """A form with one file of any size, made as it is read; it ends early after `arriving` bytes."""

    def __init__(self, fields: dict[str, str], size: int, arriving: int) -> None:
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
        ]
        named = 'name="deliverable_file_0"; filename="large.bin"'
        parts.append(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {named}\r\nContent-Type: text/html\r\n\r\n")
        self._head, self._tail = "".join(parts).encode(), f"\r\n--{BOUNDARY}--\r\n".encode()
        self._size, self._place, self._at_end = size, 0, False
        self.length = len(self._head) + size + len(self._tail)
        self._arriving = min(arriving, self.length)

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        size = min(size if size >= 0 else 65_536, self._arriving - self._place, 65_536)
        start, self._place = self._place, self._place + max(size, 0)
        return self._between(start, self._place)

    def tell(self) -> int:
        """Werkzeug's client asks how long the body is before it sends it."""
        return self.length if self._at_end else 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """See `tell`."""
        self._at_end = whence == 2
        return self.tell()

    def _between(self, start: int, end: int) -> bytes:
        made = self._head[start:end]
        inner = max(start - len(self._head), 0), min(end - len(self._head), self._size)
        if inner[0] < inner[1]:
            skip = inner[0] % len(PIECE)
            length = inner[1] - inner[0]
            made += (PIECE * (2 + length // len(PIECE)))[skip : skip + length]
        after = len(self._head) + self._size
        return made + (self._tail[max(start - after, 0) : end - after] if end > after else b"")


def owner(folder: Path) -> tuple[Browser, Path]:
    """Whoever founded acme, on a new website; and where its files are."""
    site = open_site(folder, rate_sign_in="")
    service, letters = with_letters(site.service)
    app = create_app(service, log_stream=site.log)
    invite_owner(service.accounts, service.issuer.issuer("acme"), "owner@acme.example")
    found, path = browser(app, service), letters.path("owner@acme.example")
    assert found.post(path, path, name="Olga Owner").status_code == 303
    return found, service.settings.files_path


def main(size: int, arriving: int, folder: Path) -> None:
    """Send it."""
    found, files = owner(folder / "data")
    small = found.post(NEW, NEW, do="save", project_title="To warm up")
    assert small.status_code == 303
    body = Body({"csrf_token": found.token(NEW), "do": "save", "project_title": "Large"}, size, arriving)
    before = peak_mebibytes()
    answer = found.client.post(
        NEW,
        input_stream=body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"Referer": f"{found.base_url}{NEW}"},
        base_url=found.base_url,
    )
    grown = peak_mebibytes() - before
    whole = [path for path in files.rglob("*") if path.is_file()]
    digest = hashlib.sha384()
    for path in whole:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    told = {
        "status": answer.status_code,
        "grown": grown,
        "files": len(whole),
        "size": sum(p.stat().st_size for p in whole),
    }
    print(json.dumps(told | {"sha384": digest.hexdigest()}))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
