"""Whole numbers that may be too large for C: in Python they have any size, a function of C takes them up to some."""

from __future__ import annotations

import ast

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.scopes import Binding
from pymodernize_codemods._exceptions.kinds import Kinds

# What these give is as large as what they get.
_UNBOUNDED = frozenset("abs divmod eval int max min next pow round sum".split())


def may_be_too_large(kinds: Kinds, expr: ast.expr) -> bool:
    """Whether a value may be a whole number that does not fit into one of C's.

    Args:
        kinds: of the module.
        expr: the value; what is not known to be a number is none.
    """
    names = kinds.names(expr)
    return names is not None and "int" in names and not _Sizes(kinds).fits(expr)


class _Sizes:
    """One question: what it asks of a variable again on the way is taken for granted, as a sum of steps fits.

    Args:
        kinds: of the module.
    """

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.module = kinds.module
        self._open: set[Binding] = set()

    def fits(self, expr: ast.expr) -> bool:
        """Whether a number is one that the program was written for, a count, or given by the system."""
        match expr:
            case ast.Constant():
                return not isinstance(expr.value, int) or abs(expr.value) < 2**31
            case ast.UnaryOp():
                return self.fits(expr.operand)
            case ast.BinOp(
                left=left, op=ast.Add() | ast.Sub() | ast.BitOr() | ast.BitAnd() | ast.FloorDiv(), right=right
            ):
                return self.fits(left) and self.fits(right)
            case ast.BinOp(left=ast.Constant() as left, right=ast.Constant() as right):
                return self.fits(left) and self.fits(right)
            case ast.Attribute():
                return True  # what the library says of a file or of the system
            case ast.Call():
                return self._is_bounded(expr)
            case ast.Name():
                found = self.module.scope(expr).lookup(expr.id)
                return found is not None and all(map(self._binding_fits, found[1]))
        return False

    def _is_bounded(self, call: ast.Call) -> bool:
        """Whether a function of the library counts something, or names what the system has given."""
        qualified = self.module.qualified_name(call.func)
        if qualified is None:
            return isinstance(call.func, ast.Attribute) and self.kinds.names(call.func.value) not in (None, {"int"})
        home, _, name = qualified.rpartition(".")
        return qualified in knowledge().rows and not (home == "builtins" and name in _UNBOUNDED)

    def _binding_fits(self, binding: Binding) -> bool:
        if binding in self._open:
            return True
        self._open.add(binding)
        parent = self.module.parent(binding.node)
        match parent:
            case ast.Assign(value=value) | ast.AugAssign(op=ast.Add() | ast.Sub(), value=value):
                return isinstance(binding.node, ast.Name) and self.fits(value)
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=args)):
                return all(map(self.fits, args))
            case ast.comprehension(iter=ast.Call(func=ast.Name(id="range"), args=args)):
                return all(map(self.fits, args))
        return False
