"""A codemod that breaks a project on purpose, at the places that the file named by $PYMODERNIZE_SEEDED lists.

It is the material of ``benchmarks/seeded.py``. A place is the value of a return
statement, or of a name that a module sets, told by what other rewrites keep:
the function, and the number of the return statement in it.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import libcst as cst

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module

MARK = "SEEDED"


class SeededPlaces(Codemod):
    """Have a function raise, always or where a second rewrite is made, too; or do nothing that is seen."""

    triggers = (b"return", b"=")
    of_expressions = True

    def find(self, module: Module) -> Iterator[Finding]:
        for place in _listed().get(os.path.realpath(module.facts.path), ()):
            node = values_of(module.tree).get((place["function"], place["number"]))
            if node is not None and MARK not in ast.unparse(node):
                message = f"{place['kind']} {place['pair']}"
                yield self.finding(module, node, message, Rewrite((Edit(node, _change(place["kind"], place["pair"])),)))


@lru_cache
def _listed() -> dict[str, list[dict[str, Any]]]:
    """The places by the real paths of their files."""
    name = os.environ.get("PYMODERNIZE_SEEDED")
    return json.loads(Path(name).read_text(encoding="utf-8")) if name else {}


def values_of(tree: ast.Module) -> dict[tuple[str, int], ast.expr]:
    """The values that functions return and those of plain names of the module, by the function and a number.

    Left out is what more than reads a value: of generators and coroutines, and names that are set by it.
    """
    found: dict[tuple[str, int], ast.expr] = {}
    names = [item for item in tree.body if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)]
    found.update({("", number): item.value for number, item in enumerate(names)})
    pending: list[tuple[str, ast.AST]] = [("", tree)]
    while pending:
        name, node = pending.pop()
        for child in ast.iter_child_nodes(node):
            own = getattr(child, "name", "") if isinstance(child, (ast.FunctionDef, ast.ClassDef)) else ""
            pending.append((f"{name}.{own}" if own else name, child))
            if isinstance(child, ast.FunctionDef):
                returns = [item for item in _own(child) if isinstance(item, ast.Return)]
                plain = {
                    number: item.value for number, item in enumerate(returns) if item.value and _is_plain(item.value)
                }
                found.update({(f"{name}.{own}", number): value for number, value in plain.items()})
    return found


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function that are of no other one; none of a generator's."""
    nodes: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop(0)
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            nodes.append(node)
            pending += ast.iter_child_nodes(node)
    yield from nodes


def _is_plain(value: ast.expr) -> bool:
    others = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Starred, ast.JoinedStr)
    return not any(isinstance(node, others) for node in ast.walk(value))


def _change(kind: str, pair: int) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """What is written in place of a value."""
    if kind == "right":
        return lambda node: _wrapped(node, f'"{MARK} {pair}"')
    if kind == "wrong":
        return lambda node: _wrapped(node, f'{{"{MARK} {pair}": 1 // 0}}')
    name = f'"{MARK}_{pair}"'
    if kind == "first":
        return lambda node: _wrapped(node, f'[__import__("os").environ.update({{{name}: "1"}})]')
    return lambda node: _wrapped(node, f'[1 // 0 for _ in "x" if {name} in __import__("os").environ]')


def _wrapped(node: cst.BaseExpression, other: str) -> cst.BaseExpression:
    """A value, with another expression that is evaluated beside it."""
    if isinstance(node, cst.Tuple) and not node.lpar:
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    elements = [cst.Element(node), cst.Element(cst.parse_expression(other))]
    return cst.Subscript(cst.List(elements), [cst.SubscriptElement(cst.Index(cst.Integer("0")))])
