"""The read-only model of one module that all codemods share."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar, overload

from pymodernize.semantics import definitions, scripts
from pymodernize.semantics.comments import Comment, comments_of
from pymodernize.semantics.flow import Uses, blocks
from pymodernize.semantics.inference import Inference
from pymodernize.semantics.names import Names
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.rebinding import bind_by_other_ways
from pymodernize.semantics.scopes import Binding, Index, Scope, ScopeKind, build_index
from pymodernize.semantics.types import Types
from pymodernize.semantics.values import Values
from pymodernize.source import SourceFile

N = TypeVar("N", bound=ast.AST)
M = TypeVar("M", bound=ast.AST)
F = TypeVar("F")

_DECORATOR = re.compile(rb"[ \t\f]*@")


class Module:
    """One parsed module: its syntax tree and what is known of it.

    Args:
        source: the file's text.
        facts: what is known of the project around it.
        tree: the syntax tree, if the caller has parsed already.
        origin: the module that this one was before some rewrites; what the
            file is for is asked of that.
        target: the oldest Python that the file must run on, major and minor.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: the text does
            not parse; the caller says so for the file.
    """

    def __init__(
        self,
        source: SourceFile,
        facts: ProjectFacts | None = None,
        tree: ast.Module | None = None,
        origin: Module | None = None,
        target: tuple[int, int] = sys.version_info[:2],
    ) -> None:
        self.source = source
        self.origin = origin
        self.target = target
        self.facts = facts or ProjectFacts()
        self.tree = ast.parse(source.text) if tree is None else tree
        self._found: dict[Callable[[Module], Any], Any] = {}

    def once(self, find: Callable[[Module], F]) -> F:
        """What a function finds out about this module: it runs when first asked for, for all who ask.

        Args:
            find: a pure function of the module, or a class that is made of it;
                the same object each time.

        Returns:
            What it returned, kept as long as the module; an object that is
            made of it goes with it.
        """
        if find not in self._found:
            self._found[find] = find(self)
        return self._found[find]

    def dissolve(self) -> None:
        """Take the model apart; from now on nothing can be asked of it.

        Its parts refer to each other, and would be there until the collector
        comes, which has to look at every node of a tree to find out that
        nobody needs it.
        """
        for scope in self.index.scopes.values():
            scope.bindings.clear()
        for find, found in self._found.items():
            if type(found) is find and hasattr(found, "__dict__"):
                vars(found).clear()
        vars(self).clear()

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

    # --- names -------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Names:
        """What the names of the module mean."""
        return Names(self)

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

    def qualified_name(self, expr: ast.AST) -> str | None:
        """The dotted name of what an expression names: ``os.path.join``, ``builtins.print``.

        Only a name with a single meaning has one: a name that is bound twice
        to different things, shadowed, star-imported, or defined in this
        module resolves to None. A plain alias (``say = print``) is followed.

        Args:
            expr: a name or a chain of attributes; anything else has none.

        Returns:
            The dotted name, None if it is not certain.
        """
        return self.names.qualified(expr)

    def calls(self, *qualified_names: str) -> list[ast.Call]:
        """The calls of any of these functions, in document order, under whatever name.

        Args:
            qualified_names: dotted names, such as ``os.path.join``.

        Returns:
            The calls whose function certainly is one of them.
        """
        return self.names.calls(*qualified_names)

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.index)

    def uses(self, binding: Binding) -> list[ast.Name]:
        """Every read that may see a binding.

        Args:
            binding: a binding of one of the module's scopes.

        Returns:
            The reads; also such that other bindings of the name may reach.
        """
        return self._uses.of(binding)

    @cached_property
    def unresolved(self) -> frozenset[str]:
        """Names that are read and neither bound anywhere around nor a builtin."""
        reads = {(name.id, scope) for name, scope in self.index.loads.items()}
        return frozenset(
            name
            for name, scope in reads
            if not hasattr(builtins, name) and name not in _MODULE_NAMES and scope.lookup(name) is None
        )

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every name that occurs as a name: bound, read, global, or brought by ``import *``; no attributes."""
        names = {name.id for name in self.nodes(ast.Name)} | {arg.arg for arg in self.nodes(ast.arg)}
        names = names.union(*(brought for _, brought in self.facts.star_names))
        scopes = [self.index.scope, *self.index.scopes.values()]
        for scope in scopes:
            names |= scope.bindings.keys() | scope.global_names | scope.nonlocal_names
        return frozenset(names)

    # --- values ------------------------------------------------------------------------------------------------

    @cached_property
    def _inference(self) -> Inference:
        return Inference(self)

    def type_of(self, expr: ast.expr) -> Types | None:
        """The exact classes that an expression's value can have, None if it can be anything.

        Args:
            expr: any expression of the module.

        Returns:
            The possible classes; subclasses of them are out of the question.
        """
        return self._inference.of(expr)

    @cached_property
    def values(self) -> Values:
        """The variables, attributes and results that hold values, with what goes in and comes out."""
        return Values(self)

    def local_function(self, func: ast.expr) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The undecorated function of this module that a plain name means, if it can mean no other.

        Args:
            func: the expression that is called.

        Returns:
            The definition, None if it is not certain.
        """
        return definitions.local_function(self, func)

    def local_class(self, expr: ast.expr) -> ast.ClassDef | None:
        """The class of this module that a plain name means, if it can mean no other.

        Args:
            expr: the expression that stands for a class.

        Returns:
            The definition, None if it is not certain.
        """
        return definitions.local_class(self, expr)

    def every_call(self, function: ast.AST) -> list[ast.Call] | None:
        """All calls of a function of this module, None if some may stand elsewhere or be hidden.

        Args:
            function: a definition of this module.

        Returns:
            The calls, in the order of the file.
        """
        return definitions.every_call(self, function)

    @cached_property
    def reads_own_names(self) -> bool:
        """Whether the module may reach its own names other than to name or format them: ``globals()``, ``exec``."""
        return self.own_names_read is None

    @cached_property
    def own_names_read(self) -> frozenset[str] | None:
        """The names that templates read from ``globals()`` and its like; None if more may be done with these."""
        return definitions.own_names_read(self)

    # --- the file as a whole -----------------------------------------------------------------------------------

    @cached_property
    def guard(self) -> ast.If | None:
        """The ``if __name__ == "__main__":`` statement."""
        return next((item for item in self.tree.body if isinstance(item, ast.If) and scripts.is_guard(item)), None)

    @cached_property
    def is_test(self) -> bool:
        """Whether the file is a test by its name or folder."""
        return scripts.is_test_file(self.facts.path)

    @cached_property
    def is_script(self) -> bool:
        """Whether the file does something when it is run, and is not a file that a tool runs for its own ends."""
        if self.origin is not None:
            return self.origin.is_script
        if self.facts.name in scripts.NOT_SCRIPTS or self.is_test:
            return False
        return self.guard is not None or any(scripts.acts(self, statement) for statement in self.tree.body)

    @cached_property
    def is_closed(self) -> bool:
        """Whether no other file can reach into this one: a script, or a file of tests, that nothing imports."""
        is_main = self.is_script or scripts.is_test_module(self.facts.path)
        return is_main and not self.facts.importers and not self.facts.in_package

    @property
    def imported_names_used_elsewhere(self) -> frozenset[str] | None:
        """What other files take from this one by name; None if that cannot be told."""
        return self.facts.names_used_elsewhere

    @cached_property
    def docstring(self) -> ast.Expr | None:
        """The module's docstring, as a statement."""
        first = self.tree.body[0] if self.tree.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            return first
        return None

    @cached_property
    def indent(self) -> str:
        """The file's own unit of indentation: what most blocks at its top level have, four spaces without any."""
        units: Counter[str] = Counter()
        for statement in self.tree.body:
            for block in blocks(statement):
                if block and block[0].lineno > statement.lineno:
                    line = self.source.line(block[0].lineno)[: block[0].col_offset].decode("utf-8")
                    if line and not line.strip(" \t"):
                        units[line] += 1
        return units.most_common(1)[0][0] if units else "    "

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments, in order: every hash that stands outside of strings, inside of replacement fields too."""
        return comments_of(self)

    @cached_property
    def comments_by_line(self) -> dict[int, str]:
        """The comment of each line that has one."""
        return {comment.line: comment.text for comment in self.comments}


_MODULE_NAMES = frozenset(
    """__file__ __name__ __doc__ __package__ __spec__ __loader__ __path__ __builtins__ __annotations__ __dict__
    __class__ __module__ __qualname__ __debug__ WindowsError""".split()
)


def _runs_inside(owner: ast.AST, child: ast.AST) -> bool:
    """Whether ``child``, a direct child of a scope's node, is evaluated in that scope."""
    if isinstance(owner, ast.Lambda):
        return child is owner.body
    if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt) and child not in owner.decorator_list
    # In a comprehension the first iterable alone is outside, and the reads in it are known by the walk.
    return True
