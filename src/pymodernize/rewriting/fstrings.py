"""Expressions inside f-strings: how to find them again, and what may not stand there."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from pymodernize.rewriting.precedence import needs_parentheses
from pymodernize.rewriting.splices import CannotPlace

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module

_SHOWS_ITS_SOURCE = "it stands in an f-string that shows the expression's own text: {...=}"
_AFTER_VALUE = re.compile(rb"[\s)]*=")
_LAMBDA = re.compile(r"\blambda\b")


def outer_fstring(module: Module, node: ast.AST) -> ast.expr | None:
    """The whole f-string around a node, where positions inside it are wrong (before Python 3.12)."""
    if sys.version_info >= (3, 12):
        return None
    outer = None
    for around in module.ancestors(node):
        if isinstance(around, ast.JoinedStr):
            outer = around
        elif isinstance(around, ast.stmt):
            break
    return outer


def refuse_places(module: Module, node: ast.expr) -> bool:
    """Tell whether a node stands inside an f-string, and refuse what must not be touched there.

    Raises:
        CannotPlace: it is a part of a string and no expression, or its own
            source text is a part of what the program does.
    """
    parent = module.parent(node)
    if isinstance(node, ast.FormattedValue) or isinstance(parent, ast.JoinedStr):
        raise CannotPlace("a part of a string is no expression of its own")
    if isinstance(parent, ast.FormattedValue) and parent.format_spec is node:
        raise CannotPlace("a part of a string is no expression of its own")
    inside = False
    for around in module.ancestors(node):
        if isinstance(around, ast.stmt):
            break
        kind = type(around).__name__
        if kind == "TemplateStr":
            raise CannotPlace("it stands in a template string, which keeps the text of its expressions")
        if isinstance(around, ast.FormattedValue) and sys.version_info >= (3, 12):
            _, end = module.span(around.value)
            if _AFTER_VALUE.match(module.source.data, end) and _is_value(around, node, module):
                raise CannotPlace(_SHOWS_ITS_SOURCE)
        inside = inside or kind == "JoinedStr"
    return inside


def _is_value(around: ast.FormattedValue, node: ast.AST, module: Module) -> bool:
    """Whether a node belongs to the value that is shown, not to its format."""
    while (parent := module.parent(node)) is not around:
        assert parent is not None  # noqa: S101 - the caller found it among the ancestors
        node = parent
    return node is around.value


def safe_inside(code: str) -> str:
    """The code as it may stand in the braces of an f-string, for every version of Python.

    Raises:
        CannotPlace: before Python 3.12 an f-string's expressions may hold
            neither its quotes nor a backslash.
    """
    if any(char in code for char in "'\"\\#\n"):
        raise CannotPlace("the new code has quotes, which not every Python allows inside an f-string")
    if code.startswith("{") or _LAMBDA.search(code):
        return f"({code})"
    return code


def change_inside(
    module: Module, change: Callable[[Any], object], node: ast.expr, outer: ast.expr, tree: cst.CSTNode
) -> cst.CSTNode:
    """Make a change to the expression of an f-string that has the same place among those that equal it."""
    import libcst as cst

    wanted = ast.dump(node)
    place = [item for item in _in_order(outer) if ast.dump(item) == wanted].index(node)
    twins = [item for item in _expressions(tree) if _dumped(item) == wanted]
    if place >= len(twins):
        raise CannotPlace("the expression inside the f-string was not found again")
    target = twins[place]
    for shown in _shown(tree):
        if any(item is target for item in _expressions(shown)):
            raise CannotPlace(_SHOWS_ITS_SOURCE)
    new = change(target)
    if not isinstance(new, cst.BaseExpression):
        raise CannotPlace(f"an expression cannot become a {type(new).__name__}")
    code = cst.Module([]).code_for_node(new)
    if safe_inside(code) != code or needs_parentheses(module, node, new):
        new = new.with_changes(lpar=[cst.LeftParen(), *new.lpar], rpar=[*new.rpar, cst.RightParen()])
    return cast("cst.CSTNode", tree.deep_replace(target, new))


def _in_order(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that are read, in the order of the source."""
    if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
        yield node
    for child in _children(node):
        yield from _in_order(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.test, node.orelse)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from (item for item in (key, value) if item is not None)
    else:
        yield from ast.iter_child_nodes(node)


def _expressions(root: cst.CSTNode) -> list[cst.BaseExpression]:
    """The expressions that are read, in the order of the source; names that are no expressions are left out."""
    import libcst as cst

    found: list[cst.BaseExpression] = []

    class Visitor(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.BaseExpression):
                found.append(node)
            if isinstance(node, (cst.Attribute, cst.Arg, cst.NamedExpr)):
                node.value.visit(self)
            elif isinstance(node, cst.Param):
                if node.default is not None:
                    node.default.visit(self)
            elif isinstance(node, cst.CompFor):
                for part in (node.iter, *node.ifs, node.inner_for_in):
                    if part is not None:
                        part.visit(self)
            else:
                return True
            return False

    root.visit(Visitor())
    return found


def _shown(root: cst.CSTNode) -> list[cst.BaseExpression]:
    """The expressions of an f-string that stand in ``{...=}``."""
    import libcst as cst

    found: list[cst.BaseExpression] = []

    class Visitor(cst.CSTVisitor):
        def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> None:
            if node.equal is not None:
                found.append(node.expression)

    root.visit(Visitor())
    return found


def _dumped(node: cst.BaseExpression) -> str | None:
    import libcst as cst

    try:
        return ast.dump(ast.parse(f"({cst.Module([]).code_for_node(node)}\n)", mode="eval").body)
    except SyntaxError:
        return None  # a part of an expression, such as a slice
