"""Local type inference: which classes the value of an expression can have, where that is certain.

``None`` stands for "anything". An answer is a set: a name bound to a number
here and to text there has both. Classes are exact, as built by the operation
that made the value; what a caller outside the module might pass is unknown.
"""

from __future__ import annotations

import ast
import builtins
import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from pymodernize.semantics import known
from pymodernize.semantics.flow import falls_through, own_nodes, reads_only
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


@dataclass(frozen=True)
class Type:
    """An exact class, with what its items are where that is known.

    Attributes:
        name: the class: ``str``, ``datetime.datetime``; ``exception`` stands
            for an instance of a library's or this module's exception class.
        items: for a tuple of known length, the types in each place.
        element: what iteration gives.
        value: what a subscript gives, for mappings.
    """

    name: str
    items: tuple[Types, ...] | None = None
    element: Types | None = None
    value: Types | None = None


Types = frozenset[Type]
NOTHING: Types = frozenset()
STR: Types = frozenset({Type("str")})
INT: Types = frozenset({Type("int")})
FLOAT: Types = frozenset({Type("float")})
BOOL: Types = frozenset({Type("bool")})
NONE: Types = frozenset({Type("NoneType")})
NUMBERS = frozenset({"int", "float", "bool", "complex"})
_LIMIT = 60
# An answer that takes more steps than this is not worth it: variables that depend on each other multiply.
_MOST_STEPS = 5000
_IMMUTABLE = frozenset({"str", "bytes", "range", "tuple"})


@cache
def parse(notation: str) -> Types | None:
    """Types from the notation of :mod:`pymodernize.semantics.known`, e.g. ``list[str] | NoneType``."""
    if not notation:
        return None
    return _parsed(ast.parse(notation, mode="eval").body)


def _parsed(node: ast.expr) -> Types:
    if isinstance(node, ast.BinOp):
        return _parsed(node.left) | _parsed(node.right)
    if isinstance(node, ast.Subscript):
        (outer,) = _parsed(node.value)
        if outer.name == "tuple":
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            items = tuple(_parsed(part) for part in parts)
            return frozenset({Type("tuple", items=items)})
        return frozenset({Type(outer.name, element=_parsed(node.slice))})
    return frozenset({Type(ast.unparse(node))})


