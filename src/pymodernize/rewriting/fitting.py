"""Break the lines that rewrites have made too long, in files that keep to a length."""

from __future__ import annotations

import ast
import re

from pymodernize.rewriting.breaking import broken, columns
from pymodernize.rewriting.splices import Splice
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.module import Module
from pymodernize.semantics.several_versions import GROUPED_WITH

_TEXT = re.compile(r"""[rbuf]{0,2}["'#]""", re.IGNORECASE)


def fitted(before: Module, after: Module) -> list[Splice]:
    """The splices that break lines as the project's formatter would: those of statements that were moved or changed.

    What was too long before stays; and in a file where that could have been
    broken, too, nobody has asked for a length.

    Args:
        before: the file as it was given.
        after: the file with all edits.
    """
    if before is after:
        return []
    width = before.facts.line_length
    wide = _wide(before, width)
    old = {line.strip() for line in wide.values()}
    long = {number: line for number, line in _wide(after, width).items() if line.strip() not in old}
    if not long or not _keeps_to(before, wide, width):
        return []
    starts = _alone(after)
    splices: list[Splice] = []
    for number, line in long.items():
        lines = broken(line, width, after.indent, groups_with=_groups(after)) if number in starts else None
        if lines is not None and _says_the_same(line, lines):
            start = after.source.line_span(number)[0]
            text = after.source.newline.join(lines)
            splices.append(Splice(start, start + len(line.encode("utf-8")), text.encode("utf-8")))
    return splices


def _wide(module: Module, width: int) -> dict[int, str]:
    """The lines that are too long, by their numbers."""
    lines = enumerate(module.source.text.split("\n"), start=1)
    # A tab is one character, and more than one column.
    return {
        number: line.removesuffix("\r")
        for number, line in lines
        if (len(line) > width or "\t" in line) and columns(line.removesuffix("\r")) > width
    }


def _keeps_to(module: Module, wide: dict[int, str], width: int) -> bool:
    """Whether the lines of a file that are too long are such as no formatter breaks: texts and comments."""
    starts, inside = (_alone(module), _rows_of_texts(module)) if wide else (set(), set())
    return all(
        number in inside
        or _TEXT.match(line.strip())
        or number in starts
        and broken(line, width, module.indent, groups_with=_groups(module)) is None
        for number, line in wide.items()
    )


def _groups(module: Module) -> bool:
    return module.target >= GROUPED_WITH


def _rows_of_texts(module: Module) -> set[int]:
    """The lines of texts that take several."""
    return {
        number
        for node in module.nodes(ast.Constant, ast.JoinedStr)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if node.end_lineno != node.lineno
    }


def _alone(module: Module) -> set[int]:
    """The lines that have one statement, or the header of one, and nothing else."""
    found: set[int] = set()
    pending = [*module.tree.body]
    while pending:
        node = pending.pop()
        pending += [inner for block in blocks(node) for inner in block]
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With)):
            is_alone = node.body[0].lineno > node.lineno and module.source.line(node.lineno).rstrip().endswith(b":")
        else:
            is_alone = node.end_lineno == node.lineno
        if is_alone:
            found.add(node.lineno)
    return found


def _says_the_same(line: str, lines: list[str]) -> bool:
    """Whether a statement is the same before and after, to the parser."""
    try:
        first, second = (ast.dump(ast.parse(_whole(text))) for text in (line, "\n".join(lines)))
    except (SyntaxError, ValueError):
        return False
    return first == second


def _whole(text: str) -> str:
    code = text.strip().removeprefix("el") if text.lstrip().startswith("elif") else text.strip()
    if code.startswith("return"):
        return f"def function():\n {code}"
    return f"{code} pass" if code.endswith(":") else code
