"""The hostile corpus: tests/vectors/hostile/*.json, and the older files of hostile cases, each as one `Case`.

A file of the corpus has `source` and `cases`. A case says `name`, `bases` (what is made hostile; each base is a case of
its own), `state`, and `code` unless the state says it all. What else it may say:

- `edits` of the unsigned document (of the published one for `did-document` and `issuer-metadata`), before it is signed;
- `proof`: edits of an embedded proof before it is signed; `then`: edits of the secured document after;
- `token`: edits of `{"header", "payload"}` before a token is signed; `parts`: of an SD-JWT's parts after;
- `replace`, `prefix` and `suffix` (hexadecimal), `encode`: edits of the bytes at the very end;
- `text` or `hex`: the bytes themselves; `published`: the text to publish instead;
- `blind`: signed over nothing, for documents that careless software would take minutes to sign;
- `signature`: what becomes of the signature, by its name in `signatures.py`;
- `key`, `form`: which key signs a token or list, in which form the good credential beside a hostile DID document is.

Edits are those of `edits.py`. Whoever signs is the issuer itself, with careless software (`careless.py`): but for its
fault, each case is good.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent.parent / "vectors"
FOLDER = VECTORS / "hostile"
SPACED = ("token: leading space", "token: trailing newline")
Case = dict[str, Any]


def corpus() -> list[Case]:
    """Every case, by file and order; `name` is unique and starts with the file's."""
    return [case for path in sorted(FOLDER.glob("*.json")) for case in _expanded(path)] + list(_older())


def _expanded(path: Path) -> Iterator[Case]:
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        for base in case["bases"]:
            name = f"{path.stem}, {base}: {case['name']}"
            yield {**case, "base": base, "codes": [case.get("code", "")], "name": name}


def _older() -> Iterator[Case]:
    """The hostile tokens and the documents that do not canonicalise, as credentials that somebody signed.

    What does not look like a token at all is met before its own fault is (`unknown-form`). White space around a token
    is no fault of a credential, and the proofs of the documents are replaced by one of ours.
    """
    for number, case in enumerate(_cases("jws_hostile.json")):
        if case["name"].startswith(SPACED):
            continue
        yield {
            "name": f"tokens, {number}: {case['name']}",
            "base": "hostile-token",
            "token_case": case,
            "codes": [case["code"], "unknown-form", "wrong-token-type"],
        }
    for number, case in enumerate(_cases("linked_data_refused.json")):
        base = json.loads((VECTORS / "linked_data_refused.json").read_text(encoding="utf-8"))["base"]
        if any(place.startswith("/proof") for place, _ in case["set"]):
            continue
        edits = [["drop", place] if value == "DELETE" else ["set", place, value] for place, value in case["set"]]
        yield {
            "name": f"refused, {number}: {case['name']}",
            "base": "eddsa-rdfc-2022",
            "document": base,
            "edits": edits,
            "blind": True,
            "codes": [case["code"]],
        }


def _cases(name: str) -> list[Case]:
    found: list[Case] = json.loads((VECTORS / name).read_text(encoding="utf-8"))["cases"]
    return found
