"""Where the text of a path becomes visible again: in error messages, and in the name of an open file."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._paths.classes import types_of
from pymodernize_codemods._paths.errors import shows_errors
from pymodernize_codemods._paths.hazards import NONE, Hazard
from pymodernize_codemods._paths.taking import NAMING


def told_by_errors(module: Module, call: ast.Call) -> Hazard:
    """The hazards of a text that the message of an error may show.

    Args:
        module: the module.
        call: a call that takes it.
    """
    return Hazard.UNTIDY if shows_errors(module, call) else NONE


def told_by_name(module: Module, call: ast.Call, qualified: str) -> Hazard:
    """The hazards of a text that the ``name`` of an open file may show.

    Args:
        module: the module.
        call: a call that takes the text.
        qualified: the function.
    """
    return Hazard.UNTIDY if qualified in NAMING and module.once(_asks_for_names) else NONE


def _asks_for_names(module: Module) -> bool:
    """Whether a module reads the ``name`` or ``filename`` of what may be an open file."""
    if not any(name in module.source.data for name in (b".name", b".filename")):
        return False
    asked = (node for node in module.nodes(ast.Attribute) if node.attr in {"name", "filename"})
    return any(_may_be_file(module, node.value) for node in asked)


def _may_be_file(module: Module, expr: ast.expr) -> bool:
    """Whether the value of an expression may be an open file: of a variable that one is assigned to, or a parameter."""
    types = types_of(module, expr)
    if types is not None:
        return any(name.startswith("io.") for name in types)
    if isinstance(expr, ast.Call):
        return module.qualified_name(expr.func) in NAMING
    found = module.scope(expr).lookup(expr.id) if isinstance(expr, ast.Name) and expr.id != "self" else None
    for binding in found[1] if found is not None else ():
        owner = module.parent(binding.node)
        given = owner.value if isinstance(owner, ast.Assign) else getattr(owner, "context_expr", None)
        if binding.kind is BindingKind.PARAMETER:
            return True
        if isinstance(given, ast.Call) and module.qualified_name(given.func) in NAMING:
            return True
    return False
