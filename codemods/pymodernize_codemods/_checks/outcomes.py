"""Whether a script looks at what became of a program that it starts, and how long it waits for it."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import binding_of, given, may_give, value_of

_LOOKING = frozenset({"returncode", "check_returncode"})
# Attributes that say nothing of the outcome.
_OUTPUT = frozenset({"stdout", "stderr", "args"})
# They only change what a terminal shows.
_AT_ONCE = frozenset({"clear", "cls"})


def is_unchecked(module: Module, call: ast.Call) -> bool:
    """Whether nobody asks for the exit status of a program.

    Args:
        module: the module.
        call: of ``subprocess.run`` or ``subprocess.call``.
    """
    if may_give(call, "check") or _only_shows(module, call):
        return False
    parent = module.parent(call)
    if isinstance(parent, ast.Expr):
        return True
    if module.qualified_name(call.func) != "subprocess.run":
        return False
    if isinstance(parent, ast.Attribute):
        return parent.attr in _OUTPUT
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    binding = binding_of(module, parent.targets[0])
    if binding is None:
        return False
    around = [module.parent(use) for use in module.uses(binding)]
    return all(isinstance(item, ast.Attribute) and item.attr in _OUTPUT for item in around)


def may_wait_for_ever(module: Module, call: ast.Call) -> bool:
    """Whether a script waits for a program without an end.

    Args:
        module: the module.
        call: of a function of ``subprocess`` that waits.
    """
    return not may_give(call, "timeout") and not _only_shows(module, call)


def _only_shows(module: Module, call: ast.Call) -> bool:
    command = given(call, 0, "args")
    value = value_of(module, command) if command is not None else None
    if isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) == 1:
        value = value.elts[0]
    if isinstance(value, ast.IfExp):
        return all(isinstance(item, ast.Constant) and item.value in _AT_ONCE for item in (value.body, value.orelse))
    return isinstance(value, ast.Constant) and value.value in _AT_ONCE