class Inference:
    """The types of one module's expressions, worked out when asked for."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._cache: dict[ast.expr, Types | None] = {}
        self._assumed: dict[object, Types] = {}
        self._relied: set[object] = set()
        self._depth = 0
        self._steps = 0

    def of(self, expr: ast.expr) -> Types | None:
        """The classes that the value may have, None if it may be anything."""
        if expr in self._cache:
            return self._cache[expr]
        if not self._depth:
            self._steps = 0
        self._steps += 1
        if self._depth > _LIMIT or self._steps > _MOST_STEPS:
            return None
        before, self._relied = self._relied, set()
        self._depth += 1
        try:
            result = self._infer(expr)
        finally:
            self._depth -= 1
        if not self._relied:
            # No assumption that is still open went into it.
            self._cache[expr] = result
        self._relied |= before
        return result

    def _assumption(self, key: object) -> Types | None:
        """What an open question is taken to have as its answer, None if it is not open."""
        if key in self._assumed:
            self._relied.add(key)
        return self._assumed.get(key)

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
        items = tuple(_shared(self.of(item)) for item in expr.elts)
        if any(item is None for item in items):
            # Places of unknown type are left out of the answer as a whole: the length alone is of no use.
            return frozenset({Type("tuple")})
        return frozenset({Type("tuple", items=tuple(item for item in items if item is not None))})

    def _list(self, expr: ast.List | ast.Set) -> Types:
        name = type(expr).__name__.lower()
        return frozenset({Type(name, element=self._union_of(expr.elts))})

    _set = _list

    def _dict(self, expr: ast.Dict) -> Types:
        keys = [key for key in expr.keys if key is not None]
        if len(keys) < len(expr.keys):
            return frozenset({Type("dict")})
        return frozenset({Type("dict", element=self._union_of(keys), value=self._union_of(expr.values))})

    def _listcomp(self, expr: ast.ListComp) -> Types:
        return frozenset({Type("list", element=self.of(expr.elt))})

    def _setcomp(self, expr: ast.SetComp) -> Types:
        return frozenset({Type("set", element=self.of(expr.elt))})

    def _dictcomp(self, expr: ast.DictComp) -> Types:
        return frozenset({Type("dict", element=self.of(expr.key), value=self.of(expr.value))})

    def _generatorexp(self, expr: ast.GeneratorExp) -> Types:
        return frozenset({Type("generator", element=self.of(expr.elt))})

    def _union_of(self, exprs: list[ast.expr]) -> Types | None:
        union: Types = NOTHING
        for expr in exprs:
            types = None if isinstance(expr, ast.Starred) else self.of(expr)
            if types is None:
                return None
            union |= types
        return union

    def _ifexp(self, expr: ast.IfExp) -> Types | None:
        return self._union_of([expr.body, expr.orelse])

    def _boolop(self, expr: ast.BoolOp) -> Types | None:
        return self._union_of(expr.values)

    def _namedexpr(self, expr: ast.NamedExpr) -> Types | None:
        return self.of(expr.value)

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
        union: Types = NOTHING
        # None raises a TypeError with any of the other classes: no value comes of it.
        for one in names_of(left) - {"NoneType"}:
            for other in names_of(right) - {"NoneType"}:
                types = _operated(op, one, other)
                if types is None:
                    return None
                union |= types
        return union

    def _starred(self, _expr: ast.Starred) -> None:
        return None

    def _subscript(self, expr: ast.Subscript) -> Types | None:
        types = self._container(expr.value)
        if types is None:
            return None
        union: Types = NOTHING
        for container in types:
            found = self._subscripted(container, expr.slice)
            if found is None:
                return None
            union |= found
        return union

    def _subscripted(self, container: Type, index: ast.expr) -> Types | None:
        if isinstance(index, ast.Slice):
            if container.name == "tuple":
                return frozenset({Type("tuple", element=element_of(container))})
            return frozenset({container}) if container.name in {"str", "bytes", "list"} else None
        if container.items is not None:
            if isinstance(index, ast.Constant) and isinstance(index.value, int):
                place = index.value
                return container.items[place] if -len(container.items) <= place < len(container.items) else None
            return _joined(container.items)
        if container.value is not None:
            return container.value
        return element_of(container) if container.name not in {"dict", "set", "generator"} else None

    def _attribute(self, expr: ast.Attribute) -> Types | None:
        qualified = self.module.qualified_name(expr)
        return _shared(self._of_library(qualified)) if qualified is not None else None

    def _of_library(self, qualified: str) -> Types | None:
        """The types of a library's variable, as long as this module leaves it alone."""
        return None if self._is_replaced(qualified) else parse(known.ATTRIBUTES.get(qualified, ""))

    def _is_replaced(self, qualified: str) -> bool:
        """Whether this module assigns a library's name, or the class or module that it is in."""
        return any(f"{qualified}.".startswith(f"{name}.") for name in self.module.assigned_attributes)

    def _name(self, expr: ast.Name) -> Types | None:
        if expr.id in {"__name__", "__file__"}:
            return STR if self.module.scope(expr).lookup(expr.id) is None else None
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            return _shared(self._of_library(qualified))
        found = self.module.scope(expr).lookup(expr.id)
        return _shared(self.variable(*found)) if found else None

    def variable(self, scope: Scope, bindings: list[Binding]) -> Types | None:
        """The types of a name over all its bindings, by iteration until nothing is added."""
        if scope.kind is ScopeKind.CLASS or scope.star_imports:
            return None
        if scope.kind is ScopeKind.MODULE and (not self.module.is_closed or self.module.reads_own_names):
            return None
        key = (scope, bindings[0].name)
        if (assumption := self._assumption(key)) is not None:
            return assumption
        assumed: Types = NOTHING
        while True:
            self._assumed[key] = assumed
            try:
                result = self._bound(bindings)
            finally:
                del self._assumed[key]
                self._relied.discard(key)
            if result is None or result <= assumed:
                return result
            if len(result) > _LIMIT or _nesting(result) > 4:
                return None
            assumed |= result

    def _bound(self, bindings: list[Binding]) -> Types | None:
        union: Types = NOTHING
        for binding in bindings:
            types = self.binding(binding)
            if types is None:
                return None
            union |= types
        return union

    def binding(self, binding: Binding) -> Types | None:
        """The types that one binding gives its name."""
        if binding.kind is BindingKind.NAME:
            return self._stored(binding.node, binding.node)
        if binding.kind is BindingKind.PARAMETER:
            return self._parameter(binding)
        if binding.kind is BindingKind.EXCEPT and isinstance(binding.node, ast.ExceptHandler):
            return self._caught(binding.node.type)
        if binding.kind is BindingKind.DELETE:
            return NOTHING
        return None

    def _stored(self, target: ast.AST, name: ast.AST) -> Types | None:
        """The types stored in ``target`` by the statement around it."""
        parent = self.module.parent(target)
        if isinstance(parent, ast.Assign):
            return self.of(parent.value)
        if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
            return self.of(parent.value) if parent.value is not None else NOTHING
        if isinstance(parent, ast.AugAssign):
            scope = self.module.scope(parent).lookup(parent.target.id) if isinstance(parent.target, ast.Name) else None
            before = self.variable(*scope) if scope else None
            return self.operate(parent.op, before, self.of(parent.value))
        if isinstance(parent, (ast.For, ast.comprehension)):
            return self._iterated(parent.iter)
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
        union: Types = NOTHING
        for type_ in whole:
            if type_.items is not None:
                types = type_.items[place] if place < len(type_.items) else NOTHING
            else:
                types = element_of(type_)
            if types is None:
                return None
            union |= types
        return union

    def _container(self, expr: ast.expr) -> Types | None:
        """The types of a container that is about to be read, without items that may have changed since.

        What is in it may be in reach by other ways, too: of containers inside
        of it no more is known than their class.
        """
        types = self._named(expr) if isinstance(expr, (ast.Name, ast.Attribute)) else self.of(expr)
        if types is None or isinstance(expr, (ast.Call, ast.ListComp, ast.GeneratorExp)):
            return types
        if isinstance(expr, ast.Subscript) and not isinstance(expr.slice, ast.Slice):
            return _shared(types)
        return frozenset(
            replace(
                type_,
                items=_shared_items(type_.items),
                element=_shared(type_.element),
                value=_shared(type_.value),
            )
            for type_ in types
        )

    def _named(self, expr: ast.Name | ast.Attribute) -> Types | None:
        """The types of a variable, with what is in it if nothing in the module can have changed that."""
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            types = self._of_library(qualified)
            if types is None or not any(map(_is_open, types)):
                return types
            uses = [
                use
                for use in self.module.nodes(ast.Attribute, ast.Name)
                if self.module.qualified_name(use) == qualified
            ]
        elif isinstance(expr, ast.Name) and (found := self.module.scope(expr).lookup(expr.id)):
            types = self.variable(*found)
            if types is None or not any(map(_is_open, types)):
                return types
            uses = self.module.uses(found[1][0])
        else:
            return None
        return types if all(self._only_read(use) for use in uses) else _shared(types)

    def _only_read(self, use: ast.Name | ast.Attribute) -> bool:
        parent = self.module.parent(use)
        if isinstance(parent, ast.Call) and not (self.module.qualified_name(parent.func) or "").startswith("builtins."):
            return False
        return reads_only(use, parent, self.module.parent(parent) if parent is not None else None)

    def _iterated(self, expr: ast.expr) -> Types | None:
        """What a loop over the expression gives."""
        if isinstance(expr, ast.Call):
            special = self._iterated_call(expr)
            if special is not None:
                return special
        types = self._container(expr)
        if types is None:
            return None
        union: Types = NOTHING
        for type_ in types:
            element = element_of(type_)
            if element is None:
                return None
            union |= element
        return union

    def _iterated_call(self, call: ast.Call) -> Types | None:
        qualified = self.module.qualified_name(call.func)
        if qualified in {"builtins.enumerate", "builtins.zip"} and not any(
            isinstance(arg, ast.Starred) for arg in call.args
        ):
            parts = [self._iterated(arg) for arg in (call.args[:1] if qualified.endswith("enumerate") else call.args)]
            known_parts = [part for part in parts if part is not None]
            if not parts or len(known_parts) < len(parts):
                return None
            items = ([INT] if qualified.endswith("enumerate") else []) + known_parts
            return frozenset({Type("tuple", items=tuple(items))})
        if qualified in {"builtins.sorted", "builtins.reversed", "builtins.list", "builtins.set"} and call.args:
            return self._iterated(call.args[0])
        if qualified == "os.walk" and call.args and self._is_text(call.args[0]):
            texts = frozenset({Type("list", element=STR)})
            return frozenset({Type("tuple", items=(STR, texts, texts))})
        if isinstance(call.func, ast.Attribute) and not call.args:
            return self._iterated_mapping(call.func)
        return None

    def _iterated_mapping(self, func: ast.Attribute) -> Types | None:
        types = self._container(func.value)
        if types is None or names_of(types) != {"dict"} or len(types) != 1:
            return None
        (mapping,) = types
        if mapping.element is None or mapping.value is None:
            return None
        if func.attr == "items":
            return frozenset({Type("tuple", items=(mapping.element, mapping.value))})
        return {"keys": mapping.element, "values": mapping.value}.get(func.attr)

    def _entered(self, expr: ast.expr) -> Types | None:
        types = self.of(expr)
        files = {"io.TextIOWrapper", "io.BufferedIOBase"}
        return types if types is not None and names_of(types) <= files else None

    def _is_text(self, expr: ast.expr) -> bool:
        types = self.of(expr)
        return types is not None and names_of(types) <= {"str"}

    def _call(self, call: ast.Call) -> Types | None:
        qualified = self.module.qualified_name(call.func)
        if qualified is None:
            return self._method(call) if isinstance(call.func, ast.Attribute) else self._local_call(call)
        if self._is_replaced(qualified):
            return None
        if qualified == "os.getenv":
            return self._with_default(call)
        if qualified in known.RETURNS:
            return parse(known.RETURNS[qualified])
        special = self._special_call(qualified, call)
        # What is no function of a module may be a method of one of its variables: ``os.environ.get``.
        return special if special is not None else self._method(call)

    def _with_default(self, call: ast.Call) -> Types | None:
        """What ``os.getenv`` gives: text, or the default."""
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(kw.arg is None for kw in call.keywords):
            return None
        given = [*call.args[1:], *(keyword.value for keyword in call.keywords if keyword.arg != "key")]
        if not given:
            return STR | NONE
        default = self._union_of(given)
        return STR | default if default is not None else None

    def _special_call(self, qualified: str, call: ast.Call) -> Types | None:
        args = call.args
        if any(isinstance(arg, ast.Starred) for arg in args):
            return None
        if qualified in {"builtins.open", "io.open"}:
            mode = next((kw.value for kw in call.keywords if kw.arg == "mode"), args[1] if len(args) > 1 else None)
            if any(kw.arg in {None, "opener"} for kw in call.keywords):
                return None
            return _opened(mode)
        if qualified in known.SAME_TEXT_TYPE:
            return STR if args and all(self._is_text(arg) for arg in args) else None
        if qualified in known.LIST_OF_SAME_TEXT_TYPE:
            if qualified == "os.listdir" and not args or args and self._is_text(args[0]):
                return frozenset({Type("generator" if qualified == "glob.iglob" else "list", element=STR)})
            return None
        if qualified in known.PAIR_OF_SAME_TEXT_TYPE:
            return frozenset({Type("tuple", items=(STR, STR))}) if args and self._is_text(args[0]) else None
        if qualified in known.MATCHES:
            return frozenset({Type("re.Match")}) | NONE if args and self._is_text(args[0]) else None
        if qualified == "re.sub":
            return STR if args and self._is_text(args[0]) else None
        if qualified == "builtins.sorted" and args:
            return frozenset({Type("list", element=self._iterated(args[0]))})
        if qualified == "builtins.sum" and len(args) == 1 and not call.keywords:
            element = self._iterated(args[0])
            return INT | element - BOOL if element is not None and names_of(element) <= NUMBERS else None
        if qualified == "builtins.round" and args:
            value = self.of(args[0])
            if value is None or not names_of(value) <= {"int", "float", "bool"}:
                return None
            return INT if len(args) == 1 and not call.keywords else INT | FLOAT
        if qualified in {"builtins.min", "builtins.max"} and args and not call.keywords:
            return self._iterated(args[0]) if len(args) == 1 else self._union_of(args)
        return None

    def _method(self, call: ast.Call) -> Types | None:
        if not isinstance(call.func, ast.Attribute):
            return None
        receiver = self.of(call.func.value)
        if receiver is None:
            return None
        union: Types = NOTHING
        for type_ in receiver:
            if type_.name == "NoneType":
                continue  # the call raises on it: no value comes of that
            types = parse(known.METHODS.get(type_.name, {}).get(call.func.attr, ""))
            if type_.name == "os.environ":
                types = self._with_default(call) if call.func.attr == "get" else None
            if type_.name == "re.Match" and call.func.attr == "group":
                single = len(call.args) < 2 and not any(isinstance(arg, ast.Starred) for arg in call.args)
                types = types if single else None
            if types is None:
                return None
            union |= types
        # No receiver at all is one that is still to be worked out.
        return union if union or not receiver else None

    def _local_call(self, call: ast.Call) -> Types | None:
        """The values that a function of this module returns."""
        function = self.module.local_function(call.func)
        if function is None or isinstance(function, ast.AsyncFunctionDef):
            return None
        key = function
        if (assumption := self._assumption(key)) is not None:
            return assumption
        assumed: Types = NOTHING
        while True:
            self._assumed[key] = assumed
            try:
                result = self._returned(function)
            finally:
                del self._assumed[key]
                self._relied.discard(key)
            if result is None or result <= assumed:
                return result
            if _nesting(result) > 4:
                return None
            assumed |= result

    def _returned(self, function: ast.FunctionDef) -> Types | None:
        union = NONE
        if not falls_through(function.body):
            union = NOTHING
        for statement in function.body:
            for node in own_nodes(statement):
                if isinstance(node, (ast.Yield, ast.YieldFrom)):
                    return None
                if isinstance(node, ast.Return):
                    types = self.of(node.value) if node.value is not None else NONE
                    if types is None:
                        return None
                    union |= types
        return union

    def _parameter(self, binding: Binding) -> Types | None:
        """The types of a parameter, where every call of its function stands in this module."""
        calls = self.module.every_call(binding.scope.node)
        if calls is None:
            return None
        function = binding.scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.args.vararg is not None:
            return None
        if binding.node is function.args.kwarg:
            return frozenset({Type("dict")})
        positional = [*function.args.posonlyargs, *function.args.args]
        by_name = binding.node not in function.args.posonlyargs
        place = next((number for number, arg in enumerate(positional) if arg is binding.node), None)
        default = _default_of(function.args, binding.node)
        union: Types = NOTHING
        for call in calls:
            value = next((kw.value for kw in call.keywords if by_name and kw.arg == binding.name), None)
            if value is None and place is not None and place < len(call.args):
                value = call.args[place]
            value = value or default
            if value is None or any(isinstance(arg, ast.Starred) for arg in call.args):
                return None
            if any(kw.arg is None for kw in call.keywords):
                return None
            types = self.of(value)
            if types is None:
                return None
            union |= types
        return union or None

    def _caught(self, type_: ast.expr | None) -> Types | None:
        exprs = type_.elts if isinstance(type_, ast.Tuple) else [type_]
        plain = all(expr is not None and self._is_plain_exception(expr) for expr in exprs)
        return frozenset({Type("exception")}) if plain else None

    def _is_plain_exception(self, expr: ast.expr) -> bool:
        """Whether a class is the library's, or this module's with no ``__format__`` of its own."""
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            root, _, rest = qualified.partition(".")
            if root == "builtins":
                return isinstance(getattr(builtins, rest, None), type)
            return root in sys.stdlib_module_names
        definition = self.module.local_class(expr)
        if definition is None:
            return False
        formats = any(isinstance(item, ast.FunctionDef) and item.name == "__format__" for item in definition.body)
        return not formats and all(self._is_plain_exception(base) for base in definition.bases)


