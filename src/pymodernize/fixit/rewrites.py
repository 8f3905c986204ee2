"""A replacement in the tree of a whole file as the rewrite of the smallest fragment that it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import partial
from typing import cast

import libcst as cst
from libcst.metadata import (
    CodePosition,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    WhitespaceInclusivePositionProvider,
)

from pymodernize.codemod import Edit, Rewrite
from pymodernize.rewriting.fragments import CannotPlace, parse_module, span_of_edit
from pymodernize.semantics.module import Module

Replacement = cst.CSTNode | cst.FlattenSentinel | cst.RemovalSentinel
Span = tuple[int, int]


class Nodes:
    """The expressions and statements of a module by where they stand, in bytes.

    Args:
        module: the model.
    """

    def __init__(self, module: Module) -> None:
        self.spans: dict[Span, ast.expr | ast.stmt] = {}
        self.expressions: dict[Span, ast.expr] = {}
        offset = module.source.offset
        for node in ast.walk(module.tree):  # what is around another node comes first
            if isinstance(node, (ast.expr, ast.stmt)):
                end = offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
                span = (offset(node.lineno, node.col_offset), end)
                self.spans.setdefault(span, node)
                if isinstance(node, ast.expr):
                    self.expressions.setdefault(span, node)

    def around(self, start: int, end: int) -> ast.expr | ast.stmt | None:
        """The innermost node that a place lies in; None if that is the module itself."""
        if (start, end) in self.spans:
            return self.spans[start, end]
        spans = [span for span in self.spans if span[0] <= start and end <= span[1]]
        return self.spans[min(spans, key=lambda span: span[1] - span[0])] if spans else None


class Tree:
    """The tree of a file that rules look at.

    Args:
        module: the model of the same text.
        wrapper: the tree.
    """

    def __init__(self, module: Module, wrapper: MetadataWrapper) -> None:
        self.module = module
        self.wrapper = wrapper

    def place(self, position: CodePosition) -> int:
        """The offset in bytes of a place as LibCST counts: lines, and columns in characters."""
        source = self.module.source
        if position.line > len(source.line_starts):
            return len(source.data)
        text = source.line(position.line).decode("utf-8")
        return source.offset(position.line, len(text[: position.column].encode("utf-8")))

    def rewrite(self, node: cst.CSTNode, new: Replacement) -> Rewrite:
        """The rewrite that puts something in the place of a node.

        Raises:
            CannotPlace: there is none.
        """
        return Rewrite((self._of_expression(node, new) or self._of_text(node, *self._changed(node, new)),))

    def _of_expression(self, node: cst.CSTNode, new: Replacement) -> Edit | None:
        """The edit of an expression that stays one; None for anything else."""
        if not isinstance(node, cst.BaseExpression) or not isinstance(new, cst.BaseExpression):
            return None
        found = self.wrapper.resolve(PositionProvider)[node]
        outside = len(node.lpar)
        target = self.module.once(Nodes).expressions.get((self.place(found.start), self.place(found.end)))
        if target is None or outside > len(new.lpar):
            return None
        # Parentheses around it are no part of the fragment, and stay.
        bare = new.with_changes(lpar=new.lpar[outside:], rpar=new.rpar[: len(new.rpar) - outside])
        return Edit(target, partial(_given, bare))

    def _changed(self, node: cst.CSTNode, new: Replacement) -> tuple[int, int, bytes]:
        """The bytes of the file that a replacement changes, and what they become.

        Raises:
            CannotPlace: it changes none.
        """
        tree, parents = self.wrapper.module, self.wrapper.resolve(ParentNodeProvider)
        top = node
        while top is not tree and parents[top] is not tree:
            top = parents[top]
        old = tree.code.encode() if top is tree else tree.code_for_node(top).encode()
        # It hands on whatever takes the place, also what stands for several nodes or none.
        whole = new if top is node else top.deep_replace(node, cast("cst.CSTNode", new))
        code = _code(tree, whole).encode()
        start = 0
        if top is not tree:
            start = self.place(self.wrapper.resolve(WhitespaceInclusivePositionProvider)[top].start)
            if not tree.has_trailing_newline and start + len(old) > len(self.module.source.data):
                end = tree.default_newline.encode()
                old, code = old.removesuffix(end), code.removesuffix(end)
        if self.module.source.data[start : start + len(old)] != old:
            raise CannotPlace("LibCST writes the code around it in another way")
        if code == old:
            raise CannotPlace("it changes nothing")
        head = _common(old, code)
        tail = min(_common(old[::-1], code[::-1]), len(old) - head, len(code) - head)
        first, last, text = _from_line_start(old, head, len(old) - tail, code[head : len(code) - tail])
        return start + first, start + last, text

    def _of_text(self, node: cst.CSTNode, start: int, end: int, text: bytes) -> Edit:
        """The edit of the smallest statement around a node that holds the bytes that change."""
        module, data = self.module, self.module.source.data
        for statement in self._statements(node):
            low, high = span_of_edit(module, Edit(statement, _same))
            if low <= start and end <= high:
                return Edit(statement, partial(_parsed, module, data[low:start] + text + data[end:high]))
        return Edit(module.tree, partial(_whole, module, data[:start] + text + data[end:]))

    def _statements(self, node: cst.CSTNode) -> Iterator[ast.stmt]:
        """The statements around a node of the tree, the innermost first; an ``elif`` is none by itself."""
        module = self.module
        place = self.wrapper.resolve(PositionProvider)[node]
        found = module.once(Nodes).around(self.place(place.start), self.place(place.end))
        for item in [] if found is None else [found, *module.ancestors(found)]:
            is_elif = isinstance(item, ast.If) and module.source.data.startswith(b"elif", module.span(item)[0])
            if isinstance(item, ast.stmt) and not is_elif:
                yield item


def _code(tree: cst.Module, new: Replacement) -> str:
    """The text of what takes the place of a statement, or of the tree."""
    if isinstance(new, cst.RemovalSentinel):
        return ""
    if isinstance(new, cst.FlattenSentinel):
        return "".join(_code(tree, item) for item in new)
    if isinstance(new, cst.Module):
        return new.code
    whole = isinstance(new, cst.BaseSmallStatement)
    return tree.code_for_node(cst.SimpleStatementLine([new]) if whole else new)


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two texts begin with in common."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    low, high = 0, most  # the first differing byte, by halves
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _from_line_start(old: bytes, start: int, end: int, text: bytes) -> tuple[int, int, bytes]:
    """An equivalent change that begins where a line does, for one that only deletes or inserts text."""
    if text and start < end:
        return start, end, text
    low, high, new = start, end, text
    while low and old[low - 1 : low] != b"\n":
        last = old[high - 1 : high] if low < high else new[-1:]
        if last != old[low - 1 : low]:
            return start, end, text
        low, high, new = low - 1, high - 1, last + new[:-1] if new else new
    return low, high, new


def _same(node: cst.CSTNode) -> cst.CSTNode:
    return node


def _given(new: cst.BaseExpression, _: cst.CSTNode) -> cst.BaseExpression:
    return new


def _parsed(module: Module, text: bytes, _: cst.CSTNode) -> Sequence[cst.CSTNode] | cst.RemovalSentinel:
    """The statements of a fragment's new text."""
    code = text.decode("utf-8")
    if not code.strip():
        return cst.RemoveFromParent()
    indented = code[:1] in {" ", "\t"}
    tree = parse_module(f"if 1:{module.source.newline}{code}" if indented else code, module)
    block = cst.ensure_type(cst.ensure_type(tree.body[0], cst.If).body, cst.IndentedBlock) if indented else tree
    first, *rest = block.body
    lines = () if indented else tree.header
    if lines and isinstance(first, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        first = first.with_changes(leading_lines=(*lines, *first.leading_lines))
    return [first, *rest]


def _whole(module: Module, text: bytes, _: cst.CSTNode) -> cst.Module:
    return parse_module(text.decode("utf-8"), module)
