"""The lattice of types: sets of exact classes, their joins, and the results of operators on them.

A type is the set of classes that a value may have: a name that is bound to an
int at one place and a str at another has both. ``None`` is the top, "anything";
the empty set is the bottom. Classes are exact, without subclasses; the type of
a value that code outside the module may pass is "anything".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from pymodernize.semantics.library import results


@dataclass(frozen=True)
class Type:
    """An exact class, with the types of its items where they are known.

    Attributes:
        name: the class: ``str``, ``datetime.datetime``; ``exception`` stands
            for an instance of a library's or this module's exception class.
        items: for a tuple of known length, the types of each item.
        element: the types of the elements that iteration yields.
        value: for a mapping, the types of its values.
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
# Classes whose instances are immutable.
_IMMUTABLE = frozenset({"str", "bytes", "range", "tuple"})


@cache
def parse(notation: str) -> Types | None:
    """Types from the notation of :mod:`pymodernize.semantics.library.results`, e.g. ``list[str] | NoneType``."""
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


def names_of(types: Types) -> set[str]:
    """The class names of a set of types."""
    return {type_.name for type_ in types}


def element_of(type_: Type) -> Types | None:
    """The types of the items that iteration over a value yields."""
    if type_.items is not None:
        return joined(type_.items)
    return type_.element if type_.element is not None else parse(results.ELEMENTS.get(type_.name, ""))


def union(parts: Iterable[Types | None]) -> Types | None:
    """The join of several types; None if one of them is "anything"."""
    whole: Types = NOTHING
    for part in parts:
        if part is None:
            return None
        whole |= part
    return whole


def joined(items: tuple[Types, ...]) -> Types:
    """The join of the types of a tuple's items."""
    return frozenset().union(*items)


def is_open(type_: Type) -> bool:
    """Whether the type has items of a mutable container, which may change through an alias."""
    if type_.name not in _IMMUTABLE:
        return type_.element is not None or type_.value is not None
    return any(is_open(inner) for item in (*(type_.items or ()), type_.element or NOTHING) for inner in item)


def is_vague(type_: Type) -> bool:
    """Whether a value is a container whose items are unknown."""
    return type_.name in {"list", "set", "dict"} and type_.element is None


def shared(types: Types | None) -> Types | None:
    """The types of a value that may have aliases: without the items of mutable containers."""
    if types is None or not any(map(is_open, types)):
        return types
    return frozenset(
        replace(type_, items=shared_items(type_.items), element=shared(type_.element))
        if type_.name in _IMMUTABLE
        else Type(type_.name)
        for type_ in types
    )


def shared_items(items: tuple[Types, ...] | None) -> tuple[Types, ...] | None:
    """The same for each item of a tuple."""
    return tuple(shared(item) or NOTHING for item in items) if items is not None else None


def nesting(types: Types | None) -> int:
    """The depth of nested containers, which a recursive function may increase without bound."""
    if not types:
        return 0
    return 1 + max(
        max(nesting(type_.element), nesting(type_.value), *(nesting(item) for item in type_.items or ()), 0)
        for type_ in types
    )


def operated(op: ast.operator, left: str, right: str) -> Types | None:
    """The types of an operation on two exact builtin classes; None if it is unknown or raises."""
    pair = {left, right}
    if isinstance(op, ast.Add) and left == right and left in {"str", "bytes"}:
        return frozenset({Type(left)})
    if isinstance(op, ast.Add) and left == right == "list":
        return frozenset({Type("list")})
    if isinstance(op, ast.Mult) and pair & {"str"} and pair <= {"str", "int", "bool"} and pair != {"str"}:
        return STR
    if isinstance(op, ast.Div) and "pathlib.Path" in pair and pair <= {"str", "pathlib.Path"}:
        return frozenset({Type("pathlib.Path")})
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
