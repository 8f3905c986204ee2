"""Which values may depend on arguments that an importer of the module passes."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope
from pymodernize.semantics.values import Cell


def comes_from_callers(module: Module, expr: ast.expr) -> bool:
    """Whether a value may depend on an argument that an importer passes.

    Args:
        module: a file that others may import.
        expr: one of its expressions.

    Returns:
        True if it depends on a parameter of a function that importers can
        call, which those of a script are, too.
    """
    return _Origins(module).are_outside(expr)


def is_for_importers(module: Module, cell: Cell) -> bool:
    """Whether an importer can access a variable, an attribute or a result by its name.

    Args:
        module: a file that others may import.
        cell: one of its cells.

    Returns:
        True for what belongs to the module, its classes and their functions.
    """
    if not is_importable(module):
        return False
    if isinstance(cell.owner, Scope):
        return cell.owner.parent is None or _is_parameter(module, cell.owner, cell.name)
    return _is_outermost(module, cell.owner)


def is_importable(module: Module) -> bool:
    """Whether other files may import a module: False for one that is known not to be imported and has no main guard.

    Args:
        module: any.
    """
    return not module.is_closed or module.guard is not None


def _is_parameter(module: Module, scope: Scope, name: str) -> bool:
    """Whether a variable is a parameter of a function that importers can call."""
    if not is_importable(module):
        return False
    kinds = {binding.kind for binding in scope.bindings.get(name, ())}
    return BindingKind.PARAMETER in kinds and _is_outermost(module, scope.node)


def _is_outermost(module: Module, node: ast.AST) -> bool:
    """Whether a function or class is not nested in a function, so that importers can access it by its name."""
    return not isinstance(node, ast.Lambda) and all(
        not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for item in module.ancestors(node)
    )


class _Origins:
    """A backward search from a value through the variables that it depends on."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.seen: set[tuple[object, str]] = set()

    def are_outside(self, expr: ast.AST) -> bool:
        """Whether a variable that an expression depends on may hold a value from outside the module."""
        return any(self._is_outside(node) for node in ast.walk(expr) if isinstance(node, ast.Name))

    def _is_outside(self, read: ast.Name) -> bool:
        found = self.module.scope(read).lookup(read.id)
        if found is None or (found[0], read.id) in self.seen:
            return False
        self.seen.add((found[0], read.id))
        if _is_parameter(self.module, found[0], read.id):
            return True
        cell = self.module.values.read_by(read)
        contents = self.module.values.contents(cell) if cell is not None else None
        if contents is not None:
            return any(self.are_outside(source.expr) for source in contents.sources)
        return any(self._brings_in(binding) for binding in found[1])

    def _brings_in(self, binding: Binding) -> bool:
        if binding.kind is BindingKind.PARAMETER:
            return True
        if binding.kind is not BindingKind.NAME:
            return False
        statement = self.module.statement(binding.node)
        expressions = [node for node in ast.iter_child_nodes(statement) if isinstance(node, (ast.expr, ast.withitem))]
        return any(map(self.are_outside, expressions))
