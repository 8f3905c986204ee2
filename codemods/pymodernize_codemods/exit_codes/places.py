"""Where a script ends itself, and with what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.module import Module

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
        named = call.func if call is not None else raised
        if named is None or module.qualified_name(named) != "builtins.SystemExit":
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


def is_number(expr: ast.expr | None) -> bool:
    """Whether an expression is one of written numbers, whichever way its conditions turn out.

    Args:
        expr: an exit code.
    """
    if isinstance(expr, ast.IfExp):
        return is_number(expr.body) and is_number(expr.orelse)
    return isinstance(expr, ast.Constant) and type(expr.value) is int
