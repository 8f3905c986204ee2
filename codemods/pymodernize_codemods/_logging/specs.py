"""Specifications of ``%`` formatting that give the same text as those of ``format()``.

Source: the reference documentation of format strings and of printf-style
formatting, and the tests, which compare both on generated values.
"""

from __future__ import annotations

import re

from pymodernize.semantics.types import Types, names_of

# Exact classes whose format() without a specification is their str(): object.__format__ says so, and none of
# these overrides it with anything else. Enumerations with a mixed-in type and numpy's scalars are the ones that do.
SAME_AS_STR = frozenset(
    """str int float complex bool NoneType bytes list dict tuple set frozenset range generator exception
    datetime.date datetime.datetime datetime.timedelta uuid.UUID os.environ re.Match io.TextIOWrapper
    io.BufferedIOBase pathlib.Path pathlib.PurePath""".split()
)
PERCENT_FIELD = re.compile(r"%[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa]")
"""A field of a ``%`` format."""
_TEXT_SPEC = re.compile(r"(?P<align>[<>]?)(?P<width>[1-9]\d*)?(?P<precision>\.\d+)?s?")
_INT_SPEC = re.compile(r"(?P<align>[<>]?)(?P<sign>\+?)(?P<zero>0?)(?P<width>[1-9]\d*)?(?P<kind>[dxXo]?)")
_FLOAT_SPEC = re.compile(
    r"(?P<align>[<>]?)(?P<sign>\+?)(?P<zero>0?)(?P<width>[1-9]\d*)?(?P<precision>\.\d+)?(?P<kind>[eEfFgG])"
)


def percent_spec(conversion: str, format_spec: str, types: Types | None) -> str | None:
    """The ``%`` specification that gives the same text as a replacement field.

    Args:
        conversion: ``r``, ``s``, ``a`` or nothing.
        format_spec: what stands behind the colon.
        types: the classes that the value may have, None for any.

    Returns:
        None if no specification does for all of these values.
    """
    if conversion:
        return _text_spec(format_spec, conversion)
    if types is None:
        return None
    names = names_of(types)
    if not format_spec:
        return "%d" if names == {"int"} else "%s" if names <= SAME_AS_STR else None
    if names == {"str"}:
        return _text_spec(format_spec, "s")
    if names == {"int"} and (found := _INT_SPEC.fullmatch(format_spec)):
        return _number_spec(found, found["kind"] or "d")
    if names and names <= {"int", "float"} and (found := _FLOAT_SPEC.fullmatch(format_spec)):
        # A float that is not a number has no sign-aware zero padding under %.
        return None if found["zero"] else _number_spec(found, (found["precision"] or "") + found["kind"])
    return None


def plain_spec(format_spec: str) -> str | None:
    """The ``%`` specification that gives the same text as a replacement field for texts and numbers.

    Args:
        format_spec: what stands behind the colon.

    Returns:
        None if what it gives is another for texts than for numbers.
    """
    if not format_spec:
        return "%s"
    if (found := _INT_SPEC.fullmatch(format_spec)) and found["kind"]:
        return _number_spec(found, found["kind"])
    if (found := _FLOAT_SPEC.fullmatch(format_spec)) and not found["zero"]:
        return _number_spec(found, (found["precision"] or "") + found["kind"])
    found = _TEXT_SPEC.fullmatch(format_spec)
    aligned = found is not None and (format_spec.endswith("s") or found["align"] and not found["precision"])
    return _text_spec(format_spec, "s") if aligned else None


def _text_spec(format_spec: str, conversion: str) -> str | None:
    found = _TEXT_SPEC.fullmatch(format_spec)
    if found is None:
        return None
    width = found["width"] or ""
    left = "-" if width and found["align"] != ">" else ""
    return f"%{left}{width}{found['precision'] or ''}{conversion}"


def _number_spec(found: re.Match[str], tail: str) -> str | None:
    left = found["align"] == "<"
    if found["zero"] and (left or found["align"]):
        return None
    return f"%{'-' if left else ''}{found['sign']}{found['zero']}{found['width'] or ''}{tail}"
