"""Every place where a module reads or binds a name, with the variable that is meant."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, Scope

Variable = tuple[Scope | None, str]
"""A name with the scope that owns it, None for a builtin and for what nothing binds."""


@dataclass(frozen=True, eq=False)
class Occurrence:
    """One place where a name is read or bound.

    Attributes:
        offset: of the place; for all that is in an f-string that of the
            f-string, as older Pythons do not say more.
        variable: what is meant.
        node: the name; for a binding what binds it.
        kind: by what it is bound, None for a read.
        target: the qualified name that an import binds.
    """

    offset: int
    variable: Variable
    node: ast.AST
    kind: BindingKind | None = None
    target: str | None = None

    @property
    def name(self) -> str:
        """The name itself."""
        return self.variable[1]

    @property
    def key(self) -> tuple[str, bool]:
        """The key by which the same occurrence is found in another version of the text."""
        return self.name, self.kind is None


def occurrences(module: Module, lines: Container[int] | None, names: Container[str] = ()) -> list[Occurrence]:
    """The reads and bindings of names on some lines, and those of some names anywhere.

    Args:
        module: the module.
        lines: the numbers of the lines, None for all.
        names: the names.

    Returns:
        The places, in no order.
    """
    starts = module.source.line_starts
    shifted = module.once(_in_fstrings)
    found = []
    for read, scope in module.index.loads.items():
        place = shifted.get(read, read)
        if lines is None or place.lineno in lines or read.id in names:
            known = scope.lookup(read.id)
            offset = starts[place.lineno - 1] + place.col_offset
            found.append(Occurrence(offset, (known[0] if known else None, read.id), read))
    for scope in {module.index.scope, *module.index.scopes.values()}:
        for name, bindings in scope.bindings.items():
            for item in bindings:
                place = shifted.get(item.node, item.node)
                if lines is None or place.lineno in lines or name in names:  # type: ignore[attr-defined]
                    offset = starts[place.lineno - 1] + place.col_offset  # type: ignore[attr-defined]
                    found.append(Occurrence(offset, (scope, name), item.node, item.kind, item.target))
    return found


def _in_fstrings(module: Module) -> dict[ast.AST, ast.JoinedStr]:
    """For the nodes inside of f-strings the outermost one that they are in, where Python has no places for them."""
    found: dict[ast.AST, ast.JoinedStr] = {}
    if sys.version_info >= (3, 12):
        return found
    for string in module.nodes(ast.JoinedStr):
        if string not in found:
            found |= {node: string for node in ast.walk(string) if node is not string}
    return found
