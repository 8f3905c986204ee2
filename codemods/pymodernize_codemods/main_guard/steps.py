"""The statements that will be the body of ``main``: which of them bind a name, and what runs after them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, Scope, ScopeKind
from pymodernize.semantics.scripts import is_guard


def own_step(module: Module, binding: Binding) -> ast.stmt | None:
    """The statement of ``main``'s own body that binds a name, if it certainly does when it has run."""
    node, parent = binding.node, module.parent(binding.node)
    while isinstance(parent, (ast.Tuple, ast.List, ast.Starred)):
        node, parent = parent, module.parent(parent)
    if isinstance(parent, ast.withitem):
        if parent.optional_vars is not node:
            return None
        parent = module.parent(parent)
    elif not isinstance(parent, (ast.Assign, ast.AnnAssign)) or parent.value is None:
        return None
    return parent if isinstance(parent, ast.stmt) and _step(module, parent) is parent else None


def _around(module: Module, node: ast.AST) -> Iterator[ast.stmt]:
    """The statements around a node, from the inside out, itself if it is one."""
    inner: ast.AST | None = node
    while inner is not None and not isinstance(inner, ast.Module):
        if isinstance(inner, ast.stmt):
            yield inner
        inner = module.parent(inner)


def _step(module: Module, node: ast.AST) -> ast.stmt:
    """The statement that a node of moved code belongs to, of those that will be the body of ``main``."""
    statement = module.top_level(node)
    if not isinstance(statement, ast.If) or not is_guard(statement):
        return statement
    return next((item for item in _around(module, node) if module.parent(item) is statement), statement)


def comes_after(module: Module, node: ast.AST, step: ast.stmt) -> bool:
    """Whether a node in moved code runs after a statement of main's own body has bound its names.

    Of ``with`` only what is in its block does: if one of its managers keeps
    the failure of another to itself, what comes below runs without the name.
    """
    if isinstance(step, (ast.With, ast.AsyncWith)):
        inside = any(module.parent(item) is step for item in _around(module, node))
        return inside and _is_plain_place(module, node)
    own = _step(module, node)
    return (own.lineno, own.col_offset) > (step.lineno, step.col_offset) and _is_plain_place(module, node)


def _is_plain_place(module: Module, node: ast.AST) -> bool:
    """Whether a node of moved code is in no function or class of its own."""
    return all(scope.kind in (ScopeKind.MODULE, ScopeKind.COMPREHENSION) for scope in scopes_around(module, node))


def scopes_around(module: Module, node: ast.AST) -> list[Scope]:
    """The scopes that a node is in, from the inside out."""
    found: list[Scope] = []
    scope: Scope | None = module.scope(node)
    while scope is not None:
        found.append(scope)
        scope = scope.parent
    return found
