"""One parsed module as it is written: its nodes, what stands around each, its text and its scope."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar, overload

from pymodernize.semantics.flow import blocks
from pymodernize.semantics.rebinding import bind_by_other_ways
from pymodernize.semantics.scopes import Index, Scope, ScopeKind, build_index
from pymodernize.source import SourceFile

N = TypeVar("N", bound=ast.AST)
M = TypeVar("M", bound=ast.AST)

_DECORATOR = re.compile(rb"[ \t\f]*@")


class Tree:
    """The syntax tree of one module, with its source.

    Args:
        source: the file's text.
        tree: the syntax tree, if the caller has parsed already.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: the text does
            not parse; the caller says so for the file.
    """

    def __init__(self, source: SourceFile, tree: ast.Module | None = None) -> None:
        self.source = source
        self.tree = ast.parse(source.text) if tree is None else tree

    @cached_property
    def index(self) -> Index:
        """Parents, scopes and bindings, from one walk."""
        index = build_index(self.tree)
        if b"builtin" in self.source.data or b"globals" in self.source.data:
            bind_by_other_ways(index)
        return index

    # --- nodes -------------------------------------------------------------------------------------------------

    @overload
    def nodes(self, kind: type[N], /) -> list[N]: ...
    @overload
    def nodes(self, kind: type[N], second: type[M], /) -> list[N | M]: ...
    @overload
    def nodes(self, kind: type[ast.AST], second: type[ast.AST], third: type[ast.AST], /) -> list[ast.AST]: ...

    def nodes(self, *kinds: type[ast.AST]) -> list:
        """All nodes of the given types; of one type in document order, of several type by type.

        Args:
            kinds: classes of :mod:`ast`; subclasses do not count.

        Returns:
            The nodes, in a new list.
        """
        by_type = self.index.by_type
        if len(kinds) == 1:
            return list(by_type.get(kinds[0], ()))
        return [node for kind in kinds for node in by_type.get(kind, ())]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node, None for the module.

        Args:
            node: any node of the module.

        Returns:
            The innermost node that holds it.
        """
        return self.index.parent.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside.

        Args:
            node: any node of the module.
        """
        parent = self.index.parent.get(node)
        while parent is not None:
            yield parent
            parent = self.index.parent.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that a node belongs to, itself if it is one.

        Args:
            node: any node but the module.
        """
        while not isinstance(node, ast.stmt):
            node = self.index.parent[node]
        return node

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The suite that a statement stands in.

        Args:
            statement: a statement of the module.

        Returns:
            The list of the tree that holds it, the statement included.
        """
        parent = self.index.parent[statement]
        if isinstance(parent, ast.Module):
            return parent.body
        return next(block for block in blocks(parent) if any(item is statement for item in block))

    def top_level(self, node: ast.AST) -> ast.stmt:
        """The statement of the module's own body that a node belongs to.

        Args:
            node: any node but the module.

        Returns:
            One of the statements in ``tree.body``.
        """
        parent = self.index.parent[node]
        while not isinstance(parent, ast.Module):
            node, parent = parent, self.index.parent[parent]
        assert isinstance(node, ast.stmt)  # noqa: S101 - a module's body holds statements only
        return node

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The innermost function whose body a node runs in, None at module or class level.

        Args:
            node: any node of the module.

        Returns:
            The function; for a default, a decorator or an annotation the one
            around.
        """
        scope: Scope | None = self.scope(node)
        while scope is not None and scope.kind is not ScopeKind.FUNCTION:
            scope = scope.parent
        return scope.node if scope is not None else None  # type: ignore[return-value]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Offsets of a node's first byte and of the byte after it. Decorators belong to their definition.

        Args:
            node: a node that has a position.

        Returns:
            Offsets into ``source.data``.
        """
        start = self.source.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        if decorators := getattr(node, "decorator_list", None):
            # The decorator may be in parentheses, lines below its sign.
            line = decorators[0].lineno
            while not (sign := _DECORATOR.match(self.source.line(line))):
                line -= 1
            start = self.source.offset(line, sign.end() - 1)
        end = self.source.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return start, end

    def text(self, node: ast.AST) -> str:
        """The source text of a node.

        Args:
            node: a node that has a position.

        Returns:
            The text, with the newlines of the file.
        """
        start, end = self.span(node)
        return self.source.data[start:end].decode("utf-8")

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a node is evaluated in.

        Args:
            node: any node of the module.

        Returns:
            The scope in which its names are looked up.
        """
        index = self.index
        if (known := index.loads.get(node)) is not None:  # type: ignore[call-overload]
            return known
        child, parent = node, index.parent.get(node)
        while parent is not None:
            if parent in index.scopes and _runs_inside(parent, child):
                return index.scopes[parent]
            child, parent = parent, index.parent.get(parent)
        return index.scope


def _runs_inside(owner: ast.AST, child: ast.AST) -> bool:
    """Whether ``child``, a direct child of a scope's node, is evaluated in that scope."""
    if isinstance(owner, ast.Lambda):
        return child is owner.body
    if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt) and child not in owner.decorator_list
    # In a comprehension the first iterable alone is outside, and the reads in it are known by the walk.
    return True
