"""Whether a value is used as a condition and for nothing else."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

_BOTH = frozenset({True, False})
_NEITHER: frozenset[bool] = frozenset()


def is_only_tested(module: Module, expr: ast.expr) -> bool:
    """Whether an expression is a condition, or a part of one, so that only its truth counts.

    Args:
        module: the module.
        expr: any expression.
    """
    return not _seen(module, expr)


def _seen(module: Module, expr: ast.expr) -> frozenset[bool]:
    """With which truth a value goes on to be seen as what it is."""
    parent = module.parent(expr)
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test) if test is expr:
            return _NEITHER
        case ast.UnaryOp(op=ast.Not()):
            return _NEITHER
        case ast.BoolOp(op=op, values=values):
            seen = _seen(module, parent)
            # A part of "and" is its result if it is false, of "or" if it is true.
            return seen if values[-1] is expr else seen & {isinstance(op, ast.Or)}
        case ast.comprehension(ifs=ifs) if any(item is expr for item in ifs):
            return _NEITHER
        case ast.Call(args=[only], keywords=[]) if (
            only is expr and module.qualified_name(parent.func) == "builtins.bool"
        ):
            return _NEITHER
    return _BOTH
