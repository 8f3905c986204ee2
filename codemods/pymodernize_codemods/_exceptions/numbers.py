"""Whole numbers that may be too large for C: in Python they have any size, a function of C takes them up to some."""

from __future__ import annotations

import ast

from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._exceptions.kinds import Kinds
from pymodernize_codemods._exceptions.knowledge import knowledge

# What these give is as large as what they get.
_UNBOUNDED = frozenset("abs divmod eval int max min next pow round sum".split())
_DEEPEST = 8


def may_be_too_large(kinds: Kinds, expr: ast.expr, depth: int = 0) -> bool:
    """Whether a value may be a whole number that does not fit into one of C's.

    Args:
        kinds: of the module.
        expr: the value; what is not known to be a number is none.
        depth: how many variables this question has come by.
    """
    names = kinds.names(expr)
    return names is not None and "int" in names and not _fits(kinds, expr, depth)


def _fits(kinds: Kinds, expr: ast.expr, depth: int) -> bool:
    match expr:
        case ast.Constant():
            return not isinstance(expr.value, int) or abs(expr.value) < 2**31
        case ast.UnaryOp():
            return _fits(kinds, expr.operand, depth)
        case ast.BinOp(left=left, right=right):  # flags, and sizes as products
            return isinstance(left, (ast.Constant, ast.Attribute)) and isinstance(right, (ast.Constant, ast.Attribute))
        case ast.Attribute():
            return True  # what the library says of a file or of the system
        case ast.Call():
            return _is_bounded(kinds, expr)
        case ast.Name():
            return depth < _DEEPEST and _variable_fits(kinds, expr, depth + 1)
    return False


def _is_bounded(kinds: Kinds, call: ast.Call) -> bool:
    """Whether a function of the library counts something, or names what the system has given."""
    qualified = kinds.module.qualified_name(call.func)
    if qualified is None:
        return isinstance(call.func, ast.Attribute) and kinds.names(call.func.value) not in (None, {"int"})
    home, _, name = qualified.rpartition(".")
    return qualified in knowledge().rows and not (home == "builtins" and name in _UNBOUNDED)


def _variable_fits(kinds: Kinds, name: ast.Name, depth: int) -> bool:
    found = kinds.module.scope(name).lookup(name.id)
    for binding in found[1] if found is not None else ():
        parent = kinds.module.parent(binding.node)
        if binding.kind is not BindingKind.NAME or not isinstance(parent, (ast.Assign, ast.For, ast.comprehension)):
            return False
        if isinstance(parent, ast.Assign):
            if may_be_too_large(kinds, parent.value, depth):
                return False
            continue
        match parent.iter:
            case ast.Call(func=ast.Name(id="range"), args=args) if all(_fits(kinds, arg, depth) for arg in args):
                continue
        return False
    return found is not None
