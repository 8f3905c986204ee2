"""The exit status of a process: by a call such as ``sys.exit``, an uncaught exception, or a value."""

from __future__ import annotations

import ast
from enum import Enum

from pymodernize.semantics.call_binding import Function, argument, parameters
from pymodernize.semantics.completion import raises_exit
from pymodernize.semantics.library.control_flow import ABORTS, EXITS, REPLACES, SYSTEM_EXIT
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of

_NUMBERS = frozenset({"int", "bool"})


class ExitStatus(Enum):
    """What is known of the status that a process ends with."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


def status_of_call(module: Module, call: ast.Call) -> ExitStatus | None:
    """The exit status of a call of ``sys.exit`` or its like; None for any other call, also of ``SystemExit``.

    Args:
        module: the module.
        call: any call.
    """
    name = module.library_name(call.func)
    if name in EXITS:
        return _of_arguments(module, call)
    if name in ABORTS:
        return ExitStatus.FAILURE
    return ExitStatus.UNKNOWN if name in REPLACES else None


def status_of_raise(module: Module, statement: ast.Raise) -> ExitStatus:
    """The exit status of a raised exception, if it is not caught.

    Args:
        module: the module.
        statement: what raises it.
    """
    error = statement.exc
    if isinstance(error, ast.Call) and module.library_name(error.func) == SYSTEM_EXIT:
        return _of_arguments(module, error)
    if error is not None and module.library_name(error) == SYSTEM_EXIT:
        return ExitStatus.SUCCESS
    return ExitStatus.FAILURE


def status_of_exit(module: Module, node: ast.AST) -> ExitStatus | None:
    """The exit status of a call of ``sys.exit`` or its like, or of a raise of SystemExit; None for any other node.

    Args:
        module: the module.
        node: any node.
    """
    if isinstance(node, ast.Call):
        return status_of_call(module, node)
    return status_of_raise(module, node) if isinstance(node, ast.Raise) and raises_exit(module, node) else None


def is_number(module: Module, value: ast.expr) -> bool:
    """Whether a value is certainly an int.

    Args:
        module: the module.
        value: an expression of it.
    """
    types = module.type_of(value)
    return bool(types) and names_of(types or frozenset()) <= _NUMBERS


def _of_arguments(module: Module, call: ast.Call) -> ExitStatus:
    if call.keywords or len(call.args) > 1:
        return ExitStatus.UNKNOWN
    return status_of_value(module, call.args[0] if call.args else None)


def status_in_call(module: Module, function: Function, call: ast.Call, value: ast.expr | None) -> ExitStatus:
    """The exit status of a value in a function, given one call of it that binds the parameters.

    Args:
        module: the module.
        function: a function of it.
        call: of the function.
        value: an expression in the function, the argument of ``sys.exit``.
    """
    if isinstance(value, ast.Name):
        for parameter in parameters(function):
            if parameter.arg == value.id:
                passed = argument(function, call, parameter)
                return status_of_value(module, passed) if passed is not None else ExitStatus.UNKNOWN
    return status_of_value(module, value)


def status_of_value(module: Module, value: ast.expr | None) -> ExitStatus:
    """The exit status of a value.

    Args:
        module: the module.
        value: the argument of ``sys.exit``, None if there is none.
    """
    match value:
        case None:
            return ExitStatus.SUCCESS
        case (
            ast.Constant(value=int() as status)
            | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as status))
        ):
            return _of_number(status)
        case ast.Constant():
            return ExitStatus.SUCCESS if value.value is None else ExitStatus.FAILURE
        case ast.BinOp():
            return _of_text(module, value)
        case ast.JoinedStr():
            return ExitStatus.FAILURE
        case ast.Call(func=ast.Attribute(value=template, attr="format")):
            return _of_text(module, template)
        case ast.Name() if (constant := constant_of(module, value)) is not None:
            return status_of_value(module, constant)
        case ast.Name(id="__doc__") if module.docstring is not None:
            return ExitStatus.FAILURE
    name = module.qualified_name(value) or ""
    if not name.startswith("os.EX_"):
        return ExitStatus.UNKNOWN
    return ExitStatus.SUCCESS if name == "os.EX_OK" else ExitStatus.FAILURE


def _of_number(status: int) -> ExitStatus:
    """The exit status of a number: POSIX systems keep its last eight bits."""
    if status % 256:
        return ExitStatus.FAILURE
    return ExitStatus.UNKNOWN if status else ExitStatus.SUCCESS


def _of_text(module: Module, value: ast.expr) -> ExitStatus:
    """FAILURE for an expression that certainly is a text, even an empty one; UNKNOWN for any other."""
    match value:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return ExitStatus.FAILURE
        case ast.Name() if (constant := constant_of(module, value)) is not None:
            return _of_text(module, constant)
        case ast.Name(id="__doc__") if module.docstring is not None:
            return ExitStatus.FAILURE
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return _of_text(module, left)
    return ExitStatus.UNKNOWN


def constant_of(module: Module, name: ast.Name) -> ast.Constant | None:
    """The literal that a name is always bound to; None if there is none.

    Args:
        module: the module.
        name: where it is read.
    """
    found = module.scope(name).lookup(name.id)
    if found is None or len(found[1]) != 1 or not module.is_closed:
        return None
    assign = module.parent(found[1][0].node)
    value = assign.value if isinstance(assign, ast.Assign) and len(assign.targets) == 1 else None
    return value if isinstance(value, ast.Constant) else None
