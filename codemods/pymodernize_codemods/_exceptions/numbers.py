"""Whether an int may be too large for a C integer: functions written in C raise OverflowError for it."""

from __future__ import annotations

import ast

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.scopes import Binding
from pymodernize_codemods._exceptions.kinds import Kinds

# Functions whose result is not bounded by a C integer.
_UNBOUNDED = frozenset("abs divmod eval int max min next pow round sum".split())


def may_be_too_large(kinds: Kinds, expr: ast.expr) -> bool:
    """Whether a value may be an int that does not fit into a C integer.

    Args:
        kinds: infers the kinds of the module's values.
        expr: the value; one of an unknown class is not taken for a number.
    """
    names = kinds.names(expr)
    return names is not None and "int" in names and not _Sizes(kinds).fits(expr)


class _Sizes:
    """One backward search; a variable that depends on itself, as a counter does, is assumed to fit.

    Args:
        kinds: infers the kinds of the module's values.
    """

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.module = kinds.module
        self._open: set[Binding] = set()

    def fits(self, expr: ast.expr) -> bool:
        """Whether a number is certainly small: a constant, a count, or a result of a library function."""
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
                return True  # a fact about a file or the system
            case ast.Call():
                return self._is_bounded(expr)
            case ast.Name():
                found = self.module.scope(expr).lookup(expr.id)
                return found is not None and all(map(self._binding_fits, found[1]))
        return False

    def _is_bounded(self, call: ast.Call) -> bool:
        """Whether the result of a call fits: that of a library function does, but for a few builtins."""
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
