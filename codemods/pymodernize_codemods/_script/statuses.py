"""What ends a script, and whether with success."""

from __future__ import annotations

import ast
from enum import Enum

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.literals import constant_of

EXITS = frozenset({"sys.exit", "os._exit", "builtins.exit", "builtins.quit", "builtins.SystemExit"})


class Leave(Enum):
    """How a script ends."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


def by_call(module: Module, call: ast.Call) -> Leave | None:
    """How a call of ``sys.exit`` or the like ends the script; None for any other call, also of ``SystemExit``.

    Args:
        module: the module.
        call: any call.
    """
    if module.qualified_name(call.func) not in EXITS - {"builtins.SystemExit"}:
        return None
    return _by_arguments(module, call)


def by_raise(module: Module, statement: ast.Raise) -> Leave:
    """How an exception that nobody catches ends the script.

    Args:
        module: the module.
        statement: what raises it.
    """
    error = statement.exc
    if isinstance(error, ast.Call) and module.qualified_name(error.func) == "builtins.SystemExit":
        return _by_arguments(module, error)
    if error is not None and module.qualified_name(error) == "builtins.SystemExit":
        return Leave.SUCCESS
    return Leave.FAILURE


def _by_arguments(module: Module, call: ast.Call) -> Leave:
    if call.keywords or len(call.args) > 1:
        return Leave.UNKNOWN
    return meaning(module, call.args[0] if call.args else None)


def meaning(module: Module, value: ast.expr | None) -> Leave:
    """What a value means as an exit status.

    Args:
        module: the module.
        value: the argument of ``sys.exit``, None if there is none.
    """
    match value:
        case None:
            return Leave.SUCCESS
        case (
            ast.Constant(value=int() as status)
            | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as status))
        ):
            return _of_number(status)
        case ast.Constant():
            return Leave.SUCCESS if value.value is None else Leave.FAILURE
        case ast.BinOp():
            return _of_text(module, value)
        case ast.JoinedStr():
            return Leave.FAILURE
        case ast.Call(func=ast.Attribute(value=template, attr="format")):
            return _of_text(module, template)
        case ast.Name() if (constant := constant_of(module, value)) is not None:
            return meaning(module, constant)
        case ast.Name(id="__doc__") if module.docstring is not None:
            return Leave.FAILURE
    name = module.qualified_name(value) or ""
    if not name.startswith("os.EX_"):
        return Leave.UNKNOWN
    return Leave.SUCCESS if name == "os.EX_OK" else Leave.FAILURE


def _of_number(status: int) -> Leave:
    """What a number means: POSIX systems keep its last eight bits."""
    if status % 256:
        return Leave.FAILURE
    return Leave.UNKNOWN if status else Leave.SUCCESS


def _of_text(module: Module, value: ast.expr) -> Leave:
    """What an expression means if it is a text, even an empty one; UNKNOWN for all that may be something else."""
    match value:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return Leave.FAILURE
        case ast.Name() if (constant := constant_of(module, value)) is not None:
            return _of_text(module, constant)
        case ast.Name(id="__doc__") if module.docstring is not None:
            return Leave.FAILURE
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return _of_text(module, left)
    return Leave.UNKNOWN
