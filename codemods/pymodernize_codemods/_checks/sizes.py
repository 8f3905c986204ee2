"""How long functions are, and which of them others call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.flow import TRIES, blocks
from pymodernize.semantics.module import Module

Function = ast.FunctionDef | ast.AsyncFunctionDef

_DECLARING = frozenset("add_argument add_option add_parser add_argument_group set_defaults".split())
_NO_OWN_TEXT = re.compile(r"overload|override|setter|deleter|getter|fixture")


def _statements(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a block, without those of functions and classes that are defined in it."""
    pending = [block]
    while pending:
        for statement in pending.pop():
            yield statement
            if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                pending += blocks(statement)


def statements_in(function: Function) -> int:
    """How many statements a function has, without its docstring and declarations of options.

    Args:
        function: the function.
    """
    return sum(not _declares(item) for item in _statements(function.body))


def branches_in(function: Function) -> int:
    """How many branches a function has: of if, for, while, try and match.

    Args:
        function: the function.
    """
    return sum(map(_branches, _statements(function.body)))


def _branches(statement: ast.stmt) -> int:
    if isinstance(statement, ast.Match):
        return len(statement.cases)
    if isinstance(statement, TRIES):
        return len(statement.handlers) + bool(statement.orelse) + bool(statement.finalbody)
    if isinstance(statement, ast.If):
        orelse = statement.orelse
        return 1 + (bool(orelse) and not (len(orelse) == 1 and isinstance(orelse[0], ast.If)))
    return int(isinstance(statement, (ast.For, ast.AsyncFor, ast.While)))


def _declares(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    if isinstance(value, ast.Constant) and isinstance(statement, ast.Expr):
        return True
    return isinstance(value, ast.Call) and getattr(value.func, "attr", "") in _DECLARING


def is_public(module: Module, function: Function) -> bool:
    """Whether others may call a function by its name, as far as that says.

    Args:
        module: the module.
        function: a function of it.
    """
    around = module.parent(function)
    while isinstance(around, (ast.If, *TRIES)):
        around = module.parent(around)
    if isinstance(around, ast.ClassDef) and (around.name.startswith("_") or module.function(around) is not None):
        return False
    if not isinstance(around, (ast.Module, ast.ClassDef)) or function.name.startswith("_"):
        return False
    return not any(_NO_OWN_TEXT.search(ast.unparse(item)) for item in function.decorator_list)
