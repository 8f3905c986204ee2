"""The functions and classes that a module defines itself, and who gets at them."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import TYPE_CHECKING

from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_OWN_NAMES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.eval", "builtins.exec"})


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


def reads_own_names(module: Module, harmless: Collection[ast.Call] = ()) -> bool:
    """See :attr:`pymodernize.semantics.module.Module.reads_own_names`; some calls are known not to matter."""
    if b"modules" in module.source.data and any(module.names.naming("sys.modules")):
        return True
    if any(
        "__main__" in (alias.name, getattr(module.parent(alias), "module", "")) for alias in module.nodes(ast.alias)
    ):
        return True
    calls = [call for call in module.calls(*_OWN_NAMES) if call not in harmless]
    return any(call.args == [] or module.qualified_name(call.func) != "builtins.vars" for call in calls)
