"""What `import credentials` gives, and what it does not drag in."""

import subprocess
import sys

import credentials

LOADED = "import sys, credentials; print(' '.join(sys.modules))"
NEVER = {
    "flask",
    "sqlalchemy",
    "requests",
    "PIL",
    "zxingcpp",
    "credentials.store",
    "credentials.issuer",
    "credentials.web",
}


def test_every_name_is_there_and_documented() -> None:
    for name in credentials.__all__:
        assert getattr(credentials, name) is not None
        assert name.startswith("__") or getattr(credentials, name).__doc__


def test_verifying_loads_no_server_no_database_and_no_http_client() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & NEVER == set()
