"""How a function or a block ends: by falling off its end, by returning, or by ending the script."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.flow import blocks, falls_through
from pymodernize.semantics.module import Module

_ENDS = frozenset({"sys.exit", "builtins.exit", "builtins.quit", "os._exit", "os.abort"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def ends_script(module: Module, expr: ast.expr | None) -> bool:
    """Whether an expression is a call that does not come back: of ``sys.exit()``, or of a function that only ends so.

    Args:
        module: the module.
        expr: any expression of it.
    """
    if not isinstance(expr, ast.Call):
        return False
    if module.qualified_name(expr.func) in _ENDS:
        return True
    function = module.local_function(expr.func)
    return isinstance(function, ast.FunctionDef) and module.once(_Endings).of(function)


class _Endings:
    """The functions of a module that only ever end the script.

    Functions may call each other at their ends, in a long chain and in a
    circle: the answer is a least fixpoint, found without recursion, and so
    the same whichever of them is asked about first.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._callers: dict[ast.FunctionDef, list[ast.FunctionDef]] = {}
        self._ending: set[ast.FunctionDef] = set()

    def of(self, function: ast.FunctionDef) -> bool:
        """Whether a function ends the script by all its ways."""
        self._solve(function)
        return function in self._ending

    def _solve(self, function: ast.FunctionDef) -> None:
        """Find the answer for a function and for those that it calls at its ends."""
        found = [function] if function not in self._callers else []
        self._callers.setdefault(function, [])
        for item in found:  # it grows as it is gone through
            for called in self._called_last(item):
                if called not in self._callers:
                    self._callers[called] = []
                    found.append(called)
                self._callers[called].append(item)
        while found:
            item = found.pop()
            if item not in self._ending and self._only_ends(item):
                self._ending.add(item)
                found += self._callers[item]

    def _called_last(self, function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
        """The functions of this file that are called where a function's block, or a block at its end, ends."""
        pending = [function.body]
        while pending:
            last = pending.pop()[-1]
            if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
                called = self.module.local_function(last.value.func)
                if isinstance(called, ast.FunctionDef):
                    yield called
            elif isinstance(last, (ast.If, ast.With, ast.Try)):
                pending += blocks(last)

    def _only_ends(self, function: ast.FunctionDef) -> bool:
        """Whether a function ends the script, as far as is known of those that it calls."""
        return next(own_returns(function), None) is None and not runs_off(self.module, function.body)


def runs_off(module: Module, block: list[ast.stmt]) -> bool:
    """Whether a run can come to the end of a block; True where that is not certain.

    Args:
        module: the module.
        block: statements.
    """
    last = block[-1] if block else None
    match last:
        case ast.Expr(value=value):
            return not ends_script(module, value)
        case ast.If(body=body, orelse=orelse):
            return not orelse or runs_off(module, body) or runs_off(module, orelse)
        case ast.With(body=body):
            return runs_off(module, body)
        case ast.While(test=ast.Constant(value=value)) if value:
            return any(isinstance(node, ast.Break) for node in _of_loop(last))
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            if finalbody and not runs_off(module, finalbody):
                return False
            return runs_off(module, orelse or body) or any(runs_off(module, handler.body) for handler in handlers)
    return falls_through(block)


def _of_loop(loop: ast.While) -> Iterator[ast.AST]:
    """The nodes whose ``break`` ends a loop."""
    stack: list[ast.AST] = [*loop.body]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.For, ast.While, ast.AsyncFor)):
            stack += node.orelse
        elif not isinstance(node, _FUNCTIONS):
            stack += ast.iter_child_nodes(node)


def own_returns(function: ast.FunctionDef) -> Iterator[ast.Return | ast.Yield | ast.YieldFrom]:
    """The returns of a function, not those of functions in it; its yields, too."""
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
            yield node
        if not isinstance(node, _FUNCTIONS):
            stack += ast.iter_child_nodes(node)
