"""Tests that ask for nothing but the number of arguments, or for help."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymodernize_codemods._script.remaining_arguments import COMPARISONS
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, CountRead, Use
from pymodernize_codemods.argparse_skeleton.options import HELP


def number_test(test: ast.expr, uses: dict[ast.expr, Use]) -> Callable[[int], bool] | None:
    """For a comparison of nothing but the number of arguments and literals: whether it holds for a number."""
    if not isinstance(test, ast.Compare) or any(type(op) not in COMPARISONS for op in test.ops):
        return None
    parts = [_part(item, uses) for item in (test.left, *test.comparators)]
    if any(part is None for part in parts) or not any(callable(part) for part in parts):
        return None

    def holds(number: int) -> bool:
        values = [part(number) if callable(part) else part for part in parts]
        pairs = zip(values, test.ops, values[1:], strict=False)
        return all(COMPARISONS[type(op)](left, right) for left, op, right in pairs)

    return holds


@dataclass(frozen=True)
class _Number:
    """The number of arguments from some place on, with something added."""

    place: int
    added: int = 0

    def __call__(self, number: int) -> int:
        return max(number - self.place, 0) + self.added


def _part(expr: ast.expr, uses: dict[ast.expr, Use]) -> Any:  # noqa: ANN401 - a number, several, or a function of one
    use = uses.get(expr)
    if isinstance(use, CountRead):
        return _Number(use.place, use.added)
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, (ast.Add, ast.Sub)):
        left, right = _part(expr.left, uses), _part(expr.right, uses)
        sign = 1 if isinstance(expr.op, ast.Add) else -1
        counted = isinstance(left, _Number) and type(right) is int
        return _Number(left.place, left.added + sign * right) if counted else None
    if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
        values = [item.value for item in expr.elts if isinstance(item, ast.Constant)]
        return values if len(values) == len(expr.elts) and all(type(value) is int for value in values) else None
    if isinstance(expr, ast.Constant) and type(expr.value) is int:
        return expr.value
    return None


def help_words(test: ast.Compare, uses: dict[ast.expr, Use]) -> tuple[bool, bool] | None:
    """For a comparison of an argument with texts: whether it is with options for help, and with others, too."""
    use = uses.get(test.left)
    if len(test.ops) != 1 or not isinstance(use, ArgumentRead):
        return None
    other = test.comparators[0]
    if isinstance(test.ops[0], ast.Eq):
        texts: list[ast.expr] = [other]
    elif isinstance(test.ops[0], ast.In) and isinstance(other, (ast.Tuple, ast.List, ast.Set)):
        texts = other.elts
    else:
        return None
    words = [item.value if isinstance(item, ast.Constant) else None for item in texts]
    helps = [word in HELP for word in words]
    return any(helps), not all(helps)
