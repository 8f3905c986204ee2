"""Handlers of one function that do the same about the same calls: a reader expects them to catch the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.clauses import Clause

_MOST = 200
"""More handlers than that in one file are not compared."""


def groups(module: Module, clauses: Sequence[Clause]) -> dict[ast.ExceptHandler, list[Clause]]:
    """For each handler those that are like it, itself among them.

    Args:
        module: the module.
        clauses: of its handlers.
    """
    found: dict[object, list[Clause]] = {}
    for clause in clauses if len(clauses) <= _MOST else ():
        body = tuple(ast.dump(item) for item in clause.handler.body)
        key = (module.function(clause.handler), body, _done(module, clause.statement))
        found.setdefault(key, []).append(clause)
    return {clause.handler: group for group in found.values() for clause in group}


def _done(module: Module, statement: ast.Try) -> tuple[str, ...]:
    """What the body of a ``try`` calls, in order, with a mark for each place where it looks something up."""
    nodes = [node for item in statement.body for node in own_nodes(item)]
    return tuple(
        "[]" if isinstance(node, ast.Subscript) else module.qualified_name(node.func) or module.text(node.func)
        for node in nodes
        if isinstance(node, (ast.Call, ast.Subscript))
    )
