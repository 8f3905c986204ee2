"""Mutation of containers: what is added to a list, set or dict after its creation, through any alias."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import Function, parameter_at
from pymodernize.semantics.values import Cell, Way

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


@dataclass(frozen=True)
class Addition:
    """A value that is added to a container.

    Attributes:
        expr: the value, or a container of such values.
        all_of: whether the elements of ``expr`` are added, as by ``extend``.
        key: for an item of a mapping or list, the key or index.
    """

    expr: ast.expr
    all_of: bool = False
    key: ast.expr | None = None


class _Unknown(Exception):
    """The module may add values in a way that the analysis does not follow."""


# Methods that add nothing, and return no reference through which something could be added.
_READING = frozenset(
    """clear copy count difference discard endswith get index intersection isdisjoint issubset issuperset items keys
    pop popitem remove reverse sort startswith union values""".split()
)
_ADDING_ONE = frozenset({"append", "add", "insert"})
# Functions that read a container, and keep no reference through which it could be mutated.
_LOOKING = frozenset(
    f"builtins.{name}"
    for name in """all any bool dict enumerate filter frozenset isinstance iter len list map max min next print repr
    reversed set sorted str sum tuple type zip""".split()
) | {"random.choice", "random.sample", "random.shuffle"}

_BINARY = "add and floordiv lshift matmul mod mul or pow rshift sub truediv xor".split()
_OPERATORS = frozenset(
    {
        *(f"__{prefix}{name}__" for name in _BINARY for prefix in ("", "r", "i")),
        *(f"__{name}__" for name in "contains eq ge gt le lt ne".split()),
    }
)
# With several arguments, these may return one of them.
_GIVING_BACK = frozenset({"builtins.max", "builtins.min", "builtins.next", "builtins.sum"})
_TEXTS = frozenset({"os.sep", "os.linesep", "os.pathsep", "os.path.sep"})


class Additions:
    """Infers the additions to the containers in the cells of one module.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._known: dict[Cell, list[Addition] | None] = {}

    def to(self, cell: Cell) -> list[Addition] | None:
        """The values that are added to the container in a cell after its creation.

        Args:
            cell: a cell whose values are containers.

        Returns:
            All additions, also those through aliases in other cells; None if
            there may be others.
        """
        if cell not in self._known:
            self._known[cell] = None  # the search may ask for types that depend on it
            try:
                self._known[cell] = self._find(cell)
            except _Unknown:
                self._known[cell] = None
        return self._known[cell]

    def _find(self, start: Cell) -> list[Addition]:
        found: list[Addition] = []
        pending, seen = [start], set[Cell]()
        while pending:
            cell = pending.pop()
            if cell in seen:
                continue
            seen.add(cell)
            contents = self.module.values.contents(cell)
            if contents is None:
                raise _Unknown
            for source in contents.sources:
                if source.way is Way.UPDATE:
                    found.append(Addition(source.expr, all_of=True))
                elif source.way is Way.VALUE and not isinstance(self.module.parent(source.expr), ast.arguments):
                    # A container may be assigned to several cells at once: ``a = b = []``.
                    pending += self._kept(source.expr)
            for read in contents.reads:
                found += self._by(read)
                pending += self._kept(read) if not self._is_looked_at(read) else []
        return found

    def _by(self, read: ast.expr) -> list[Addition]:
        """The values that one use of a container adds to it."""
        parent = self.module.parent(read)
        outer = self.module.parent(parent) if parent is not None else None
        match parent:
            case ast.Attribute(attr=name) if isinstance(outer, ast.Call) and outer.func is parent:
                if outer.keywords or any(isinstance(arg, ast.Starred) for arg in outer.args):
                    return []
                if name in _ADDING_ONE and outer.args:
                    return [Addition(outer.args[-1])]
                if name == "extend":
                    return [Addition(arg, all_of=True) for arg in outer.args]
            case ast.Subscript(ctx=ast.Store(), slice=index) if isinstance(outer, ast.Assign) and parent.value is read:
                if isinstance(index, ast.Slice):
                    return [Addition(outer.value, all_of=True)]
                return [Addition(outer.value, key=index)] if self._is_no_slice(index) else []
        return []

    def _is_no_slice(self, index: ast.expr) -> bool:
        """Whether an index certainly names a single item; that of ``items[slice(2)] = ...`` does not."""
        if isinstance(index, (ast.Constant, ast.UnaryOp, ast.BinOp, ast.JoinedStr)):
            return True
        return not self._has_slices

    @cached_property
    def _methods(self) -> set[str]:
        return {node.name for node in self.module.nodes(ast.FunctionDef)}

    @cached_property
    def _has_slices(self) -> bool:
        return "__setitem__" in self._methods or any(self.module.names.naming("builtins.slice"))

    @cached_property
    def has_own_operators(self) -> bool:
        """Whether a class of the module defines operators, which may keep or mutate the other operand."""
        return bool(self._methods & _OPERATORS)

    def _is_looked_at(self, read: ast.expr) -> bool:
        """Whether a use of a container creates no alias of it, and adds only what :meth:`_by` returns."""
        parent = self.module.parent(read)
        outer = self.module.parent(parent) if parent is not None else None
        match parent:
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
                return iterated is read
            case ast.Subscript(value=value, ctx=context):
                loaded = value is read and isinstance(context, (ast.Load, ast.Del))
                return loaded or bool(self._by(read))
            case ast.Attribute(attr=name):
                called = isinstance(outer, ast.Call) and outer.func is parent
                return called and (name in _READING or bool(self._by(read)))
            case ast.Call(func=func):
                if any(arg is read for arg in parent.args):
                    qualified = self.module.qualified_name(func)
                    if qualified in _GIVING_BACK and len(parent.args) > 1:
                        return False
                    return qualified in _LOOKING or self._joins(func)
                return False
            case ast.BinOp() | ast.Compare():
                return not self.has_own_operators
            case ast.FormattedValue() | ast.UnaryOp() | ast.Starred() | ast.Expr():
                return True
            case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) | ast.IfExp(test=test):
                return test is read
            case ast.BoolOp():
                return isinstance(outer, (ast.If, ast.While, ast.Assert)) or (
                    isinstance(outer, ast.IfExp) and outer.test is parent
                )
            case ast.Assign(targets=[ast.Tuple() | ast.List()]):
                return True
        return False

    def _joins(self, func: ast.expr) -> bool:
        """Whether a function is the ``join`` of a text."""
        if not isinstance(func, ast.Attribute) or func.attr != "join":
            return False
        if self.module.qualified_name(func.value) in _TEXTS:
            return True
        # Not by type inference, which may depend on this question.
        cell = self.module.values.read_by(func.value)
        contents = self.module.values.contents(cell) if cell is not None else None
        given = [source.expr for source in contents.sources] if contents is not None else [func.value]
        return all(isinstance(expr, ast.Constant) and isinstance(expr.value, str) for expr in given)

    def _kept(self, expr: ast.expr) -> list[Cell]:
        """The cells in which a use of a container stores a reference to it.

        Raises:
            _Unknown: it may be stored elsewhere.
        """
        parent = self.module.parent(expr)
        while isinstance(parent, (ast.BoolOp, ast.IfExp)):
            expr, parent = parent, self.module.parent(parent)
        match parent:
            case ast.Assign(targets=targets):
                return [self._cell(target) for target in targets]
            case ast.AnnAssign(target=target):
                return [self._cell(target)]
            case ast.Tuple():
                return self._in_place(parent, expr)
            case ast.Return():
                function = self.module.function(parent)
                if isinstance(function, ast.FunctionDef):
                    return [Cell(function, "")]
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated) if iterated is expr:
                return []
            case ast.Call(func=func) if func is not expr:
                place = next((number for number, arg in enumerate(parent.args) if arg is expr), None)
                return [self._parameter(func, place, parent.args)]
            case ast.keyword(arg=name):
                call = self.module.parent(parent)
                if isinstance(call, ast.Call):
                    return [self._parameter(call.func, name, call.args)]
            case ast.Expr():
                return []
        raise _Unknown

    def _in_place(self, whole: ast.Tuple, expr: ast.expr) -> list[Cell]:
        """The cell to which ``a, b = x, y`` assigns one of the values."""
        outer = self.module.parent(whole)
        match outer:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value) if value is whole:
                items = [*targets, *whole.elts]
                if len(targets) == len(whole.elts) and not any(isinstance(item, ast.Starred) for item in items):
                    place = next(number for number, item in enumerate(whole.elts) if item is expr)
                    return [self._cell(targets[place])]
        raise _Unknown

    def _cell(self, target: ast.expr) -> Cell:
        cell = self.module.values.read_by(target)
        if cell is None:
            raise _Unknown
        return cell

    def _parameter(self, func: ast.expr, given: int | str | None, args: list[ast.expr]) -> Cell:
        """The cell of the parameter that an argument is passed for."""
        function: Function | None = self.module.local_function(func)
        if function is None or given is None or any(isinstance(arg, ast.Starred) for arg in args):
            raise _Unknown
        parameter = parameter_at(function, given)
        if parameter is None:
            raise _Unknown
        return Cell(self.module.index.scopes[function], parameter.arg)
