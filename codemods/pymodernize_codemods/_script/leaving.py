"""What stands in the way of SystemExit: handlers that catch it, and other places that lose it."""

from __future__ import annotations

import ast

from pymodernize.semantics.completion import JUMPS
from pymodernize.semantics.flow import TRIES, returns_of
from pymodernize.semantics.module import Module

_CATCHES = frozenset({"builtins.BaseException", "builtins.SystemExit"})


def catches_exit(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether a handler may catch SystemExit.

    Only SystemExit itself and BaseException are above it, so that a class of
    this file or of a module never does; what is no class by its name may be
    anything.

    Args:
        module: the module.
        handler: one of its handlers.
    """
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_may_be_exit(module, item) for item in types)


def _may_be_exit(module: Module, expr: ast.expr) -> bool:
    qualified = module.qualified_name(expr)
    if qualified is not None:
        return qualified in _CATCHES
    return module.local_class(expr) is None


def raises_again(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether a handler certainly lets go on what it has caught.

    Args:
        module: the module.
        handler: any handler.

    Returns:
        True if it ends with a bare ``raise`` and nothing in it leaves before.
    """
    last = handler.body[-1]
    if not isinstance(last, ast.Raise) or last.exc is not None:
        return False
    return not module.completions.of(handler.body) & JUMPS


def loses_exit(module: Module) -> str:
    """Why a SystemExit that is raised somewhere in the file may not end the script; empty if nothing is in its way.

    Args:
        module: the module.
    """
    for statement in (node for kind in TRIES for node in module.nodes(kind)):
        for handler in statement.handlers:
            if catches_exit(module, handler) and not raises_again(module, handler):
                return f"the except of line {handler.lineno} may catch the end of the script, and go on"
        for item in statement.finalbody:
            if module.completions.of_statement(item) & JUMPS:
                return f"the finally of line {item.lineno} may be left without ending the script"
    for call in module.calls("contextlib.suppress"):
        if any(_may_be_exit(module, arg) for arg in call.args):
            return f"line {call.lineno} may suppress the end of the script"
    for function in module.nodes(ast.FunctionDef):
        if function.name == "__exit__" and _may_be_true(function):
            return f"the __exit__ of line {function.lineno} may suppress the end of the script"
    return ""


def _may_be_true(function: ast.FunctionDef) -> bool:
    """Whether an ``__exit__`` may return something that is true."""
    returns = [node for node in returns_of(function) if isinstance(node, ast.Return)]
    return any(
        node.value is not None and not (isinstance(node.value, ast.Constant) and not node.value.value)
        for node in returns
    )
