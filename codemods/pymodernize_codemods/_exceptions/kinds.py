"""Type inference beyond the engine's, less exact: with the result classes of the tables, and of the module itself."""

from __future__ import annotations

import ast
import builtins

from pymodernize.semantics.call_binding import argument, parameter_at, parameters
from pymodernize.semantics.library.exceptions import Row, knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind
from pymodernize.semantics.types import NONE, NOTHING, STR, Type, Types, element_of, parse, shared, union
from pymodernize_codemods._exceptions import arithmetic
from pymodernize_codemods._exceptions.documents import Documents
from pymodernize_codemods._exceptions.narrowing import Narrowing
from pymodernize_codemods._exceptions.world import World

OWN_CLASS = "<class>."
"""Prefix of the name of a class of this module, as the kind of its instances."""
NUMBERS = frozenset({"int", "float", "bool", "complex"})
JSON = frozenset({"json.object", "json.array"})
"""The containers of a document that json has decoded: a dict and a list that have no items but such and scalars."""
SEQUENCES = frozenset({"str", "bytes", "bytearray", "list", "tuple", "range", "collections.deque", "json.array"})
SETS = frozenset({"set", "frozenset"})
# Iterating over these raises nothing.
PLAIN_ITERABLES = SEQUENCES | SETS | {"dict", "os.environ", "collections.OrderedDict", "collections.defaultdict"}
PLAIN_ITERABLES |= {"collections.Counter", "dict_keys", "dict_values", "dict_items", "json.object"}
SCALARS = NUMBERS | {"NoneType", "str", "bytes"}
_DEEPEST = 40
_ADDABLE = frozenset({"str", "bytes", "list", "tuple"})


def mixed(names: frozenset[str]) -> bool:
    """Whether a value may be of classes that cannot stand for each other, as a ``bool`` can for an ``int``."""
    return len({"int" if name == "bool" else name for name in names}) > 1


def lacks(kind: str, attribute: str) -> bool:
    """Whether the instances of a class certainly do not have an attribute: those of a builtin class, and None.

    Args:
        kind: the name of a class.
        attribute: the name of the attribute.
    """
    if kind == "NoneType":
        return True
    made = getattr(builtins, {"json.object": "dict", "json.array": "list"}.get(kind, kind), None)
    row = knowledge().method(kind, attribute)  # what only an earlier Python had raises nothing else
    return isinstance(made, type) and not hasattr(made, attribute) and (row is None or row.raises == {"AttributeError"})


