"""Calls that convert an argument, and the types by which argparse does so."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

_TYPES = {"builtins.int": "int", "builtins.float": "float", "pathlib.Path": "pathlib.Path"}


def converted_type(module: Module, value: ast.expr | None) -> str:
    """The qualified name of the type that a call converts to, empty for any other expression."""
    name = module.qualified_name(value.func) if isinstance(value, ast.Call) else None
    return _TYPES.get(name or "", "")


def conversion(module: Module, read: ast.expr) -> ast.Call | None:
    """The call that converts an argument at once: ``int(sys.argv[1])``."""
    call = module.parent(read)
    if isinstance(call, ast.Call) and call.args == [read] and not call.keywords and converted_type(module, call):
        return call
    return None


def type_source(module: Module, name: str) -> str:
    """How a module names a type that arguments are converted to.

    Args:
        module: the module.
        name: its qualified name, of a builtin the plain one.
    """
    found = module.names.imported.get(name, ()) if "." in name else ()
    return found[0][0] if found else name
