"""Values as bytes and back, of the types that the reader asks for: the bytes name none, and nothing of them is run.

What is written is JSON. Dataclasses and sets are lists, bytes are texts of Latin-1; a type hint says what each list
stands for. What a hint leaves open (:class:`~collections.abc.Hashable`) is a plain value, or one of a few dataclasses
that the reader lists.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Hashable, Sequence
from enum import Enum
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

Value = TypeVar("Value")
Anything: TypeAlias = Any
Convert = Callable[[Anything], Anything]
_PLAIN = (str, int, bool, type(None))


class Form(Generic[Value]):
    """How values of one type are written.

    Args:
        hint: the type: dataclasses, enums, tuples, frozen sets, unions, text, whole numbers, truth values, bytes and
            None, or made of these; ``Hashable`` for any of them.
        classes: frozen dataclasses that may occur where the hint is ``Hashable``, known to the bytes by their place.
    """

    def __init__(self, hint: Anything, classes: Sequence[type] = ()) -> None:
        for item in classes:
            if not dataclasses.is_dataclass(item) or not item.__dataclass_params__.frozen:  # type: ignore[attr-defined]
                raise TypeError(f"{item} is no frozen dataclass")
        self._to_json, self._of_json = _conversions(hint, tuple(classes))

    def dumps(self, value: Value) -> bytes:
        """A value as bytes.

        Raises:
            ValueError: it is not of the type, or cannot be written.
        """
        try:
            return json.dumps(self._to_json(value), separators=(",", ":")).encode("ascii")
        except RecursionError:
            raise ValueError("it is nested too deeply") from None

    def loads(self, data: bytes) -> Value:
        """The value that bytes stand for.

        Raises:
            ValueError: they stand for none of the type.
        """
        try:
            return self._of_json(json.loads(data))
        except (RecursionError, TypeError) as exc:
            raise ValueError(str(exc)) from None


def _conversions(hint: Anything, classes: tuple[type, ...]) -> tuple[Convert, Convert]:
    """What makes JSON of a type's values, and values of JSON. Both raise ValueError for what is no such value."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN or hint is None:
        return _exactly(type(None) if hint is None else hint)
    if hint is bytes:
        return _bytes_to_json, _bytes_of_json
    if hint is Hashable:
        return _of_any(classes)
    if origin in (typing.Union, types.UnionType):
        return _of_union([_conversions(argument, classes) for argument in arguments])
    if origin is tuple and arguments[1:] == (...,):
        return _of_many(tuple, _conversions(arguments[0], classes))
    if origin is tuple:
        return _of_tuple(arguments, classes)
    if origin is frozenset:
        return _of_many(frozenset, _conversions(arguments[0], classes))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _of_enum(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _of_dataclass(hint, classes)
    raise TypeError(f"{hint} has no form")


def _require(is_so: bool) -> None:
    if not is_so:
        raise ValueError("a value of another type")


def _pair(value: Anything) -> tuple[Anything, Anything]:
    if type(value) is list and len(value) == 2:
        return value[0], value[1]
    raise ValueError("two items are asked for")


def _exactly(kind: type) -> tuple[Convert, Convert]:
    def check(value: Anything) -> Anything:
        if type(value) is not kind:
            raise ValueError(f"{kind.__name__} is asked for")
        return value

    return check, check


def _bytes_to_json(value: Anything) -> str:
    _require(type(value) is bytes)
    return value.decode("latin-1")


def _bytes_of_json(value: Anything) -> bytes:
    _require(type(value) is str)
    return value.encode("latin-1")


def _of_enum(kind: type[Enum]) -> tuple[Convert, Convert]:
    members = {member.name: member for member in kind}

    def to_json(value: Anything) -> str:
        _require(type(value) is kind)
        return value.name

    def of_json(name: Anything) -> Enum:
        _require(type(name) is str and name in members)
        return members[name]

    return to_json, of_json


def _of_union(members: list[tuple[Convert, Convert]]) -> tuple[Convert, Convert]:
    """A union: which of its types, and a value of that; None stands for itself."""

    def to_json(value: Anything) -> Anything:
        for number, (convert, _) in enumerate(members):
            try:
                found = convert(value)
            except ValueError:
                continue
            return None if value is None else [number, found]
        raise ValueError("it is of none of the types")

    def of_json(value: Anything) -> Anything:
        if value is None:
            return members[none][1](None)
        number, item = _pair(value)
        _require(type(number) is int and 0 <= number < len(members))
        return members[number][1](item)

    none = next((number for number, (convert, _) in enumerate(members) if _takes_none(convert)), 0)
    return to_json, of_json


def _takes_none(convert: Convert) -> bool:
    try:
        return convert(None) is None
    except ValueError:
        return False


def _of_many(kind: type, item: tuple[Convert, Convert]) -> tuple[Convert, Convert]:
    """A tuple or set of any length, all of one type."""
    item_to_json, item_of_json = item

    def to_json(value: Anything) -> list[Anything]:
        _require(type(value) is kind)
        return [item_to_json(one) for one in value]

    def of_json(value: Anything) -> Anything:
        _require(type(value) is list)
        return kind([item_of_json(one) for one in value])

    return to_json, of_json


def _of_row(hints: Sequence[Anything], classes: tuple[type, ...]) -> tuple[Convert, Convert]:
    """A row of values, each of its own type: as a list in JSON, from and to a list."""
    length = len(hints)
    items = [_conversions(hint, classes) for hint in hints]
    # Most fields are plain: their types are compared all at once.
    plain = [place for place, hint in enumerate(hints) if hint in _PLAIN]
    kinds = tuple(hints[place] for place in plain)
    chosen = itemgetter(*plain) if len(plain) > 1 else (lambda row: tuple(row[place] for place in plain))
    others = [(place, *items[place]) for place in range(length) if place not in plain]

    def to_json(value: Anything) -> list[Anything]:
        _require(len(value) == length and tuple(map(type, chosen(value))) == kinds)
        for place, convert, _ in others:
            value[place] = convert(value[place])
        return value

    def of_json(value: Anything) -> list[Anything]:
        if type(value) is not list or len(value) != length or tuple(map(type, chosen(value))) != kinds:
            raise ValueError("a row of other types")
        for place, _, convert in others:
            value[place] = convert(value[place])
        return value

    return to_json, of_json


def _of_tuple(hints: Sequence[Anything], classes: tuple[type, ...]) -> tuple[Convert, Convert]:
    """A tuple of a certain length."""
    row_to_json, row_of_json = _of_row(hints, classes)

    def to_json(value: Anything) -> list[Anything]:
        _require(type(value) is tuple)
        return row_to_json(list(value))

    def of_json(value: Anything) -> tuple[Anything, ...]:
        return tuple(row_of_json(value))

    return to_json, of_json


def _of_dataclass(kind: type, classes: tuple[type, ...]) -> tuple[Convert, Convert]:
    """A dataclass by its fields. Those that do not count when it is compared have their defaults."""
    fields = [item for item in dataclasses.fields(kind) if item.init]
    hints = typing.get_type_hints(kind)
    names = [item.name for item in fields if item.compare]
    left_out = [(place, item.name, item.default) for place, item in enumerate(fields) if not item.compare]
    row_to_json, row_of_json = _of_row([hints[name] for name in names], classes)

    def to_json(value: Anything) -> list[Anything]:
        _require(type(value) is kind and all(getattr(value, name) is default for _, name, default in left_out))
        return row_to_json([getattr(value, name) for name in names])

    def of_json(value: Anything) -> Anything:
        row = row_of_json(value)
        for place, _, default in left_out:
            row.insert(place, default)
        return kind(*row)

    return to_json, of_json


def _of_any(classes: tuple[type, ...]) -> tuple[Convert, Convert]:
    """A plain value as it is; a list begins with what it stands for."""
    forms: dict[str, tuple[Convert, Convert]] = {"bytes": (_bytes_to_json, _bytes_of_json)}

    def to_json(value: Anything) -> Anything:
        kind = type(value)
        if kind in _PLAIN:
            return value
        name = str(classes.index(kind)) if kind in classes else kind.__name__
        if name not in forms:
            raise ValueError(f"{kind.__name__} is no plain value")
        return [name, forms[name][0](value)]

    def of_json(value: Anything) -> Anything:
        if type(value) in _PLAIN:
            return value
        name, item = _pair(value)
        _require(type(name) is str and name in forms)
        return forms[name][1](item)

    forms["tuple"] = _of_many(tuple, (to_json, of_json))
    forms["frozenset"] = _of_many(frozenset, (to_json, of_json))
    for number, kind in enumerate(classes):
        forms[str(number)] = _of_dataclass(kind, classes)
    return to_json, of_json
