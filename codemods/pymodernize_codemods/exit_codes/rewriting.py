"""The LibCST side of exit codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from pymodernize.rewriting.fragments import CannotPlace


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


def among(line: cst.SimpleStatementLine, *, above: Sequence[str], below: Sequence[str]) -> list[cst.BaseStatement]:
    """A statement among others.

    Args:
        line: the statement.
        above: the sources of those above it, which go below its comments.
        below: the sources of those below it.
    """
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        raise CannotPlace("the constants share their line with others")
    first = [cst.ensure_type(cst.parse_statement(item), cst.SimpleStatementLine) for item in above]
    first += [line.with_changes(leading_lines=[])] if first else [line]
    first[0] = first[0].with_changes(leading_lines=line.leading_lines)
    return [*first, *(cst.parse_statement(item) for item in below)]


_ENDING = """\
try:
    pass
except KeyboardInterrupt:
    {logger}.warning("Interrupted")
    return {interrupted}
except Exception:
    {logger}.exception("Unexpected error")
    return {failed}
finally:
    {logger}.info("Ended after %.3f s", {clock} - {started})
"""


def with_ending(
    function: cst.FunctionDef, *, above: int, logger: str, started: str, clock: str, codes: tuple[str, str]
) -> cst.FunctionDef:
    """A ``main`` that logs its start and its end, and what ends it early.

    Args:
        function: the function.
        above: how many of its statements stay above that.
        logger: the variable of the module's logger.
        started: a variable for the time of the start.
        clock: the expression that gives the time.
        codes: the exit codes of an interruption and of a failure.
    """
    if not isinstance(function.body, cst.IndentedBlock):
        raise CannotPlace("main has its body on one line")
    statements = list(function.body.body)
    work = statements[above:]
    # The first line of a block has no blank line above it.
    lines = [*getattr(work[0], "leading_lines", ())]
    while lines and lines[0].comment is None:
        lines.pop(0)
    work[0] = work[0].with_changes(leading_lines=lines)
    interrupted, failed = codes
    source = _ENDING.format(logger=logger, interrupted=interrupted, failed=failed, clock=clock, started=started)
    whole = cst.ensure_type(cst.parse_statement(source), cst.Try)
    whole = whole.with_changes(body=function.body.with_changes(body=work))
    first = [cst.parse_statement(f"{started} = {clock}"), cst.parse_statement(f'{logger}.info("Started")')]
    return function.with_changes(
        body=function.body.with_changes(body=[*statements[:above], *first, whole], footer=[]),
    )
