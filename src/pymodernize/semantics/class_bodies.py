"""Whether the body of a class may pass instances to code that the analysis does not follow."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.methods import PROPERTY_PARTS
from pymodernize.semantics.scopes import BindingKind, Scope

if TYPE_CHECKING:
    from pymodernize.semantics.named import Named


def keeps_to_itself(module: Named, owner: ast.ClassDef) -> bool:
    """Whether a class body binds only methods, plain values and classes, and uses methods only for properties.

    Args:
        module: the module.
        owner: a class of it.
    """
    for bound in module.index.scopes[owner].bindings.values():
        for binding in bound:
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)) or binding.kind is BindingKind.CLASS:
                continue
            if binding.kind is not BindingKind.NAME or not is_plain_store(module, owner, binding.node):
                return False
        if any(binding.kind is BindingKind.FUNCTION for binding in bound):
            if not all(_makes_property(module, use) for use in module.uses(bound[0])):
                return False
    return True


def _makes_property(module: Named, use: ast.Name) -> bool:
    parent = module.parent(use)
    call = module.parent(parent) if isinstance(parent, ast.keyword) else parent
    if isinstance(call, ast.Call) and module.qualified_name(call.func) == "builtins.property":
        return True
    return isinstance(parent, ast.Attribute) and parent.attr in PROPERTY_PARTS


def is_plain_store(module: Named, owner: ast.ClassDef, target: ast.AST) -> bool:
    """Whether the value that is assigned to a class attribute cannot be a function, which would get the instance.

    Args:
        module: the module.
        owner: the class.
        target: what is bound: a name in its body, or an attribute of it.
    """
    parent = module.parent(target)
    if not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return False
    scope = module.index.scopes[owner]
    for node in ast.walk(parent.value) if parent.value is not None else ():
        if isinstance(node, ast.Lambda):
            return False
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not _is_no_function(module, scope, node):
            return False
    return True


def _is_no_function(module: Named, owner: Scope, name: ast.Name) -> bool:
    if module.qualified_name(name) is not None:
        return True
    found = module.scope(name).lookup(name.id)
    if found is None:
        return False
    if found[0] is owner and all(binding.kind is BindingKind.FUNCTION for binding in found[1]):
        return True  # checked by its uses in the body
    parents = [module.parent(binding.node) for binding in found[1]]
    return all(isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant) for item in parents)
