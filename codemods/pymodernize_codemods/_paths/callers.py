"""Which values an importer may have handed in: those of parameters, and what is made of them."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind


def comes_from_callers(module: Module, expr: ast.expr) -> bool:
    """Whether a value may have been made of one that the file got from an importer.

    Args:
        module: a file that others may import.
        expr: one of its expressions.

    Returns:
        True if it rests on a parameter of which not every argument is in sight.
    """
    return _Origins(module).are_outside(expr)


class _Origins:
    """The variables that a value is made of, and those that these are made of."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.seen: set[tuple[object, str]] = set()

    def are_outside(self, expr: ast.AST) -> bool:
        """Whether one of them gets values that are not in sight."""
        return any(self._is_outside(node) for node in ast.walk(expr) if isinstance(node, ast.Name))

    def _is_outside(self, read: ast.Name) -> bool:
        found = self.module.scope(read).lookup(read.id)
        if found is None or (found[0], read.id) in self.seen:
            return False
        self.seen.add((found[0], read.id))
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
