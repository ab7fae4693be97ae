"""The laws of how code is written: docstrings, types, lengths, names, and errors caught by name."""

import ast
import statistics

from tests.laws.source_tree import Law, SourceTree, body_lines, public_definitions


def public_things_are_documented(tree: SourceTree) -> list[str]:
    """Law 5: every module and every public class, function and method has a docstring."""
    found = [f"{module.path}: module" for module in tree if not ast.get_docstring(module.tree)]
    for module in tree:
        missing = (node for node in public_definitions(module) if not ast.get_docstring(node))
        found += [f"{module.path}:{node.lineno}: {node.name}" for node in missing]
    return found


def everything_is_typed(tree: SourceTree) -> list[str]:
    """Every parameter and every result carries a type."""
    found = []
    for module in tree:
        for function in module.functions:
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            bare = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
            if bare or function.returns is None:
                found.append(f"{module.path}:{function.lineno}: {function.name}")
    return found


def functions_are_short(tree: SourceTree) -> list[str]:
    """The budget of lines: median ≤ 8, 95th percentile ≤ 30, none above 60 (docstrings left out)."""
    lengths = {
        f"{module.path}:{function.lineno}: {function.name}": body_lines(function)
        for module in tree
        for function in module.functions
    }
    found = [f"{where} has {lines} lines" for where, lines in lengths.items() if lines > 60]
    ordered = sorted(lengths.values())
    if ordered and statistics.median(ordered) > 8:
        found.append(f"the median function has {statistics.median(ordered)} lines")
    if ordered and ordered[int(len(ordered) * 0.95)] > 30:
        found.append(f"the 95th percentile is {ordered[int(len(ordered) * 0.95)]} lines")
    return found


def files_are_short(tree: SourceTree) -> list[str]:
    """No file above 350 lines."""
    lines = {module.path: module.text.count("\n") for module in tree}
    return [f"{path}: {count} lines" for path, count in lines.items() if count > 350]


VAGUE = frozenset({"utils", "util", "misc", "helpers", "helper", "common", "manager", "managers"})


def names_say_something(tree: SourceTree) -> list[str]:
    """No module is called after nothing in particular."""
    return [module.path for module in tree if VAGUE & set(module.name.split("."))]


def errors_are_caught_by_name(tree: SourceTree) -> list[str]:
    """No bare `except`, and no `except` that swallows everything without a word."""
    found = []
    for module in tree:
        handlers = (node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler))
        found += [f"{module.path}:{node.lineno}" for node in handlers if node.type is None or _swallows(node)]
    return found


def _swallows(handler: ast.ExceptHandler) -> bool:
    broad = isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
    return broad and all(isinstance(statement, ast.Pass) for statement in handler.body)


LAWS: tuple[Law, ...] = (
    public_things_are_documented,
    everything_is_typed,
    functions_are_short,
    files_are_short,
    names_say_something,
    errors_are_caught_by_name,
)
