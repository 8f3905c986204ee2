"""The types of the items of lists, sets and mappings, including items that are added later.

The items are known if all cells that may refer to the container are: every
expression that creates it, and every addition through an alias.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from pymodernize.semantics.additions import Addition, Additions
from pymodernize.semantics.flow import reads_only
from pymodernize.semantics.types import Type, Types, is_open, is_vague, shared, shared_items, union
from pymodernize.semantics.values import Cell, Way

if TYPE_CHECKING:
    from pymodernize.semantics.inference import Inference
    from pymodernize.semantics.module import Module

_NEW = (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.Call, ast.BinOp, ast.Subscript)


def of(inference: Inference, expr: ast.expr) -> Types | None:
    """The types of a variable or attribute, with the types of all items of its container.

    Args:
        inference: the types of the module.
        expr: an expression that reads it.

    Returns:
        None if other code may add items, or if the value may be anything.
    """
    cell = inference.module.values.read_by(expr)
    return inference.solved(("contents", cell), lambda: _gathered(inference, cell)) if cell is not None else None


def _gathered(inference: Inference, cell: Cell) -> Types | None:
    contents = inference.module.values.contents(cell)
    additions = inference.module.once(Additions).to(cell)
    if contents is None or additions is None:
        return None
    sources = [source for source in contents.sources if source.way is not Way.UPDATE]
    made = union(_made(inference, source.expr) if source.way is Way.VALUE else None for source in sources)
    if made is None:
        return None
    return union(_with(inference, type_, additions) for type_ in made)


def _made(inference: Inference, expr: ast.expr) -> Types | None:
    """The types that assigning an expression puts into a cell: a new container, or an alias of one."""
    if isinstance(expr, ast.IfExp):
        return union(_made(inference, part) for part in (expr.body, expr.orelse))
    if isinstance(expr, ast.BoolOp):
        return union(_made(inference, part) for part in expr.values)
    found = of(inference, expr)
    if found is not None:
        return found
    return inference.of(expr) if isinstance(expr, _NEW) else shared(inference.of(expr))


def _with(inference: Inference, type_: Type, additions: list[Addition]) -> Types | None:
    """A container type with the types of added items joined in."""
    if type_.name in {"list", "set"}:
        return frozenset({replace(type_, element=union([type_.element, *_values(inference, additions)]))})
    if type_.name == "dict":
        keys = [inference.of(item.key) if item.key is not None else None for item in additions]
        element = union([type_.element, *map(shared, keys)])
        return frozenset({replace(type_, element=element, value=union([type_.value, *_values(inference, additions)]))})
    return shared(frozenset({type_})) if is_open(type_) else frozenset({type_})


def _values(inference: Inference, additions: list[Addition]) -> list[Types | None]:
    """The types of the added values."""
    return [shared(inference.iterated(item.expr) if item.all_of else inference.of(item.expr)) for item in additions]


def container(inference: Inference, expr: ast.expr) -> Types | None:
    """The types of a container at a read, without items that may have changed since.

    Its items may have aliases, so of nested containers only the class is
    known.
    """
    types = _named(inference, expr) if isinstance(expr, (ast.Name, ast.Attribute)) else inference.of(expr)
    if types is None or isinstance(expr, (ast.Call, ast.ListComp, ast.GeneratorExp)):
        return types
    if isinstance(expr, ast.Subscript) and not isinstance(expr.slice, ast.Slice):
        return shared(types)
    return frozenset(
        replace(
            type_,
            items=shared_items(type_.items),
            element=shared(type_.element),
            value=shared(type_.value),
        )
        for type_ in types
    )


def _named(inference: Inference, expr: ast.Name | ast.Attribute) -> Types | None:
    """The types of a variable; with those of its items if nothing in the module can have mutated it."""
    module = inference.module
    qualified = module.qualified_name(expr)
    if qualified is not None:
        types = inference.of_library(qualified)
        if types is None or not any(map(is_open, types)):
            return types
        uses = module.names.naming(qualified)
    elif isinstance(expr, ast.Name) and (found := module.scope(expr).lookup(expr.id)):
        types = inference.variable(*found)
        if types is None or not any(is_open(type_) or is_vague(type_) for type_ in types):
            return types
        uses = module.uses(found[1][0])
    elif isinstance(expr, ast.Attribute) and (types := inference.option(expr)):
        uses = (node for node in module.nodes(ast.Attribute) if node.attr == expr.attr)
    else:
        return of(inference, expr) if module.values.read_by(expr) is not None else None
    if not any(map(is_vague, types)) and all(_is_only_read(module, use) for use in uses):
        return types
    found = of(inference, expr)
    return found if found is not None else shared(types)


def _is_only_read(module: Module, use: ast.Name | ast.Attribute) -> bool:
    parent = module.parent(use)
    if isinstance(parent, ast.Call) and not (module.qualified_name(parent.func) or "").startswith("builtins."):
        return False
    if isinstance(parent, ast.Compare) and module.once(Additions).has_own_operators:
        return False
    return reads_only(use, parent, module.parent(parent) if parent is not None else None)
