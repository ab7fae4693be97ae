"""What the service does not have, so that what is asked of it has no subject: passwords, shells, readers that run."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from credentials.store.tables import metadata

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "credentials"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((PACKAGE / "web" / "templates").glob("*.html"))
# Readers that make objects of what they read, or run it; and clients of things that are not there.
NEVER = {
    "pickle", "shelve", "marshal", "dill", "yaml", "xml", "lxml", "defusedxml", "xmlrpc", "ldap", "ldap3",
    "memcache", "pymemcache", "pylibmc", "mako", "markdown", "bleach", "imaplib", "poplib", "telnetlib", "zipfile",
    "tarfile", "ctypes", "cffi", "code", "codeop", "asyncio.subprocess", "pty",
}  # fmt: skip
ALLOWED = {
    # One only escapes; the other counts a workbook's elements, and refuses a document type, before it is read.
    "xml": {"xml.sax.saxutils", "xml.parsers"},
    "ctypes": {"ctypes"},  # the type of one shared number
    "zipfile": {"zipfile"},  # a workbook is measured by its directory before it is read
}
RUNS_PROGRAMS = {
    "verifier/schemas/validation.py": "the schema checker's own process",
    "web/backups.py": "pg_dump and pg_restore",
    "web/affinity.py": "a number that worker processes share",
    "issuer/signing_beside.py": "a copy that signs",
}
# What SQLAlchemy compiled, with its parameters apart; and a choice of two words.
NOT_BUILT = ("compiled.sql", "'BEGIN' if reading else 'BEGIN IMMEDIATE'")


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Each module's path below the package, and its syntax tree."""
    return [(str(path.relative_to(PACKAGE)), ast.parse(path.read_text("utf-8"))) for path in MODULES]


def imported(tree: ast.Module) -> set[str]:
    """What a module imports, by full name."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_there_is_no_password_of_a_person() -> None:
    columns = [f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns]
    fields = [one for path in TEMPLATES for one in re.findall(r'"password"|type=.?password', path.read_text("utf-8"))]

    # The one field that is masked is for the client secret of a company's provider.
    assert [one for one in columns if "password" in one] == []
    assert len(fields) <= 1


def test_nothing_reads_what_runs() -> None:
    found = [
        f"{path}: {name}"
        for path, tree in trees()
        for name in sorted(imported(tree))
        if name.partition(".")[0] in NEVER and name not in ALLOWED.get(name.partition(".")[0], set())
    ]

    assert found == []


def test_nothing_is_evaluated() -> None:
    found = [
        f"{path}:{node.lineno}: {node.func.id}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "compile")
    ]

    assert found == []


def test_no_template_is_made_of_text_and_none_trusts_any() -> None:
    used = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("render_template_string", "from_string", "Markup")
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    trusted = [path.name for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))]

    assert used == []
    assert trusted == []


def test_no_shell_is_run_and_few_programs() -> None:
    shells = [path for path, tree in trees() if re.search(r"shell=|os\.system|os\.popen|getoutput", ast.unparse(tree))]
    runs = {path for path, tree in trees() if imported(tree) & {"subprocess", "multiprocessing"}}

    assert shells == []
    assert runs <= set(RUNS_PROGRAMS)


def test_no_sql_is_put_together_from_text() -> None:
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("text", "exec_driver_sql"):
                dynamic = [one for one in node.args[:1] if not isinstance(one, ast.Constant)]
                built = [one for one in dynamic if ast.unparse(one) not in NOT_BUILT]
                if built and path.startswith("store/") and "migrations" not in path:
                    found.append(f"{path}:{node.lineno}: {ast.unparse(node)[:80]}")

    assert found == []


def test_no_pattern_is_made_of_text() -> None:
    found = [
        f"{path}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in PATTERNS
        if path not in OF_CONSTANTS and not fixed(node.args[0], constants(tree))
    ]

    assert found == []


PATTERNS = {"re.compile", "re.match", "re.fullmatch", "re.search", "re.findall", "re.finditer", "re.sub", "re.split"}
# Put together inside a function, of constants alone.
OF_CONSTANTS = {"core/linked_data/nquads.py"}


def constants(tree: ast.Module) -> set[str]:
    """The names that a module sets or imports at its top."""
    names = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        names |= {one.id for one in targets if isinstance(one, ast.Name)}
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name for one in node.names}
    return names


def fixed(node: ast.AST, known: set[str]) -> bool:
    """Whether an expression is a text of the code: of literals and constants, or escaped for a pattern."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.escape":
        return True
    if isinstance(node, ast.Name):
        return node.id in known | {"re", "len", "str", "map", "sorted"}
    return all(fixed(one, known) for one in ast.iter_child_nodes(node))


def test_no_format_is_made_of_text() -> None:
    found = [
        f"{path}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "format_map")
        and not isinstance(node.func.value, ast.Constant | ast.Call)
        and ast.unparse(node.func.value) not in constants(tree) | {"msgspec.json"}
    ]

    assert found == []


def test_there_is_no_telephone() -> None:
    columns = [column.name for table in metadata.tables.values() for column in table.columns]
    inputs = [path.name for path in TEMPLATES if re.search(r"type=.?tel\b|\"tel\"", path.read_text("utf-8"))]

    assert [one for one in columns if "phone" in one or "sms" in one] == []
    assert inputs == []
