"""Splits expressions that build a text (``+``, ``%``, ``format``, ``join``, f-strings) into literals and values."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from string import Formatter

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of


@dataclass(frozen=True)
class Field:
    """A number that is formatted into a text.

    Attributes:
        expr: the number.
        spec: how, as :func:`format` takes it.
        integer: whether it has to be an int: ``%d`` takes other numbers, too.
    """

    expr: ast.expr
    spec: str
    integer: bool = False


Piece = str | ast.expr | Field

_PERCENT = re.compile(r"(%(?:%|s|0?\d*[dixXo]))")
_NUMBER = re.compile(r"0?\d*(?:\.\d+)?[bdoxXeEfFgG]")
_CONSTANTS = {
    "os.sep": "/",
    "os.path.sep": "/",
    "os.curdir": ".",
    "os.path.curdir": ".",
    "os.pardir": "..",
    "os.path.pardir": "..",
    "os.extsep": ".",
    "os.path.extsep": ".",
}
SEPARATORS = frozenset({"os.sep", "os.path.sep"})


def literal(module: Module, expr: ast.expr) -> str | None:
    """The value of an expression that is a constant text.

    Args:
        module: the module.
        expr: one of its expressions.

    Returns:
        The value of a literal or of one of the names that :mod:`os` has for
        parts of a path, None for anything else.
    """
    if isinstance(expr, ast.Constant):
        return expr.value if isinstance(expr.value, str) else None
    qualified = module.qualified_name(expr)
    if qualified in _CONSTANTS and not module.names.is_replaced(qualified):
        return _CONSTANTS[qualified]
    return None


def pieces(module: Module, expr: ast.expr) -> list[Piece] | None:
    """The pieces that an expression builds a text of, in order.

    Understood are ``+``, ``%`` with plain ``%s``, ``str.format`` with plain
    fields, f-strings with plain fields, and ``join`` of a list that is written
    out.

    Args:
        module: the module.
        expr: the expression that gives the text.

    Returns:
        Literals and expressions, no two literals in a row and none empty; None
        if it is built in another way, or may be no text.
    """
    found = _pieces(module, expr)
    if found is None:
        return None
    merged: list[Piece] = []
    for given in found:
        text = literal(module, given) if isinstance(given, ast.expr) else None
        piece = given if text is None else text
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return merged


def _pieces(module: Module, expr: ast.expr) -> list[Piece] | None:
    text = literal(module, expr)
    if text is not None:
        return [text]
    match expr:
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            head, tail = _operand(module, left), _operand(module, right)
            return [*head, *tail]
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(template)), right=values):
            return _percent(module, template, values)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(template)), attr="format")):
            return _formatted(template, expr)
        case ast.Call(func=ast.Attribute(value=separator, attr="join"), args=[ast.List() | ast.Tuple() as items]):
            between = literal(module, separator)
            return _joined(between, items.elts) if between is not None and not expr.keywords else None
        case ast.JoinedStr(values=parts):
            return _fields(parts)
    return None


def _operand(module: Module, expr: ast.expr) -> list[Piece]:
    """The pieces of an operand of ``+``; any other expression is a single piece."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return [*_operand(module, expr.left), *_operand(module, expr.right)]
    return _pieces(module, expr) or [expr]


def is_plain_sum(module: Module, expr: ast.expr) -> bool:
    """Whether a text is built by ``+`` and ``join`` alone, so that every value in it must be a text.

    Args:
        module: the module.
        expr: an expression that :func:`pieces` splits.
    """
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        sides = (expr.left, expr.right)
        return all(
            is_plain_sum(module, side) or literal(module, side) is not None or _is_whole(module, side) for side in sides
        )
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr == "join"


def _is_whole(module: Module, expr: ast.expr) -> bool:
    return not isinstance(expr, (ast.BinOp, ast.JoinedStr)) and _pieces(module, expr) is None


def _percent(module: Module, template: str, values: ast.expr) -> list[Piece] | None:
    parts = _PERCENT.split(template)
    literals, fields = parts[::2], parts[1::2]
    if any("%" in part for part in literals):
        return None
    given = list(values.elts) if isinstance(values, ast.Tuple) else [values]
    if len(given) != len(fields) - fields.count("%%") or any(isinstance(value, ast.Starred) for value in given):
        return None
    types = module.type_of(values)
    if not isinstance(values, ast.Tuple) and (types is None or names_of(types) & {"tuple", "dict"}):
        return None
    found: list[Piece] = [literals[0]]
    remaining = iter(given)
    for field, after in zip(fields, literals[1:], strict=True):
        found += ["%" if field == "%%" else _converted(field, next(remaining)), after]
    return found


def _converted(field: str, value: ast.expr) -> Piece:
    if field == "%s":
        return value
    return Field(value, field[1:].replace("i", "d"), integer=True)


def _formatted(template: str, call: ast.Call) -> list[Piece] | None:
    if call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    found: list[Piece] = []
    used: list[int] = []
    numbered: set[bool] = set()
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return None
    for before, field, spec, conversion in fields:
        found.append(before)
        if field is None:
            continue
        if conversion or field and not field.isdecimal() or spec and not _NUMBER.fullmatch(spec):
            return None
        place = int(field) if field else len(used)
        numbered.add(bool(field))
        used.append(place)
        if place >= len(call.args):
            return None
        found.append(Field(call.args[place], spec) if spec else call.args[place])
    # Each value once and in order, so that pieces are evaluated in the order of the arguments.
    return found if used == list(range(len(call.args))) and len(numbered) < 2 else None  # noqa: PLR2004 - not both ways


def _joined(between: str, items: list[ast.expr]) -> list[Piece] | None:
    if any(isinstance(item, ast.Starred) for item in items):
        return None
    found: list[Piece] = []
    for number, item in enumerate(items):
        found += [between, item] if number else [item]
    return found


def _fields(parts: list[ast.expr]) -> list[Piece] | None:
    found: list[Piece] = []
    for part in parts:
        match part:
            case ast.Constant(value=text):
                found.append(str(text))
            case ast.FormattedValue(value=value, format_spec=None, conversion=conversion) if conversion in {
                -1,
                ord("s"),
            }:
                found.append(value)
            case ast.FormattedValue(
                value=value, format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))]), conversion=-1
            ) if _NUMBER.fullmatch(spec):
                found.append(Field(value, spec))
            case _:
                return None
    return found


def quote_of(source: str) -> str:
    """The quote that occurs first in an expression.

    Args:
        source: its source text.

    Returns:
        A single or a double quote; double if there is none.
    """
    single, double = source.find("'"), source.find('"')
    return "'" if single >= 0 and (double < 0 or single < double) else '"'


def quoted(text: str, quote: str) -> str:
    """A text as a literal.

    Args:
        text: any text.
        quote: the quotes to use if they need no escapes.
    """
    if not text.isprintable():
        return repr(text)
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{escaped}{quote}"
