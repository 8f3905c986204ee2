"""The kinds of the results of operators on builtin classes and decoded documents, where operands may be of several."""

from __future__ import annotations

import ast
from itertools import product

from pymodernize.semantics.types import FLOAT, INT, NOTHING, STR, Type, Types, operated, union

_REAL = frozenset({"int", "float", "bool"})
_PLAIN = _REAL | {"str", "NoneType", "json.object", "json.array"}


def of_binary(op: ast.operator, left: frozenset[str], right: frozenset[str]) -> Types | None:
    """The kinds of ``left op right``; None if they may be anything.

    Args:
        op: the operator.
        left: the kinds of the left operand.
        right: those of the right one.
    """
    if not left | right <= _PLAIN:
        return None
    return union(_pair(op, one, other) for one, other in product(left, right))


def of_unary(operand: frozenset[str]) -> Types | None:
    """The kinds of ``-operand``, ``+operand`` and ``~operand``; None if they may be anything.

    Args:
        operand: the kinds of the operand.
    """
    if not operand <= _PLAIN:
        return None
    return (INT if operand & {"int", "bool"} else NOTHING) | (FLOAT if "float" in operand else NOTHING)


def _pair(op: ast.operator, left: str, right: str) -> Types | None:
    """The kinds of an operation on two exact classes; none if it raises."""
    if isinstance(op, ast.Mod) and left == "str":
        return STR
    found = operated(op, left, right)
    pair = {left, right}
    if found is not None or pair <= _REAL:
        return found
    is_list = isinstance(op, ast.Add) and pair == {"json.array"}
    is_repeated = isinstance(op, ast.Mult) and "json.array" in pair and pair <= {"json.array", "int", "bool"}
    if is_list or is_repeated and left != right:
        return frozenset({Type("json.array")})
    if isinstance(op, ast.BitOr) and pair == {"json.object"}:
        return frozenset({Type("json.object")})
    return NOTHING