def names_of(types: Types) -> set[str]:
    """The class names of a set of types."""
    return {type_.name for type_ in types}


def element_of(type_: Type) -> Types | None:
    """What iterating over a value gives."""
    if type_.items is not None:
        return _joined(type_.items)
    return type_.element if type_.element is not None else parse(known.ELEMENTS.get(type_.name, ""))


def _joined(items: tuple[Types, ...]) -> Types:
    return frozenset().union(*items)


def _is_open(type_: Type) -> bool:
    """Whether more is known of a value than its class, and it or what is in it can change."""
    if type_.name not in _IMMUTABLE:
        return type_.element is not None or type_.value is not None
    return any(_is_open(inner) for item in (*(type_.items or ()), type_.element or NOTHING) for inner in item)


def _shared(types: Types | None) -> Types | None:
    """The types of a value that others hold, too: what is in it, if it can change, is unknown."""
    if types is None or not any(map(_is_open, types)):
        return types
    return frozenset(
        replace(type_, items=_shared_items(type_.items), element=_shared(type_.element))
        if type_.name in _IMMUTABLE
        else Type(type_.name)
        for type_ in types
    )


def _shared_items(items: tuple[Types, ...] | None) -> tuple[Types, ...] | None:
    return tuple(_shared(item) or NOTHING for item in items) if items is not None else None


