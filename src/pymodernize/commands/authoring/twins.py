"""Twins of a case: the same file with other line ends, another encoding or other indentation."""

from __future__ import annotations

import ast
from collections.abc import Callable

Dress = Callable[[bytes], bytes]
"""From a file's bytes to the same text in another form."""
BOM = b"\xef\xbb\xbf"


def crlf(source: bytes) -> bytes:
    """With the line ends of Windows."""
    return source.replace(b"\n", b"\r\n")


def with_bom(source: bytes) -> bytes:
    """With a byte order mark."""
    return BOM + source


def without_final_newline(source: bytes) -> bytes:
    """Without a newline at the end of the last line."""
    return source.removesuffix(b"\n")


def latin1(source: bytes) -> bytes:
    """In Latin-1, with the comment that says so and a letter that needs it."""
    cookie = "# -*- coding: latin-1 -*- \xe9\n"
    first, _, rest = source.decode().partition("\n")
    text = f"{first}\n{cookie}{rest}" if first.startswith("#!") else cookie + source.decode()
    return text.encode("latin-1")


def tabs(source: bytes) -> bytes:
    """With a tab for each four spaces of indentation."""
    out = []
    for line in source.decode().split("\n"):
        body = line.lstrip(" ")
        out.append("\t" * ((len(line) - len(body)) // 4) + body)
    return "\n".join(out).encode()


def can_have_tabs(source: bytes) -> bool:
    """Whether four spaces stand for one level, somewhere, and for nothing else."""
    if tabs(source) == source:
        return False
    lines = source.decode().split("\n")
    even = all((len(line) - len(line.lstrip(" "))) % 4 == 0 and not line.startswith("\t") for line in lines)
    return even and ast.dump(ast.parse(source)) == ast.dump(ast.parse(tabs(source)))


def dresses(before: bytes, after: bytes) -> list[list[Dress]]:
    """All forms that a case can have, those together that do not meet: each list is a run.

    Args:
        before: the case's file.
        after: what it becomes.
    """
    second: list[Dress] = [without_final_newline]
    if can_have_tabs(before) and can_have_tabs(after):  # indented by four spaces throughout
        second.append(tabs)
    if b"coding:" not in before.split(b"\n", 2)[1] and _is_latin1(before) and _is_latin1(after):
        second.append(latin1)
    return [[crlf, with_bom], second]


def _is_latin1(source: bytes) -> bool:
    return all(ord(character) < 256 for character in source.decode())
