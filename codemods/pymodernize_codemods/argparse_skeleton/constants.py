"""Constants of a module that say where a script works and with what numbers: they can become options."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._script.parsers import Argument, long_flag
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.naming import Naming
from pymodernize_codemods.argparse_skeleton.usage import identifier

_PLACE = re.compile(r"^\w+://|^~|/|\\|^[\w-]+\.\w{1,5}$")
_NEVER = frozenset("VERSION DEBUG VERBOSE AUTHOR LICENSE".split())


@dataclass(frozen=True)
class ConfigurationConstant:
    """One constant.

    Attributes:
        name: the variable.
        convert: the type that its value has, empty for text.
    """

    name: str
    convert: str


def constant_options(
    naming: Naming, at: ast.stmt, namespace: Namespace, defaults: Collection[str]
) -> dict[str, tuple[Argument, str]]:
    """Options for the constants, with the statement that sets each.

    Args:
        naming: gives the names.
        at: where the command line is read.
        namespace: what argparse gives.
        defaults: of other arguments: a constant that is one of them needs no option.

    Returns:
        By the constant's name.
    """
    found: dict[str, tuple[Argument, str]] = {}
    for constant in configuration_constants(naming.module, at):
        name = identifier(constant.name)
        if constant.name in defaults or not name or name in naming.taken:
            continue
        naming.take(name)
        type_ = (("type", constant.convert),) if constant.convert else ()
        option = Argument((long_flag(name),), (*type_, ("default", constant.name)))
        found[constant.name] = option, f"{constant.name} = {namespace.attribute(name)}"
    return found


def configuration_constants(module: Module, at: ast.stmt) -> list[ConfigurationConstant]:
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
            found.append(ConfigurationConstant(target.id, convert))
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
