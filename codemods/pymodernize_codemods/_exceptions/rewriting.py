"""The edits of LibCST nodes: the types and the name of an except clause, the cause of a ``raise``."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst


def with_types(handler: cst.ExceptHandler, *, types: Sequence[str]) -> cst.ExceptHandler:
    """A handler with other types.

    Args:
        handler: the handler as it is.
        types: the types as they are written, at least one.
    """
    return handler.with_changes(type=_types(types), whitespace_after_except=cst.SimpleWhitespace(" "))


def _types(types: Sequence[str]) -> cst.BaseExpression:
    if len(types) == 1:
        return cst.parse_expression(types[0])
    return cst.parse_expression(f"({', '.join(types)})")


def replaced(_node: cst.BaseExpression, *, types: Sequence[str]) -> cst.BaseExpression:
    """The types as an expression that replaces another."""
    return _types(types)


def with_cause(line: cst.SimpleStatementLine, *, cause: str) -> cst.SimpleStatementLine:
    """A ``raise`` with a cause: ``raise ... from cause``.

    Args:
        line: the statement, on a line by itself.
        cause: a name, or ``None``.
    """
    raised = cst.ensure_type(line.body[0], cst.Raise)
    return line.with_changes(body=[raised.with_changes(cause=cst.From(cst.Name(cause)))])


def with_code(line: cst.SimpleStatementLine, *, code: str) -> cst.SimpleStatementLine:
    """A line whose statement is replaced by an expression; its comment stays.

    Args:
        line: the statement, on a line by itself.
        code: the expression.
    """
    return line.with_changes(body=[cst.Expr(cst.parse_expression(code))])


def with_name(handler: cst.ExceptHandler, *, name: str) -> cst.ExceptHandler:
    """A handler that binds its exception to a name.

    Args:
        handler: the handler as it is, with a type and without a name.
        name: the name.
    """
    return handler.with_changes(name=cst.AsName(cst.Name(name)))
