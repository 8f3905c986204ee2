"""Whether a call says something: by print, on a standard stream, or by a record of a logger."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

_METHODS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
_SAYS = frozenset({"builtins.print", "sys.stdout.write", "sys.stderr.write"})


def is_said(module: Module, call: ast.Call) -> bool:
    """Whether a call says something, and does nothing else.

    What a print became in an earlier round says the same: what others find in
    the file must not depend on who was there first.

    Args:
        module: the module.
        call: any call.
    """
    return module.qualified_name(call.func) in _SAYS or is_logged(module, call)


def is_logged(module: Module, call: ast.Call) -> bool:
    """Whether a call writes a record to a logger of the module.

    Args:
        module: the module.
        call: any call.
    """
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _METHODS or not isinstance(func.value, ast.Name):
        return False
    found = module.scope(func.value).lookup(func.value.id)
    assign = module.parent(found[1][0].node) if found is not None and len(found[1]) == 1 else None
    value = assign.value if isinstance(assign, ast.Assign) else None
    return isinstance(value, ast.Call) and module.qualified_name(value.func) == "logging.getLogger"
