"""What holds for a variable at one of its reads: which assignment it has its value from, and whether it is None."""

from __future__ import annotations

import ast

from pymodernize.semantics.certain_bindings import CertainBindings
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind


class Narrowing:
    """Answers for the reads of one module's variables.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._certain: dict[tuple[Scope, str], CertainBindings] = {}

    def last(self, name: ast.Name) -> Binding | None:
        """The one assignment that a read is certain to see; None if it may see others, or if there is only one."""
        found = self._own(name)
        if found is None or len(found[1]) < 2:
            return None
        scope, bindings = found
        key = scope, name.id
        if key not in self._certain:
            self._certain[key] = CertainBindings(self.module, scope, [binding.node for binding in bindings])
        node = self._certain[key].of(name)
        return next((item for item in bindings if item.node is node and item.kind is BindingKind.NAME), None)

    def is_never_none(self, name: ast.Name) -> bool:
        """Whether a test around a read lets only values other than None reach it."""
        found = self._own(name)
        if found is None:
            return False
        function = self.module.function(name)
        if any(self.module.function(item.node) is not function for item in found[1] if not _is_parameter(item)):
            return False
        child: ast.AST = name
        for around in self.module.ancestors(name):
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                return False
            if self._excludes_none(around, child, name) and not self._binds(around, found[1]):
                return True
            child = around
        return False

    def _own(self, name: ast.Name) -> tuple[Scope, list[Binding]] | None:
        """The scope and bindings of a variable that only code in sight assigns to; None for any other."""
        found = self.module.scope(name).lookup(name.id)
        if found is None or found[0].kind is ScopeKind.CLASS or found[0].star_imports:
            return None
        is_global = found[0].kind is ScopeKind.MODULE
        return None if is_global and (not self.module.is_closed or self.module.reads_own_names) else found

    def _binds(self, around: ast.AST, bindings: list[Binding]) -> bool:
        return any(around in self.module.ancestors(binding.node) for binding in bindings)

    def _excludes_none(self, around: ast.AST, child: ast.AST, name: ast.Name) -> bool:
        """Whether a child of a statement or an expression is evaluated only if the variable is not None."""
        match around:
            case ast.If(test=test, body=body, orelse=orelse):
                return child in body and self._says(test, name) or child in orelse and self._denies(test, name)
            case ast.While(test=test, body=body):
                return child in body and self._says(test, name)
            case ast.IfExp(test=test, body=whole, orelse=other):
                return child is whole and self._says(test, name) or child is other and self._denies(test, name)
            case ast.BoolOp(op=ast.And(), values=values) if isinstance(child, ast.expr) and child in values:
                return any(self._says(item, name) for item in values[: values.index(child)])
        return False

    def _says(self, test: ast.expr, name: ast.Name) -> bool:
        """Whether a test that holds means that the variable is not None."""
        match test:
            case ast.BoolOp(op=ast.And(), values=values):
                return any(self._says(item, name) for item in values)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._denies(operand, name)
            case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                return self._is_same(left, name)
        return self._is_same(test, name)

    def _denies(self, test: ast.expr, name: ast.Name) -> bool:
        """Whether a test that does not hold means that the variable is not None."""
        match test:
            case ast.BoolOp(op=ast.Or(), values=values):
                return any(self._denies(item, name) for item in values)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._says(operand, name)
            case ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
                return self._is_same(left, name)
        return False

    def _is_same(self, expr: ast.expr, name: ast.Name) -> bool:
        if not isinstance(expr, ast.Name) or expr.id != name.id:
            return False
        scopes = [self.module.scope(item).lookup(name.id) for item in (expr, name)]
        return scopes[0] is not None and scopes[1] is not None and scopes[0][0] is scopes[1][0]


def _is_parameter(binding: Binding) -> bool:
    return binding.kind is BindingKind.PARAMETER
