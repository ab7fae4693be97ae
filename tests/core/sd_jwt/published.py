"""The examples of RFC 9901."""

import json
from typing import Any

from tests.core.parties import VECTORS

PUBLISHED: dict[str, Any] = json.loads((VECTORS / "sd_jwt_rfc9901.json").read_text())