class Kinds:
    """Infers the kinds of values that one module's expressions can have.

    A kind is the name of a class that has rows in the tables; instances of
    subclasses have the same kind.
    """

    def __init__(self, module: Module, world: World) -> None:
        self.module = module
        self.world = world
        self._narrowing = Narrowing(module)
        self._documents = Documents(self)
        self._open: set[object] = set()
        self._known: dict[ast.expr, Types | None] = {}

    def of(self, expr: ast.expr) -> Types | None:
        """The kinds that the value of an expression may have; None if it may be anything."""
        if expr in self._known:
            return self._known[expr]
        types = self.module.type_of(expr)
        if (types is None or isinstance(expr, ast.Name)) and expr not in self._open and len(self._open) < _DEEPEST:
            self._open.add(expr)
            try:
                types = self._found(expr, types)
            finally:
                self._open.discard(expr)
            if self._open:
                return types  # not cached: it may depend on a question that is still open
        self._known[expr] = types
        return types

    def _found(self, expr: ast.expr, known: Types | None) -> Types | None:
        """The kinds of a value, given what the engine's inference knows of it."""
        types = known
        if isinstance(expr, ast.Name) and (last := self._narrowing.last(expr)) is not None:
            types = shared(self._binding(last)) or types
        if types is None:
            handler = getattr(self, f"_{type(expr).__name__.lower()}", None)
            types = handler(expr) if handler else None
        if isinstance(expr, ast.Name) and types and types > NONE and self._narrowing.is_never_none(expr):
            types -= NONE
        return types

    def names(self, expr: ast.expr) -> frozenset[str] | None:
        """The names of the kinds, None if the value may be anything."""
        types = self.of(expr)
        return None if types is None else frozenset(type_.name for type_ in types)

    def differ(self, expr: ast.expr) -> bool:
        """Whether the value may be of several known classes that cannot stand for each other."""
        return mixed(self.names(expr) or frozenset())

    def iterated(self, expr: ast.expr) -> Types | None:
        """The kinds of the elements that iteration over an expression yields."""
        types = self.of(expr)
        return None if types is None else union(map(self._element, types))

    def _element(self, type_: Type) -> Types | None:
        """The kinds of the elements of a value; none if iteration over it raises."""
        if type_.name in NUMBERS or type_.name == "NoneType":
            return NOTHING
        if type_.name == "json.array" and not self._documents.are_kept:
            return None
        return element_of(type_)

    # --- expressions -----------------------------------------------------------------------------------------

    def _ifexp(self, expr: ast.IfExp) -> Types | None:
        return union([self.of(expr.body), self.of(expr.orelse)])

    def _boolop(self, expr: ast.BoolOp) -> Types | None:
        return union(map(self.of, expr.values))

    def _namedexpr(self, expr: ast.NamedExpr) -> Types | None:
        return self.of(expr.value)

    def _binop(self, expr: ast.BinOp) -> Types | None:
        left, right = self.names(expr.left), self.names(expr.right)
        if left is None:
            return None
        if isinstance(expr.op, ast.Mod) and left == {"str"}:
            return STR
        if isinstance(expr.op, ast.Add) and left == right and len(left) == 1 and left <= _ADDABLE:
            return frozenset(map(Type, left))
        if isinstance(expr.op, ast.Div) and left <= {"pathlib.Path"}:
            return parse("pathlib.Path")
        return arithmetic.of_binary(expr.op, left, right) if right is not None else None

    def _compare(self, expr: ast.Compare) -> Types | None:
        names = [self.names(side) for side in (expr.left, *expr.comparators)]
        plain = all(item is not None and item <= SCALARS | JSON for item in names)
        return frozenset({Type("bool")}) if plain else None

    def _unaryop(self, expr: ast.UnaryOp) -> Types | None:
        names = self.names(expr.operand)
        return arithmetic.of_unary(names) if names is not None else None

    def _subscript(self, expr: ast.Subscript) -> Types | None:
        types = self.of(expr.value)
        if types is None:
            return None
        if not JSON.isdisjoint(type_.name for type_ in types):
            return self._documents.item(types, expr)
        if isinstance(expr.slice, ast.Slice):
            return types if all(item.name in {"str", "bytes", "list", "tuple"} for item in types) else None
        if isinstance(expr.value, ast.Call):  # a new object without other references
            return union(element_of(item) if item.name in {"list", "str", "bytes", "tuple"} else None for item in types)
        return STR if all(item.name in {"str", "os.environ"} for item in types) else None

    def _attribute(self, expr: ast.Attribute) -> Types | None:
        own = self._own_attribute(expr)
        if own is not None:
            return own
        found = [item for item in self.of(expr.value) or () if not lacks(item.name, expr.attr)]
        rows = [knowledge().method(item.name, expr.attr) for item in found]
        if not rows:
            return None
        return union(parse(row.returns) if row is not None and row.is_property else None for row in rows)

    def _own_attribute(self, expr: ast.Attribute) -> Types | None:
        """The kinds of an attribute of ``self``."""
        owner = self.world.is_self(expr.value) if isinstance(expr.value, ast.Name) else None
        if owner is None or not self.world.is_alone or not self.module.is_closed:
            return None
        stores = self.world.assigned_attributes.get(expr.attr, [])
        if not stores or not self.world.always_has(owner, expr.attr) or self.world.defines(expr.attr):
            return None
        values: list[Types | None] = []
        for store in stores:
            parent = self.module.parent(store)
            values.append(self.of(parent.value) if isinstance(parent, ast.Assign) else None)
        return shared(union(values))

    def _call(self, call: ast.Call) -> Types | None:
        qualified = self.module.qualified_name(call.func)
        if qualified is not None:
            row = knowledge().rows.get(qualified)
            return self._result(row, call) if row is not None else None
        definition = self.module.local_class(call.func)
        if definition is not None:
            return frozenset({Type(OWN_CLASS + definition.name)})
        function = self.module.local_function(call.func)
        if function is not None:
            return self._returned(function)
        return self._method(call, call.func) if isinstance(call.func, ast.Attribute) else None

    def _result(self, row: Row, call: ast.Call) -> Types | None:
        """The kinds of the result of a function with a row."""
        types = parse(row.returns)
        if types is None or JSON.isdisjoint(type_.name for type_ in types):
            return types
        return types if self._documents.is_plain(call) else None

    def _method(self, call: ast.Call, func: ast.Attribute) -> Types | None:
        types = self.of(func.value)
        if types is None:
            return None
        found: list[Types | None] = []
        for type_ in types:
            row = knowledge().method(type_.name, func.attr)
            if not lacks(type_.name, func.attr):  # else it raises AttributeError, and contributes no value
                found.append(self._method_result(type_, row, call) if row is not None else None)
        return union(found)

    def _method_result(self, type_: Type, row: Row, call: ast.Call) -> Types | None:
        if type_.name not in JSON:
            return self._result(row, call)
        return self._documents.result(row, call)

    def _returned(self, function: ast.AST) -> Types | None:
        """The kinds of the results of a function of the module; None if one return value may be anything."""
        if function in self._open or not isinstance(function, ast.FunctionDef):
            return None
        scope = self.module.index.scopes[function]
        nodes = [node for node in ast.walk(function) if self.module.index.parent.get(node) is not None]
        if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes):
            return None
        self._open.add(function)
        try:
            returns = [node for node in nodes if isinstance(node, ast.Return) and self.module.scope(node) is scope]
            values = [self.of(node.value) if node.value is not None else parse("NoneType") for node in returns]
        finally:
            self._open.discard(function)
        if self.module.completions.completes(function.body):
            values.append(parse("NoneType"))
        return shared(union(values))

    # --- variables -------------------------------------------------------------------------------------------

    def _name(self, name: ast.Name) -> Types | None:
        found = self.module.scope(name).lookup(name.id)
        return shared(self._variable(*found)) if found else None

    def _variable(self, scope: Scope, bindings: list[Binding]) -> Types | None:
        if scope.kind is ScopeKind.CLASS or scope.star_imports:
            return None
        if scope.kind is ScopeKind.MODULE and (not self.module.is_closed or self.module.reads_own_names):
            return None
        found: Types = NOTHING
        changes: list[ast.AugAssign] = []
        for binding in bindings:
            parent = self.module.parent(binding.node)
            if isinstance(parent, ast.AugAssign):
                changes.append(parent)
                continue
            types = self._binding(binding)
            if types is None:
                return None
            found |= types
        return found if found and all(self._keeps(found, change) for change in changes) else None

    def _keeps(self, before: Types, change: ast.AugAssign) -> bool:
        """Whether ``name op= value`` keeps the class of the variable, as ``+=`` of lists and texts does."""
        names = {type_.name for type_ in before}
        if not isinstance(change.op, ast.Add):
            return False
        return names == {"list"} or names == {"str"} and self.names(change.value) == {"str"}

    def _binding(self, binding: Binding) -> Types | None:
        if binding.kind is BindingKind.DELETE:
            return NOTHING
        if binding.kind is BindingKind.EXCEPT:
            return frozenset({Type("exception")})
        if binding.kind is BindingKind.PARAMETER:
            return self._parameter(binding)
        if binding.kind is not BindingKind.NAME:
            return None
        parent = self.module.parent(binding.node)
        if isinstance(parent, (ast.Assign, ast.NamedExpr)):
            return self.of(parent.value)
        if isinstance(parent, ast.AnnAssign):
            return self.of(parent.value) if parent.value is not None else NOTHING
        if isinstance(parent, (ast.For, ast.comprehension)):
            return self.iterated(parent.iter)
        if isinstance(parent, ast.withitem):
            return self.entered(parent.context_expr)
        if isinstance(parent, ast.Tuple):
            return self._unpacked(parent, binding.node)
        return None

    def _unpacked(self, target: ast.Tuple, part: ast.AST) -> Types | None:
        """The kinds that ``a, b = value``, or a loop over such values, assigns to one of its targets."""
        parent = self.module.parent(target)
        if any(isinstance(item, ast.Starred) for item in target.elts):
            return None
        place = next(number for number, item in enumerate(target.elts) if item is part)
        match parent:
            case ast.For(iter=iterable) | ast.comprehension(iter=iterable):
                types = self.iterated(iterable)
            case ast.Assign(value=ast.Tuple(elts=values)) if len(values) == len(target.elts):
                return self.of(values[place])
            case ast.Assign(value=value):
                types = self.of(value)
            case _:
                return None
        if types is None:
            return None
        return union(
            self._element(item) if item.items is None else item.items[place] if place < len(item.items) else NOTHING
            for item in types
        )

    def _parameter(self, binding: Binding) -> Types | None:
        """The kinds of a parameter: the class for ``self``, the union over all calls for any other."""
        function = binding.scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        owner = self.module.parent(function)
        if isinstance(owner, ast.ClassDef):
            is_self = parameter_at(function, 0) is binding.node and function.name != "__new__"
            plain = is_self and not function.decorator_list
            return frozenset({Type(OWN_CLASS + owner.name)}) if plain else None
        calls = self.module.every_call(function)
        if not calls or binding.node not in parameters(function):
            return None
        values: list[Types | None] = []
        for call in calls:
            passed = argument(function, call, binding.node)
            values.append(self.of(passed) if passed is not None else None)
        return shared(union(values))

    def entered(self, expr: ast.expr) -> Types | None:
        """The kinds that ``with expr as name`` binds, by the rows of ``__enter__``."""
        types = self.of(expr)
        if types is None:
            return None
        found: list[Types | None] = []
        for type_ in types:
            row = knowledge().method(type_.name, "__enter__")
            found.append(parse(row.returns) or frozenset({type_}) if row is not None else None)
        return union(found)
