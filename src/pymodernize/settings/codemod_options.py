"""The options of codemods, made from the values of a table."""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

from pymodernize.codemod import Codemod
from pymodernize.settings.errors import SettingsError, nearest


def make_options(
    codemod: type[Codemod], values: Mapping[str, Any], where: str, places: Mapping[str, str] | None = None
) -> Any:  # noqa: ANN401
    """A codemod's options from a table, checked against the fields of its ``Options``.

    Args:
        codemod: the codemod's class.
        values: the table.
        where: it is written, for messages.
        places: where its keys are written, if that is elsewhere.

    Raises:
        SettingsError: an unknown key or a value of the wrong type.
    """
    fields = {item.name.replace("_", "-"): item for item in dataclasses.fields(codemod.Options)}
    hints = typing.get_type_hints(codemod.Options, vars(sys.modules[codemod.__module__]))
    given: dict[str, Any] = {}
    for key, value in values.items():
        place = (places or {}).get(key, where)
        if key not in fields:
            raise SettingsError(f"{place}: unknown key {key!r}{nearest(key, fields)}")
        given[fields[key].name] = _converted(f"{place}: {key}", value, hints[fields[key].name])
    try:
        return codemod.Options(**given)
    except ValueError as exc:
        raise SettingsError(f"{where}: {exc}") from None


_KINDS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number", type(None): "absent"}


def _converted(where: str, value: object, hint: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    """A value of TOML as an option's type has it: lists become tuples, whole numbers floats."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise SettingsError(f"{where}: must be {kind_of(hint)}, not {_shown(value)}")
        return tuple(_converted(where, item, args[0]) for item in value)
    if origin in (typing.Union, types.UnionType):
        for arg in args:
            try:
                return _converted(where, value, arg)
            except SettingsError:
                continue
    elif origin is typing.Literal:
        if any(value == arg and type(value) is type(arg) for arg in args):
            return value
    elif hint is float and type(value) is int:
        return float(value)
    elif type(value) is hint:
        return value
    raise SettingsError(f"{where}: must be {kind_of(hint)}, not {_shown(value)}")


def _shown(value: object) -> str:
    """A value for a message, not more of it than a line takes."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def kind_of(hint: Any) -> str:  # noqa: ANN401 - a type
    """What a value of TOML must be for an option of some type, in words."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return "one of " + ", ".join(repr(arg) for arg in args)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(kind_of(arg) for arg in args if arg is not type(None))
    if origin is tuple:
        return f"a list of which each item is {kind_of(args[0])}"
    return _KINDS.get(hint, str(hint))
