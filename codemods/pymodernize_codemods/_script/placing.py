"""Edits whose new code is given as source."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Insertion
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope, ScopeKind

if TYPE_CHECKING:
    import libcst as cst


def expression_edit(module: Module, node: ast.expr, source: str) -> Edit:
    """Put another expression in the place of one.

    Args:
        module: the module.
        node: what is replaced.
        source: the new expression; lines but the first have the indentation
            that they need in the file.
    """
    return Edit(node, partial(_expression, source=source, newline=module.source.newline))


def _expression(node: cst.BaseExpression, source: str, newline: str) -> cst.BaseExpression:
    import libcst as cst

    config = cst.PartialParserConfig(default_newline=newline)
    parsed = cst.parse_expression(f"({source}{newline})", config)
    return parsed.with_changes(lpar=parsed.lpar[1:], rpar=parsed.rpar[:-1])


def statements_edit(module: Module, node: ast.stmt, sources: Sequence[Sequence[str]], keeper: int = 0) -> Edit:
    """Put some simple statements in the place of one.

    Args:
        module: the module.
        node: what is replaced.
        sources: the lines of each new statement, without the indentation of the block and with four spaces
            for each level within.
        keeper: which of them keeps the comment on the old one's line.
    """
    unit = module.indent
    texts = ["\n".join(indented(line, unit) for line in lines) for lines in sources]
    return Edit(node, partial(_statements, sources=texts, keeper=keeper, newline=module.source.newline))


def _statements(node: cst.BaseStatement, sources: list[str], keeper: int, newline: str) -> list[cst.BaseStatement]:
    import libcst as cst

    config = cst.PartialParserConfig(default_newline=newline)
    made: list[cst.BaseStatement] = []
    for number, source in enumerate(sources):
        statement = cst.parse_statement(source.replace("\n", newline), config)
        if number == keeper and isinstance(node, cst.SimpleStatementLine):
            statement = statement.with_changes(trailing_whitespace=node.trailing_whitespace)
        made.append(statement)
    if made and isinstance(node, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        made[0] = made[0].with_changes(leading_lines=node.leading_lines)
    return made


def removal(node: ast.stmt) -> Edit:
    """Take a statement away."""
    return Edit(node, _nothing)


def _nothing(node: cst.CSTNode) -> cst.RemovalSentinel:
    import libcst as cst

    return cst.RemoveFromParent()


def have_comments(module: Module, nodes: Sequence[ast.stmt]) -> bool:
    """Whether comments stand in some statements, or behind them.

    Args:
        module: the module.
        nodes: the statements.
    """
    lines = module.comments_by_line
    return any(node.lineno <= line <= (node.end_lineno or 0) for node in nodes for line in lines)


def needless_imports(module: Module, library: str, changed: Sequence[ast.AST]) -> list[Edit]:
    """Take the imports of a library away that stand in functions and branches and that nothing but changed code reads.

    The engine does so for those that stand in the module's own body.

    Args:
        module: the module.
        library: the top of its qualified names.
        changed: the nodes that are replaced or taken away.
    """
    gone = set(changed)
    edits: list[Edit] = []
    for statement in (*module.nodes(ast.Import), *module.nodes(ast.ImportFrom)):
        scope, around = module.scope(statement), module.parent(statement)
        plain = scope.kind is ScopeKind.FUNCTION or isinstance(around, ast.If) and scope.kind is ScopeKind.MODULE
        if plain and all(_is_needless(module, scope, alias, library, gone) for alias in statement.names):
            edits.append(removal(statement))
    return edits


def _is_needless(module: Module, scope: Scope, alias: ast.alias, library: str, gone: set[ast.AST]) -> bool:
    """Whether only code that goes reads what is imported."""
    bindings = scope.bindings.get(alias.asname or alias.name.partition(".")[0], [])
    if len(bindings) != 1 or bindings[0].node is not alias:
        return False
    if (bindings[0].target or "").partition(".")[0] != library:
        return False
    uses = module.uses(bindings[0])
    return bool(uses) and all(use in gone or not gone.isdisjoint(module.ancestors(use)) for use in uses)


def with_parts(module: Module, expr: ast.expr, replaced: Mapping[ast.expr, str]) -> str:
    """The source of an expression with other parts in it.

    Args:
        module: the module.
        expr: the expression.
        replaced: the new sources of nodes inside of it, none of which is inside of another.
    """
    start, end = module.span(expr)
    data = module.source.data
    pieces: list[str] = []
    for node in sorted(replaced, key=lambda item: module.span(item)):
        first, last = module.span(node)
        pieces += [data[start:first].decode("utf-8"), replaced[node]]
        start = last
    return "".join([*pieces, data[start:end].decode("utf-8")])


def insertion(module: Module, before: ast.stmt, lines: Sequence[str]) -> Insertion:
    """Put a simple statement in front of another.

    Args:
        module: the module.
        before: the other one.
        lines: the new one, as for :func:`statements_edit`.
    """
    start = module.span(before)[0]
    line = module.source.data[module.source.data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    joint = module.source.newline + indent
    return Insertion(before, joint.join(indented(item, module.indent) for item in lines))


def indented(line: str, unit: str) -> str:
    """A line with another unit of indentation than four spaces."""
    body = line.lstrip(" ")
    return unit * ((len(line) - len(body)) // 4) + body
