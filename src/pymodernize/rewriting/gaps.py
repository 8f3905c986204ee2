"""The blank lines between statements that rewrites have brought together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.rewriting.splices import Splice
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.scripts import is_guard
from pymodernize.source import SourceFile

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class _Gap:
    """The blank lines and comments above a statement.

    Attributes:
        above: the line of code above them.
        below: the line below them.
        start: the number of the first of them, from 1.
        form: a letter for each line, ``b`` for a blank one and ``c`` for a comment.
        wanted: the fewest and the most blank lines that belong there.
        names: of the definitions on both sides, and of the one whose block begins there.
    """

    above: str
    below: str
    start: int
    form: str
    wanted: tuple[int, int]
    names: frozenset[str]


def spaced(before: SourceFile, old: ast.Module, after: SourceFile) -> list[Splice]:
    """The splices that give statements which were not neighbours before the blank lines that PEP 8 asks for.

    Gaps that were there stay as they are.

    Args:
        before: the file as it was given.
        old: its tree.
        after: the file with all edits.
    """
    try:
        new = ast.parse(after.text)
    except (SyntaxError, ValueError, RecursionError):
        return []  # the self-check says so
    there = [*_gaps(before, old)]
    below: dict[str, set[str]] = {}
    above: dict[str, set[str]] = {}
    for gap in there:
        below.setdefault(gap.above, set()).add(gap.form)
        above.setdefault(gap.below, set()).add(gap.form)
    names = frozenset().union(*(gap.names for gap in there))
    splices: list[Splice] = []
    for gap in _gaps(after, new):
        is_known = gap.form in below.get(gap.above, ()) or gap.form in above.get(gap.below, ())
        is_ours = not gap.names <= names or not is_known and (gap.above in below or gap.below in above)
        lead = len(gap.form) - len(gap.form.lstrip("b"))
        # A comment that is set off from what follows is about more than that.
        if not is_ours or "cb" in gap.form:
            continue
        least, most = gap.wanted
        blank = min(max(lead, least), most)
        if blank != lead:
            start = after.line_span(gap.start)[0]
            end = after.line_span(gap.start + lead)[0] if lead else start
            splices.append(Splice(start, end, after.newline.encode() * blank))
    return splices


def _gaps(source: SourceFile, tree: ast.Module) -> Iterator[_Gap]:
    """The gaps above all statements of a module but the first."""
    lines = source.text.split("\n")
    pending: list[tuple[ast.AST, list[ast.stmt]]] = [(tree, tree.body)]
    while pending:
        owner, block = pending.pop()
        above: ast.stmt | None = None
        for statement in block:
            pending += [(statement, inner) for inner in blocks(statement)]
            gap = _gap(lines, owner, above, statement)
            above = statement
            if gap is not None:
                yield gap


def _gap(lines: list[str], owner: ast.AST, above: ast.stmt | None, statement: ast.stmt) -> _Gap | None:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(item.lineno for item in decorators)])
    start = first
    while start > 1 and (not lines[start - 2].strip() or lines[start - 2].lstrip().startswith("#")):
        start -= 1
    wanted = _wanted(owner, above, statement)
    if start == 1 or wanted is None:
        return None
    form = "".join("c" if line.strip() else "b" for line in lines[start - 1 : first - 1])
    around = [item for item in (above, statement) if item is not None]
    around += [owner] if above is None and isinstance(owner, ast.stmt) else []
    names = frozenset(item.name for item in around if isinstance(item, _DEFINITIONS))
    return _Gap(lines[start - 2].strip(), lines[first - 1].strip(), start, form, wanted, names)


def _wanted(owner: ast.AST, above: ast.stmt | None, statement: ast.stmt) -> tuple[int, int] | None:
    """The fewest and the most blank lines above a statement; None if there is no rule."""
    apart = isinstance(statement, _DEFINITIONS) or isinstance(above, _DEFINITIONS)
    if isinstance(owner, ast.Module):
        if above is None or not apart and (is_guard(statement) or is_guard(above)):
            return None
        return (2, 2) if apart else (0, 1)
    if apart or isinstance(owner, ast.ClassDef):
        return None
    return (0, 0) if above is None else (0, 1)
