"""What one file gained from a rewrite: lines, classes, globals, records, as its owner would count them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_LEVELS = frozenset("debug info warning error critical exception log".split())
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_VECTORS = frozenset({"argv", "arguments", "command_line"})


@dataclass(frozen=True)
class Shape:
    """One rewritten file.

    Attributes:
        lines: how many it had, and has.
        classes: names of classes that were added at its top level.
        unused_argv: functions that take the command line and do not read it.
        global_names: names that new ``global`` statements declare.
        wrappers: new functions that call ``main`` within a ``try``.
        records: how many calls of a logger it has that it had not.
        eager: lines of those whose text is put together before they are called.
        logging: how many functions log, the module's own code counted as one.
        mixed: those of them that print as well, and did not do both before.
    """

    lines: tuple[int, int]
    classes: tuple[str, ...]
    unused_argv: tuple[str, ...]
    global_names: tuple[str, ...]
    wrappers: tuple[str, ...]
    records: int
    eager: tuple[int, ...]
    logging: int
    mixed: tuple[str, ...]

    @property
    def growth(self) -> float:
        """How many times its old length the file has."""
        return self.lines[1] / self.lines[0]


def shape(before: bytes, after: bytes) -> Shape:
    """Compare two texts of one file.

    Args:
        before: the old one.
        after: the new one.

    Raises:
        SyntaxError: one of them does not parse.
    """
    old, new = ast.parse(before), ast.parse(after)
    old_functions = {item.name for item in _functions(old)}
    old_records = Counter(ast.unparse(item) for item in _records(old))
    records = [item for item in _records(new) if not old_records[ast.unparse(item)]]
    both = {name for name, kinds in _outputs(old).items() if kinds == {"print", "log"}}
    outputs = _outputs(new)
    return Shape(
        lines=(len(before.splitlines()), len(after.splitlines())),
        classes=tuple(sorted(_classes(new) - _classes(old))),
        unused_argv=tuple(item.name for item in _functions(new) if _ignores_argv(item)),
        global_names=tuple(sorted((_globals(new) - _globals(old)).elements())),
        wrappers=tuple(item.name for item in _functions(new) if item.name not in old_functions and _wraps(item)),
        records=len(records),
        eager=tuple(item.lineno for item in records if _is_eager(item)),
        logging=sum("log" in kinds for kinds in outputs.values()),
        mixed=tuple(name for name, kinds in outputs.items() if kinds == {"print", "log"} and name not in both),
    )


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (item for item in ast.walk(tree) if isinstance(item, _FUNCTIONS))


def _classes(tree: ast.Module) -> set[str]:
    return {item.name for item in tree.body if isinstance(item, ast.ClassDef)}


def _globals(tree: ast.Module) -> Counter[str]:
    return Counter(name for item in ast.walk(tree) if isinstance(item, ast.Global) for name in item.names)


def _ignores_argv(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    taken = {item.arg for item in (*function.args.posonlyargs, *function.args.args)} & _VECTORS
    read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return function.name == "main" and bool(taken - read)


def _wraps(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    tries = [item for item in ast.walk(function) if isinstance(item, ast.Try)]
    return any(_called(node) == "main" for item in tries for node in ast.walk(item))


def _records(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of loggers and of the functions of ``logging``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LEVELS:
            if isinstance(node.func.value, ast.Name) and "log" in node.func.value.id.lower():
                yield node


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _is_eager(record: ast.Call) -> bool:
    """Whether the text of a record is worked out where it is called."""
    assert isinstance(record.func, ast.Attribute)  # noqa: S101 - only those are taken for records
    place = 1 if record.func.attr == "log" else 0
    return len(record.args) > place and isinstance(record.args[place], (ast.JoinedStr, ast.BinOp, ast.Call))


def _outputs(tree: ast.Module) -> dict[str, set[str]]:
    """For each function, by its name with those around it, whether it prints and whether it logs itself."""
    found: dict[str, set[str]] = {}
    logged = set(_records(tree))

    def visit(node: ast.AST, home: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
                visit(child, f"{home}.{child.name}")
                continue
            if _called(child) == "print":
                found.setdefault(home, set()).add("print")
            if child in logged:
                found.setdefault(home, set()).add("log")
            visit(child, home)

    visit(tree, "")
    return found
