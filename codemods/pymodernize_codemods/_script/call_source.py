"""The source of a call with other arguments, in the layout that it has."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module

Argument = ast.expr | ast.keyword


class Unforeseen(ValueError):
    """The call is laid out in a way that is not foreseen; the message says in which."""


@dataclass
class CallChange:
    """What becomes of a call.

    Attributes:
        func: the source of what is called then; None for what is called now.
        replaced: arguments that are written anew, with their whole source.
        dropped: arguments that go.
        added: sources of arguments that are put behind the others.
    """

    func: str | None = None
    replaced: Mapping[ast.AST, str] = field(default_factory=dict)
    dropped: frozenset[ast.AST] = frozenset()
    added: Sequence[str] = ()


def changed_call(module: Module, call: ast.Call, change: CallChange) -> str:
    """The source of a call after a change; comments and line breaks stay where they are.

    Args:
        module: the module of the call.
        call: the call.
        change: what becomes of it.

    Returns:
        Source with the newlines of the file. Lines but the first have the
        indentation that they need in the file.

    Raises:
        Unforeseen: a comment would be lost, or parentheses are in the way.
    """
    data = module.source.data
    start, end = module.span(call)
    func_end = module.span(call.func)[1]
    func = change.func if change.func is not None else module.text(call.func)
    given: list[Argument] = sorted([*call.args, *call.keywords], key=lambda item: module.span(item))
    spans = [module.span(item) for item in given]
    edges = [func_end, *(edge for span in spans for edge in span), end]
    gaps = [data[edges[place] : edges[place + 1]].decode("utf-8") for place in range(0, len(edges), 2)]
    kept = [number for number, item in enumerate(given) if item not in change.dropped]
    texts = [change.replaced.get(given[number], module.text(given[number])) for number in kept]
    pieces = _joined(gaps, kept, texts, change.added)
    if "".join(gaps).count("#") != "".join(pieces[::2]).count("#"):
        raise Unforeseen("a comment stands beside an argument that goes")
    shift = len(func) - (func_end - start) if b"\n" not in data[start:func_end] else 0
    old_column = func_end - data.rfind(b"\n", 0, func_end)
    text = func + "".join(_shifted(piece, old_column, shift) for piece in pieces)
    width = module.facts.line_length
    if _width(text) > width >= _width(module.text(call)):
        text = func + "".join(pieces)  # out of line is better than too long
    try:
        ast.parse(f"({text}\n)")
    except SyntaxError as exc:
        raise Unforeseen("an argument stands in parentheses") from exc
    return _fitting(module, call, func, text, [*texts, *change.added])


def _joined(gaps: list[str], kept: list[int], texts: list[str], added: Sequence[str]) -> list[str]:
    """Gaps and arguments in turn, the gaps first and last."""
    if not kept:
        head = gaps[0].split("(")[0] + "("
        return [head + (", ".join(added)), "", ")"]
    pieces = [gaps[0], texts[0]]
    for before, number, text in zip(kept, kept[1:], texts[1:], strict=False):
        between = gaps[before + 1 : number + 1]
        pieces += [_merged(between), text]
    separator = pieces[-2] if len(kept) > 1 and "\n" in pieces[-2] and "#" not in pieces[-2] else ", "
    for text in added:
        pieces += [separator, text]
    return [*pieces, gaps[-1]]


def _merged(gaps: list[str]) -> str:
    """One gap for several: the one that breaks the line, all if comments stand in them."""
    if not any("#" in gap for gap in gaps):
        return next((gap for gap in gaps if "\n" in gap), gaps[0])
    return gaps[0] + "".join(gap.replace(",", "", 1).lstrip(" \t\r\n") for gap in gaps[1:])


def _shifted(piece: str, column: int, shift: int) -> str:
    """A piece whose lines were indented to a column, or more, moved with that column."""
    if not shift or "\n" not in piece or any(mark in piece for mark in ('"""', "'''", "\\\n", "\\\r\n")):
        return piece
    first, *lines = piece.split("\n")
    moved = [first]
    for line in lines:
        width = len(line) - len(line.lstrip(" "))
        if width >= column and line.strip():
            line = " " * (width + shift) + line[width:]
        elif width >= column:
            line = " " * (width + shift)
        moved.append(line)
    return "\n".join(moved)


def _fitting(module: Module, call: ast.Call, func: str, text: str, arguments: Sequence[str]) -> str:
    """The text, with one argument a line if lines have become too long for their width and comments allow it."""
    start, _ = module.span(call)
    line_start = module.source.data.rfind(b"\n", 0, start) + 1
    prefix = module.source.data[line_start:start].decode("utf-8")
    old = f"{prefix}{module.text(call)}"
    width = module.facts.line_length
    if _width(prefix + text) <= width or _width(old) > width or "#" in text or any("\n" in item for item in arguments):
        return text
    indent = prefix[: len(prefix) - len(prefix.lstrip(" \t"))]
    newline = module.source.newline
    inner = "".join(f"{newline}{indent}{module.indent}{item}," for item in arguments)
    return f"{func}({inner}{newline}{indent})"


def _width(text: str) -> int:
    return max(len(line) for line in text.splitlines() or [""])
