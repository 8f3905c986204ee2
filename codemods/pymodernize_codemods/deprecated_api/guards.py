"""Whether an old name is what it is in the library, and is not used for several versions."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.several_versions import is_for_some_versions
from pymodernize_codemods.deprecated_api.rows import table

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.scopes import Binding
    from pymodernize_codemods.deprecated_api.rows import Row

# Names that a module of a project may well have, too, which need not lie beside the file.
_COMMON = frozenset("symbol ttk".split())

_WORD = re.compile(r"\w{3,}")
_EXPECTING = frozenset("assertWarns assertWarnsRegex check_warnings deprecated_call warns".split())


def is_left(module: Module, node: ast.AST, row: Row) -> bool:
    """Whether a use is left alone without a word.

    Args:
        module: the module.
        node: the use: a name, an attribute, or an alias of an import.
        row: the row of what it names.
    """
    root = row.name.partition(".")[0]
    if root in module.facts.beside or module.once(_replaced_modules) & {root, row.name}:
        return True
    home = table().modules.get(root)
    if home is not None and home.has and not _read_of(module, root) <= home.has:
        return True
    if root in _COMMON and (module.facts.in_package or module.once(_changes_search_path)):
        return True
    if module.names.is_replaced(row.name) or row.new and module.names.is_replaced(row.new):
        return True
    if any(node.attr in row.unless_set and not isinstance(node.ctx, ast.Load) for node in module.nodes(ast.Attribute)):
        return True
    if _expects_warning(module, node):
        return True
    # A test for the new name, whatever it is, is one for the version.
    names = {row.last, *_WORD.findall(f"{row.new} {row.call} {row.differs}")}
    if is_for_some_versions(module, node, names):
        return True
    return any(is_for_some_versions(module, binding.node, names) for binding in _imports_of(module, node))


def _read_of(module: Module, root: str) -> set[str]:
    """The names that a file imports from a module or reads of it."""
    found = {
        alias.name
        for statement in module.nodes(ast.ImportFrom)
        if statement.module == root and not statement.level
        for alias in statement.names
    }
    for node in module.nodes(ast.Attribute):
        if module.qualified_name(node.value) == root:
            found.add(node.attr)
    return found


def _expects_warning(module: Module, node: ast.AST) -> bool:
    """Whether the code around a use looks at the warning that it gives, as tests of old names do."""
    for around in module.ancestors(node):
        calls: list[ast.expr] = [around] if isinstance(around, ast.Call) else []
        if isinstance(around, (ast.With, ast.AsyncWith)):
            calls = [item.context_expr for item in around.items]
        for call in calls:
            func = call.func if isinstance(call, ast.Call) else None
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if name in _EXPECTING or name == "catch_warnings" and isinstance(call, ast.Call) and call.keywords:
                return True
    return False


def _imports_of(module: Module, node: ast.AST) -> list[Binding]:
    """The imports that bind the name from which something is read."""
    while isinstance(node, ast.Attribute):
        node = node.value
    found = module.scope(node).lookup(node.id) if isinstance(node, ast.Name) else None
    return [binding for binding in found[1] if binding.kind is BindingKind.IMPORT] if found is not None else []


def is_imported(module: Module, name: ast.Name) -> bool:
    """Whether a name is bound by imports alone, and is no other name of something imported."""
    found = module.scope(name).lookup(name.id)
    return found is not None and all(binding.kind is BindingKind.IMPORT for binding in found[1])


def _replaced_modules(module: Module) -> frozenset[str]:
    """The modules that the file itself puts in place: ``sys.modules["imp"] = ...``."""
    found: set[str] = set()
    for node in module.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            if not isinstance(node.ctx, ast.Load) and module.qualified_name(node.value) == "sys.modules":
                found.add(node.slice.value)
    return frozenset(found)


def _changes_search_path(module: Module) -> bool:
    """Whether the file changes where modules are looked for."""
    nodes = (*module.names.by_last_name.get("path", ()), *module.names.by_last_name.get("addsitedir", ()))
    return any(module.qualified_name(node) in {"sys.path", "site.addsitedir"} for node in nodes)
