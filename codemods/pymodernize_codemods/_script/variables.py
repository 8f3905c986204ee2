"""What an assignment would bind where a name is read."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module


def assigns_the_same(module: Module, name: ast.Name) -> bool:
    """Whether an assignment to a name where it is read would bind the variable that is read there.

    Args:
        module: the module.
        name: a read.

    Returns:
        False where it would make a local variable of another's name: in a
        function that reads the module's variable, and does not declare it.
    """
    scope = module.scope(name)
    found = scope.lookup(name.id)
    if found is None:
        return True  # nothing else has it
    return found[0] is scope or name.id in scope.global_names | scope.nonlocal_names
