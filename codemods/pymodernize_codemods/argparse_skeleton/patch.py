"""Changes of statements and expressions that are nested, as edits that do not overlap."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit
from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.brackets import bracketed
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

if TYPE_CHECKING:
    import libcst as cst

Part = str | ast.stmt
_Node = ast.expr | ast.stmt

_OF_ARGUMENTS = re.compile(
    r"\b(?:arg(?:s|v|uments?)?|usage|param(?:s|eters?)?|command[- ]line|inputs?|options?)\b", re.IGNORECASE
)


@dataclass
class Patch:
    """Changes of one module.

    Attributes:
        expressions: new source by expression.
        statements: what statements become: lines of source and other
            statements of the module, which may be inside of them.
    """

    module: Module
    expressions: dict[ast.expr, str] = field(default_factory=dict)
    statements: dict[ast.stmt, tuple[Part, ...]] = field(default_factory=dict)

    def changed(self) -> list[_Node]:
        """All that changes, the outermost of what lies in one another, in document order."""
        outer = {self._root(node) for node in (*self.expressions, *self.statements)}
        found = [node for node in outer if not any(item in outer for item in self.module.ancestors(node))]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    def _root(self, node: _Node) -> _Node:
        """The node, or the ``if`` that it is an ``elif`` of: that is no statement of its own."""
        while (
            isinstance(node, ast.If) and self._is_elif(node) and isinstance(above := self.module.parent(node), ast.If)
        ):
            node = above
        return node

    def _is_elif(self, node: ast.If) -> bool:
        return self.module.source.data.startswith(b"elif", self.module.span(node)[0])

    def edits(self) -> tuple[Edit, ...]:
        """The edits for the engine."""
        made = []
        for node in self.changed():
            if isinstance(node, ast.expr):
                made.append(Edit(node, partial(_expression, source=self.expressions[node])))
            else:
                text = self.module.source.newline.join([*self.lines(node, ""), ""])
                made.append(
                    Edit(
                        node,
                        partial(_statements, text=text, indent=self.module.indent, newline=self.module.source.newline),
                        above=not text.strip() and bool(self.told_of(node)),
                    )
                )
        return tuple(made)

    def is_gone(self, node: ast.AST) -> bool:
        """Whether nothing of a node is left."""
        child = node
        for around in (node, *self.module.ancestors(node)):
            if around in self.expressions and around is not node:
                return True
            if isinstance(around, ast.stmt) and around in self.statements:
                if around is node or child not in self.statements[around]:
                    return True
            if isinstance(around, ast.stmt):
                child = around
        return False

    def drops_comments(self) -> bool:
        """Whether comments inside of what changes are lost."""
        for node in self.changed():
            if not isinstance(node, ast.stmt):
                continue
            lines = range(node.lineno - self.told_of(node), (node.end_lineno or node.lineno) + 1)
            new = "\n".join(self.lines(node, ""))
            if any(comment.line in lines and comment.text not in new for comment in self.module.comments):
                return True
        return False

    # --- text --------------------------------------------------------------------------------------------------

    def lines(self, statement: ast.stmt, indent: str) -> list[str]:
        """What a statement becomes, as lines with the given indentation."""
        becomes = self.statements.get(statement)
        if becomes is None:
            return self._copied(statement, indent)
        found: list[str] = []
        parts = list(becomes)
        while parts:
            part = parts.pop(0)
            if isinstance(part, str):
                found.append(indent + part)
                continue
            suite = [part]
            while parts and isinstance(following := parts[0], ast.stmt):
                suite.append(following)
                del parts[0]
            found += self._suite(suite, indent) if part is not statement else self._copied(part, indent)
        return found

    def _suite(self, body: Sequence[ast.stmt], indent: str) -> list[str]:
        """The statements of a block, with the comments between them."""
        found: list[str] = []
        last = 0
        for statement in body:
            lines = self.lines(statement, indent)
            if self._has_lines(statement) and (lines or not self.told_of(statement)):
                found += self._comments_above(statement, last, indent)
            found += lines
            last = statement.end_lineno or statement.lineno
        return found or [f"{indent}pass"]

    def _comments_above(self, statement: ast.stmt, after: int, indent: str) -> list[str]:
        source, line = self.module.source, statement.lineno - 1
        found: list[str] = []
        while line > after:
            text = source.line(line).decode("utf-8").strip()
            if text and not text.startswith("#"):
                break
            found.insert(0, indent + text if text else "")
            line -= 1
        while found and not found[0]:
            del found[0]
        return found

    def told_of(self, statement: ast.stmt) -> int:
        """How many comment lines directly above a statement speak of the arguments: they go with it."""
        comments, line = self.module.comments_by_line, statement.lineno
        while line > 1 and self.module.source.line(line - 1).strip() == comments.get(line - 1, "\n").encode():
            line -= 1
        above = " ".join(comments[number] for number in range(line, statement.lineno))
        return statement.lineno - line if _OF_ARGUMENTS.search(above) else 0

    def _has_lines(self, statement: ast.stmt) -> bool:
        source = self.module.source
        start = self.module.span(statement)[0]
        return not source.data[source.line_span(source.position(start)[0])[0] : start].strip()

    def _copied(self, statement: ast.stmt, indent: str) -> list[str]:
        """The statement's own text with what changes inside of it."""
        source = self.module.source
        start, end = self.module.span(statement)
        line_end = source.line_span(statement.end_lineno or statement.lineno)[1]
        rest = source.data[end:line_end].strip()
        if rest.startswith(b"#"):
            end = source.line_span(statement.end_lineno or statement.lineno)[0] + len(
                source.line(statement.end_lineno or statement.lineno).rstrip()
            )
        text = self.text(statement, start, end)
        if isinstance(statement, ast.If):
            text = text.removeprefix("el")  # what was an elif becomes the first of its chain
        column = statement.col_offset if self._has_lines(statement) else 0
        old = source.line(statement.lineno)[:column].decode("utf-8")
        fixed = self.module.once(_inside_strings)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        changed_lines = len(lines) != (statement.end_lineno or 0) - statement.lineno + 1
        found = [indent + lines[0]]
        for number, line in enumerate(lines[1:], statement.lineno + 1):
            if not changed_lines and number in fixed or not line.strip():
                found.append(line)
            else:
                found.append(indent + line.removeprefix(old))
        return found

    def text(self, node: ast.AST, start: int | None = None, end: int | None = None) -> str:
        """The source of a node with what changes inside of it.

        Raises:
            NotPlain: it is inside of an f-string, where positions are not to be relied on.
        """
        if any(isinstance(around, ast.JoinedStr) for around in self.module.ancestors(node)):
            raise NotPlain("what an f-string shows depends on the arguments in it", node)
        span = self.module.span(node)
        start = span[0] if start is None else start
        end = span[1] if end is None else end
        data = self.module.source.data
        out: list[bytes] = []
        position = start
        for begin, stop, text in sorted(self._inner(node)):
            if begin < position:
                continue
            out += [data[position:begin], text.encode("utf-8")]
            position = stop
        out.append(data[position:end])
        return b"".join(out).decode("utf-8")

    def _inner(self, root: ast.AST) -> list[tuple[int, int, str]]:
        """The outermost changes inside of a node."""
        found: list[tuple[int, int, str]] = []
        pending = list(ast.iter_child_nodes(root))
        while pending:
            node = pending.pop()
            if isinstance(node, ast.expr) and node in self.expressions:
                source = bracketed(self.module, node, self.expressions[node])
                found.append((*self.module.span(node), source))
            elif isinstance(node, ast.JoinedStr):
                if any(item in self.expressions for item in ast.walk(node)):
                    raise NotPlain("an argument is put into an f-string among code that goes", node)
            elif isinstance(node, ast.stmt) and (node in self.statements or self._has_changed_elif(node)):
                found.append(self._inner_statement(node))
            else:
                pending += ast.iter_child_nodes(node)
        return found

    def _has_changed_elif(self, node: ast.stmt) -> bool:
        while isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            node = node.orelse[0]
            if node in self.statements:
                return self._is_elif(node)
        return False

    def _inner_statement(self, node: ast.stmt) -> tuple[int, int, str]:
        source = self.module.source
        start, end = self.module.span(node)
        empty = self._leaves_nothing(node)
        if not self._has_lines(node):
            lines = self.lines(node, "")
            return start, end, "; ".join(lines) or "pass"
        line_start = source.line_span(source.position(start)[0])[0]
        indent = source.data[line_start:start].decode("utf-8")
        if isinstance(node, ast.If) and self._is_elif(node):
            lines = self._rest_of_chain(node, indent)
        else:
            lines = self.lines(node, indent) or ([f"{indent}pass"] if empty else [])
        if not lines:
            line_start = source.line_span(node.lineno - self.told_of(node))[0]
        line_end = source.line_span(node.end_lineno or node.lineno)[1]
        if source.data[end:line_end].strip() and not source.data[end:line_end].strip().startswith(b"#"):
            return start, end, "; ".join(line.strip() for line in lines) or "pass"
        newline = source.newline
        return line_start, line_end, "".join(line + newline for line in lines)

    def _rest_of_chain(self, node: ast.If, indent: str) -> list[str]:
        """What an ``elif`` and all behind it become, behind the branches before it."""
        becomes = self.statements.get(node)
        if becomes is None:
            lines = self._copied(node, indent)
            return [f"{indent}el{lines[0].removeprefix(indent)}", *lines[1:]]
        if becomes == ():
            return []
        if len(becomes) == 1 and isinstance(becomes[0], ast.If) and self._is_elif(becomes[0]):
            return self._rest_of_chain(becomes[0], indent)
        parts = [item for item in becomes if isinstance(item, ast.stmt)]
        return [f"{indent}else:", *self._suite(parts, indent + self.module.indent)]

    def _leaves_nothing(self, node: ast.stmt) -> bool:
        """Whether all of a block goes; its last statement stands for it then."""
        block = self.module.block(node)
        return block[-1] is node and all(self.statements.get(item) == () for item in block)


def _expression(_: cst.BaseExpression, source: str) -> cst.BaseExpression:
    import libcst as cst

    return cst.parse_expression(source)


def _statements(
    _: cst.BaseStatement, text: str, indent: str, newline: str
) -> Sequence[cst.BaseStatement] | cst.RemovalSentinel:
    import libcst as cst

    if not text.strip():
        return cst.RemoveFromParent()
    tree = cst.parse_module(text, cst.PartialParserConfig(default_indent=indent, default_newline=newline))
    body = [item for item in tree.body if isinstance(item, (cst.SimpleStatementLine, cst.BaseCompoundStatement))]
    # Comments above the first statement belong to the module, if it is one.
    return [body[0].with_changes(leading_lines=[*tree.header, *body[0].leading_lines]), *body[1:]]


def _inside_strings(module: Module) -> frozenset[int]:
    """The lines that start inside of a literal: their white space belongs to it."""
    found: set[int] = set()
    for node in (*module.nodes(ast.Constant), *module.nodes(ast.JoinedStr)):
        if node.end_lineno is not None and node.end_lineno > node.lineno:
            found.update(range(node.lineno + 1, node.end_lineno + 1))
    return frozenset(found)
