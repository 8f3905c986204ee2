"""The version that a script says it has."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.parsers import Argument

_NAMES = ("__version__", "VERSION", "Version", "version", "__VERSION__")


def version_argument(module: Module, taken: set[str], first: ast.AST) -> tuple[Argument, str] | None:
    """The option that shows the version, and the variable that it is in.

    Args:
        module: the module.
        taken: the options that there are.
        first: where the command line is read.

    Returns:
        None if there is no variable with a text, or the option is taken.
    """
    if "--version" in taken:
        return None
    for name in _NAMES:
        bindings = module.index.scope.bindings.get(name, [])
        assign = module.parent(bindings[0].node) if len(bindings) == 1 else None
        if not isinstance(assign, ast.Assign) or not isinstance(module.parent(assign), ast.Module):
            continue
        value = assign.value.value if isinstance(assign.value, ast.Constant) else None
        if isinstance(value, str) and value and "%" not in value and assign.lineno < module.top_level(first).lineno:
            settings = (("action", '"version"'), ("version", f'f"%(prog)s {{{name}}}"'))
            return Argument(("--version",), settings), name
    return None
