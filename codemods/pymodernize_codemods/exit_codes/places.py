"""Where a script ends itself, and with what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.completion import raises_exit
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.leaving import catches_exit

SITE = ("builtins.exit", "builtins.quit")


@dataclass(frozen=True)
class Exit:
    """One place that raises SystemExit.

    Attributes:
        node: the call, or the ``raise``.
        call: the call that takes the argument; None for a bare ``raise SystemExit``.
        argument: the exit code or the text, None if there is none.
        by_site: whether it is ``exit()`` or ``quit()`` of the module :mod:`site`.
    """

    node: ast.Call | ast.Raise
    call: ast.Call | None
    argument: ast.expr | None
    by_site: bool = False


def exits(module: Module) -> list[Exit]:
    """Every place that raises SystemExit with at most one plain argument, in the order of the file.

    Args:
        module: the module.
    """
    found: list[Exit] = []
    for call in module.calls("sys.exit", *SITE):
        if not _is_plain(call):
            continue
        by_site = module.qualified_name(call.func) in SITE
        found.append(Exit(call, call, call.args[0] if call.args else None, by_site))
    for statement in module.nodes(ast.Raise):
        raised = statement.exc
        call = raised if isinstance(raised, ast.Call) else None
        if not raises_exit(module, statement):
            continue
        if call is None or _is_plain(call):
            found.append(Exit(statement, call, call.args[0] if call is not None and call.args else None))
    return sorted(found, key=lambda item: (item.node.lineno, item.node.col_offset))


def _is_plain(call: ast.Call) -> bool:
    return not call.keywords and len(call.args) <= 1 and not any(isinstance(arg, ast.Starred) for arg in call.args)


def numbers(expr: ast.expr | None) -> Iterator[ast.Constant]:
    """The whole numbers that an expression may come to, as far as they are written in it.

    Args:
        expr: an exit code; None for none.
    """
    if isinstance(expr, ast.IfExp):
        yield from numbers(expr.body)
        yield from numbers(expr.orelse)
    elif isinstance(expr, ast.Constant) and type(expr.value) is int:
        yield expr


def is_written(expr: ast.expr | None) -> bool:
    """Whether an expression is one of written numbers, whichever way its conditions turn out.

    Args:
        expr: an exit code.
    """
    if isinstance(expr, ast.IfExp):
        return is_written(expr.body) and is_written(expr.orelse)
    return isinstance(expr, ast.Constant) and type(expr.value) is int


def stands_alone(module: Module, item: Exit) -> bool:
    """Whether an exit is a statement with lines and comments of its own.

    Args:
        module: the module.
        item: the exit.
    """
    statement = module.statement(item.node)
    whole = statement is item.node or isinstance(statement, ast.Expr) and statement.value is item.node
    if not whole:
        return False
    block = module.block(statement)
    place = next(number for number, other in enumerate(block) if other is statement)
    if place and (block[place - 1].end_lineno or 0) >= statement.lineno:
        return False
    start, end = module.span(statement)
    return not any(start <= comment.offset < end for comment in module.comments)


def caught(module: Module) -> str:
    """Why an exit may not end the script; empty if nothing in the file catches it.

    Args:
        module: the module.
    """
    for handler in module.nodes(ast.ExceptHandler):
        if catches_exit(module, handler):
            return f"the except of line {handler.lineno} may catch the exit"
    if module.has_text(b"__exit__") and any(item.name == "__exit__" for item in module.nodes(ast.FunctionDef)):
        return "the file has an __exit__ that may stop the exit"
    return ""
