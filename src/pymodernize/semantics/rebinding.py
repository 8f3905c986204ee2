"""Bindings through the builtins module or the dictionary of globals, without a store to the name."""

from __future__ import annotations

import ast

from pymodernize.semantics.scopes import Binding, BindingKind, Index

_BUILTINS = frozenset({"builtins", "__builtin__"})


def bind_by_other_ways(index: Index) -> None:
    """Add bindings of the module scope for ``builtins.print = ...`` and ``globals()["print"] = ...``."""
    modules = {
        name
        for scope in [index.scope, *index.scopes.values()]
        for name, bindings in scope.bindings.items()
        if any((binding.target or "").rpartition(".")[2] in _BUILTINS for binding in bindings)
    } | {"__builtins__"}

    def is_namespace(node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute) and node.attr == "__dict__":
            node = node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in {"globals", "vars"} and (not node.args or is_namespace(node.args[0]))
        return isinstance(node, ast.Name) and node.id in modules

    for node in (*index.by_type.get(ast.Attribute, ()), *index.by_type.get(ast.Subscript, ())):
        name: object = None
        if not isinstance(node, (ast.Attribute, ast.Subscript)) or isinstance(node.ctx, ast.Load):
            continue
        if isinstance(node, ast.Attribute):
            name = node.attr if is_namespace(node.value) else None
        elif isinstance(node.slice, ast.Constant):
            name = node.slice.value if is_namespace(node.value) else None
        if isinstance(name, str):
            index.scope.bindings.setdefault(name, []).append(Binding(name, BindingKind.ATTRIBUTE, node, index.scope))
    for call in index.by_type.get(ast.Call, ()):
        match call:
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[module, ast.Constant(value=str(text)), *_]):
                if is_namespace(module):
                    binding = Binding(text, BindingKind.ATTRIBUTE, call, index.scope)
                    index.scope.bindings.setdefault(text, []).append(binding)
