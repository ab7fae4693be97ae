"""A package's source as the laws see it: modules, their syntax trees, and what each imports from where."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module: its dotted name inside the package (`core.jws`; the root is ``), and its source."""

    package: str
    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        """The first part of the name: `core`, `issuer`, … (`` for the package itself)."""
        return self.name.split(".")[0]

    @property
    def is_routes(self) -> bool:
        """Whether this is a feature's edge to HTTP."""
        return self.name.endswith(".routes")

    @cached_property
    def functions(self) -> list[Function]:
        """All functions and methods, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS)]

    def imports(self, tree: ast.AST | None = None) -> set[str]:
        """Full dotted names imported in `tree` (default: the module); `from a import b` gives `a` and `a.b`."""
        names: set[str] = set()
        for node in ast.walk(tree or self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                names |= {source} | {f"{source}.{alias.name}" for alias in node.names}
        return names

    def outside(self) -> set[str]:
        """Top-level names of what is imported from outside the package."""
        return {name.split(".")[0] for name in self.imports()} - {self.package, ""}

    def inside(self, tree: ast.AST | None = None) -> set[str]:
        """First-party imports by their name inside the package (`core.jws`, `core.jws.verify`)."""
        start = f"{self.package}."
        return {name.removeprefix(start) for name in self.imports(tree) if name.startswith((start, "."))}

    def rooms(self) -> set[str]:
        """The rooms this module imports from, its own left out."""
        return {name.split(".")[0] for name in self.inside()} - {self.room}

    def uses(self) -> set[str]:
        """Every dotted use of a name: `os.environ`, `datetime.now`, `open`."""
        return {ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute | ast.Name)}


@dataclass(frozen=True)
class SourceTree:
    """All modules of one package folder."""

    modules: tuple[Module, ...]

    @classmethod
    def of(cls, folder: Path) -> "SourceTree":
        """Read every Python file below `folder`, whose name is the package's."""
        return cls(tuple(_read(folder, path) for path in sorted(folder.rglob("*.py"))))

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules)

    def graph(self) -> dict[str, set[str]]:
        """Which module imports which, both inside the package."""
        known = {module.name for module in self}
        return {module.name: (module.inside() & known) - {module.name} for module in self}


Law = Callable[[SourceTree], list[str]]
"""From a source tree to the places that break it, as lines `file: what is wrong`; an empty list means it is kept."""


def _read(folder: Path, path: Path) -> Module:
    relative = path.relative_to(folder)
    parts = [*relative.parent.parts] if path.name == "__init__.py" else [*relative.with_suffix("").parts]
    return Module(folder.name, ".".join(parts), str(relative), path.read_text(encoding="utf-8"))


def body_lines(function: Function) -> int:
    """Lines from the signature to the end, the docstring left out."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    return (function.end_lineno or 0) - function.lineno + 1 - (_lines(first) if documented else 0)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def public_definitions(module: Module) -> Iterator[Function | ast.ClassDef]:
    """Public top-level functions and classes, and the public methods of public classes."""
    for node in module.tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (m for m in node.body if isinstance(m, FUNCTIONS) and not m.name.startswith("_"))
