"""The source around an expression: brackets, comments, adjacent tokens."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def stands_alone(text: str) -> bool:
    """Whether the text is an expression without brackets around it."""
    if "\n" not in text:
        return True
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def is_bare_argument(module: Module, node: ast.expr) -> bool:
    """Whether it is a generator expression between the parentheses of a call: its span includes them."""
    parent = module.parent(node)
    if not isinstance(node, ast.GeneratorExp) or not isinstance(parent, ast.Call) or parent.func is node:
        return False
    before = _before(module, module.span(node)[0])
    return len(parent.args) + len(parent.keywords) == 1 and module.source.data[before - 1 : before] != b"("


def is_parenthesised(module: Module, node: ast.expr) -> bool:
    """Whether an expression has parentheses of its own around it, not only those of a call or a class."""
    data = module.source.data
    start, end = module.span(node)
    pairs = 0
    while True:
        start, end = _before(module, start), _after(module, end)
        if data[start - 1 : start] != b"(" or data[end : end + 1] != b")":
            break
        pairs += 1
        start, end = start - 1, end + 1
    parent = module.parent(node)
    if isinstance(parent, ast.Call) and parent.func is not node:
        pairs -= len(parent.args) + len(parent.keywords) == 1
    elif isinstance(parent, ast.ClassDef):
        pairs -= len(parent.bases) + len(parent.keywords) == 1
    return pairs > 0


_BLANKS = b" \t\f\r\n\\"


def _before(module: Module, offset: int) -> int:
    """Where the code ends that precedes an offset: not counting blanks, comments and continued lines."""
    data = module.source.data
    comments = module.comments
    while True:
        while offset and data[offset - 1] in _BLANKS:
            offset -= 1
        last = bisect_right(comments, offset - 1, key=lambda item: item.offset) - 1
        if last < 0 or b"\n" in data[comments[last].offset : offset]:
            return offset
        offset = comments[last].offset


def _after(module: Module, offset: int) -> int:
    """Where the code begins that follows an offset."""
    data = module.source.data
    while True:
        while offset < len(data) and data[offset] in _BLANKS:
            offset += 1
        if data[offset : offset + 1] != b"#":
            return offset
        offset = data.find(b"\n", offset)
        if offset < 0:
            return len(data)


# Bytes from 0x80 belong to names, too.
_WORD = re.compile(rb"[\w\"'\x80-\xff]")
_NAME = re.compile(rb"[\w\x80-\xff]")
_NAME_OR_POINT = re.compile(rb"[\w.\x80-\xff]")


def spaced(data: bytes, start: int, end: int, code: str) -> bytes:
    """The code, with a space where it would join an adjacent word."""
    text = code.encode("utf-8")
    if start and _WORD.match(text[:1]) and _NAME.match(data[start - 1 : start]):
        text = b" " + text
    if _NAME_OR_POINT.match(text[-1:]) and _WORD.match(data[end : end + 1]):
        text += b" "
    return text
