"""The source of an f-string: literals as they are written, with the values in their places."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

import libcst as cst

from pymodernize_codemods.percent_to_fstring.fields import Field, Unreadable, parts

LONGEST = 60
"""How many characters an expression in an f-string has at most."""
_SIMPLE_TEXT = re.compile(r"""["'][^"'\\{}#\n]*["']""")
_LITERAL = re.compile(r"""(?P<prefix>[uU]?)(?P<quote>"(?!"")|'(?!''))(?P<inside>.*)(?P=quote)""", re.DOTALL)


class Unwritable(Exception):
    """The literal or a value cannot be written as part of an f-string."""


def is_short(expr: ast.expr) -> bool:
    """Whether an expression can be read inside of a text: names, attributes, items, calls and sums of such."""
    return not isinstance(expr, ast.Constant) and _is_simple(expr, 2)


def _is_simple(expr: ast.AST, calls: int) -> bool:
    """Whether an expression is made of simple ones, with calls nested no deeper than so many."""
    match expr:
        case ast.Name():
            return True
        case ast.Constant(value=value):
            return isinstance(value, (str, int, float, type(None)))
        case ast.Attribute(value=value):
            return not isinstance(value, ast.Constant) and _is_simple(value, calls)
        case ast.Subscript(value=value, slice=place):
            return _is_simple(value, calls) and _is_simple(place, calls)
        case ast.Slice():
            ends = (expr.lower, expr.upper, expr.step)
            return all(end is None or _is_simple(end, calls) for end in ends)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_simple(operand, calls)
        case ast.BinOp(op=op, left=left, right=right):
            text = isinstance(op, ast.Mod) and isinstance(left, (ast.Constant, ast.JoinedStr))
            return not text and _is_simple(left, calls) and _is_simple(right, calls)
        case ast.Call(func=func, args=args, keywords=keywords):
            named = [item.value for item in keywords if item.arg is not None]
            if not calls or len(named) < len(keywords):
                return False
            called = _is_joined(func) or _is_simple(func, calls)
            return called and all(_is_simple(arg, calls - 1) for arg in (*args, *named))
    return False


def _is_joined(func: ast.expr) -> bool:
    """Whether it is the method ``join`` of a text."""
    return isinstance(func, ast.Attribute) and func.attr == "join" and isinstance(func.value, ast.Constant)


def inside(code: str, quote: str) -> str:
    """The source of an expression with its texts in other quotes than those around it.

    Args:
        code: the source.
        quote: the quotes of the f-string.

    Raises:
        Unwritable: it has several lines, or texts that cannot be quoted in another way.
    """
    if "\n" in code or "\\" in code or "#" in code or len(code) > LONGEST:
        raise Unwritable
    other = "'" if quote == '"' else '"'
    lines = code.encode("utf-8")
    pieces: list[str] = []
    position = 0
    for token in tokenize.tokenize(io.BytesIO(lines).readline):
        if token.type != tokenize.STRING:
            continue
        if _SIMPLE_TEXT.fullmatch(token.string) is None:
            raise Unwritable
        pieces += (code[position : token.start[1]], other, token.string[1:-1], other)
        position = token.end[1]
    return "".join((*pieces, code[position:]))


def literals(source: str) -> list[str]:
    """The tokens of implicitly concatenated literals, with the whitespace between them.

    Args:
        source: one literal, or several.

    Raises:
        Unwritable: there is a comment between them, or they are no plain ones of one line each.
    """
    found: list[str] = []
    lines = f"({source}\n)".splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole = "".join(lines)
    position = 1
    for token in tokenize.generate_tokens(io.StringIO(whole).readline):
        if token.type == tokenize.COMMENT:
            raise Unwritable
        if token.type == tokenize.STRING:
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            found += [whole[position:start], whole[start:end]]
            position = end
    return found


def fstring(source: str, values: Sequence[tuple[str, str]], keys: Sequence[str | None]) -> str:
    """The f-string for the source of a literal.

    Args:
        source: one literal, or several that are implicitly concatenated.
        values: for each field the source of its value, and what stands behind that in the braces.
        keys: the key of each field, None for the next value.

    Returns:
        Its source; pieces without fields are written as they were.

    Raises:
        Unwritable: a literal or value cannot be a part of an f-string.
    """
    rest = iter(zip(values, keys, strict=True))
    pieces = literals(source)
    return "".join(_filled(piece, rest) if number % 2 else piece for number, piece in enumerate(pieces))


def _filled(literal: str, rest: Iterator[tuple[tuple[str, str], str | None]]) -> str:
    """One literal with values in the place of its fields."""
    found = _LITERAL.fullmatch(literal)
    if found is None or "\\N" in literal:
        raise Unwritable
    quote, out, has_fields = found["quote"], "", False
    try:
        for part in parts(found["inside"]):
            if isinstance(part, str):
                out += part
                continue
            if re.search(r"(?<!\\)(?:\\\\)*\\$", out):
                raise Unwritable  # a backslash that stands for itself
            (code, tail), key = next(rest)
            if part.key != key:
                raise Unwritable
            out += f"{{{inside(code, quote)}{tail}}}"
            has_fields = True
    except (Unreadable, StopIteration) as exc:
        raise Unwritable from exc
    return f"{'f' if has_fields else ''}{quote}{out}{quote}"


def says(source: str, pieces: Sequence[str | Field]) -> bool:
    """Whether an f-string has the literal pieces of a format, with a replacement field for each field.

    Args:
        source: of the f-string.
        pieces: what :func:`parts` gives for the value of the format.
    """
    try:
        tree = ast.parse(f"({source}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return False
    if not isinstance(tree, ast.JoinedStr):
        return False
    shown = (item.value if isinstance(item, ast.Constant) else None for item in tree.values)
    return _joined(shown) == _joined(None if isinstance(item, Field) else item for item in pieces)


def _joined(items: Iterator[object]) -> list[str | None]:
    """Literal pieces, joined where two follow each other, and None for each field."""
    out: list[str | None] = [""]
    for item in items:
        if item is None:
            out += [None, ""]
        else:
            out[-1] = f"{out[-1]}{item}"
    return out


def in_statement(line: cst.SimpleStatementLine, source: str) -> cst.SimpleStatementLine:
    """An assignment or a return of an f-string, which needs no parentheses.

    Args:
        line: the statement, on a line by itself.
        source: what :func:`fstring` returned, on one line.
    """
    return line.with_changes(body=[line.body[0].with_changes(value=cst.parse_expression(source))])


def in_attribute(node: cst.Attribute, source: str) -> cst.Attribute:
    """An attribute of an f-string, which needs no parentheses.

    Args:
        node: the attribute of what was formatted.
        source: what :func:`fstring` returned, on one line.
    """
    return node.with_changes(value=cst.parse_expression(source))


def written(_: cst.BaseExpression, source: str) -> cst.BaseExpression:
    """The expression of a source, which may have several lines.

    Args:
        source: what :func:`fstring` returned.
    """
    node = cst.parse_expression(f"({source})")
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])
