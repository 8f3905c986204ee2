"""The values that json decodes: of which kinds their items are, as long as the module puts nothing into them."""

from __future__ import annotations

import ast
import weakref
from functools import cached_property
from typing import TYPE_CHECKING

from pymodernize.semantics.library.exceptions import Row, knowledge
from pymodernize.semantics.types import NOTHING, STR, Type, Types, element_of, parse, union

if TYPE_CHECKING:
    from pymodernize_codemods._exceptions.kinds import Kinds

_CONTAINERS = frozenset({"json.object", "json.array"})
# Keywords that do not change which classes a document is decoded to.
_HARMLESS = frozenset({"s", "fp", "encoding", "strict"})
_FILLING = frozenset("append extend insert update setdefault __setitem__ appendleft".split())


class Documents:
    """The decoded documents of one module.

    Args:
        kinds: infers the kinds of the module's values.
    """

    def __init__(self, kinds: Kinds) -> None:
        self.kinds: Kinds = weakref.proxy(kinds)  # they have each other: as a cycle they would outlive the file
        self.module = kinds.module
        self._is_asked = False

    @property
    def are_kept(self) -> bool:
        """Whether the module certainly puts nothing into a document."""
        if self._is_asked:
            return False  # a question about a store depends on itself
        self._is_asked = True
        try:
            return self._is_never_filled
        finally:
            self._is_asked = False

    @cached_property
    def _is_never_filled(self) -> bool:
        filled: list[ast.expr] = [
            node.value for node in self.module.nodes(ast.Subscript) if isinstance(node.ctx, ast.Store)
        ]
        for node in self.module.nodes(ast.AugAssign):
            filled.append(node.target)
        for call in self.module.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in _FILLING:
                filled.append(call.func.value)
        return not any(map(self._may_be_one, filled))

    def _may_be_one(self, expr: ast.expr) -> bool:
        names = self.kinds.names(expr)
        return names is None or not names.isdisjoint(_CONTAINERS)

    def is_plain(self, call: ast.Call) -> bool:
        """Whether a call that decodes a document makes no values of classes of its own."""
        starred = any(isinstance(arg, ast.Starred) for arg in call.args)
        return not starred and all(item.arg in _HARMLESS for item in call.keywords)

    def item(self, types: Types, expr: ast.Subscript) -> Types | None:
        """The kinds of an item or a slice of a value of several kinds, one of them a document's container."""
        if not self.are_kept:
            return None
        is_slice = isinstance(expr.slice, ast.Slice)
        return union(self._item(type_, is_slice=is_slice) for type_ in types)

    def _item(self, type_: Type, *, is_slice: bool) -> Types | None:
        match type_.name:
            case "json.array" if is_slice:
                return frozenset({type_})
            case "json.array" | "json.object":
                # The items of the one and the values of the other are of the same kinds.
                return NOTHING if is_slice else element_of(Type("json.array"))
            case "str":
                return STR
            case "int" | "float" | "bool" | "NoneType":
                return NOTHING  # it raises TypeError
        return None

    def result(self, row: Row, call: ast.Call) -> Types | None:
        """The kinds of the result of a method of a document's container."""
        types = parse(row.returns)
        if types is None or not self.are_kept:
            return None
        own = knowledge().rows.get(f"json.object.{row.name.rpartition('.')[2]}")
        # The default of get() may be of any class.
        given = [self.kinds.of(arg) for arg in call.args[1:]] if own is row else []
        return None if call.keywords else union([types, *given])
