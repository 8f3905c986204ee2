"""The order of what stays outside of ``main``: that in which definitions are placed in a script that has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from pymodernize.rewriting.frame import is_frame_function, mentions

if TYPE_CHECKING:
    import libcst as cst

    Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
    Kept = TypeVar("Kept", bound=Statement)


def in_order(kept: Sequence[Statement]) -> list[Statement]:
    """What stays, with the logger below the constants, and functions for ``main`` alone above that.

    Args:
        kept: statements of a module.
    """
    import libcst as cst

    places = [_frame_place(item) for item in kept]
    for number, item in enumerate(kept):
        if places[number] is not None and _is_called(item, kept):
            places[number] = None  # it stands above what runs with the module
    others: list[Statement] = []
    for number, item in enumerate(kept):
        if places[number] is None:
            left = number and places[number - 1] is not None and isinstance(item, cst.SimpleStatementLine)
            others.append(_drawn_up(item) if left and others else item)
    found = [(place, item) for item, place in zip(kept, places, strict=True) if place is not None]
    functions = [set_off(item, 2 if others else 0) for _, item in sorted(found, key=lambda pair: pair[0])]
    others = _with_logger_below(others)
    for place in range(1, len(others)):
        if _is_logger(others[place - 1]) and isinstance(others[place], (cst.FunctionDef, cst.ClassDef)):
            others[place] = set_off_definition(others[place])
    return [*others, *functions]


def _drawn_up(statement: Statement) -> Statement:
    """A statement with one blank line above it: the function that stood there has gone."""
    import libcst as cst

    lines = list(statement.leading_lines)
    while len(lines) > 1 and lines[0].comment is None and lines[1].comment is None:
        lines.pop(0)
    return cst.ensure_type(statement, cst.SimpleStatementLine).with_changes(leading_lines=lines)


def set_off_definition(statement: Statement) -> Statement:
    """A definition with two blank lines above it, unless a comment in between is set off from it.

    Args:
        statement: a function or a class.
    """
    return statement if _has_comment_apart(statement) else set_off(statement, 2)


def _has_comment_apart(statement: Statement) -> bool:
    """Whether a comment above a statement is set off from it by blank lines: it is not the statement's own."""
    lines = statement.leading_lines
    return bool(lines) and lines[-1].comment is None and any(line.comment is not None for line in lines)


def _is_called(function: Statement, kept: Sequence[Statement]) -> bool:
    """Whether what stays calls a function as the module is loaded, as far as its text says."""
    import libcst as cst

    name = cst.ensure_type(function, cst.FunctionDef).name.value
    running = (item for item in kept if not isinstance(item, (cst.FunctionDef, cst.ClassDef)))
    return any(mentions(cst.Module([item]).code, frozenset({name})) for item in running)


def _frame_place(statement: Statement) -> int | None:
    """The place of a function that is there for ``main`` among its like; None for any other statement."""
    import libcst as cst

    return is_frame_function(cst.Module([statement]).code) if isinstance(statement, cst.FunctionDef) else None


def _with_logger_below(statements: list[Statement]) -> list[Statement]:
    """The statements with a logger below the constants that follow it."""
    for place, statement in enumerate(statements):
        if not _is_logger(statement):
            continue
        end = place + 1
        while end < len(statements) and _is_constant(statements[end]):
            end += 1
        if end > place + 1:
            first = set_off(statements[place + 1], 1) if place else statements[place + 1]
            constants = [first, *statements[place + 2 : end]]
            return [*statements[:place], *constants, set_off(statement, 1), *statements[end:]]
    return statements


def _assigned(statement: Statement) -> tuple[list[str], cst.BaseExpression | None]:
    import libcst as cst

    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return [], None
    line = statement.body[0]
    if not isinstance(line, cst.Assign):
        return [], None
    names = [item.target.value for item in line.targets if isinstance(item.target, cst.Name)]
    return (names, line.value) if len(names) == len(line.targets) else ([], None)


def _is_logger(statement: Statement) -> bool:
    import libcst as cst

    _, value = _assigned(statement)
    return value is not None and cst.Module([]).code_for_node(value).endswith(".getLogger(__name__)")


def _is_constant(statement: Statement) -> bool:
    import libcst as cst

    names, value = _assigned(statement)
    literal = isinstance(value, (cst.BaseString, cst.BaseNumber)) and not isinstance(value, cst.FormattedString)
    return bool(names) and literal and all(name.isupper() for name in names)


def set_off(statement: Statement, blank: int) -> Statement:
    """A statement with so many blank lines above it and its comments, at least.

    Args:
        statement: any.
        blank: how many.
    """
    import libcst as cst

    lines = list(statement.leading_lines)
    there = next((number for number, line in enumerate(lines) if line.comment is not None), len(lines))
    return statement.with_changes(leading_lines=[*[cst.EmptyLine(indent=False)] * (blank - there), *lines])
