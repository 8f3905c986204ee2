"""Paths built as texts, ``folder + "/" + name``: recognised, split at the slashes and written with pathlib."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import PurePosixPath

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.semantics.module import Module
from pymodernize_codemods._paths.classes import PATH, is_path, types_of
from pymodernize_codemods._paths.doubts import Doubt, shown
from pymodernize_codemods._paths.form import NO_TEXT, OF_PIECES, Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.texts import Field, Piece, is_plain_sum, literal, pieces, quote_of, quoted
from pymodernize_codemods._paths.uses import Kind, use_of

# Marks of texts that have slashes and are no paths: URLs, queries, markup.
_FOREIGN = ("://", "?", "<", ">", "\n", "\t", " | ", "{", "}")


def concatenations(module: Module) -> list[ast.expr]:
    """The expressions of a module that build a text with a slash between two parts.

    Args:
        module: the module.

    Returns:
        The outermost expression of each, in document order.
    """
    data = module.source.data
    if b"/" not in data and b"sep" not in data:
        return []
    slashes: list[ast.expr] = [
        node for node in module.nodes(ast.Constant) if isinstance(node.value, str) and "/" in node.value
    ]
    if b"sep" in data:
        for name, nodes in module.names.by_last_name.items():
            if name.endswith("sep"):
                slashes += [node for node in nodes if literal(module, node) == "/"]
    found: dict[ast.expr, None] = {}
    for node in slashes:
        whole = _whole(module, node)
        if whole is not node and is_concatenation(module, whole):
            found[whole] = None
    return sorted(found, key=lambda expr: (expr.lineno, expr.col_offset))


def _whole(module: Module, expr: ast.expr) -> ast.expr:
    """The outermost concatenation, formatting or ``join`` that an expression is in; the expression if there is none."""
    while True:
        parent = module.parent(expr)
        match parent:
            case ast.BinOp(op=ast.Add()) | ast.JoinedStr() | ast.FormattedValue():
                expr = parent
            case ast.Call(func=ast.Attribute(attr="format") as func) if func is not expr:
                expr = parent
            case ast.BinOp(op=ast.Mod(), left=left) if left is expr:
                expr = parent
            case ast.Attribute(attr="format" | "join") if isinstance(call := module.parent(parent), ast.Call):
                if call.func is not parent:
                    return expr
                expr = call
            case ast.Tuple() if isinstance(outer := module.parent(parent), ast.BinOp) and outer.right is parent:
                expr = outer
            case ast.List() | ast.Tuple() if isinstance(call := module.parent(parent), ast.Call):
                if not isinstance(call.func, ast.Attribute) or call.func.attr != "join":
                    return expr
                expr = call
            case _:
                return expr


def is_concatenation(module: Module, expr: ast.expr) -> bool:
    """Whether an expression builds a text with a slash between two parts.

    Args:
        module: the module.
        expr: any expression.
    """
    found = pieces(module, expr)
    if not found or all(isinstance(piece, str) for piece in found):
        return False
    texts = [piece for piece in found if isinstance(piece, str)]
    return any("/" in text for text in texts) and not any(mark in text for mark in _FOREIGN for text in texts)


def parts_of(found: list[Piece]) -> list[list[Piece]]:
    """The pieces of a text, grouped by the part of the path that they form.

    Args:
        found: the pieces of a text.

    Returns:
        For each part of the path its pieces; the first holds everything up to
        the last slash of a literal that the text begins with.
    """
    parts: list[list[Piece]] = [[]]
    for number, piece in enumerate(found):
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        end = piece.rfind("/") + 1
        if not number and end:
            # A literal in front stays together: ``/var/log``.
            parts = [[str(PurePosixPath(piece[:end]))], [piece[end:]] if piece[end:] else []]
            continue
        first, *others = piece.split("/")
        parts[-1] += [first] if first else []
        for other in others:
            parts.append([other] if other else [])
    return [part for part in parts if part]


def beginning_of(module: Module, expr: ast.expr) -> ast.expr | None:
    """The expression that gives the first part of a path that is built as a text.

    Args:
        module: the module.
        expr: any expression.

    Returns:
        None if the expression builds no path, or if the first part is not a single expression.
    """
    if not is_concatenation(module, expr):
        return None
    first = parts_of(pieces(module, expr) or [])[0]
    return first[0] if len(first) == 1 and isinstance(first[0], ast.expr) else None


def is_joined_for_text(module: Module, read: ast.expr) -> bool:
    """Whether a value is the first part of a path that is built as a text and used where only a text can be.

    Args:
        module: the module.
        read: an expression that gives the value.
    """
    match module.parent(read):
        case ast.BinOp(op=ast.Mod(), right=right) as around if right is read:
            whole = _whole(module, around)
        case ast.Call(func=ast.Attribute(attr="format")) as around:
            whole = _whole(module, around)
        case _:
            whole = _whole(module, read)
    if whole is read or beginning_of(module, whole) is not read:
        return False
    use = use_of(module, whole)
    contents = module.values.contents(use.cell) if use.cell is not None else None
    uses = [use] if contents is None else [use_of(module, item) for item in contents.reads]
    return any(item.kind is Kind.NEEDS_TEXT for item in uses)


class Concatenations(Forms):
    """Writes paths that are built as texts with pathlib, and leaves calls as they are."""

    def path(self, expr: ast.expr, *, is_text: bool = False) -> Form:
        """The path that an expression stands for; one built as a text is split, whatever its rewrite assumes.

        Args:
            expr: an expression that gives a text or a path.
            is_text: whether it cannot be anything else where it stands.

        Raises:
            Unfit: it gives neither.
        """
        match expr:
            case ast.Call(args=[inner], keywords=[]) if self.module.qualified_name(
                expr.func
            ) == "builtins.str" and is_path(self.module, inner):
                return self.kept(inner)
        return self.made(expr) or super().path(expr, is_text=is_text)

    def beginning(self, expr: ast.expr) -> ast.expr | None:
        """The expression that becomes the first part of a path that is built as a text.

        Args:
            expr: an expression that is written as a path.
        """
        return beginning_of(self.module, expr)

    def made(self, expr: ast.expr) -> Form | None:
        """The form of a path that is built as a text; None for any other expression.

        Args:
            expr: any expression.
        """
        if self.is_made_of_text(expr) and isinstance(expr, ast.Call):
            return self.made(expr.args[0])
        if not is_concatenation(self.module, expr):
            return None
        first, *rest = parts_of(pieces(self.module, expr) or [])
        operands = [self.step(expr, part) for part in rest if part != ["."]]
        if first == ["."] and operands:
            # A path relative to the current folder does not name it.
            start, *operands = operands
            whole = replace(start.then(f"{self.name}({start.text})").naming_path(), wraps=(expr,), bare=True)
        else:
            whole = self._first(expr, first)
        if not operands:
            return whole
        text = " / ".join([self.left(whole), *(item.base for item in operands)])
        return replace(whole.then(text, *operands, tight=False), bare=whole.bare)

    def value(self, expr: ast.expr) -> Form | None:
        """None: these forms leave calls as they are.

        Args:
            expr: any expression.
        """
        return None

    def joined_to(self, head: ast.expr, expr: ast.expr) -> Form:
        """The form of a path with a text of several parts joined to it.

        Args:
            head: the path.
            expr: the text.
        """
        first, *rest = parts_of(pieces(self.module, expr) or [])
        operands = [self.step(expr, part) for part in (first, *rest) if part != ["."]]
        operands[0] = operands[0].doubted(*self._beginning(first, Hazard.EMPTY))
        whole = self.kept(head)
        texts = [whole.text if isinstance(head, ast.BinOp) else whole.base, *(item.base for item in operands)]
        return whole.then(" / ".join(texts), *operands, tight=False)

    def _first(self, expr: ast.expr, part: list[Piece]) -> Form:
        """The form of the first part, which the others are joined to."""
        doubts = self._beginning(part, Hazard.EMPTY)
        if len(part) == 1 and isinstance(part[0], ast.expr):
            is_sum = is_plain_sum(self.module, expr)
            whole = self.path(part[0], is_text=is_sum)
            if not is_sum and "NoneType" in (types_of(self.module, part[0]) or ()):
                reason = f"{shown(self.module, part[0])} is None in some runs, of which the template makes a text"
                whole = whole.doubted(Doubt(CHANGES_BEHAVIOUR.name, reason))
            return whole.doubted(*doubts)
        text = self._text(expr, part)
        wrapped = replace(text, text=f"{self.name}({text.text})", tight=True, names_path=True, wraps=(expr,), bare=True)
        if len(part) > 1:
            wrapped = replace(wrapped, blot=OF_PIECES)
        return wrapped.doubted(*doubts)

    def step(self, expr: ast.expr, part: list[Piece]) -> Form:
        """The form of a part behind the first.

        Args:
            expr: the whole.
            part: its pieces.
        """
        return self._text(expr, part).doubted(*self._beginning(part, Hazard.ABSOLUTE))

    def _beginning(self, part: list[Piece], hazard: Hazard) -> tuple[Doubt, ...]:
        """The assumptions about the start of a part: that the part is not empty, or does not begin with a slash.

        Args:
            part: its pieces.
            hazard: which of the two.
        """
        doubts: list[Doubt] = []
        for piece in part:
            if isinstance(piece, str):
                return () if hazard is Hazard.EMPTY else tuple(doubts)
            judged = self.judge.piece(piece)
            if judged & hazard and isinstance(piece, ast.expr):
                doubts += self.doubts(piece, judged & hazard)
            if not judged & Hazard.EMPTY:
                return () if hazard is Hazard.EMPTY else tuple(doubts)
        return tuple(doubts)

    def _text(self, expr: ast.expr, part: list[Piece]) -> Form:
        """The form of a part as a text: a literal, a value, or a concatenation in the style of the whole."""
        quote = quote_of(self.module.text(expr))
        if len(part) == 1:
            (piece,) = part
            if isinstance(piece, str):
                return Form(quoted(piece, quote))
            if isinstance(piece, ast.expr):
                return self._value(expr, piece)
        if is_plain_sum(self.module, expr):
            texts = [quoted(piece, quote) if isinstance(piece, str) else self.base(piece) for piece in part]
            return Form(" + ".join(texts), tight=False)
        numbers = [piece for piece in part if isinstance(piece, Field) and piece.integer]
        doubtful = any(not (types_of(self.module, number.expr) or {""}) <= {"int", "bool"} for number in numbers)
        doubt = Doubt(CHANGES_BEHAVIOUR.name, "a number in it may be no int")
        return Form(self._fstring(part, quote)).doubted(*([doubt] if doubtful else []))

    def _fstring(self, part: list[Piece], quote: str) -> str:
        """The source of an f-string of literals and values.

        Raises:
            Unfit: a value cannot stand in one before Python 3.12.
        """
        text = ""
        for piece in part:
            if isinstance(piece, str):
                if not piece.isprintable():
                    raise Unfit("a literal in it needs escapes")
                text += quoted(piece, quote)[1:-1].replace("{", "{{").replace("}", "}}")
                continue
            source = self.source(piece.expr if isinstance(piece, Field) else piece)
            if any(mark in source for mark in (quote, "\\", "\n", "#", "{", "}", "!", ":")):
                raise Unfit("a value in it cannot stand in a field of an f-string before Python 3.12")
            spec = piece.spec if isinstance(piece, Field) else ""
            # "d" alone says nothing of an int.
            text += f"{{{source}:{spec}}}" if spec not in {"", "d"} else f"{{{source}}}"
        return f"f{quote}{text}{quote}"

    def base(self, piece: Piece) -> str:
        """The source of a value as an operand of a sum.

        Args:
            piece: the value.
        """
        return self.kept(piece).base if isinstance(piece, ast.expr) else ""

    def _value(self, expr: ast.expr, piece: ast.expr) -> Form:
        """The form of a part that is a single value: unchanged if it is a text, else converted to one."""
        types = types_of(self.module, piece)
        if is_plain_sum(self.module, expr) or types is not None and types <= {"str", PATH}:
            return self.operand(piece)
        text = self.source(piece)
        if types is None:
            # Formatted as it was: it may be a number.
            return Form(self._fstring([piece], quote_of(self.module.text(expr))), blot=NO_TEXT)
        return Form(f"str({text})")
