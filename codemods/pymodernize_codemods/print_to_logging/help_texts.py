"""Prints that show how a program is used: they are its help, whoever reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.completion import Completion
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.messages import read

_LEAVES = Completion.RETURN | Completion.RAISE | Completion.EXIT
# "usage: sweep.py FOLDER", "USAGE", "Usage is ...", not "usage of the disk".
_USAGE = re.compile(
    r"[^\w%]*(?:correct |example )?usage\s*(?:[:\n=<$%\-]|$|is\b|(?:sudo |python[\d.]* )?(?:\./)?[\w./]+\.py\b|python)",
    re.IGNORECASE,
)


def usage(module: Module) -> dict[ast.Call, bool]:
    """The prints of usage texts, each with those directly before and after it.

    Args:
        module: the module.

    Returns:
        For each call, whether the messages of its function stay with it: not
        where what follows is to leave, since the others are told to whoever
        has used the program rightly.
    """
    if b"sage" not in module.source.data.lower():
        return {}
    found: dict[ast.Call, bool] = {}
    for block in _blocks(module):
        for start, end in _runs(module, block):
            calls = [call for item in block[start:end] if (call := _printed(module, item)) is not None]
            if any(_shows_usage(module, call) for call in calls):
                leaves = end < len(block) and _leaves(module, block[end])
                found.update(dict.fromkeys(calls, not leaves))
    return found


def _blocks(module: Module) -> Iterator[list[ast.stmt]]:
    pending = [module.tree.body]
    while pending:
        block = pending.pop()
        yield block
        pending += [inner for statement in block for inner in blocks(statement)]


def _runs(module: Module, block: list[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Where the prints that stand next to each other begin and end."""
    start: int | None = None
    for number, statement in enumerate(block):
        if _printed(module, statement) is not None:
            start = number if start is None else start
        elif start is not None:
            yield start, number
            start = None
    if start is not None:
        yield start, len(block)


def _printed(module: Module, statement: ast.stmt) -> ast.Call | None:
    """The call of print that a statement is."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and module.qualified_name(call.func) == "builtins.print":
        return call
    return None


def _shows_usage(module: Module, call: ast.Call) -> bool:
    return bool(call.args) and bool(_USAGE.match(read(module, call.args[0]).text))


def _leaves(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement leaves its function or the script."""
    ways = module.completions.of_statement(statement)
    return bool(ways) and not ways & ~_LEAVES
