"""The literal that a name stands for."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module


def constant_of(module: Module, name: ast.Name) -> ast.Constant | None:
    """The literal that a name always stands for, None if that is not certain.

    Args:
        module: the module.
        name: where it is read.
    """
    found = module.scope(name).lookup(name.id)
    if found is None or len(found[1]) != 1 or not module.is_closed:
        return None
    assign = module.parent(found[1][0].node)
    value = assign.value if isinstance(assign, ast.Assign) and len(assign.targets) == 1 else None
    return value if isinstance(value, ast.Constant) else None
