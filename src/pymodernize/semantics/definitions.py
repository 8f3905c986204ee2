"""The functions and classes that a module defines itself, and who gets at them."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import TYPE_CHECKING

from pymodernize.semantics import namespaces
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_OWN_NAMES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.eval", "builtins.exec"})
_DICTIONARIES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars"})


def local_function(module: Module, func: ast.expr) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """See :meth:`pymodernize.semantics.module.Module.local_function`."""
    binding = _only_binding(module, func, BindingKind.FUNCTION)
    node = binding.node if binding is not None else None
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.decorator_list:
        return node
    return None


def local_class(module: Module, expr: ast.expr) -> ast.ClassDef | None:
    """See :meth:`pymodernize.semantics.module.Module.local_class`."""
    binding = _only_binding(module, expr, BindingKind.CLASS)
    return binding.node if binding is not None and isinstance(binding.node, ast.ClassDef) else None


def _only_binding(module: Module, expr: ast.expr, kind: BindingKind) -> Binding | None:
    """The binding that a name means, if it is the only one of that name and of this kind."""
    if not isinstance(expr, ast.Name):
        return None
    found = module.scope(expr).lookup(expr.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not kind or found[0].star_imports:
        return None
    return found[1][0]


def every_call(module: Module, function: ast.AST) -> list[ast.Call] | None:
    """See :meth:`pymodernize.semantics.module.Module.every_call`."""
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
        return None
    if not module.is_closed or module.reads_own_names:
        return None
    scope = module.scope(function)
    bindings = scope.bindings.get(function.name, [])
    if scope.kind is ScopeKind.CLASS or len(bindings) != 1:
        return None
    calls = []
    for use in module.uses(bindings[0]):
        call = module.parent(use)
        if not isinstance(call, ast.Call) or call.func is not use:
            return None
        calls.append(call)
    return calls


def own_names_read(module: Module, harmless: Collection[ast.Call] = ()) -> frozenset[str] | None:
    """See :attr:`pymodernize.semantics.module.Module.own_names_read`; some calls are known not to matter."""
    if module.has_text(b"modules") and any(module.names.naming("sys.modules")):
        return None
    if any(
        "__main__" in (alias.name, getattr(module.parent(alias), "module", "")) for alias in module.nodes(ast.alias)
    ):
        return None
    found: frozenset[str] = frozenset()
    for call in module.calls(*_OWN_NAMES):
        if call in harmless:
            continue
        qualified = module.qualified_name(call.func)
        if call.args or call.keywords or qualified not in _DICTIONARIES:
            if qualified != "builtins.vars":
                return None
            continue
        read = namespaces.read_from(module, call)
        if read is None:
            return None
        found |= read
    return found
