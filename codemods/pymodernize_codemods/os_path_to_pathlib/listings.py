"""What becomes of a list of names: where it stands decides how the paths are written in its place."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods._paths.edits import is_inside_fstring
from pymodernize_codemods._paths.uses import Kind, use_of


def counted(module: Module, listing: ast.expr, paths: str) -> str | None:
    """What takes the place of a list of names of which only the number counts, or whether there are any.

    Args:
        module: the module.
        listing: the expression that gives the list.
        paths: the new expression that gives the paths, one by one.

    Returns:
        The new expression; None if the names themselves count.
    """
    parent = module.parent(listing)
    if isinstance(parent, ast.Call) and module.qualified_name(parent.func) == "builtins.len":
        return f"list({paths})" if _is_builtin(module, "list", listing) else None
    if isinstance(parent, ast.Compare) or use_of(module, listing).kind is not Kind.TRUTH:
        return None
    # A path is always true.
    return f"any({paths})" if _is_builtin(module, "any", listing) else None


def is_counted(module: Module, listing: ast.expr) -> bool:
    """Whether only the number of a list's names counts, or whether there are any.

    Args:
        module: the module.
        listing: the expression that gives the list.
    """
    return counted(module, listing, "") is not None


def is_truth(module: Module, listing: ast.expr) -> bool:
    """Whether it only counts whether a list has any names.

    Args:
        module: the module.
        listing: the expression that gives the list.
    """
    return (counted(module, listing, "") or "").startswith("any")


def _is_builtin(module: Module, name: str, at: ast.expr) -> bool:
    """Whether a name certainly means the builtin where an expression stands."""
    known = module.names.stars_are_known(module.index.scope)
    return known and module.scope(at).lookup(name) is None


def is_lone_argument(module: Module, expr: ast.expr) -> bool:
    """Whether an expression is all that a call is given: a generator needs no parentheses of its own there.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    call = module.parent(expr)
    if not isinstance(call, ast.Call) or call.args != [expr] or call.keywords or is_inside_fstring(module, expr):
        return False
    return b"," not in module.source.data[module.span(expr)[1] : module.span(call)[1]]
