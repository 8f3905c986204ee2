"""A function that the script starts by already: whether it can be given an exit status."""

from __future__ import annotations

import ast

from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.module import Module
from pymodernize_codemods.main_guard.obstacles import Obstacle


def check_main(module: Module, call: ast.Call, *, dropped: bool) -> ast.FunctionDef:
    """See that a function can return the exit status.

    Args:
        module: a script.
        call: of the function.
        dropped: whether what it returns is dropped today, so that the status
            is 0 if it comes back at all.

    Returns:
        The function.

    Raises:
        Obstacle: it cannot.
    """
    name = module.text(call.func)
    function = module.local_function(call.func)
    if function is None:
        raise Obstacle("own-main", f"{name} is decorated, bound twice, or not defined in this file")
    if not isinstance(function, ast.FunctionDef) or module.parent(function) is not module.tree:
        raise Obstacle("own-main", f"{name} is no plain function")
    if not dropped:
        return function
    returns = list(returns_of(function))
    if any(not isinstance(item, ast.Return) for item in returns):
        raise Obstacle("own-main", f"{name} is a generator")
    values = [item.value for item in returns if isinstance(item, ast.Return) and item.value is not None]
    if any(not _is_none(value) and module.completions.comes_back(value) for value in values):
        raise Obstacle(
            "own-main", f"{name} returns a value that is dropped: as the exit status it would make a difference"
        )
    if function.returns is not None and not _is_none(function.returns):
        raise Obstacle("own-main", f"{name} is annotated to return something that is no exit status")
    if function.body[0].lineno == function.lineno:
        raise Obstacle("own-main", f"{name} stands on one line")
    uses = module.uses(module.index.scope.bindings[function.name][0])
    if any(not _drops_result(module, use) for use in uses if use is not call.func):
        raise Obstacle("own-main", f"what {name} returns is used elsewhere")
    return function


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _drops_result(module: Module, use: ast.Name) -> bool:
    call = module.parent(use)
    return isinstance(call, ast.Call) and call.func is use and isinstance(module.parent(call), ast.Expr)
