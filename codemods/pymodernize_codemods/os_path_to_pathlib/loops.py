"""The variables of loops."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize_codemods._paths.edits import is_inside_fstring

Loop = ast.For | ast.comprehension


def loop_over(module: Module, expr: ast.expr) -> Loop | None:
    """The loop that goes over a list, in order or sorted.

    Args:
        module: the module.
        expr: the expression that gives the list.

    Returns:
        The ``for`` loop or the part of a comprehension; None if it goes elsewhere.
    """
    parent = module.parent(expr)
    if isinstance(parent, ast.Call) and module.qualified_name(parent.func) == "builtins.sorted":
        if parent.args != [expr] or parent.keywords:
            return None
        expr, parent = parent, module.parent(parent)
    return parent if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is expr else None


def reads_in(module: Module, loop: Loop) -> list[ast.Name] | None:
    """The reads of a loop's variable, if loops alone bind it and each read belongs to one of them.

    Args:
        module: the module.
        loop: a loop, or one of the loops of a comprehension.

    Returns:
        The reads in this loop; None if its variable is none, or if somebody
        else can see it.
    """
    target = loop.target
    if not isinstance(target, ast.Name) or getattr(loop, "orelse", None):
        return None
    if module.own_names_read is None or target.id in module.own_names_read:
        return None
    if is_inside_fstring(module, target):
        return None  # positions in there are of no use before Python 3.12
    found = module.scope(target).lookup(target.id)
    if found is None or found[0].parent is None and not module.is_closed or found[0].kind is ScopeKind.CLASS:
        return None
    bodies: list[ast.AST] = []
    for binding in found[1]:
        owner = module.parent(binding.node)
        if not isinstance(owner, (ast.For, ast.comprehension)):
            return None
        body = owner if isinstance(owner, ast.For) else module.parent(owner)
        if body is None or any(body in module.ancestors(other) or other in module.ancestors(body) for other in bodies):
            return None  # a loop in a loop of the same variable
        bodies.append(body)
    reads: list[ast.Name] = []
    for read in module.uses(found[1][0]):
        around = next((node for node in module.ancestors(read) if node in bodies), None)
        if around is None or _is_iterated(module, around, read):
            return None
        if around is (loop if isinstance(loop, ast.For) else module.parent(loop)):
            reads.append(read)
    return reads


def _is_iterated(module: Module, around: ast.AST, read: ast.Name) -> bool:
    """Whether a read stands in what a loop goes over: it sees the variable of an earlier loop."""
    if not isinstance(around, ast.For):
        return False
    return read is around.iter or any(node is around.iter for node in module.ancestors(read))
