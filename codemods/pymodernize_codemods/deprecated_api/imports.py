"""Imports of modules and names that are gone or have another place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.references import NameTaken, module_reference
from pymodernize_codemods.deprecated_api.guards import is_left
from pymodernize_codemods.deprecated_api.judgement import Place, judged
from pymodernize_codemods.deprecated_api.names import is_the_import
from pymodernize_codemods.deprecated_api.rows import Row, table

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.scopes import Binding


def found(module: Module) -> Iterator[Place]:
    """Every import that has something to say itself."""
    for statement in module.nodes(ast.Import, ast.ImportFrom):
        places = _of_modules(module, statement) if isinstance(statement, ast.Import) else _of_names(module, statement)
        yield from places


def _row_of(name: str) -> Row | None:
    """The row of a module, or of the package that it is in."""
    rows = table().modules
    while name and name not in rows:
        name = name.rpartition(".")[0]
    return rows.get(name)


def _joined(module: Module, statement: ast.stmt, rows: Sequence[Row], rewrite: Rewrite | None) -> Place:
    """One finding for several rows that one statement names."""
    make = None if rewrite is None else lambda: rewrite
    places = [judged(module, row, statement, make) for row in dict.fromkeys(rows)]
    whole = places[0]
    for place in places[1:]:
        reason = whole.reason if place.reason in whole.reason else f"{whole.reason}; {place.reason}"
        whole = replace(
            whole,
            message=f"{whole.message}, {place.message}",
            assumptions=whole.assumptions | place.assumptions,
            reason=reason.removeprefix("; "),
        )
    return whole


# --- import a ------------------------------------------------------------------------------------------------------


@dataclass
class _Renaming:
    """What becomes of one ``import`` statement."""

    rows: list[Row] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)


def _of_modules(module: Module, statement: ast.Import) -> Iterator[Place]:
    renaming = _Renaming()
    left: list[Row] = []
    for alias in statement.names:
        row = _row_of(alias.name)
        if row is None or is_left(module, alias, row):
            continue
        if row.new and row.name == alias.name:
            _rename(module, alias, row, renaming)
        elif not row.new and not _is_said_of_its_uses(module, alias):
            left.append(row)
    if renaming.rows:
        from pymodernize_codemods.deprecated_api import rewriting

        edits = list(renaming.edits)
        if renaming.written:
            edits.append(Edit(statement, partial(rewriting.modules, names=renaming.written)))
        yield _joined(module, statement, renaming.rows, Rewrite(tuple(edits), drops=tuple(renaming.drops)))
    if left:
        yield _joined(module, statement, left, None)


def _rename(module: Module, alias: ast.alias, row: Row, renaming: _Renaming) -> None:
    """Plan the new import and what reads it."""
    from pymodernize_codemods.deprecated_api import rewriting

    last = row.new.rpartition(".")[2]
    written = ast.unparse(alias)
    if alias.asname:
        renaming.written[written] = row.new if row.new == alias.asname else f"{row.new} as {alias.asname}"
        renaming.rows.append(row)
        return
    if "." in alias.name:
        uses: list[ast.expr] = list(module.names.naming(row.name))
        is_same_root = alias.name.partition(".")[0] == row.new.partition(".")[0]
        name, present = (row.new, False) if is_same_root else ("", False)
    else:
        binding = _binding(module, alias)
        uses = list(module.uses(binding)) if binding is not None else []
        name, present = _spelling(module, row, alias)
    if not name and "." in alias.name:
        return
    renaming.rows.append(row)
    if not name:
        renaming.written[written] = f"{row.new} as {alias.name}"
        return
    if present:
        renaming.drops.append(row.name)
    else:
        renaming.written[written] = row.new if name == row.new else f"{row.new} as {last}"
    renaming.edits += [Edit(use, partial(rewriting.expression, source=name)) for use in uses]


def _spelling(module: Module, row: Row, alias: ast.alias) -> tuple[str, bool]:
    """How the new module is named in the file, and whether it is imported there already; empty if no name is left."""
    try:
        found = module_reference(module, row.new, alias)
    except NameTaken:
        return "", False
    if found.statement is None:
        return found.expression, True
    return (row.new, False) if found.expression == row.new else ("", False)


def _binding(module: Module, alias: ast.alias) -> Binding | None:
    local = alias.asname or alias.name.partition(".")[0]
    bindings = module.scope(alias).bindings.get(local, ())
    return next((item for item in bindings if item.node is alias), None)


def _is_said_of_its_uses(module: Module, alias: ast.alias) -> bool:
    """Whether every use of an imported module has a finding of its own, or had one before it was rewritten."""
    binding = _binding(module, alias)
    if binding is None:
        return False
    uses = module.uses(binding)
    if not uses and module.origin is not None:
        return binding.name in module.origin.names.by_last_name
    return bool(uses) and all(map(partial(_has_row, module), uses))


def _has_row(module: Module, use: ast.AST) -> bool:
    """Whether a row names what is read of a module, in whatever depth."""
    while isinstance(outer := module.parent(use), ast.Attribute) and outer.value is use:
        if module.qualified_name(outer) in table().names:
            return True
        use = outer
    return False


# --- from a import b -----------------------------------------------------------------------------------------------


def _of_names(module: Module, statement: ast.ImportFrom) -> Iterator[Place]:
    if statement.level or statement.module is None:
        return
    from pymodernize_codemods.deprecated_api import rewriting

    home = _row_of(statement.module)
    if home is not None and home.new and home.name == statement.module:
        if not is_left(module, statement.names[0], home):
            edit = Edit(statement, partial(rewriting.from_module, module=home.new))
            yield _joined(module, statement, [home], Rewrite((edit,)))
        return
    moved: list[tuple[ast.alias, Row]] = []
    left: list[Row] = []
    for alias in statement.names:
        qualified = f"{statement.module}.{alias.name}"
        row = table().names.get(qualified) or table().modules.get(qualified) or home
        if row is None or is_left(module, alias, row):
            continue
        if row is home or not row.new and is_the_import(alias, row):
            left.append(row)
        elif row.new and is_the_import(alias, row):
            moved.append((alias, row))
    if moved:
        gone = [ast.unparse(alias) for alias, _ in moved]
        sources = list(_statements(moved))
        edit = Edit(statement, partial(rewriting.from_modules, gone=gone, sources=sources))
        yield _joined(module, statement, [row for _, row in moved], Rewrite((edit,)))
    if left:
        yield _joined(module, statement, left, None)


def _statements(moved: Sequence[tuple[ast.alias, Row]]) -> Iterator[str]:
    """The imports of some names from where they are now."""
    homes: dict[str, list[str]] = {}
    for alias, row in moved:
        home, _, last = row.new.rpartition(".")
        local = alias.asname or alias.name
        homes.setdefault(home, []).append(last if local == last else f"{last} as {local}")
    for home, names in homes.items():
        yield f"from {home} import {', '.join(names)}" if home else f"import {', '.join(names)}"
