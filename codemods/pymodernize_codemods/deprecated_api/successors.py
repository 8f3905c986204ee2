"""The expression for what takes the place of an old name, and what its import needs."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.references import NameTaken, Reference, module_reference, reference

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_BUILTINS = "builtins."


def renamed(module: Module, new: str, node: ast.Name | ast.Attribute) -> Rewrite:
    """The rewrite of one use of an old name.

    Args:
        module: the module.
        new: the qualified name that takes its place.
        node: the use.

    Raises:
        NameTaken: the file leaves no name for it.
    """
    from pymodernize_codemods.deprecated_api import rewriting

    home, _, last = new.rpartition(".")
    if isinstance(node, ast.Attribute) and module.qualified_name(node.value) == home:
        return Rewrite((Edit(node, partial(rewriting.attribute, name=last)),))
    found = named(module, new, node)
    edit = Edit(node, partial(rewriting.expression, source=found.expression))
    return Rewrite((edit,), needed(found), drops=drops(module, node))


def named(module: Module, qualified: str, at: ast.Name | ast.Attribute) -> Reference:
    """A reference in the style of a use: as an attribute of its module, or by a name of its own.

    The other style is taken where the first one leaves only a name with an underscore.

    Raises:
        NameTaken: the file leaves no name.
    """
    if qualified.startswith(_BUILTINS):
        return name_of(module, qualified, at)
    by_name = _is_of_from_import(module, at)
    first, second = (reference, _as_attribute) if by_name else (_as_attribute, reference)
    found = first(module, qualified, at)
    if found.expression.startswith("_"):
        other = second(module, qualified, at)
        return found if other.expression.startswith("_") else other
    return found


def _as_attribute(module: Module, qualified: str, at: ast.AST) -> Reference:
    """A reference as an attribute of its module: ``shlex.quote``; a module is one by itself."""
    home, _, last = qualified.rpartition(".")
    found = module_reference(module, home or last, at)
    return Reference(qualified, f"{found.expression}.{last}", found.statement) if home else found


def _is_of_from_import(module: Module, node: ast.AST) -> bool:
    """Whether what a use begins with has been imported by ``from``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    found = module.scope(node).lookup(node.id) if isinstance(node, ast.Name) else None
    return found is not None and isinstance(module.parent(found[1][0].node), ast.ImportFrom)


def name_of(module: Module, qualified: str, at: ast.AST) -> Reference:
    """A reference by a name of its own: ``quote``, with an import from its module unless it is a builtin.

    Raises:
        NameTaken: the name means something else in the file.
    """
    if not qualified.startswith(_BUILTINS):
        return reference(module, qualified, at)
    plain = qualified.removeprefix(_BUILTINS)
    root = plain.partition(".")[0]
    if root in module.identifiers and _is_bound(module, root) or has_unknown_star(module):
        raise NameTaken(f"the name {root} means something else in this file")
    return Reference(qualified, plain)


def needed(*references: Reference) -> tuple[Reference, ...]:
    """Those of some references that are no builtins."""
    return tuple(item for item in references if not item.qualified.startswith(_BUILTINS))


def _is_bound(module: Module, name: str) -> bool:
    return any(name in scope.bindings for scope in (module.index.scope, *module.index.scopes.values()))


def has_unknown_star(module: Module) -> bool:
    """Whether an ``import *`` may bind any name."""
    return any(scope.star_imports for scope in (module.index.scope, *module.index.scopes.values()))


def drops(module: Module, node: ast.AST) -> tuple[str, ...]:
    """The qualified name of a use and of the modules that it is read from, whose imports may be left without use."""
    steps = (module.qualified_name(node) or "").split(".")
    return tuple(".".join(steps[:length]) for length in range(len(steps), 0, -1) if steps[0])