def _nesting(types: Types | None) -> int:
    if not types:
        return 0
    return 1 + max(
        max(_nesting(type_.element), _nesting(type_.value), *(_nesting(item) for item in type_.items or ()), 0)
        for type_ in types
    )


def _operated(op: ast.operator, left: str, right: str) -> Types | None:
    """The types of an operation on two exact builtin classes, None where it is unknown or fails."""
    pair = {left, right}
    if isinstance(op, ast.Add) and left == right and left in {"str", "bytes"}:
        return frozenset({Type(left)})
    if isinstance(op, ast.Mult) and pair & {"str"} and pair <= {"str", "int", "bool"} and pair != {"str"}:
        return STR
    if not pair <= {"int", "float", "bool"}:
        return None
    if isinstance(op, ast.Div):
        return FLOAT
    if isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)):
        return FLOAT if "float" in pair else INT
    if isinstance(op, ast.Pow) and "float" not in pair:
        return INT | FLOAT
    if isinstance(op, (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift)) and "float" not in pair:
        return BOOL | INT
    return None


def _opened(mode: ast.expr | None) -> Types | None:
    if mode is None:
        return frozenset({Type("io.TextIOWrapper")})
    if isinstance(mode, ast.Constant) and isinstance(mode.value, str):
        return frozenset({Type("io.BufferedIOBase" if "b" in mode.value else "io.TextIOWrapper")})
    return None


def _default_of(args: ast.arguments, parameter: ast.AST) -> ast.expr | None:
    positional = [*args.posonlyargs, *args.args]
    late = positional[len(positional) - len(args.defaults) :] if args.defaults else []
    for arg, default in zip(late, args.defaults, strict=True):
        if arg is parameter:
            return default
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if arg is parameter:
            return default
    return None
