"""The LibCST side of exit codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from pymodernize.fragments import CannotPlace


def named(node: cst.BaseExpression, *, names: Mapping[int, str]) -> cst.BaseExpression:
    """An exit code with names for its numbers.

    Args:
        node: a number, or a condition between numbers and other things.
        names: the names by number; others stay.
    """
    if isinstance(node, cst.IfExp):
        return node.with_changes(body=named(node.body, names=names), orelse=named(node.orelse, names=names))
    if isinstance(node, cst.Integer) and node.evaluated_value in names:
        return cst.Name(names[node.evaluated_value], lpar=node.lpar, rpar=node.rpar)
    return node


def replaced(_node: cst.BaseExpression, *, code: str) -> cst.BaseExpression:
    """Another expression in the place of one.

    Args:
        code: its source.
    """
    return cst.parse_expression(code)


def returned(line: cst.SimpleStatementLine, *, names: Mapping[int, str], success: str) -> cst.SimpleStatementLine:
    """A ``return`` in the place of an exit.

    Args:
        line: the exit: a call as a statement, or a ``raise``.
        names: the names of exit codes by number.
        success: what to return where the exit has no argument.
    """
    statement = line.body[0]
    value = statement.value if isinstance(statement, cst.Expr) else cst.ensure_type(statement, cst.Raise).exc
    arguments = value.args if isinstance(value, cst.Call) else ()
    result = named(arguments[0].value, names=names) if arguments else cst.parse_expression(success)
    if "\n" in cst.Module([]).code_for_node(result) and not result.lpar:
        result = result.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return _with(line, cst.Return(result))


def returned_bare(line: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """A ``return`` without a value in the place of an exit.

    Args:
        line: the exit.
    """
    return _with(line, cst.Return())


def _with(line: cst.SimpleStatementLine, statement: cst.Return) -> cst.SimpleStatementLine:
    """A line with another statement; blanks at its end were there for nothing."""
    end = line.trailing_whitespace
    if end.comment is None:
        end = end.with_changes(whitespace=cst.SimpleWhitespace(""))
    return line.with_changes(body=[statement], trailing_whitespace=end)


def followed(line: cst.SimpleStatementLine, *, lines: Sequence[str]) -> list[cst.BaseStatement]:
    """A statement with others below it.

    Args:
        line: the statement.
        lines: the sources of the others.
    """
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        raise CannotPlace("the constants share their line with others")
    return [line, *(cst.parse_statement(item) for item in lines)]
