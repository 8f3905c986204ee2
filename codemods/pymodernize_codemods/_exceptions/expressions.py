"""What expressions can raise: dispatches by their syntax to the other parts; names and displays are handled here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize_codemods._exceptions.kinds import OWN_CLASS, SCALARS, mixed
from pymodernize_codemods._exceptions.operations import Ending, Operation
from pymodernize_codemods._exceptions.part import Part

_HASHABLE = SCALARS | {"tuple", "exception", "datetime.datetime", "datetime.date", "pathlib.Path"}


class Expressions(Part):
    """The expressions of one module."""

    def of(self, expr: ast.AST | None) -> Iterator[Operation]:
        """The operations of an expression, operands first."""
        if expr is None:
            return
        handler = getattr(self, f"_{type(expr).__name__.lower()}", None)
        if handler is not None:
            yield from handler(expr)
        else:
            yield from self.children(expr)

    def children(self, expr: ast.AST) -> Iterator[Operation]:
        """The operations of the operands of an expression."""
        for child in ast.iter_child_nodes(expr):
            if isinstance(child, ast.expr):
                yield from self.of(child)

    # --- names and displays --------------------------------------------------------------------------------

    def _constant(self, _expr: ast.Constant) -> Iterator[Operation]:
        yield from ()

    def _lambda(self, expr: ast.Lambda) -> Iterator[Operation]:
        for default in (*expr.args.defaults, *expr.args.kw_defaults):
            yield from self.of(default)

    def _name(self, expr: ast.Name) -> Iterator[Operation]:
        if isinstance(expr.ctx, ast.Load) and not self.analysis.bound.is_certain(expr):
            yield self.operation(expr, "NameError")

    def _await(self, expr: ast.Await) -> Iterator[Operation]:
        yield from self.of(expr.value)
        why = "a task that waits can be cancelled"
        yield self.operation(expr, unknown=why, ends=Ending(why))

    def _yield(self, expr: ast.Yield | ast.YieldFrom) -> Iterator[Operation]:
        yield from self.of(expr.value)
        why = "whoever iterates over the generator can close it here or throw anything in"
        yield self.operation(expr, unknown=why, ends=Ending(why))

    _yieldfrom = _yield

    def _starred(self, expr: ast.Starred) -> Iterator[Operation]:
        yield from self.of(expr.value)
        yield from self.analysis.loops.over(expr.value)

    def _set(self, expr: ast.Set) -> Iterator[Operation]:
        yield from self.children(expr)
        for item in expr.elts:
            yield from self.hashed(item)

    def _dict(self, expr: ast.Dict) -> Iterator[Operation]:
        yield from self.children(expr)
        for key, value in zip(expr.keys, expr.values, strict=True):
            if key is not None:
                yield from self.hashed(key)
            elif not self.is_plain(value):
                yield self.guarded(value, ("TypeError",))

    def hashed(self, expr: ast.expr) -> Iterator[Operation]:
        """The operation of hashing a value, as a key of a dict or an element of a set."""
        names = self.kinds.names(expr)
        if names is None:
            yield self.guarded(expr, ("TypeError",), ("__hash__",))
        elif not names <= _HASHABLE and any(name.startswith(OWN_CLASS) for name in names):
            yield self.guarded(expr, ("TypeError",), ("__hash__", "__eq__"))
        elif mixed(names) and not names <= _HASHABLE:
            yield self.operation(expr, "TypeError")

    def _slice(self, expr: ast.Slice) -> Iterator[Operation]:
        yield from self.children(expr)
        for bound in (expr.lower, expr.upper, expr.step):
            if bound is not None:
                yield from self.as_index(bound, may_be_none=True)

    def as_index(self, expr: ast.expr, *, may_be_none: bool = False) -> Iterator[Operation]:
        """The operation of using a value as an index of a sequence, or as a bound of a slice."""
        names = self.kinds.names(expr)
        if names is None:
            yield self.guarded(expr, ("TypeError",), ("__index__",))
        elif mixed(names - {"NoneType"} if may_be_none else names):
            yield self.operation(expr, "TypeError")

    def _ifexp(self, expr: ast.IfExp) -> Iterator[Operation]:
        yield from self.analysis.operators.truth(expr.test)
        yield from self.of(expr.body)
        yield from self.of(expr.orelse)

    # --- what other parts know ---------------------------------------------------------------------------------

    def _operator(self, expr: ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare) -> Iterator[Operation]:
        yield from self.analysis.operators.of(expr)

    _binop = _unaryop = _boolop = _compare = _operator

    def _lookup(self, expr: ast.Attribute | ast.Subscript) -> Iterator[Operation]:
        yield from self.analysis.lookups.of(expr)

    _attribute = _subscript = _lookup

    def _comprehension(self, expr: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[Operation]:
        yield from self.analysis.loops.of(expr)

    _listcomp = _setcomp = _generatorexp = _dictcomp = _comprehension

    def _joinedstr(self, expr: ast.JoinedStr) -> Iterator[Operation]:
        yield from self.analysis.formatting.of_fstring(expr)

    def _call(self, call: ast.Call) -> Iterator[Operation]:
        yield from self.analysis.calls.of(call)
