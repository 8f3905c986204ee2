"""What storing to a target, augmented assignment and deletion can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.types import Types, element_of, union
from pymodernize_codemods._exceptions.kinds import OWN_CLASS, PLAIN_ITERABLES, SCALARS, lacks
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

_MAPPINGS = frozenset(
    {"dict", "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "json.object"}
)


class Targets(Part):
    """The stores and deletions in one module."""

    def store(self, target: ast.expr, value: ast.expr | None) -> Iterator[Operation]:
        """The operations of assigning a value to a target; if the expression is None, the value is unknown."""
        if isinstance(target, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            starred = any(isinstance(item, ast.Starred) for item in target.elts)
            if same and not starred and isinstance(value, (ast.Tuple, ast.List)):
                for part, item in zip(target.elts, value.elts, strict=True):
                    yield from self.store(part, item)
                return
            types = self.kinds.of(value) if value is not None else None
            yield from self._unpack(target, value or target, types)
        else:
            yield from self._store_one(target)

    def store_each(self, target: ast.expr, iterable: ast.expr) -> Iterator[Operation]:
        """The operations of assigning each element of an iterable to a target."""
        if isinstance(target, (ast.Tuple, ast.List)):
            yield from self._unpack(target, iterable, self._items_of(iterable))
        else:
            yield from self._store_one(target)

    def _items_of(self, iterable: ast.expr) -> Types | None:
        types = self.kinds.of(iterable)
        return None if types is None else union(map(element_of, types))

    def _unpack(self, target: ast.Tuple | ast.List, value: ast.expr, types: Types | None) -> Iterator[Operation]:
        """The operations of ``a, b = value``."""
        what = f"unpacking of {self.text(value)}"
        starred = any(isinstance(item, ast.Starred) for item in target.elts)
        if types is None and self._gives_pairs(value) and len(target.elts) == 2:
            pass
        elif types is None:
            found = self.guarded(value, ("TypeError", "ValueError"), ("__iter__", "__next__"))
            yield Operation(value, what, found.types, found.unknown)
        elif any(type_.items is None or len(type_.items) != len(target.elts) or starred for type_ in types):
            names = {type_.name for type_ in types}
            wrong = {"TypeError"} if "NoneType" in names or len(names) > 1 and not names <= PLAIN_ITERABLES else set()
            yield Operation(value, what, frozenset({"ValueError", *wrong}))
        for part in target.elts:
            inner = part.value if isinstance(part, ast.Starred) else part
            if isinstance(inner, (ast.Tuple, ast.List)):
                yield from self._unpack(inner, inner, None)
            else:
                yield from self._store_one(inner)

    def _gives_pairs(self, value: ast.expr) -> bool:
        """Whether iteration over a call always yields pairs: ``enumerate(x)``, ``d.items()``."""
        if not isinstance(value, ast.Call):
            return False
        if isinstance(value.func, ast.Attribute) and value.func.attr == "items" and not value.args:
            names = self.kinds.names(value.func.value)
            # A value without items() raises, and is not unpacked.
            return names is not None and {name for name in names if not lacks(name, "items")} <= _MAPPINGS | {
                "os.environ"
            }
        return self.module.qualified_name(value.func) == "builtins.enumerate"

    def _store_one(self, target: ast.expr) -> Iterator[Operation]:
        if isinstance(target, ast.Attribute):
            yield from self._store_attribute(target)
        elif isinstance(target, ast.Subscript):
            yield from self.analysis.expression(target.value)
            yield from self.analysis.expression(target.slice)
            yield from self._store_item(target)
        elif isinstance(target, ast.Starred):
            yield from self._store_one(target.value)

    def _store_attribute(self, target: ast.Attribute) -> Iterator[Operation]:
        if self.module.qualified_name(target) is not None:
            return  # a module's
        yield from self.analysis.expression(target.value)
        names = self.kinds.names(target.value)
        if names and all(name.startswith(OWN_CLASS) for name in names) and self.world.is_alone:
            peculiar = self.world.defines("__setattr__", "__set__", target.attr) or self._has_slots()
            if not peculiar:
                return
        setters = self.world.methods.get(target.attr, ())
        for setter in setters:
            yield self.analysis.function(setter).at(target, f"assignment to {self.text(target)}")
        yield self.guarded(target, ("AttributeError",), ("__setattr__", "__set__"))

    def _has_slots(self) -> bool:
        return any(name.id == "__slots__" for name in self.module.nodes(ast.Name))

    def _store_item(self, target: ast.Subscript) -> Iterator[Operation]:
        expressions = self.analysis.expressions
        names = self.kinds.names(target.value)
        if names is None:
            found = ("IndexError", "KeyError", "TypeError", "ValueError")
            yield self.guarded(target, found, ("__setitem__",))
            return
        for name in sorted(names):
            if name in _MAPPINGS:
                yield from expressions.hashed(target.slice)
            elif name in {"list", "json.array"} and not isinstance(target.slice, ast.Slice):
                yield self.operation(target, "IndexError")
                yield from expressions.as_index(target.slice)
            elif name in SCALARS or name == "tuple":
                yield self.operation(target, "TypeError")
            elif name == "os.environ":
                yield self.operation(target, "OSError", "TypeError", "ValueError")
            else:
                found = ("IndexError", "KeyError", "TypeError", "ValueError")
                yield self.guarded(target, found, ("__setitem__",))

    def augmented(self, statement: ast.AugAssign) -> Iterator[Operation]:
        """The operations of ``target op= value``, without those of evaluating the value."""
        target = statement.target
        if isinstance(target, ast.Name):
            if not self.analysis.bound.is_certain(target):
                yield self.operation(target, "NameError")
        elif isinstance(target, ast.Attribute):
            yield from self.analysis.expression(target.value)
            yield from self.analysis.lookups.attribute(target)
            yield from self._store_attribute(target)
        else:
            yield from self.analysis.expression(target.value)
            yield from self.analysis.expression(target.slice)
            yield from self.analysis.lookups.item(target)
            yield from self._store_item(target)
        if self.kinds.names(target) == {"list"} and isinstance(statement.op, ast.Add):
            yield from self.analysis.loops.over(statement.value)
        else:
            yield from self.analysis.operators.binary(statement, statement.op, target, statement.value)

    def delete(self, target: ast.expr) -> Iterator[Operation]:
        """The operations of ``del target``."""
        if isinstance(target, ast.Name):
            yield self.operation(target, "NameError")
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                yield from self.delete(part)
        elif isinstance(target, ast.Attribute):
            yield from self.analysis.expression(target.value)
            yield self.guarded(target, ("AttributeError",), ("__delattr__", "__delete__", target.attr))
        elif isinstance(target, ast.Subscript):
            yield from self.analysis.expression(target.value)
            yield from self.analysis.expression(target.slice)
            yield from self._delete_item(target)

    def _delete_item(self, target: ast.Subscript) -> Iterator[Operation]:
        expressions = self.analysis.expressions
        names = self.kinds.names(target.value)
        if names is not None and names <= _MAPPINGS | {"os.environ"}:
            yield self.operation(target, "KeyError")
            yield from expressions.hashed(target.slice)
        elif names == {"list"}:
            if not isinstance(target.slice, ast.Slice):
                yield self.operation(target, "IndexError")
                yield from expressions.as_index(target.slice)
        else:
            yield self.guarded(target, ("IndexError", "KeyError", "TypeError"), ("__delitem__",))
