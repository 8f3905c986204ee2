"""Functions and texts that only what goes has used."""

from __future__ import annotations

import ast
from collections.abc import Collection

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.analysis import has_effect
from pymodernize_codemods.argparse_skeleton.patch import Patch


def remove_unused(module: Module, patch: Patch, needed: Collection[str]) -> None:
    """Take away the functions and texts of a module whose every use goes.

    Args:
        module: the module.
        patch: what becomes of its statements.
        needed: variables that new code reads.
    """
    grown = True
    while grown:
        grown = False
        for function in module.nodes(ast.FunctionDef):
            calls = module.every_call(function) if function not in patch.statements else None
            if calls and all(patch.is_gone(call) for call in calls):
                patch.statements[function] = ()
                grown = True
        for assign in module.nodes(ast.Assign):
            if assign not in patch.statements and _is_unused_text(module, patch, assign, needed):
                patch.statements[assign] = ()
                grown = True


def _is_unused_text(module: Module, patch: Patch, assign: ast.Assign, needed: Collection[str]) -> bool:
    match assign.targets:
        case [ast.Name(id=name)] if not name.startswith("__") and name not in needed:
            pass
        case _:
            return False
    if not isinstance(module.parent(assign), ast.Module) or not module.is_closed:
        return False
    found = module.index.scope.bindings.get(name, [])
    uses = module.uses(found[0]) if len(found) == 1 else []
    pure = not any(isinstance(node, ast.Call) and has_effect(module, node) for node in ast.walk(assign.value))
    return pure and bool(uses) and all(patch.is_gone(use) for use in uses)
