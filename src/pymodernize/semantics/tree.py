"""The syntax tree of one module, with the parents, source text and scope of each node."""

from __future__ import annotations

import ast
import math
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


class TooLarge(Exception):
    """An analysis of a file exceeds its budget of steps."""


_DEEP = 40
"""Up to this depth, following parents is faster than numbering all nodes."""
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
        self._steps = math.inf
        self._scopes: dict[ast.AST, Scope] = {}
        self._top_level: dict[ast.AST, ast.stmt] = {}
        self._nearest: dict[tuple[type[ast.AST], ...], dict[ast.AST, ast.AST | None]] = {}
        self._places: dict[ast.stmt, tuple[list[ast.stmt], int]] = {}

    # --- the budget of analyses --------------------------------------------------------------------------------

    def allow(self, steps: float) -> None:
        """Set the budget of steps for analyses.

        Args:
            steps: how many nodes or statements may be visited.
        """
        self._steps = steps

    def spend(self, steps: int = 1) -> None:
        """Count steps of an analysis that is not linear in the size of the file.

        Args:
            steps: how many nodes or statements are visited.

        Raises:
            TooLarge: the budget is exceeded.
        """
        self._steps -= steps
        if self._steps < 0:
            raise TooLarge

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
        found = [node for kind in kinds for node in by_type.get(kind, ())]
        self.spend(len(found))
        return found

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The parent of a node; None for the module.

        Args:
            node: any node of the module.

        Returns:
            The innermost node that contains it.
        """
        return self.index.parent.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The ancestors of a node, the innermost first.

        Args:
            node: any node of the module.
        """
        parents = self.index.parent
        parent = parents.get(node)
        while parent is not None:
            self.spend()
            yield parent
            parent = parents.get(parent)

    def nearest(self, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
        """The innermost ancestor of a node that is of some types; None if there is none.

        Args:
            node: any node of the module.
            kinds: classes of :mod:`ast`.
        """
        known = self._nearest.setdefault(kinds, {})
        parents = self.index.parent
        passed = []
        while node not in known:
            passed.append(node)
            parent = parents.get(node)
            if parent is None or isinstance(parent, kinds):
                known[node] = parent
            else:
                node = parent
        found = known[node]
        known.update(dict.fromkeys(passed, found))
        return found

    def is_inside(self, node: ast.AST, outer: ast.AST) -> bool:
        """Whether a node is a proper descendant of another one.

        Args:
            node: any node of the module.
            outer: the possible ancestor.
        """
        parents = self.index.parent
        around = parents.get(node)
        for _ in range(_DEEP):
            if around is None or around is outer:
                return around is not None
            around = parents.get(around)
        first, last = self._intervals.get(outer, (0, 0))
        return first < self._intervals[node][0] < last

    @cached_property
    def _intervals(self) -> dict[ast.AST, tuple[int, int]]:
        """By node, its number in preorder, and the end of the numbers of its descendants."""
        parents = self.index.parent
        sizes: dict[ast.AST, int] = dict.fromkeys(parents, 1)
        sizes[self.tree] = 1
        for node, parent in reversed(parents.items()):
            sizes[parent] += sizes[node]
        found: dict[ast.AST, tuple[int, int]] = {self.tree: (0, sizes[self.tree])}
        free: dict[ast.AST, int] = {self.tree: 1}
        for node, parent in parents.items():
            first = free[parent]
            free[parent] += sizes[node]
            free[node] = first + 1
            found[node] = first, first + sizes[node]
        return found

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that contains a node; the node itself if it is one.

        Args:
            node: any node but the module.
        """
        while not isinstance(node, ast.stmt):
            node = self.index.parent[node]
        return node

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The suite that contains a statement.

        Args:
            statement: a statement of the module.

        Returns:
            The list in the tree.
        """
        return self.place(statement)[0]

    def place(self, statement: ast.stmt) -> tuple[list[ast.stmt], int]:
        """The suite that contains a statement, and its index there.

        Args:
            statement: a statement of the module.

        Returns:
            The list in the tree, and the index.
        """
        if statement not in self._places:
            parent = self.index.parent[statement]
            for block in [parent.body] if isinstance(parent, ast.Module) else blocks(parent):
                self._places.update({item: (block, number) for number, item in enumerate(block)})
        return self._places[statement]

    def top_level(self, node: ast.AST) -> ast.stmt:
        """The statement of the module's own body that contains a node.

        Args:
            node: any node but the module.

        Returns:
            One of the statements in ``tree.body``.
        """
        found = self._top_level.get(node)
        passed = []
        while found is None:
            passed.append(node)
            parent = self.index.parent[node]
            if isinstance(parent, ast.Module):
                assert isinstance(node, ast.stmt)  # noqa: S101 - a module's body holds statements only
                found = node
            else:
                found = self._top_level.get(parent)
                node = parent
        self._top_level.update(dict.fromkeys(passed, found))
        return found

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The innermost function in whose body a node is evaluated; None at module or class level.

        Args:
            node: any node of the module.

        Returns:
            The function; for a default, a decorator or an annotation the
            enclosing one.
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
            # The decorator may be in parentheses, on a line below its ``@``.
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
        found = self._scopes.get(node)
        passed = []
        while found is None:
            passed.append(node)
            parent = index.parent.get(node)
            if parent is None:
                found = index.scope
            elif parent in index.scopes and _runs_inside(parent, node):
                found = index.scopes[parent]
            else:
                found = self._scopes.get(parent)
                node = parent
        # The nodes on the way up are evaluated there, too.
        self._scopes.update(dict.fromkeys(passed, found))
        return found


def _runs_inside(owner: ast.AST, child: ast.AST) -> bool:
    """Whether ``child``, a direct child of a scope's node, is evaluated in that scope."""
    if isinstance(owner, ast.Lambda):
        return child is owner.body
    if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt)
    # In a comprehension the first iterable alone is outside, and the reads in it are known by the walk.
    return True
