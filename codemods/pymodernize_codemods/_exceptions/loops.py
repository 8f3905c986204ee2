"""What iteration can raise: in loops, comprehensions, and calls that consume an iterable."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize_codemods._exceptions.kinds import NUMBERS, PLAIN_ITERABLES
from pymodernize_codemods._exceptions.operations import Ending, Operation
from pymodernize_codemods._exceptions.part import UNKNOWN_VALUE, Part


class Loops(Part):
    """The iterations of one module."""

    def over(self, expr: ast.expr) -> Iterator[Operation]:
        """The operations of iterating over a value, without those of evaluating the expression."""
        if isinstance(expr, (ast.GeneratorExp, ast.List, ast.Tuple, ast.ListComp, ast.Dict, ast.Set)):
            return
        if isinstance(expr, ast.Call):
            function = self.module.local_function(expr.func)
            if isinstance(function, ast.FunctionDef) and self.analysis.is_generator(function):
                yield self.analysis.generator(function).at(expr, f"reading of {self.text(expr)}")
                return
            if (found := self._lazy(expr)) is not None:
                yield from found
                return
        names = self.kinds.names(expr)
        if names is None:
            yield self._unknown_iteration(expr)
            return
        for name in sorted(names):
            if name in PLAIN_ITERABLES:
                continue
            if name == "NoneType" or name in NUMBERS:
                yield self.operation(expr, "TypeError")
            elif (row := knowledge().method(name, "__next__")) is not None:
                yield Operation(expr, f"reading of {self.text(expr)}", row.raises, trusts=row.trusts)
            else:
                yield self._unknown_iteration(expr)

    def _lazy(self, call: ast.Call) -> Iterator[Operation] | None:
        """The operations of iterating over the arguments of ``enumerate(x)`` and its like; None for other calls."""
        qualified = self.module.qualified_name(call.func)
        if qualified in {"builtins.map", "builtins.filter"}:
            # What the function raises is among the operations of the call itself.
            return (item for part in call.args[1:] if not isinstance(part, ast.Starred) for item in self.over(part))
        if qualified not in {"builtins.enumerate", "builtins.zip", "builtins.reversed", "builtins.iter"}:
            return None
        parts = call.args[:1] if qualified == "builtins.enumerate" else call.args
        return (item for part in parts if not isinstance(part, ast.Starred) for item in self.over(part))

    def _unknown_iteration(self, expr: ast.expr) -> Operation:
        what = f"reading of {self.text(expr)}"
        lazy = self.module.nodes(ast.Yield, ast.YieldFrom) or self.module.nodes(ast.GeneratorExp)
        called = self.module.calls("builtins.map", "builtins.filter", "builtins.iter", "csv.reader", "csv.DictReader")
        if self.world.is_closed and not lazy and not called and not self.world.defines("__iter__", "__next__"):
            return Operation(expr, what, frozenset({"TypeError", "OSError", "ValueError"}))
        return Operation(expr, what, frozenset({"TypeError"}), f"{UNKNOWN_VALUE}; it may be a generator")

    def of(self, expr: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[Operation]:
        """The operations of a comprehension.

        Args:
            expr: the comprehension.
        """
        expressions = self.analysis.expressions
        for item in expr.generators:
            yield from self._clause(item)
        if isinstance(expr, ast.DictComp):
            yield from expressions.of(expr.key)
            yield from expressions.of(expr.value)
            yield from expressions.hashed(expr.key)
            return
        yield from expressions.of(expr.elt)
        if isinstance(expr, ast.SetComp):
            yield from expressions.hashed(expr.elt)

    def _clause(self, item: ast.comprehension) -> Iterator[Operation]:
        """The operations of one ``for target in values if test`` of a comprehension."""
        if item.is_async:
            yield self.operation(item.iter, unknown="an asynchronous loop", ends=Ending("an asynchronous loop"))
        yield from self.analysis.expressions.of(item.iter)
        yield from self.over(item.iter)
        yield from self.analysis.targets.store_each(item.target, item.iter)
        for test in item.ifs:
            yield from self.analysis.operators.truth(test)
