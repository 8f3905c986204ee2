"""Drop the imports that rewrites leave without use."""

from __future__ import annotations

import ast
import re

from pymodernize.rewriting import import_lists
from pymodernize.rewriting.fragments import Splice
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind
from pymodernize.semantics.scripts import is_guard
from pymodernize.source import declares_encoding


def removals(module: Module, unread_before: frozenset[str], drops: frozenset[str]) -> list[Splice]:
    """The splices that remove imports which nothing reads any more.

    Args:
        module: the model after all edits.
        unread_before: names bound by imports of which one was not read in
            the file as it was given: they have not lost their last use.
        drops: qualified names whose import may go.
    """
    splices: list[Splice] = []
    for statement in module.nodes(ast.Import, ast.ImportFrom):
        if _may_go(module, statement):
            splices += _without_unused(module, statement, unread_before, drops)
    return splices


def _may_go(module: Module, statement: ast.stmt) -> bool:
    """Whether an import stands there for its name alone.

    One in a ``try`` may be there for the trial, one in a branch at the top
    level for type checkers or importers; a guard is no such branch.
    """
    parent = module.parent(statement)
    if isinstance(parent, ast.Module) or isinstance(parent, ast.If) and is_guard(parent):
        return True
    while isinstance(parent, (ast.If, ast.For, ast.While, ast.With)):
        parent = module.parent(parent)
    return isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef))


def unread_imports(module: Module) -> frozenset[str]:
    """The names that imports bind, at module level or in functions, where nothing reads one of them."""
    return frozenset(
        name
        for scope in (module.index.scope, *module.index.scopes.values())
        for name, bindings in scope.bindings.items()
        if bindings[0].kind is BindingKind.IMPORT and not module.uses(bindings[0])
    )


def _without_unused(
    module: Module, statement: ast.Import | ast.ImportFrom, unread_before: frozenset[str], drops: frozenset[str]
) -> list[Splice]:
    unused = [alias for alias in statement.names if _is_unused(module, alias, unread_before, drops)]
    if not unused or _must_stay(module, statement):
        return []
    if len(unused) < len(statement.names):
        return import_lists.without_names(module, statement, unused)
    start = module.source.line_span(statement.lineno)[0]
    end = module.source.line_span(statement.end_lineno or statement.lineno)[1]
    first, last = module.span(statement)
    alone = module.source.data[start:end].strip() == module.source.data[first:last]
    if not alone or len(module.block(statement)) == 1:
        return []
    return [Splice(start, _below_its_gap(module, statement, end), b"")]


def _below_its_gap(module: Module, statement: ast.stmt, end: int) -> int:
    """Where an import ends: at the top of a file or a block, the blank lines below it set it apart from the rest."""
    if module.block(statement)[0] is not statement:
        return end
    above = map(module.source.line, range(1, statement.lineno))
    if isinstance(module.parent(statement), ast.Module) and not all(map(declares_encoding, above)):
        return end
    line = (statement.end_lineno or statement.lineno) + 1
    while line < len(module.source.line_starts) and not module.source.line(line).strip():
        end = module.source.line_span(line)[1]
        line += 1
    return end


def _is_unused(module: Module, alias: ast.alias, unread_before: frozenset[str], drops: frozenset[str]) -> bool:
    binding = _binding_of(module, alias)
    if binding is None or binding.name in unread_before or binding.target not in drops:
        return False
    # ``import os`` and ``import os.path`` bind one name: nothing that reads it, nothing that needs either.
    others = binding.scope.bindings[binding.name]
    alike = all(other.kind is BindingKind.IMPORT and other.target in drops for other in others)
    if not alike or _is_read_as_text(module, binding.name):
        return False
    if module.uses(binding):
        return _is_subsumed(module, alias, others)
    return binding.scope is not module.index.scope or not _is_taken_elsewhere(module, alias, binding.name)


def _is_subsumed(module: Module, alias: ast.alias, others: list[Binding]) -> bool:
    """Whether ``import a`` binds what ``import a.b`` beside it binds as well, and all that is read of it is ``a.b``."""
    if alias.asname or "." in alias.name or not isinstance(module.parent(module.statement(alias)), ast.Module):
        return False
    reads = [module.parent(use) for other in others for use in module.uses(other)]
    steps = {read.attr if isinstance(read, ast.Attribute) else "" for read in reads}
    for other in others:
        there = other.node
        if isinstance(there, ast.alias) and there is not alias and there.name.startswith(f"{alias.name}."):
            statement = module.statement(there)
            first = min((module.top_level(read).lineno for read in reads if read is not None), default=0)
            if isinstance(module.parent(statement), ast.Module) and statement.lineno < first:
                return steps == {there.name.split(".")[1]}
    return False


def _is_taken_elsewhere(module: Module, alias: ast.alias, name: str) -> bool:
    """Whether other files take a name of the module's own from it, or may."""
    elsewhere = module.imported_names_used_elsewhere
    return elsewhere is None or name in elsewhere or _exports(module, alias, name)


def _binding_of(module: Module, alias: ast.alias) -> Binding | None:
    name = alias.asname or alias.name.partition(".")[0]
    bindings = module.scope(alias).bindings.get(name, ())
    return next((binding for binding in bindings if binding.node is alias), None)


def _exports(module: Module, alias: ast.alias, name: str) -> bool:
    """Whether ``__all__`` may name it, or ``name as name`` re-exports it."""
    if alias.asname == alias.name:
        return True
    return "__all__" in module.index.scope.bindings and any(node.value == name for node in module.nodes(ast.Constant))


# Functions through which code finds a name that it does not spell as one.
_BY_TEXT = frozenset({"eval", "exec", "globals", "locals", "vars", "get_type_hints"})


def _is_read_as_text(module: Module, name: str) -> bool:
    """Whether strings or comments may read a name: evaluated code, annotations in quotes, type comments."""
    if module.identifiers & _BY_TEXT and not _only_of_objects(module):
        return True
    word = re.compile(rf"\b{re.escape(name)}\b")
    if any("type:" in comment.text and word.search(comment.text) for comment in module.comments):
        return True
    return any(
        isinstance(node.value, str) and word.search(node.value) and isinstance(module.parent(node), _ANNOTATED)
        for node in module.nodes(ast.Constant)
    )


def _only_of_objects(module: Module) -> bool:
    """Whether all that finds names is ``vars`` of an object: it gives attributes of that, and no name of the module."""
    if module.identifiers & _BY_TEXT != {"vars"}:
        return False
    names = [node for node in module.nodes(ast.Name) if node.id == "vars"]
    calls = [module.parent(node) for node in names]
    return all(
        isinstance(call, ast.Call)
        and call.func is name
        and len(call.args) == 1
        and not isinstance(call.args[0], ast.Starred)
        for call, name in zip(calls, names, strict=True)
    ) and not any(node.attr == "vars" for node in module.nodes(ast.Attribute))


_ANNOTATED = (ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Subscript, ast.BinOp)


def _must_stay(module: Module, statement: ast.stmt) -> bool:
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return any(line in module.comments_by_line for line in lines)
