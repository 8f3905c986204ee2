"""``sys.exit("text")`` → an error in the log and an exit code."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of
from pymodernize_codemods._logging.messages import Part, read
from pymodernize_codemods._script.leaving import catches_exit
from pymodernize_codemods.exit_codes.places import Exit


def text_of(module: Module, expr: ast.expr | None) -> Part | None:
    """How a text is taken apart that an exit is given; None if it may be no text.

    Args:
        module: the module.
        expr: the exit's argument.
    """
    if expr is None:
        return None
    part = read(module, expr)
    if part.kind != "value":
        return part
    types = module.type_of(expr)
    return part if types and names_of(types) == {"str"} else None


def noticed(module: Module) -> str:
    """Why the text of an exit may be read by the file itself; empty if only the interpreter sees it.

    Args:
        module: the module.
    """
    for handler in module.nodes(ast.ExceptHandler):
        if catches_exit(module, handler):
            return f"the except of line {handler.lineno} may catch the exit, and look at its text"
    if b"__exit__" in module.source.data and any(item.name == "__exit__" for item in module.nodes(ast.FunctionDef)):
        return "the file has an __exit__ that may look at the exit's text"
    return ""


def form_reason(module: Module, item: Exit) -> str:
    """Why an exit with a text stays as it is because of how it is written; empty if it can change.

    Args:
        module: the module.
        item: the exit.
    """
    statement = module.statement(item.node)
    whole = statement is item.node or isinstance(statement, ast.Expr) and statement.value is item.node
    if not whole:
        return "it is a part of an expression"
    block = module.block(statement)
    place = next(number for number, other in enumerate(block) if other is statement)
    if place and (block[place - 1].end_lineno or 0) >= statement.lineno:
        return "it shares its line with another statement"
    start, end = module.span(statement)
    if any(start <= comment.offset < end for comment in module.comments):
        return "a comment between its arguments would be lost"
    return ""


def record_source(module: Module, item: Exit, function: str, part: Part) -> str:
    """The source of the call that logs an exit's text, with the file's newlines.

    Args:
        module: the module.
        item: the exit.
        function: what to call.
        part: how the text is taken apart.

    Raises:
        CannotPlace: the text is written in a way that is not foreseen.
    """
    import libcst as cst

    from pymodernize_codemods._logging.rewrite import Place, record

    assert item.call is not None  # noqa: S101 - it has a text
    line = module.source.line(module.statement(item.node).lineno).decode("utf-8")
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    call = cst.ensure_type(cst.parse_expression(module.text(item.call).replace("\r\n", "\n")), cst.Call)
    made = record(call, function, [part], "", Place(len(indent), indent, module.indent))
    return cst.Module([]).code_for_node(made).replace("\n", module.source.newline)
