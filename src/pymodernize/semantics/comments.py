"""The comments of a module, told from hashes in strings by its syntax tree."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.tree import Tree

# String nodes with expressions in them; before Python 3.12 the positions inside are not to be relied on.
_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))


@dataclass(frozen=True)
class Comment:
    """A comment: its text with the hash, and where it starts."""

    text: str
    offset: int
    line: int


def comments_of(module: Tree) -> list[Comment]:
    """All comments, in order: every hash that stands outside of strings, inside of replacement fields too."""
    data = module.source.data
    if b"#" not in data:
        return []
    spans = sorted(_strings(module))
    starts = [start for start, _ in spans]
    comments = []
    position = data.find(b"#")
    while position >= 0:
        inside = bisect_right(starts, position) - 1
        if inside >= 0 and position < spans[inside][1]:
            position = data.find(b"#", spans[inside][1])
            continue
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        text = data[position:end].rstrip(b"\r").decode("utf-8")
        comments.append(Comment(text, position, module.source.position(position)[0]))
        position = data.find(b"#", end)
    return comments


def _strings(module: Tree) -> Iterator[tuple[int, int]]:
    """The spans of the string literals, without the comments between or in them."""
    formatted = [node for kind in _FORMATTED for node in module.nodes(kind)]
    inner = {below for node in formatted for below in ast.walk(node) if below is not node}
    for node in (*module.nodes(ast.Constant), *formatted):
        if node in inner or isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
            continue
        yield from _pieces(module, node)


def _pieces(module: Tree, node: ast.expr) -> Iterator[tuple[int, int]]:
    start, end = module.span(node)
    text = module.source.data[start:end]
    if b"#" not in text:
        return
    if b"\n" in text and (isinstance(node, _FORMATTED) or not _is_one_literal(text)):
        # Comments may stand between the parts of "a" "b", and since Python 3.12 in the fields of f-strings.
        for first, last in _comment_spans(text):
            yield start, end - len(text) + first
            start = end - len(text) + last
    yield start, end


def _is_one_literal(text: bytes) -> bool:
    """Whether a multi-line string constant is a single triple-quoted literal."""
    body = text.lstrip(b"rRbBuUfFtT")
    quote = body[:3]
    return quote in (b'"""', b"'''") and body.endswith(quote) and body.count(quote) == 2


def _comment_spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Where the comments in an expression are."""
    lines = text.split(b"\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    # Parentheses keep the lines together; they stand on a line of their own to leave the columns as they are.
    for token in tokenize.generate_tokens(io.StringIO(f"(\n{text.decode('utf-8')}\n)").readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start[0] - 2, token.start[1]
            start = starts[row] + len(lines[row].decode("utf-8")[:column].encode("utf-8"))
            yield start, start + len(token.string.rstrip("\r").encode("utf-8"))
