"""Monkey-patching: names of other modules that a module assigns to: ``sys.stdout = ...``, ``setattr(os, ...)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.scopes import Binding
    from pymodernize.semantics.tree import Tree

# By last name: the methods of ``monkeypatch`` and ``mock.patch`` have receivers of unknown classes.
_BY_NAME = frozenset({"setattr", "delattr", "object"})
_BY_TEXT = frozenset({"setattr", "delattr", "patch"})


def replaced(module: Tree) -> frozenset[str]:
    """The attributes of other modules that a module assigns or deletes, in whatever way.

    Args:
        module: the module.

    Returns:
        An over-approximation, by qualified names; that of a module or class
        stands for all its attributes.
    """
    found: set[str] = set()
    for node in module.nodes(ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            found |= {f"{owner}.{node.attr}" for owner in _meanings(module, node.value)}
        elif node.attr == "__dict__":
            found |= _by_dictionary(module, node, node.value)
    data = module.source.data
    if any(mark in data for mark in (b"setattr", b"delattr", b"patch", b"vars")):
        for call in module.nodes(ast.Call):
            found |= _by_call(module, call)
    return frozenset(found)


def _by_call(module: Tree, call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    match call.args:
        case [target] if name == "vars":
            return _by_dictionary(module, call, target)
        case [ast.Constant(value=str(text)), *_] if name in _BY_TEXT:
            return set(_tails(text))
        case [target, ast.Constant(value=str(attribute)), *_] if name in _BY_NAME:
            return {f"{owner}.{attribute}" for owner in _meanings(module, target)}
        case [target, *_] if name in _BY_NAME or name == "multiple":
            return set(_meanings(module, target))
    return set()


def _by_dictionary(module: Tree, dictionary: ast.expr, owner: ast.expr) -> set[str]:
    """The qualified names that a use of a module's ``__dict__`` may assign to."""
    owners = _meanings(module, owner)
    match module.parent(dictionary):
        case ast.Subscript(value=value, ctx=ast.Load()) if value is dictionary:
            return set()
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name))) if value is dictionary:
            return {f"{meaning}.{name}" for meaning in owners}
    return set(owners)


def _tails(text: str) -> Iterator[str]:
    """All dotted suffixes of a name: ``patch("jobs.os.getcwd")`` replaces ``os.getcwd`` for all modules."""
    while "." in text:
        yield text
        text = text.partition(".")[2]


def _meanings(module: Tree, expr: ast.expr, seen: tuple[Binding, ...] = ()) -> set[str]:
    """The dotted names that an expression may refer to, through imports and aliases.

    This does not use name resolution, which depends on the result of this
    module.
    """
    if isinstance(expr, ast.Attribute):
        return {f"{owner}.{expr.attr}" for owner in _meanings(module, expr.value, seen)}
    found = module.scope(expr).lookup(expr.id) if isinstance(expr, ast.Name) else None
    meanings: set[str] = set()
    for binding in found[1] if found else ():
        if binding.target:
            meanings.add(binding.target)
        assign = module.parent(binding.node)
        if isinstance(assign, ast.Assign) and binding not in seen:
            meanings |= _meanings(module, assign.value, (*seen, binding))
    return meanings
