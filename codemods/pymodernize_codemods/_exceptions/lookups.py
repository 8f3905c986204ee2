"""What reading an attribute or an item can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.library.results import PROPERTIES
from pymodernize_codemods._exceptions.kinds import NUMBERS, OWN_CLASS, SEQUENCES
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

_MAPPINGS = frozenset({"dict", "os.environ", "collections.OrderedDict", "json.object"})
_FREE_MAPPINGS = frozenset({"collections.Counter"})
_TYPING = ("typing.", "collections.abc.", "builtins.")


class Lookups(Part):
    """The reads of attributes and items in one module."""

    def of(self, expr: ast.Attribute | ast.Subscript) -> Iterator[Operation]:
        """The operations of a lookup and of its operands.

        Args:
            expr: ``value.name`` or ``value[item]``.
        """
        if isinstance(expr, ast.Subscript):
            if (self.module.qualified_name(expr.value) or "").startswith(_TYPING):
                return  # list[int], typing.Any
            yield from self.analysis.expressions.of(expr.value)
            yield from self.analysis.expressions.of(expr.slice)
            yield from self.item(expr)
        elif (qualified := self.module.qualified_name(expr)) is not None:
            yield from self._qualified(expr, qualified)
        else:
            yield from self.analysis.expressions.of(expr.value)
            yield from self.attribute(expr)

    def _qualified(self, expr: ast.Attribute, qualified: str) -> Iterator[Operation]:
        """The operations of reading an attribute of an imported module."""
        root: ast.expr = expr
        while isinstance(root, ast.Attribute):
            root = root.value
        yield from self.analysis.expressions.of(root)
        known = knowledge()
        there = qualified in known.values or qualified in known.rows or qualified in known.exceptions
        there = there or qualified in known.aliases or known.knows_class(qualified)
        there = there or self.row_of(qualified) is not None
        if there or qualified in known.holders:
            return
        if self.world.is_known(qualified) or qualified.startswith("builtins."):
            yield self.operation(expr, "AttributeError")
        else:
            yield self.operation(expr, "AttributeError", unknown=f"what {qualified} is, is not known")

    def attribute(self, expr: ast.Attribute) -> Iterator[Operation]:
        """The operations of reading an attribute of a value."""
        types = self.kinds.of(expr.value)
        if types is None:
            yield from self._unknown_attribute(expr)
            return
        for name in sorted({type_.name for type_ in types}):
            if name.startswith(OWN_CLASS):
                yield from self._own_attribute(expr, name.removeprefix(OWN_CLASS))
            elif (row := knowledge().method(name, expr.attr)) is not None:
                if row.is_property:
                    yield self.operation(expr, *row.raises, trusts=row.trusts)
            elif expr.attr in PROPERTIES.get(name, ()):
                continue  # each instance has it
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
        """The operations of reading an attribute of an instance of a class of this module."""
        found = self.module.index.scope.bindings.get(name, ())
        definition = found[0].node if len(found) == 1 else None
        if not isinstance(definition, ast.ClassDef) or not self.world.is_alone:
            yield from self._unknown_attribute(expr)
            return
        defined = self.world.methods.get(expr.attr, ())
        if not self.world.always_has(definition, expr.attr) or any(_runs(item) for item in defined):
            yield from self._unknown_attribute(expr)

    def item(self, expr: ast.Subscript) -> Iterator[Operation]:
        """The operations of reading an item."""
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
                    yield from self.analysis.expressions.as_index(expr.slice)
            elif name in _MAPPINGS or name in _FREE_MAPPINGS:
                if name in _MAPPINGS:
                    yield self.operation(expr, "KeyError")
                yield from self.analysis.expressions.hashed(expr.slice)
                if name == "os.environ" and not self.is_plain(expr.slice):
                    yield self.operation(expr, "TypeError")  # its keys are texts
            elif name == "NoneType" or name in NUMBERS:
                yield self.operation(expr, "TypeError")
            elif (row := knowledge().method(name, "__getitem__")) is not None:
                yield self.operation(expr, *row.raises, trusts=row.trusts)
            else:
                yield self.guarded(expr, ("IndexError", "KeyError", "TypeError"), ("__getitem__",))

    def _is_within(self, expr: ast.Subscript) -> bool:
        """Whether a constant index is certainly in range: of a tuple of known length, or of the parts of a split."""
        types = self.kinds.of(expr.value) or frozenset()
        place = expr.slice.value if isinstance(expr.slice, ast.Constant) else None
        if isinstance(expr.slice, ast.UnaryOp) and isinstance(expr.slice.operand, ast.Constant):
            place = -expr.slice.operand.value if isinstance(expr.slice.operand.value, int) else None
        if not isinstance(place, int) or not types:
            return False
        if self._is_split(expr.value) and place in {0, -1}:
            return True  # splitting at a separator gives at least one part
        return all(type_.items is not None and -len(type_.items) <= place < len(type_.items) for type_ in types)

    def _is_split(self, expr: ast.expr) -> bool:
        """Whether an expression is ``text.split(separator)`` with a separator that is not empty."""
        if not isinstance(expr, ast.Call) or not isinstance(expr.func, ast.Attribute):
            return False
        separated = bool(expr.args) and isinstance(expr.args[0], ast.Constant) and expr.args[0].value
        return expr.func.attr in {"split", "rsplit"} and bool(separated) and self.is_plain(expr.func.value)


def _runs(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether reading the attribute may run the function: any decorated one may be a property."""
    return bool(function.decorator_list)
