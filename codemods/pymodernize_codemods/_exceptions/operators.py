"""What operators can raise: arithmetic, comparisons, ``in``, ``not``, and tests of the truth value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize_codemods._exceptions.kinds import JSON, NUMBERS, OWN_CLASS, PLAIN_ITERABLES, SCALARS, SETS, mixed
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

_ARITHMETIC = tuple(
    f"__{prefix}{name}__"
    for name in "add sub mul truediv floordiv mod divmod pow matmul lshift rshift and or xor".split()
    for prefix in ("", "r", "i")
)


class Operators(Part):
    """The operators in one module."""

    def of(self, expr: ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare) -> Iterator[Operation]:
        """The operations of an operator and of its operands.

        Args:
            expr: the expression.
        """
        expressions = self.analysis.expressions
        if isinstance(expr, ast.BinOp):
            yield from expressions.of(expr.left)
            yield from expressions.of(expr.right)
            yield from self.binary(expr, expr.op, expr.left, expr.right)
        elif isinstance(expr, ast.UnaryOp):
            yield from self._unary(expr)
        elif isinstance(expr, ast.BoolOp):
            for value in expr.values[:-1]:
                yield from self.truth(value)
            yield from expressions.of(expr.values[-1])
        else:
            yield from self._compare(expr)

    def binary(self, node: ast.AST, op: ast.operator, left: ast.expr, right: ast.expr) -> Iterator[Operation]:
        """The operations of ``left op right``, without those of evaluating the operands."""
        one, other = self.kinds.names(left), self.kinds.names(right)
        if isinstance(op, ast.Mod) and one == {"str"}:
            yield from self.analysis.formatting.of_template(node, left, right)
            return
        types = self._arithmetic(op, right)
        if one is None or other is None:
            if isinstance(op, ast.Mod) and (one is None or "str" in one):
                types |= {"TypeError", "ValueError", "KeyError"}
            yield self.guarded(node, types | {"TypeError"} | self._date_errors(op), (*_ARITHMETIC, "__str__"))
            return
        if any(name.startswith(OWN_CLASS) for name in one | other):
            yield self.guarded(node, types | {"TypeError"}, _ARITHMETIC)
            return
        if isinstance(op, ast.Mod) and "str" in one:
            types |= {"ValueError", "KeyError"}
        if "NoneType" in one | other or (mixed(one) or mixed(other)) and not one | other <= NUMBERS:
            types |= {"TypeError"}
        if not one | other <= NUMBERS | {"NoneType"}:
            types -= {"ZeroDivisionError"} if one.isdisjoint(NUMBERS | {"datetime.timedelta"}) else set()
        if any(name.startswith("datetime.") for name in one | other):
            types |= {"OverflowError"}
        if types:
            yield self.operation(node, *types)

    def _date_errors(self, op: ast.operator) -> set[str]:
        dates = isinstance(op, (ast.Add, ast.Sub, ast.Mult)) and "datetime" in self.world.roots
        return {"OverflowError"} if dates else set()

    def _arithmetic(self, op: ast.operator, right: ast.expr) -> set[str]:
        """The types that an operator can raise on numbers."""
        constant = right.value if isinstance(right, ast.Constant) else None
        if isinstance(op, (ast.Div, ast.FloorDiv, ast.Mod)):
            return set() if isinstance(constant, (int, float)) and constant else {"ZeroDivisionError"}
        if isinstance(op, ast.Pow):
            small = isinstance(constant, int) and 0 <= constant
            return {"OverflowError"} if small else {"OverflowError", "ZeroDivisionError"}
        if isinstance(op, (ast.LShift, ast.RShift)):
            return set() if isinstance(constant, int) and 0 <= constant < 1000 else {"OverflowError", "ValueError"}
        return set()

    def _unary(self, expr: ast.UnaryOp) -> Iterator[Operation]:
        if isinstance(expr.op, ast.Not):
            yield from self.truth(expr.operand)
            return
        yield from self.analysis.expressions.of(expr.operand)
        names = self.kinds.names(expr.operand)
        if names is None or any(name.startswith(OWN_CLASS) for name in names):
            yield self.guarded(expr, ("TypeError",), ("__neg__", "__pos__", "__invert__"))
        elif not self.is_plain(expr.operand):
            yield self.operation(expr, "TypeError")

    def _compare(self, expr: ast.Compare) -> Iterator[Operation]:
        yield from self.analysis.expressions.children(expr)
        left = expr.left
        for op, right in zip(expr.ops, expr.comparators, strict=True):
            yield from self._comparison(expr, op, left, right)
            left = right

    def _comparison(self, node: ast.Compare, op: ast.cmpop, left: ast.expr, right: ast.expr) -> Iterator[Operation]:
        if isinstance(op, (ast.Is, ast.IsNot)):
            return
        one, other = self.kinds.names(left), self.kinds.names(right)
        if isinstance(op, (ast.In, ast.NotIn)):
            yield from self._membership(node, left, right)
        elif isinstance(op, (ast.Eq, ast.NotEq)):
            if (one is None or not one <= SCALARS) and (other is None or not other <= SCALARS):
                yield self.guarded(node, (), ("__eq__", "__ne__"))
            elif one is None or other is None:
                yield self.guarded(node, (), ("__eq__", "__ne__"))
        elif one is None or other is None or not one | other <= SCALARS | JSON:
            yield self.guarded(node, ("TypeError",), ("__lt__", "__le__", "__gt__", "__ge__"))
        elif "NoneType" in one | other or (mixed(one) or mixed(other)) and not one | other <= NUMBERS:
            yield self.operation(node, "TypeError")

    def _membership(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> Iterator[Operation]:
        names = self.kinds.names(right)
        if names is None or not names <= PLAIN_ITERABLES:
            yield from self.analysis.loops.over(right)
            if names is not None and self.kinds.names(left) is None:
                yield self.guarded(node, ("TypeError",), ("__eq__", "__hash__"))
        elif names & {"str", "bytes", "os.environ"} and not self.is_plain(left):
            yield self.guarded(node, ("TypeError",))
        elif names & (SETS | {"dict"}) and self.kinds.differ(left):
            yield from self.analysis.expressions.hashed(left)
        elif not names <= {"str", "bytes"} and self.kinds.names(left) is None:
            yield self.guarded(node, ("TypeError",) if names & (SETS | {"dict"}) else (), ("__eq__", "__hash__"))

    def truth(self, expr: ast.expr) -> Iterator[Operation]:
        """The operations of evaluating an expression and testing its truth value."""
        yield from self.analysis.expressions.of(expr)
        if (
            isinstance(expr, (ast.Compare, ast.BoolOp))
            or isinstance(expr, ast.UnaryOp)
            and isinstance(expr.op, ast.Not)
        ):
            return  # their result is a bool, or its truth value is tested among their operations
        names = self.kinds.names(expr)
        own = names is not None and any(name.startswith(OWN_CLASS) for name in names)
        if (names is None or own) and (not self.world.is_closed or self.world.defines("__bool__", "__len__")):
            yield self.guarded(expr, (), ("__bool__", "__len__"))
