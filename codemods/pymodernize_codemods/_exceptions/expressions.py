"""What expressions can raise: operators, subscripts, attributes, formatting, loops over values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pymodernize_codemods._exceptions.kinds import OWN_CLASS, mixed
from pymodernize_codemods._exceptions.knowledge import knowledge
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

if TYPE_CHECKING:
    pass

NUMBERS = frozenset({"int", "float", "bool", "complex"})
SEQUENCES = frozenset({"str", "bytes", "bytearray", "list", "tuple", "range", "collections.deque"})
SETS = frozenset({"set", "frozenset"})
FILES = frozenset({"io.TextIOWrapper", "io.BufferedIOBase"})
# Iterating over these runs no code but their own, which raises nothing.
PLAIN_ITERABLES = SEQUENCES | SETS | {"dict", "os.environ", "collections.OrderedDict", "collections.defaultdict"}
PLAIN_ITERABLES |= {"collections.Counter", "dict_keys", "dict_values", "dict_items"}
SCALARS = NUMBERS | {"NoneType", "str", "bytes"}
_HASHABLE = SCALARS | {"tuple", "exception", "datetime.datetime", "datetime.date", "pathlib.Path"}
_MAPPINGS = frozenset({"dict", "os.environ", "collections.OrderedDict"})
_FREE_MAPPINGS = frozenset({"collections.Counter"})
_TYPING = ("typing.", "collections.abc.", "builtins.")
_ARITHMETIC = tuple(
    f"__{prefix}{name}__"
    for name in "add sub mul truediv floordiv mod divmod pow matmul lshift rshift and or xor".split()
    for prefix in ("", "r", "i")
)
UNKNOWN_VALUE = "the class of the value is not known"


class Expressions(Part):
    """The expressions of one module."""

    def of(self, expr: ast.AST | None) -> Iterator[Operation]:
        """The operations of an expression, from the inside."""
        if expr is None:
            return
        handler = getattr(self, f"_{type(expr).__name__.lower()}", None)
        if handler is not None:
            yield from handler(expr)
        else:
            yield from self.children(expr)

    def children(self, expr: ast.AST) -> Iterator[Operation]:
        """The operations of everything inside of an expression."""
        for child in ast.iter_child_nodes(expr):
            if isinstance(child, ast.expr):
                yield from self.of(child)

    def text(self, node: ast.AST) -> str:
        """A node's source on one line, shortened."""
        text = " ".join(self.module.text(node).split())
        return text if len(text) <= 50 else f"{text[:47]}..."

    def operation(self, node: ast.AST, *types: str, unknown: str = "", ends: str = "") -> Operation:
        """An operation that is called as it is written."""
        return Operation(node, self.text(node), frozenset(types), unknown, ends)

    def guarded(self, node: ast.AST, types: Iterable[str], methods: tuple[str, ...] = ()) -> Operation:
        """An operation on a value of an unknown class.

        It is closed if every value is of a class of the library or of this
        module, and no class of this module answers by a method of its own.
        """
        if self.world.is_closed and not self.world.defines(*methods):
            return self.operation(node, *types)
        return self.operation(node, *types, unknown=f"{UNKNOWN_VALUE}; a class of its own may answer in any way")

    def is_plain(self, expr: ast.expr) -> bool:
        """Whether the kind of a value is known, and that is one alone and not None."""
        names = self.kinds.names(expr)
        return names is not None and "NoneType" not in names and not mixed(names)

    # --- atoms -----------------------------------------------------------------------------------------------

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
        yield self.operation(expr, unknown=why, ends=why)

    def _yield(self, expr: ast.Yield | ast.YieldFrom) -> Iterator[Operation]:
        yield from self.of(expr.value)
        why = "whoever iterates over the generator can close it here or throw anything in"
        yield self.operation(expr, unknown=why, ends=why)

    _yieldfrom = _yield

    def _starred(self, expr: ast.Starred) -> Iterator[Operation]:
        yield from self.of(expr.value)
        yield from self.iteration(expr.value)

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
        """The use of a value as a key."""
        names = self.kinds.names(expr)
        if names is None:
            yield self.guarded(expr, ("TypeError",), ("__hash__",))
        elif not names <= _HASHABLE and any(name.startswith(OWN_CLASS) for name in names):
            yield self.guarded(expr, ("TypeError",), ("__hash__", "__eq__"))
        elif mixed(names) and not names <= _HASHABLE:
            yield self.operation(expr, "TypeError")

    # --- names with dots, subscripts -------------------------------------------------------------------------

    def _attribute(self, expr: ast.Attribute) -> Iterator[Operation]:
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            yield from self._qualified(expr, qualified)
            return
        yield from self.of(expr.value)
        yield from self.attribute(expr)

    def _qualified(self, expr: ast.Attribute, qualified: str) -> Iterator[Operation]:
        """An attribute of a module."""
        root: ast.expr = expr
        while isinstance(root, ast.Attribute):
            root = root.value
        yield from self.of(root)
        known = knowledge()
        there = qualified in known.values or qualified in known.rows or qualified in known.exceptions
        there = there or qualified in known.aliases or known.knows_class(qualified)
        if there or qualified in known.holders:
            return
        if self.world.is_known(qualified) or qualified.startswith("builtins."):
            yield self.operation(expr, "AttributeError")
        else:
            yield self.operation(expr, "AttributeError", unknown=f"what {qualified} is, is not known")

    def attribute(self, expr: ast.Attribute) -> Iterator[Operation]:
        """The read of an attribute of a value."""
        types = self.kinds.of(expr.value)
        if types is None:
            yield from self._unknown_attribute(expr)
            return
        for name in sorted({type_.name for type_ in types}):
            if name.startswith(OWN_CLASS):
                yield from self._own_attribute(expr, name.removeprefix(OWN_CLASS))
            elif (row := knowledge().method(name, expr.attr)) is not None:
                if row.is_property:
                    yield self.operation(expr, *row.raises)
            elif name == "NoneType" or knowledge().knows_class(name) or name == "exception":
                yield self.operation(expr, "AttributeError")
            else:
                yield self.operation(expr, "AttributeError", unknown=f"the attributes of {name} are not known")

    def _unknown_attribute(self, expr: ast.Attribute) -> Iterator[Operation]:
        summaries = [self.analysis.function(item) for item in self.world.methods.get(expr.attr, ()) if _runs(item)]
        for hook in ("__getattr__", "__getattribute__"):
            summaries += [self.analysis.function(item) for item in self.world.methods.get(hook, ())]
        for summary in summaries:
            yield summary.at(expr, self.text(expr))
        yield self.guarded(expr, ("AttributeError",))

    def _own_attribute(self, expr: ast.Attribute, name: str) -> Iterator[Operation]:
        """An attribute of an instance of a class of this module."""
        found = self.module.index.scope.bindings.get(name, ())
        definition = found[0].node if len(found) == 1 else None
        if not isinstance(definition, ast.ClassDef) or not self.world.is_alone:
            yield from self._unknown_attribute(expr)
            return
        defined = self.world.methods.get(expr.attr, ())
        if not self.world.always_has(definition, expr.attr) or any(_runs(item) for item in defined):
            yield from self._unknown_attribute(expr)

    def _subscript(self, expr: ast.Subscript) -> Iterator[Operation]:
        if (self.module.qualified_name(expr.value) or "").startswith(_TYPING):
            return  # list[int], typing.Any
        yield from self.of(expr.value)
        yield from self.of(expr.slice)
        yield from self.subscript(expr)

    def _slice(self, expr: ast.Slice) -> Iterator[Operation]:
        yield from self.children(expr)
        for bound in (expr.lower, expr.upper, expr.step):
            if bound is not None:
                yield from self.as_index(bound, may_be_none=True)

    def as_index(self, expr: ast.expr, *, may_be_none: bool = False) -> Iterator[Operation]:
        """The use of a value as an index of a list or text, or as a bound of a slice."""
        names = self.kinds.names(expr)
        if names is None:
            yield self.guarded(expr, ("TypeError",), ("__index__",))
        elif mixed(names - {"NoneType"} if may_be_none else names):
            yield self.operation(expr, "TypeError")

    def subscript(self, expr: ast.Subscript) -> Iterator[Operation]:
        """The read of an item."""
        types = self.kinds.of(expr.value)
        is_slice = isinstance(expr.slice, ast.Slice)
        if types is None:
            found = ("TypeError", "KeyError") if is_slice else ("IndexError", "KeyError", "TypeError")
            yield self.guarded(expr, found, ("__getitem__", "__missing__", "__class_getitem__"))
            return
        for name in sorted({type_.name for type_ in types}):
            if name in SEQUENCES:
                if not is_slice and not self._is_within(expr):
                    yield self.operation(expr, "IndexError")
                if not is_slice:
                    yield from self.as_index(expr.slice)
            elif name in _MAPPINGS or name in _FREE_MAPPINGS:
                if name in _MAPPINGS:
                    yield self.operation(expr, "KeyError")
                yield from self.hashed(expr.slice)
                if name == "os.environ" and not self.is_plain(expr.slice):
                    yield self.operation(expr, "TypeError")  # its keys are texts
            elif name == "NoneType":
                yield self.operation(expr, "TypeError")
            elif (row := knowledge().method(name, "__getitem__")) is not None:
                yield self.operation(expr, *row.raises)
            else:
                yield self.guarded(expr, ("IndexError", "KeyError", "TypeError"), ("__getitem__",))

    def _is_within(self, expr: ast.Subscript) -> bool:
        """Whether a constant index is inside a tuple of known length, or that of a method that gives three parts."""
        types = self.kinds.of(expr.value) or frozenset()
        place = expr.slice.value if isinstance(expr.slice, ast.Constant) else None
        if isinstance(expr.slice, ast.UnaryOp) and isinstance(expr.slice.operand, ast.Constant):
            place = -expr.slice.operand.value if isinstance(expr.slice.operand.value, int) else None
        if not isinstance(place, int) or not types:
            return False
        if self._is_split(expr.value) and place in {0, -1}:
            return True  # the parts of a text that is split at a separator are at least one
        return all(type_.items is not None and -len(type_.items) <= place < len(type_.items) for type_ in types)

    def _is_split(self, expr: ast.expr) -> bool:
        """Whether it is ``text.split(separator)`` with a separator."""
        if not isinstance(expr, ast.Call) or not isinstance(expr.func, ast.Attribute):
            return False
        separated = bool(expr.args) and isinstance(expr.args[0], ast.Constant) and expr.args[0].value
        return expr.func.attr in {"split", "rsplit"} and bool(separated) and self.is_plain(expr.func.value)

    # --- operators -------------------------------------------------------------------------------------------

    def _binop(self, expr: ast.BinOp) -> Iterator[Operation]:
        yield from self.of(expr.left)
        yield from self.of(expr.right)
        yield from self.operator(expr, expr.op, expr.left, expr.right)

    def operator(self, node: ast.AST, op: ast.operator, left: ast.expr, right: ast.expr) -> Iterator[Operation]:
        """``left op right``."""
        one, other = self.kinds.names(left), self.kinds.names(right)
        if isinstance(op, ast.Mod) and one == {"str"}:
            yield from self._formatting(node, left, right)
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
        """What an operator raises on numbers."""
        constant = right.value if isinstance(right, ast.Constant) else None
        if isinstance(op, (ast.Div, ast.FloorDiv, ast.Mod)):
            return set() if isinstance(constant, (int, float)) and constant else {"ZeroDivisionError"}
        if isinstance(op, ast.Pow):
            small = isinstance(constant, int) and 0 <= constant
            return {"OverflowError"} if small else {"OverflowError", "ZeroDivisionError"}
        if isinstance(op, (ast.LShift, ast.RShift)):
            return set() if isinstance(constant, int) and 0 <= constant < 1000 else {"OverflowError", "ValueError"}
        return set()

    def _formatting(self, node: ast.AST, template: ast.expr, values: ast.expr) -> Iterator[Operation]:
        """``template % values``."""
        given = values.elts if isinstance(values, ast.Tuple) else [values]
        types: set[str] = set()
        if not isinstance(template, ast.Constant) or any(not self.is_plain(item) for item in given):
            types |= {"TypeError"}
        if not isinstance(template, ast.Constant):
            types |= {"ValueError", "KeyError", "OverflowError"}
        elif "%c" in str(template.value):
            types |= {"OverflowError"}
        if _INTEGER.search(str(getattr(template, "value", ""))) and not all(map(self._is_whole, given)):
            types |= {"OverflowError", "ValueError"}  # of infinity and what is no number
        if "(" in str(getattr(template, "value", "(")) and not isinstance(values, ast.Dict):
            types |= {"KeyError"}
        for item in given:
            yield from self.formatted(item)
        if types:
            yield self.operation(node, *types)

    def _is_whole(self, expr: ast.expr) -> bool:
        names = self.kinds.names(expr)
        return names is not None and "float" not in names

    def formatted(self, expr: ast.expr) -> Iterator[Operation]:
        """A value turned into text."""
        names = self.kinds.names(expr)
        if names is not None and not any(name.startswith(OWN_CLASS) for name in names):
            return
        hooks = ("__str__", "__repr__", "__format__")
        if not self.world.is_closed:
            yield self.guarded(expr, ())
            return
        for hook in hooks:
            for item in self.world.methods.get(hook, ()):
                yield self.analysis.function(item).at(expr, f"{self.text(expr)} as text")

    def _joinedstr(self, expr: ast.JoinedStr) -> Iterator[Operation]:
        for part in expr.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            yield from self.of(part.value)
            yield from self.formatted(part.value)
            if part.format_spec is not None:
                yield from self.of(part.format_spec)
                names = self.kinds.names(part.value)
                if names is None or not names <= {"int", "bool", "str"} or mixed(names):
                    yield Operation(part.value, f"format of {self.text(part.value)}", frozenset(_FORMAT))

    def _unaryop(self, expr: ast.UnaryOp) -> Iterator[Operation]:
        if isinstance(expr.op, ast.Not):
            yield from self.truth(expr.operand)
            return
        yield from self.of(expr.operand)
        if not self.is_plain(expr.operand):
            yield self.guarded(expr, ("TypeError",), ("__neg__", "__pos__", "__invert__"))

    def _boolop(self, expr: ast.BoolOp) -> Iterator[Operation]:
        for value in expr.values[:-1]:
            yield from self.truth(value)
        yield from self.of(expr.values[-1])

    def _ifexp(self, expr: ast.IfExp) -> Iterator[Operation]:
        yield from self.truth(expr.test)
        yield from self.of(expr.body)
        yield from self.of(expr.orelse)

    def truth(self, expr: ast.expr) -> Iterator[Operation]:
        """A value asked whether it is true."""
        yield from self.of(expr)
        if (
            isinstance(expr, (ast.Compare, ast.BoolOp))
            or isinstance(expr, ast.UnaryOp)
            and isinstance(expr.op, ast.Not)
        ):
            return  # their own operations say what there is
        names = self.kinds.names(expr)
        own = names is not None and any(name.startswith(OWN_CLASS) for name in names)
        if (names is None or own) and (not self.world.is_closed or self.world.defines("__bool__", "__len__")):
            yield self.guarded(expr, (), ("__bool__", "__len__"))

    def _compare(self, expr: ast.Compare) -> Iterator[Operation]:
        yield from self.children(expr)
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
        elif one is None or other is None or not one | other <= SCALARS:
            yield self.guarded(node, ("TypeError",), ("__lt__", "__le__", "__gt__", "__ge__"))
        elif "NoneType" in one | other or (mixed(one) or mixed(other)) and not one | other <= NUMBERS:
            yield self.operation(node, "TypeError")

    def _membership(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> Iterator[Operation]:
        names = self.kinds.names(right)
        if names is None or not names <= PLAIN_ITERABLES:
            yield from self.iteration(right)
        elif names & {"str", "bytes", "os.environ"} and not self.is_plain(left):
            yield self.guarded(node, ("TypeError",))
        elif names & (SETS | {"dict"}) and self.kinds.differ(left):
            yield from self.hashed(left)
        elif not names <= {"str", "bytes"} and self.kinds.names(left) is None:
            yield self.guarded(node, ("TypeError",) if names & (SETS | {"dict"}) else (), ("__eq__", "__hash__"))

    # --- loops -----------------------------------------------------------------------------------------------

    def iteration(self, expr: ast.expr) -> Iterator[Operation]:
        """A loop over a value, not the making of the value."""
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
                yield Operation(expr, f"reading of {self.text(expr)}", row.raises)
            else:
                yield self._unknown_iteration(expr)

    def _lazy(self, call: ast.Call) -> Iterator[Operation] | None:
        """The loop over ``enumerate(x)`` and the like, which is one over their arguments."""
        qualified = self.module.qualified_name(call.func)
        if qualified not in {"builtins.enumerate", "builtins.zip", "builtins.reversed", "builtins.iter"}:
            return None
        parts = call.args[:1] if qualified == "builtins.enumerate" else call.args
        return (item for part in parts if not isinstance(part, ast.Starred) for item in self.iteration(part))

    def _unknown_iteration(self, expr: ast.expr) -> Operation:
        what = f"reading of {self.text(expr)}"
        lazy = self.module.nodes(ast.Yield, ast.YieldFrom) or self.module.nodes(ast.GeneratorExp)
        called = self.module.calls("builtins.map", "builtins.filter", "builtins.iter", "csv.reader", "csv.DictReader")
        if self.world.is_closed and not lazy and not called and not self.world.defines("__iter__", "__next__"):
            return Operation(expr, what, frozenset({"TypeError", "OSError", "ValueError"}))
        return Operation(expr, what, frozenset({"TypeError"}), f"{UNKNOWN_VALUE}; it may be a generator")

    def _listcomp(self, expr: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Iterator[Operation]:
        yield from self._generators(expr.generators)
        yield from self.of(expr.elt)
        if isinstance(expr, ast.SetComp):
            yield from self.hashed(expr.elt)

    _setcomp = _generatorexp = _listcomp

    def _dictcomp(self, expr: ast.DictComp) -> Iterator[Operation]:
        yield from self._generators(expr.generators)
        yield from self.of(expr.key)
        yield from self.of(expr.value)
        yield from self.hashed(expr.key)

    def _generators(self, generators: list[ast.comprehension]) -> Iterator[Operation]:
        for item in generators:
            if item.is_async:
                yield self.operation(item.iter, unknown="an asynchronous loop", ends="an asynchronous loop")
            yield from self.of(item.iter)
            yield from self.iteration(item.iter)
            yield from self.analysis.targets.store_each(item.target, item.iter)
            for test in item.ifs:
                yield from self.truth(test)

    def _call(self, call: ast.Call) -> Iterator[Operation]:
        yield from self.analysis.calls.of(call)


_FORMAT = ("OverflowError", "TypeError", "ValueError")
_INTEGER = re.compile(r"%[-+ #0-9.*()\w]*[diouxXc]")


def _runs(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether reading the attribute runs the function: a property, as far as the decorators tell."""
    return bool(function.decorator_list)
