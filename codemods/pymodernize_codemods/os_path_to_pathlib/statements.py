"""What the idioms of whole statements have in common."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference
from pymodernize_codemods._paths.doubts import Doubt
from pymodernize_codemods._paths.edits import names_in
from pymodernize_codemods._paths.search import found

if TYPE_CHECKING:
    import libcst as cst

COMMENT = "a comment stands in the middle of it"


def is_name(expr: ast.expr) -> bool:
    """Whether an expression is a name or an attribute of one: to evaluate it again gives the same.

    Args:
        expr: any expression.
    """
    while isinstance(expr, ast.Attribute):
        expr = expr.value
    return isinstance(expr, ast.Name)


def replaced_statement(
    codemod: Codemod,
    module: Module,
    statement: ast.stmt,
    message: str,
    text: str,
    *,
    doubts: Iterable[Doubt] = (),
    references: tuple[Reference, ...] = (),
) -> Finding:
    """The finding for a statement that becomes another one.

    Args:
        codemod: in whose name.
        module: the module.
        statement: what is replaced.
        message: what was found.
        text: the new statement.
        doubts: what that takes for granted.
        references: the names of other modules that it uses.
    """
    last = statement.end_lineno or statement.lineno
    lines = [line for line in range(statement.lineno, last + 1) if line in module.comments_by_line]
    if _ends_in_comment(module, statement, last) or lines and not _is_kept(module, statement, lines):
        return codemod.finding(module, statement, message, reason=COMMENT)
    if lines:
        text += f"  {module.comments_by_line[lines[0]]}"
    edit = Edit(statement, partial(_parsed, text=text, newline=module.source.newline))
    rewrite = Rewrite((edit,), references=references, drops=tuple(sorted(names_in(module, statement))))
    return found(codemod, module, statement, message, rewrite, doubts)


def removed(_: cst.BaseStatement) -> cst.RemovalSentinel:
    """The change that removes a statement."""
    import libcst as cst

    return cst.RemoveFromParent()


def _is_kept(module: Module, statement: ast.stmt, lines: list[int]) -> bool:
    """Whether the comments of a statement are a single one, which can stand behind what it becomes."""
    line = lines[0]
    if len(lines) > 1 or line == statement.end_lineno:
        return len(lines) == 1
    body = set(getattr(statement, "body", ()))
    header = [node for node in ast.iter_child_nodes(statement) if node not in body]
    ends = {getattr(node, "end_lineno", line) for part in header for node in ast.walk(part)}
    is_type = module.comments_by_line[line].lstrip("# \t").startswith("type:")
    return line == statement.lineno and max(ends) == line and not is_type


def _ends_in_comment(module: Module, statement: ast.stmt, last: int) -> bool:
    """Whether the block of a statement has comments below its last line: they are indented more than it is."""
    line = last + 1
    while line <= len(module.source.line_starts):
        text = module.source.line(line)
        if text.strip() and line not in module.comments_by_line:
            return False
        if text.strip():
            return len(text) - len(text.lstrip()) > statement.col_offset and text.lstrip().startswith(b"#")
        line += 1
    return False


def _parsed(node: cst.BaseStatement, *, text: str, newline: str) -> cst.BaseStatement:
    import libcst as cst

    parsed = cst.parse_statement(text, cst.PartialParserConfig(default_newline=newline))
    return parsed.with_changes(leading_lines=getattr(node, "leading_lines", ()))
