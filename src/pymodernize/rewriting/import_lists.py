"""The names after ``from ... import``: put some in, take some out, and keep the layout."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from pymodernize.rewriting.fragments import Splice
from pymodernize.semantics.module import Module

# A longer line would want another layout: https://docs.astral.sh/ruff/settings/#line-length has this default.
_LONGEST = 88


def with_names(module: Module, statement: ast.ImportFrom, names: Iterable[str]) -> list[Splice] | None:
    """Import more from the module that a statement imports from.

    Args:
        module: the module.
        statement: an import without ``*``.
        names: what it does not import yet, with ``as`` and another name where that is wanted.

    Returns:
        The splices; None where the list has a layout of its own, or has
        become too long for one line.
    """
    there = [ast.unparse(alias) for alias in statement.names]
    start, end = module.span(statement)
    if b"\n" not in module.source.data[start:end]:
        for name in sorted(names):
            there.insert(_place(there, name), name)
        splice = _whole(module, statement, there)
        line = module.source.line(statement.lineno).rstrip()
        return None if len(line) + len(splice.text) - (splice.end - splice.start) > _LONGEST else [splice]
    if not _has_a_line_each(module, statement):
        return None
    lines: dict[int, list[str]] = {}
    for name in sorted(names):
        lines.setdefault(_place(there, name), []).append(name)
    return [_new_lines(module, statement, place, found) for place, found in lines.items()]


def without_names(
    module: Module, statement: ast.Import | ast.ImportFrom, dropped: Collection[ast.alias]
) -> list[Splice]:
    """Take names out of an import that keeps others.

    Args:
        module: the module.
        statement: the import.
        dropped: some of its names.

    Returns:
        The splices; none where the list has a layout of its own.
    """
    start, end = module.span(statement)
    if b"\n" not in module.source.data[start:end]:
        return [_whole(module, statement, [ast.unparse(alias) for alias in statement.names if alias not in dropped])]
    if not _has_a_line_each(module, statement):
        return []
    spans = [module.source.line_span(alias.lineno) for alias in dropped]
    return [Splice(first, last, b"") for first, last in spans]


def _whole(module: Module, statement: ast.Import | ast.ImportFrom, names: Sequence[str]) -> Splice:
    first, last = module.span(statement.names[0])[0], module.span(statement.names[-1])[1]
    return Splice(first, last, ", ".join(names).encode("utf-8"))


def _has_a_line_each(module: Module, statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether every name has a line for itself: between brackets, since nothing continues the lines."""
    texts = [module.source.line(alias.lineno).strip() for alias in statement.names]
    names = [ast.unparse(alias).encode("utf-8") for alias in statement.names]
    separated = all(text == name + b"," for text, name in zip(texts[:-1], names[:-1], strict=True))
    return separated and texts[-1].removesuffix(b",") == names[-1]


def _new_lines(module: Module, statement: ast.ImportFrom, place: int, names: Sequence[str]) -> Splice:
    source = module.source
    last = statement.names[-1]
    line = source.line(last.lineno)
    indent = line[: len(line) - len(line.lstrip())].decode("utf-8")
    if place < len(statement.names):
        offset = source.line_span(statement.names[place].lineno)[0]
    elif line.strip().endswith(b","):
        offset = source.line_span(last.lineno)[1]
    else:
        offset = module.span(last)[1]
        return Splice(offset, offset, "".join(f",{source.newline}{indent}{name}" for name in names).encode("utf-8"))
    return Splice(offset, offset, "".join(f"{indent}{name},{source.newline}" for name in names).encode("utf-8"))


def _by_kind(name: str) -> tuple[int, str]:
    """The order of isort and ruff: constants, classes, the rest."""
    return 0 if len(name) > 1 and name.isupper() else 1 if name[:1].isupper() else 2, name


def _place(names: Sequence[str], name: str) -> int:
    """Where a name goes among others, in whatever order they are; at the end if they are in none."""
    for key in (_by_kind, str.lower):
        keys = [key(item) for item in names]
        if keys == sorted(keys):
            return bisect_right(keys, key(name))
    return len(names)
