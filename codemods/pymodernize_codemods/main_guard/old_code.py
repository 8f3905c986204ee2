"""Code in comments that works with variables of ``main``: it belongs where these are."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def cut_old_code(
    lines: Sequence[cst.EmptyLine], names: frozenset[str]
) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The comments down to the last paragraph that has code which reads certain variables, and the other lines.

    Args:
        lines: blank lines and comments, above a statement or at the end of a file.
        names: of the variables.

    Returns:
        The comments, with the blank lines among and above them, indented like the block that they go to.
    """
    end = start = 0
    while start < len(lines):
        blank = len(list(takewhile(lambda line: line.comment is None, lines[start:])))
        block = list(takewhile(lambda line: line.comment is not None, lines[start + blank :]))
        start += blank + len(block)
        if any(reads(line.comment.value, names) for line in block if line.comment is not None):
            end = start
    return [line.with_changes(indent=line.comment is not None) for line in lines[:end]], list(lines[end:])


def reads(comment: str, names: frozenset[str]) -> bool:
    """Whether a comment is a statement that does something with one of some variables.

    Args:
        comment: with its hash.
        names: of the variables.
    """
    if not any(name in comment for name in names):
        return False
    return any(isinstance(node, ast.Name) and node.id in names for node in _nodes(comment))


def is_code(comment: str) -> bool:
    """Whether a comment is a statement that does something.

    Args:
        comment: with its hash.
    """
    return bool(_nodes(comment))


def _nodes(comment: str) -> list[ast.AST]:
    """The nodes of a comment that is a statement with a call or an assignment; none for any other."""
    text = comment.strip("# \t")
    try:
        nodes = [*ast.walk(ast.parse(f"{text} pass" if text.endswith(":") else text))]
    except (SyntaxError, ValueError):
        return []
    return nodes if any(isinstance(node, (ast.Call, ast.Assign, ast.AugAssign)) for node in nodes) else []
