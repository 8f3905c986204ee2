"""The fields of a ``%`` format, and the replacement fields that show the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.types import Types, names_of
from pymodernize_codemods._logging.specs import SAME_AS_STR, percent_spec, plain_spec

_FIELD = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?(?P<flags>[-#0 +]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d*))?(?P<kind>.)", re.DOTALL
)
_FLOATS = frozenset("eEfFgG")
_INTS = frozenset("xXo")
_NUMBERS = frozenset({"int", "float", "bool"})


@dataclass(frozen=True)
class Field:
    """A field of a ``%`` format.

    Attributes:
        key: of a mapping, None for the next value.
        flags: as written.
        width: as written, empty without one.
        precision: as written, None without one.
        kind: the letter at the end.
    """

    key: str | None
    flags: str
    width: str
    precision: str | None
    kind: str

    @property
    def written(self) -> str:
        """The field as ``%`` takes it, without a key."""
        precision = f".{self.precision}" if self.precision is not None else ""
        return f"%{self.flags}{self.width}{precision}{self.kind}"


@dataclass(frozen=True)
class Shown:
    """How an f-string shows a value.

    Attributes:
        conversion: ``!r``, ``!s``, ``!a`` or nothing.
        spec: what stands behind the colon.
        plain: whether it is the same for plain values only.
    """

    conversion: str = ""
    spec: str = ""
    plain: bool = False

    @property
    def tail(self) -> str:
        """What stands behind the value in the braces."""
        return self.conversion + (f":{self.spec}" if self.spec else "")


class Unreadable(Exception):
    """The format is none that can be told apart, or raises."""


def parts(text: str) -> Iterator[str | Field]:
    """The literal pieces and the fields of a text, as it is written; ``%%`` is a literal percent sign.

    Raises:
        Unreadable: it has a field that nothing is known of.
    """
    position = 0
    while (start := text.find("%", position)) >= 0:
        found = _FIELD.match(text, start)
        if found is None:
            raise Unreadable
        if found["kind"] == "%":
            if found.group() != "%%":
                raise Unreadable
            yield text[position : start + 1]
        elif found["kind"] not in "diouxXeEfFgGsra":
            raise Unreadable
        else:
            yield text[position:start]
            yield Field(found["key"], found["flags"], found["width"] or "", found["precision"], found["kind"])
        position = found.end()
    yield text[position:]


def shown(field: Field, types: Types | None) -> Shown | None:
    """The replacement field that shows the same as a field.

    Args:
        field: the field.
        types: the classes that the value may have, None for any.

    Returns:
        None if there is none for all of these values, or for all plain ones if the classes are not known.
    """
    if set(field.flags) - {"-"} and field.kind in "sra" or field.precision == "":
        return None
    if field.kind in "ra":
        return Shown(f"!{field.kind}", _text_spec(field))
    names = names_of(types) if types is not None else None
    if field.kind == "s":
        return _as_text(field, names)
    if field.kind in _FLOATS:
        return _as_float(field, names)
    return _as_int(field, names)


def reads_back(field: Field, shown: Shown, types: Types | None) -> bool:
    """Whether a log record of the f-string has the field as it was."""
    found = percent_spec(shown.conversion[1:], shown.spec, types)
    if found is None and types is None:
        found = plain_spec(shown.spec)
    return found == field.written


def _as_text(field: Field, names: set[str] | None) -> Shown | None:
    spec = _text_spec(field)
    if names is not None and not names <= SAME_AS_STR:
        return None
    if not spec:
        return Shown(plain=names is None)
    if names == {"str"} or names == {"int"} and field.precision is None:
        return Shown("", spec)
    # Numbers, None and lists align in other ways, or not at all: it is the text that is aligned.
    return Shown("!s", spec)


def _text_spec(field: Field) -> str:
    align = ("<" if "-" in field.flags else ">") if field.width else ""
    precision = f".{field.precision}" if field.precision is not None else ""
    return f"{align}{field.width}{precision}"


def _as_float(field: Field, names: set[str] | None) -> Shown | None:
    spec = _number_spec(field)
    if spec is None or names is not None and not names <= _NUMBERS or set(field.flags) & {"0", "#"}:
        return None  # a float that is not a number is padded with zeros by format() only
    return Shown("", spec + field.kind, plain=names is None)


def _as_int(field: Field, names: set[str] | None) -> Shown | None:
    spec = _number_spec(field)
    if spec is None or field.precision is not None:
        return None
    if field.kind in _INTS:
        if names is not None and not names <= {"int", "bool"}:
            return None
        return Shown("", spec + field.kind, plain=names is None)
    # A float is cut off by % and refused by format().
    if not names or not names <= {"int", "bool"}:
        return None
    return Shown("", f"{spec}d") if spec or names != {"int"} else Shown()


def _number_spec(field: Field) -> str | None:
    """Alignment, sign, form, zeros, width and precision of a number; None for combinations in which one is void."""
    flags = field.flags
    if len(set(flags)) < len(flags) or {"-", "0"} <= set(flags) or {"+", " "} <= set(flags):
        return None
    align = "<" if "-" in flags and field.width else ""
    sign = "".join(flag for flag in "+ " if flag in flags)
    zero = "0" if "0" in flags and field.width else ""
    form = "#" if "#" in flags else ""
    precision = f".{field.precision}" if field.precision is not None else ""
    return f"{align}{sign}{form}{zero}{field.width}{precision}"
