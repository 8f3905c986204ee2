"""What the statements of a module's body bind and read, and which of them are work."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from pymodernize.semantics.flow import TRIES, blocks
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope, ScopeKind

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign)
_BRANCHES = (ast.If, ast.Match, *TRIES)
_QUIET = (*DEFINITIONS, *IMPORTS, *ASSIGNMENTS, ast.Pass)


@dataclass
class Touched:
    """The module's names that one statement of its body has to do with.

    Attributes:
        binds: those that it binds or deletes itself, as it runs.
        binds_later: those that functions in it bind, by ``global``.
        reads: those that it reads as it runs.
        reads_later: those that functions in it read.
    """

    binds: set[str] = field(default_factory=set)
    binds_later: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    reads_later: set[str] = field(default_factory=set)

    @property
    def all_reads(self) -> set[str]:
        """Both kinds of reads."""
        return self.reads | self.reads_later


class Touches(dict[ast.stmt, Touched]):
    """For each statement of a module's body the names of the module that it touches."""

    def __init__(self, module: Module) -> None:
        super().__init__((statement, Touched()) for statement in module.tree.body)
        scope = module.index.scope
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                touched = self[module.top_level(binding.node)]
                later = module.function(binding.node) is not None
                (touched.binds_later if later else touched.binds).add(name)
        for name, inner in module.index.loads.items():
            found = inner.lookup(name.id)
            if found is None or found[0] is scope or _may_see_module(inner, name.id):
                touched = self[module.top_level(name)]
                (touched.reads if module.function(name) is None else touched.reads_later).add(name.id)


def _may_see_module(scope: Scope, name: str) -> bool:
    """Whether a class body may read a name of the module before it binds that itself."""
    return scope.kind is ScopeKind.CLASS and name in scope.bindings


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a bare constant, which stands for a comment, or ``pass``."""
    return (
        isinstance(statement, ast.Pass) or isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def does_work(statement: ast.stmt) -> bool:
    """Whether a statement does more than bind names: what makes a script of a module.

    Args:
        statement: one of a module's body.

    Returns:
        False for definitions, imports, assignments, and branches of nothing else.
    """
    pending = [statement]
    while pending:
        item = pending.pop()
        if isinstance(item, _BRANCHES):
            pending += _direct(item)
        elif not isinstance(item, _QUIET) and not is_text(item) and not _asks_for_name(item):
            return True
    return False


def _asks_for_name(statement: ast.stmt) -> bool:
    """Whether a statement does no more than to ask whether there is such a name."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Name)


def inner_statements(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in the blocks of a compound one, those of its branches included, but not of definitions."""
    # With a stack of its own: a chain of elif is as deep as it is long.
    pending = _direct(statement)[::-1]
    while pending:
        item = pending.pop()
        yield item
        if not isinstance(item, DEFINITIONS):
            pending += reversed(_direct(item))


def _direct(statement: ast.stmt) -> list[ast.stmt]:
    """The statements in the blocks of a compound one, not those in them."""
    return [item for block in blocks(statement) for item in block]
