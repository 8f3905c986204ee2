"""Constants of a module that say where a script works and with what numbers: they can become options."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind

_PLACE = re.compile(r"^\w+://|^~|/|\\|^[\w-]+\.\w{1,5}$")
_NEVER = frozenset("VERSION DEBUG VERBOSE AUTHOR LICENSE".split())


@dataclass(frozen=True)
class Setting:
    """One constant.

    Attributes:
        name: the variable.
        convert: the type that its value has, empty for text.
    """

    name: str
    convert: str


def settings_of(module: Module, at: ast.stmt) -> list[Setting]:
    """The constants that can be set anew before a statement of the module's own code.

    Args:
        module: a script that nothing imports.
        at: where the command line is read.

    Returns:
        Those in capitals with a path, an address or a number, bound once, of
        which nothing was read or worked out before.
    """
    found = []
    top = module.top_level(at)
    for assign in module.nodes(ast.Assign):
        target = assign.targets[0]
        if not isinstance(module.parent(assign), ast.Module) or assign.lineno >= top.lineno or len(assign.targets) > 1:
            continue
        if not isinstance(target, ast.Name) or not target.id.isupper() or target.id in _NEVER:
            continue
        convert = _kind(assign.value)
        bindings = module.index.scope.bindings.get(target.id, [])
        if convert is None or len(bindings) != 1 or bindings[0].kind is not BindingKind.NAME:
            continue
        uses = module.uses(bindings[0])
        early = [use for use in uses if module.function(use) is None and use.lineno < at.lineno]
        defaults = [use for use in uses if _is_default(module, use)]
        if uses and not early and not defaults:
            found.append(Setting(target.id, convert))
    return found


def _kind(value: ast.expr) -> str | None:
    """The type of a literal that configures a script, None for any other expression."""
    inner = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
    literal = inner.value if isinstance(inner, ast.Constant) else None
    if isinstance(literal, bool):
        return None
    if isinstance(literal, (int, float)):
        return type(literal).__name__
    return "" if isinstance(literal, str) and inner is value and _PLACE.search(literal) else None


def _is_default(module: Module, use: ast.Name) -> bool:
    """Whether a use is worked out when a function is defined."""
    return any(isinstance(around, ast.arguments) for around in module.ancestors(use))
