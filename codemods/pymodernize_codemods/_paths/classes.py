"""The inferred classes of an expression's value, for telling texts from paths."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types, names_of

PATH = "pathlib.Path"


def types_of(module: Module, expr: ast.expr) -> set[str] | None:
    """The names of the classes that a value may have, None if it may have any.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    types: Types | None = module.type_of(expr)
    if types is not None:
        return names_of(types)
    # The sum of a text and anything else is a text, or raises.
    return {"str"} if isinstance(expr, ast.BinOp) and _is_sum_with_text(module, expr) else None


def _is_sum_with_text(module: Module, expr: ast.expr) -> bool:
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return any(_is_sum_with_text(module, side) for side in (expr.left, expr.right))
    types = module.type_of(expr)
    return types is not None and names_of(types) == {"str"}


def is_path(module: Module, expr: ast.expr) -> bool:
    """Whether an expression certainly is a :class:`pathlib.Path`.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    return types_of(module, expr) == {PATH}
