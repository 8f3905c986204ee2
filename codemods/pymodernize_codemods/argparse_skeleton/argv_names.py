"""Where a module names ``sys.argv``."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


def argv_expressions(module: Module) -> Sequence[ast.expr]:
    """Every ``sys.argv`` of a file, in the order of the text.

    Args:
        module: the module.

    Raises:
        NotPlain: there may be others.
    """
    roots = [node for node in module.names.naming("sys.argv") if not _is_alias(module, node)]
    roots += [node for node in module.nodes(ast.Attribute) if node not in roots and _is_behind_star(module, node)]
    roots.sort(key=lambda node: (node.lineno, node.col_offset))
    others = [node for node in module.nodes(ast.Attribute) if node.attr == "argv" and node not in roots]
    for node in others:
        if isinstance(node.value, ast.Name) and node.value.id in {"sys", "_sys"}:
            raise NotPlain("what sys.argv means here is not certain", node)
    if _mentions_untold(module):
        raise NotPlain("sys.argv may be reached by other ways", module.tree.body[0])
    return roots


def _is_behind_star(module: Module, node: ast.Attribute) -> bool:
    """Whether ``sys`` may come by an ``import *`` of this project, too: it is the library's there as well."""
    if node.attr != "argv" or not isinstance(node.value, ast.Name) or node.value.id != "sys":
        return False
    scope = module.index.scope
    bindings = scope.bindings.get("sys", [])
    found = module.scope(node).lookup("sys")
    imported = all(item.kind is BindingKind.IMPORT and item.target == "sys" for item in bindings)
    own = found is not None and found[0] is scope and "sys" not in module.facts.beside
    return own and imported and bool(bindings) and module.names.stars_are_known(scope)


def _mentions_untold(module: Module) -> bool:
    """Whether an attribute is asked for by the name ``argv``."""
    return any(
        isinstance(call.args[1], ast.Constant) and call.args[1].value == "argv"
        for call in module.calls("builtins.getattr", "builtins.setattr")
        if len(call.args) > 1
    )


def _is_alias(module: Module, node: ast.expr) -> bool:
    """Whether a name is not ``sys.argv`` by an import but by an assignment, which is followed from there."""
    if not isinstance(node, ast.Name):
        return False
    found = module.scope(node).lookup(node.id)
    return found is None or any(binding.kind is not BindingKind.IMPORT for binding in found[1])
