"""String literals as they are written: joined into one, with ``%`` escaped, quoted anew where that must be."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from pymodernize.rewriting.fragments import CannotPlace


@dataclass(frozen=True)
class Literal:
    """The inside of a string literal as written, and how it is quoted."""

    written: str
    quote: str
    raw: bool
    is_template: bool = False

    @property
    def value(self) -> str:
        return ast.literal_eval(f"{'r' if self.raw else ''}{self.quote}{self.written}{self.quote}")


Piece = Literal | str
"""A literal, or the ``%`` specification that stands for a value."""


def leading(pieces: Sequence[Piece]) -> Literal | None:
    """The literal whose quotes the template takes: the first one with text of its own."""
    return next((piece for piece in pieces if isinstance(piece, Literal) and piece.written.strip()), None)


def quoting_of(node: cst.BaseExpression) -> Literal | None:
    """An empty literal with the quotes of a string node, None if it is none."""
    if isinstance(node, cst.FormattedString):
        return Literal("", node.start.lstrip("fFrR"), "r" in node.start.lower().rstrip("'\""))
    return Literal("", node.quote, "r" in node.prefix.lower()) if isinstance(node, cst.SimpleString) else None


def joined(pieces: Sequence[Piece], *, has_values: bool, like: Literal | None) -> cst.BaseExpression:
    """One literal of all pieces; as they are written where that is right, else written anew."""
    value = "".join(_escaped_value(piece, has_values) for piece in pieces)
    quote, raw = (like.quote, like.raw) if like else ('"', False)
    literals = [piece for piece in pieces if isinstance(piece, Literal) and piece.written]
    plain = all(
        (piece.quote, piece.raw) == (quote, raw) or piece.written.isalnum() or piece.written == " "
        for piece in literals
    )
    if plain:
        inside = "".join(_escaped(piece, has_values) for piece in pieces)
        written = f"{'r' if raw else ''}{quote}{inside}{quote}"
        if _evaluates_to(written, value):
            return cst.SimpleString(written)
    if any("\n" in piece.written for piece in literals) and len(quote) == 1:
        quote = next(piece.quote for piece in literals if "\n" in piece.written)
    elif len(quote) == 1 and quote in value and not {"'", '"'} <= set(value):
        quote = "'" if quote == '"' else '"'
    known = "".join(piece.written for piece in literals)
    written = f"{quote}{quoted(value, quote, known)}{quote}"
    if not _evaluates_to(written, value):
        raise CannotPlace("the text cannot be written as one literal")
    return cst.SimpleString(written)


def _escaped(piece: Piece, has_values: bool) -> str:
    if isinstance(piece, str):
        return piece
    if has_values and not piece.is_template:
        return piece.written.replace("%", "%%")
    return piece.written


def _escaped_value(piece: Piece, has_values: bool) -> str:
    if isinstance(piece, str):
        return piece
    if piece.is_template or not has_values:
        return piece.value
    return piece.value.replace("%", "%%")


def _evaluates_to(written: str, value: str) -> bool:
    try:
        return ast.literal_eval(written) == value
    except (SyntaxError, ValueError):
        return False


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(value: str, quote: str, known: str = "") -> str:
    """Text as the inside of a literal; a character beyond ASCII is written out only if the file has it already."""
    out: list[str] = []
    for char in value:
        if char == "\n" and len(quote) == 3:
            out.append(char)
        elif char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char == quote[0]:
            out.append("\\" + char)
        elif " " <= char <= "~" or char in known:
            out.append(char)
        else:
            code = ord(char)
            out.append(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")
    return "".join(out)
