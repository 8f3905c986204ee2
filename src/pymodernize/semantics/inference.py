"""Type inference within a module: the exact classes that the value of an expression can have."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

from pymodernize.semantics import contents, functions, library_calls, options
from pymodernize.semantics.fixpoint import Fixpoint
from pymodernize.semantics.library import results
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind
from pymodernize.semantics.types import (
    BOOL,
    INT,
    NONE,
    NOTHING,
    NUMBERS,
    STR,
    Type,
    Types,
    element_of,
    joined,
    names_of,
    nesting,
    operated,
    parse,
    shared,
    union,
)

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.values import Cell

_LIMIT = 60
_DEEPEST = 4
# Beyond this the answer is "anything": the cost of mutually dependent variables multiplies.
_MOST_STEPS = 5000

_EMPTY = {f"builtins.{name}": name for name in ("dict", "list", "set")}


class Inference:
    """Infers the types of one module's expressions, on demand."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._cache: dict[ast.expr, Types | None] = {}
        self._answers: Fixpoint[Types | None] = Fixpoint(NOTHING, _grown)
        self._depth = 0
        self._steps = 0

    def of(self, expr: ast.expr) -> Types | None:
        """The classes that the value of an expression may have; None if it may be anything."""
        if expr in self._cache:
            return self._cache[expr]
        if not self._depth:
            self._steps = 0
        self._steps += 1
        if self._depth > _LIMIT or self._steps > _MOST_STEPS:
            self._answers.cut()
            return None
        before = self._answers.begin()
        self._depth += 1
        try:
            result = self._infer(expr)
        finally:
            self._depth -= 1
            is_alone = self._answers.end(before)
        if is_alone:
            self._cache[expr] = result
        return result

    @property
    def relies(self) -> bool:
        """Whether the current computation depends on the answer so far of an open question."""
        return self._answers.relies

    def _infer(self, expr: ast.expr) -> Types | None:
        handler = getattr(self, f"_{type(expr).__name__.lower()}", None)
        return handler(expr) if handler else None

    def _constant(self, expr: ast.Constant) -> Types | None:
        return None if expr.value is Ellipsis else frozenset({Type(type(expr.value).__name__)})

    def _joinedstr(self, _expr: ast.JoinedStr) -> Types:
        return STR

    def _tuple(self, expr: ast.Tuple) -> Types:
        if any(isinstance(item, ast.Starred) for item in expr.elts):
            return frozenset({Type("tuple")})
        items = tuple(shared(self.of(item)) for item in expr.elts)
        if any(item is None for item in items):
            # With an item of unknown type, the tuple counts as one of unknown items: its length alone is of no use.
            return frozenset({Type("tuple")})
        return frozenset({Type("tuple", items=tuple(item for item in items if item is not None))})

    def _list(self, expr: ast.List | ast.Set) -> Types:
        name = type(expr).__name__.lower()
        return frozenset({Type(name, element=self.union_of(expr.elts))})

    _set = _list

    def _dict(self, expr: ast.Dict) -> Types:
        keys = [key for key in expr.keys if key is not None]
        if len(keys) < len(expr.keys):
            return frozenset({Type("dict")})
        return frozenset({Type("dict", element=self.union_of(keys), value=self.union_of(expr.values))})

    def _listcomp(self, expr: ast.ListComp) -> Types:
        return frozenset({Type("list", element=self.of(expr.elt))})

    def _setcomp(self, expr: ast.SetComp) -> Types:
        return frozenset({Type("set", element=self.of(expr.elt))})

    def _dictcomp(self, expr: ast.DictComp) -> Types:
        return frozenset({Type("dict", element=self.of(expr.key), value=self.of(expr.value))})

    def _generatorexp(self, expr: ast.GeneratorExp) -> Types:
        return frozenset({Type("generator", element=self.of(expr.elt))})

    def union_of(self, exprs: list[ast.expr]) -> Types | None:
        """The union of the types of several expressions; None if one can be anything."""
        return union(None if isinstance(expr, ast.Starred) else self.of(expr) for expr in exprs)

    def _ifexp(self, expr: ast.IfExp) -> Types | None:
        return self.union_of([expr.body, expr.orelse])

    def _boolop(self, expr: ast.BoolOp) -> Types | None:
        return self.union_of(expr.values)

    def _namedexpr(self, expr: ast.NamedExpr) -> Types | None:
        return shared(self.of(expr.value))

    def _unaryop(self, expr: ast.UnaryOp) -> Types | None:
        if isinstance(expr.op, ast.Not):
            return BOOL
        types = self.of(expr.operand)
        if types is None or not names_of(types) <= NUMBERS:
            return None
        return INT if names_of(types) <= {"int", "bool"} else types - BOOL | (INT if types & BOOL else NOTHING)

    def _compare(self, expr: ast.Compare) -> Types | None:
        if all(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in expr.ops):
            return BOOL
        sides = [self.of(side) for side in (expr.left, *expr.comparators)]
        plain = NUMBERS | {"str", "bytes", "NoneType"}
        return BOOL if all(side is not None and names_of(side) <= plain for side in sides) else None

    def _binop(self, expr: ast.BinOp) -> Types | None:
        return self.operate(expr.op, self.of(expr.left), self.of(expr.right))

    def operate(self, op: ast.operator, left: Types | None, right: Types | None) -> Types | None:
        """The types of ``left op right``."""
        if isinstance(op, ast.Mod) and left is not None and names_of(left) == {"str"}:
            return STR
        if left is None or right is None:
            return None
        # None as an operand raises TypeError, so it contributes no value.
        pairs = product(names_of(left) - {"NoneType"}, names_of(right) - {"NoneType"})
        return union(operated(op, one, other) for one, other in pairs)

    def _starred(self, _expr: ast.Starred) -> None:
        return None

    def _subscript(self, expr: ast.Subscript) -> Types | None:
        types = contents.container(self, expr.value)
        if types is None:
            return None
        return union(self._subscripted(container, expr.slice) for container in types)

    def _subscripted(self, container: Type, index: ast.expr) -> Types | None:
        if isinstance(index, ast.Slice):
            if container.name == "tuple":
                return frozenset({Type("tuple", element=element_of(container))})
            return frozenset({container}) if container.name in {"str", "bytes", "list"} else None
        if container.items is not None:
            if isinstance(index, ast.Constant) and isinstance(index.value, int):
                place = index.value
                return container.items[place] if -len(container.items) <= place < len(container.items) else None
            return joined(container.items)
        if container.value is not None:
            return container.value
        return element_of(container) if container.name not in {"dict", "set", "generator"} else None

    def _attribute(self, expr: ast.Attribute) -> Types | None:
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            if expr.attr == "__file__" and not self._is_replaced(qualified):
                return STR | NONE
            return shared(self.of_library(qualified))
        cell = self.module.values.read_by(expr)
        if cell is not None:
            return shared(self.solved(cell, lambda: self._kept(cell)))
        receiver = self.of(expr.value)
        if receiver is None:
            return None
        if receiver and names_of(receiver) <= options.NAMESPACES:
            return shared(self.option(expr))
        return union(
            parse(results.PROPERTIES.get(type_.name, {}).get(expr.attr, ""))
            for type_ in receiver
            if type_.name != "NoneType"
        )

    def option(self, expr: ast.Attribute) -> Types | None:
        """The types of an option of the command line, None for any other attribute."""
        receiver = self.of(expr.value)
        if not receiver or not names_of(receiver) <= options.NAMESPACES:
            return None
        found = self.module.once(options.Options)
        return self.solved(("option", expr.attr), lambda: found.of(self, expr.attr))

    def _kept(self, cell: Cell) -> Types | None:
        """The types of an attribute: the union over all stores to it."""
        contents = self.module.values.contents(cell)
        return union(self._stored(target, target) for target in contents.targets) if contents is not None else None

    def of_library(self, qualified: str) -> Types | None:
        """The types of a library's variable; None if this module assigns to it."""
        return None if self._is_replaced(qualified) else parse(results.ATTRIBUTES.get(qualified, ""))

    def _is_replaced(self, qualified: str) -> bool:
        """Whether this module assigns to a library's name, or to the class or module that contains it."""
        return self.module.names.is_replaced(qualified)

    def _name(self, expr: ast.Name) -> Types | None:
        if expr.id in {"__name__", "__file__"}:
            return STR if self.module.scope(expr).lookup(expr.id) is None else None
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            return shared(self.of_library(qualified))
        found = self.module.scope(expr).lookup(expr.id)
        return shared(self.variable(*found)) if found else None

    def variable(self, scope: Scope, bindings: list[Binding]) -> Types | None:
        """The types of a variable: the least fixpoint over all its bindings."""
        if scope.kind is ScopeKind.CLASS or scope.star_imports:
            return None
        if scope.kind is ScopeKind.MODULE and (not self.module.is_closed or self.module.values.is_reached_otherwise):
            return None
        types = self.solved((scope, bindings[0].name), lambda: self._bound(bindings))
        # The parameter of a function that is only called by itself has no values; its type is unknown.
        is_dead = not types and not self._answers.depth and bindings[0].kind is BindingKind.PARAMETER
        return None if is_dead else types

    def solved(self, key: object, answer: Callable[[], Types | None]) -> Types | None:
        """The least fixpoint of a question that may depend on itself."""
        return self._answers.of(key, answer)

    def _bound(self, bindings: list[Binding]) -> Types | None:
        return union(map(self.binding, bindings))

    def binding(self, binding: Binding) -> Types | None:
        """The types that one binding gives its name."""
        if binding.kind is BindingKind.NAME:
            return self._stored(binding.node, binding.node)
        if binding.kind is BindingKind.PARAMETER:
            return functions.parameter(self, binding)
        if binding.kind is BindingKind.EXCEPT and isinstance(binding.node, ast.ExceptHandler):
            return functions.caught(self, binding.node.type)
        if binding.kind is BindingKind.DELETE:
            return NOTHING
        return None

    def _stored(self, target: ast.AST, name: ast.AST) -> Types | None:
        """The types stored in ``target`` by the statement around it."""
        parent = self.module.parent(target)
        if isinstance(parent, ast.Assign):
            types = self.of(parent.value)
            return types if len(parent.targets) == 1 else shared(types)
        if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
            return self.of(parent.value) if parent.value is not None else NOTHING
        if isinstance(parent, ast.AugAssign):
            scope = self.module.scope(parent).lookup(parent.target.id) if isinstance(parent.target, ast.Name) else None
            before = self.variable(*scope) if scope else None
            return self.operate(parent.op, before, self.of(parent.value))
        if isinstance(parent, (ast.For, ast.comprehension)):
            return self.iterated(parent.iter)
        if isinstance(parent, ast.withitem):
            return self._entered(parent.context_expr)
        if isinstance(parent, (ast.Tuple, ast.List)):
            return self._unpacked(parent, target)
        return None

    def _unpacked(self, target: ast.Tuple | ast.List, part: ast.AST) -> Types | None:
        if any(isinstance(item, ast.Starred) for item in target.elts):
            return None
        place = next(number for number, item in enumerate(target.elts) if item is part)
        whole = self._stored(target, part)
        if whole is None:
            return None
        return union(_place_of(type_, place) for type_ in whole)

    def iterated(self, expr: ast.expr) -> Types | None:
        """The types of the items that iteration over an expression yields."""
        if isinstance(expr, ast.Call):
            special = library_calls.iterated_call(self, expr)
            if special is not None:
                return special
        types = contents.container(self, expr)
        if types is None:
            return None
        return union(map(element_of, types))

    def _entered(self, expr: ast.expr) -> Types | None:
        types = self.of(expr)
        files = {"io.TextIOWrapper", "io.BufferedIOBase"}
        return types if types is not None and names_of(types) <= files else None

    def is_text(self, expr: ast.expr) -> bool:
        """Whether an expression certainly is a str."""
        types = self.of(expr)
        return types is not None and names_of(types) <= {"str"}

    def _call(self, call: ast.Call) -> Types | None:
        qualified = self.module.qualified_name(call.func)
        if qualified is not None and self._is_replaced(qualified):
            return None
        if (parsed := options.result(self, call)) is not None:
            return parsed
        if qualified is None:
            return (
                library_calls.method_result(self, call)
                if isinstance(call.func, ast.Attribute)
                else self._local_call(call)
            )
        if qualified in _EMPTY and not call.args and not call.keywords:
            return frozenset(
                {Type(_EMPTY[qualified], element=NOTHING, value=NOTHING if qualified[-4:] == "dict" else None)}
            )
        if qualified == "os.getenv":
            return library_calls.with_default(self, call)
        if qualified in results.RETURNS:
            return parse(results.RETURNS[qualified])
        special = library_calls.call_result(self, qualified, call)
        # A qualified name may be a method of a module's variable: ``os.environ.get``.
        return special if special is not None else library_calls.method_result(self, call)

    def _local_call(self, call: ast.Call) -> Types | None:
        """The types of a call of a function of this module."""
        function = self.module.local_function(call.func)
        if function is None or isinstance(function, ast.AsyncFunctionDef):
            return None
        return self.solved(function, lambda: functions.returned(self, function))


def _grown(assumed: Types | None, found: Types | None) -> Types | None:
    """The join of the old and the new types; None (widening) where nested containers would grow without end."""
    if assumed is None or found is None:
        return None
    if found <= assumed:
        return assumed
    return None if len(found) > _LIMIT or nesting(found) > _DEEPEST else assumed | found


def _place_of(type_: Type, place: int) -> Types | None:
    """The types that unpacking a value assigns to one target; none if the value is too short, which raises."""
    if type_.items is None:
        return element_of(type_)
    return type_.items[place] if place < len(type_.items) else NOTHING
