"""Whether a mutable default is shared on purpose: it keeps results by key, counts, or is compared by identity."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods.mutable_default.usage import binding_of

_WORDS = frozenset({"cache", "cached", "memo", "memory", "memoized", "state", "static", "counter", "registry", "known"})


def remembers(module: Module, parameter: ast.arg) -> bool:
    """Whether a function changes the default so that later calls find it: it is looked up by key, counted or named so.

    An object that the function passes on to itself collects what one outer call finds, and is no memory.

    Args:
        module: the model.
        parameter: the parameter whose default it is, and is changed.
    """
    binding = binding_of(module, parameter)
    uses = module.uses(binding) if binding is not None else []
    if any(_is_passed_to_itself(module, use) for use in uses):
        return False
    if _WORDS & set(parameter.arg.lower().strip("_").split("_")):
        return True
    stored = any(_is_stored_by_key(module, use) for use in uses)
    read = any(_is_looked_up(module, use) for use in uses)
    return stored and read


def is_compared_by_identity(module: Module, parameter: ast.arg) -> bool:
    """Whether the parameter is compared by ``is`` with something else than None.

    Args:
        module: the model.
        parameter: the parameter whose default it is.
    """
    binding = binding_of(module, parameter)
    for use in module.uses(binding) if binding is not None else ():
        around = module.parent(use)
        if isinstance(around, ast.Compare) and any(isinstance(item, (ast.Is, ast.IsNot)) for item in around.ops):
            sides = [around.left, *around.comparators]
            if not any(isinstance(side, ast.Constant) and side.value is None for side in sides):
                return True
    return False


def _is_passed_to_itself(module: Module, use: ast.Name) -> bool:
    around = module.parent(use)
    call = module.parent(around) if isinstance(around, ast.keyword) else around
    if not isinstance(call, ast.Call) or call.func is use:
        return False
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
    return called == getattr(module.function(use), "name", "")


def _is_stored_by_key(module: Module, use: ast.Name) -> bool:
    """Whether it is ``x[key] = …``, ``x[key] += …``, ``x.setdefault(…)`` or ``x.add(…)``."""
    part = module.parent(use)
    if isinstance(part, ast.Subscript) and part.value is use:
        return isinstance(part.ctx, ast.Store)
    return isinstance(part, ast.Attribute) and part.attr in {"setdefault", "add"}


def _is_looked_up(module: Module, use: ast.Name) -> bool:
    """Whether it is ``key in x``, ``x[key]``, ``x[key] += …``, ``x.get(key)`` or ``x.setdefault(…)``."""
    part = module.parent(use)
    if isinstance(part, ast.Compare):
        return use in part.comparators and any(isinstance(item, (ast.In, ast.NotIn)) for item in part.ops)
    if isinstance(part, ast.Subscript) and part.value is use:
        return isinstance(part.ctx, ast.Load) or isinstance(module.parent(part), ast.AugAssign)
    return isinstance(part, ast.Attribute) and part.attr in {"get", "setdefault"}
