"""Edits that put new source text in the place of an expression."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit
from pymodernize.semantics.module import Module

if TYPE_CHECKING:
    import libcst as cst


def replaced(module: Module, expr: ast.expr, text: str) -> Edit:
    """The edit that replaces an expression.

    Args:
        module: the module.
        expr: one of its expressions.
        text: the new source text, with the file's newlines.
    """
    return Edit(expr, partial(_parsed, text=text, newline=module.source.newline))


def _parsed(_: cst.BaseExpression, *, text: str, newline: str) -> cst.BaseExpression:
    import libcst as cst

    # Lines may be held together by brackets outside: parse within a pair that is taken off again.
    config = cst.PartialParserConfig(default_newline=newline)
    parsed = cst.parse_expression(f"({text}{newline})", config)
    return parsed.with_changes(lpar=parsed.lpar[1:], rpar=parsed.rpar[:-1])


def is_inside_fstring(module: Module, expr: ast.AST) -> bool:
    """Whether an expression stands in a field of an f-string.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    for node in module.ancestors(expr):
        if isinstance(node, ast.stmt):
            return False
        if isinstance(node, ast.FormattedValue):
            return True
    return False


def loses_comment(module: Module, node: ast.expr | ast.stmt, text: str) -> bool:
    """Whether a comment stands in a fragment that is not in its new text.

    Args:
        module: the module.
        node: the fragment.
        text: what takes its place.
    """
    if is_inside_fstring(module, node):
        return False
    start, end = module.span(node)
    if b"#" not in module.source.data[start:end]:
        return False
    return any(start <= comment.offset < end and comment.text not in text for comment in module.comments)


def names_in(module: Module, node: ast.AST) -> set[str]:
    """The names of other modules that a fragment uses, and the modules and packages that they are of.

    Args:
        module: the module.
        node: a fragment.

    Returns:
        Qualified names: for ``os.path.join`` also ``os.path`` and ``os``.
    """
    found: set[str] = set()
    for inner in ast.walk(node):
        qualified = module.qualified_name(inner) if isinstance(inner, (ast.Name, ast.Attribute)) else None
        while qualified:
            found.add(qualified)
            qualified = qualified.rpartition(".")[0]
    return found
