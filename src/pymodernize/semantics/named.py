"""One parsed module with name resolution: what each name refers to, and where it is used."""

from __future__ import annotations

import ast
import builtins
from functools import cached_property

from pymodernize.semantics.comments import Comment, comments_of
from pymodernize.semantics.flow import Uses
from pymodernize.semantics.names import Names
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.scopes import Binding
from pymodernize.semantics.tree import Tree
from pymodernize.source import SourceFile

_MODULE_NAMES = frozenset(
    """__file__ __name__ __doc__ __package__ __spec__ __loader__ __path__ __builtins__ __annotations__ __dict__
    __class__ __module__ __qualname__ __debug__ WindowsError""".split()
)


class Named(Tree):
    """The syntax tree of one module, with its names.

    Args:
        source: the file's text.
        facts: what is known of the project around it.
        tree: the syntax tree, if the caller has parsed already.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: the text does
            not parse; the caller says so for the file.
    """

    def __init__(self, source: SourceFile, facts: ProjectFacts | None = None, tree: ast.Module | None = None) -> None:
        super().__init__(source, tree)
        self.facts = facts or ProjectFacts()
        self._texts: dict[bytes, bool] = {}

    def has_text(self, *parts: bytes) -> bool:
        """Whether the file contains one of some texts; each search is cached."""
        for part in parts:
            if part not in self._texts:
                self._texts[part] = part in self.source.data
        return any(self._texts[part] for part in parts)

    @cached_property
    def names(self) -> Names:
        """The name resolution of the module."""
        return Names(self, self.facts)

    def qualified_name(self, expr: ast.AST) -> str | None:
        """The dotted name of what an expression refers to: ``os.path.join``, ``builtins.print``.

        Only a name with a single meaning has one: a name that is bound twice
        to different things, shadowed, star-imported, or defined in this
        module resolves to None. A plain alias (``say = print``) is followed.

        Args:
            expr: a name or a chain of attributes; anything else has none.

        Returns:
            The dotted name, None if it is not certain.
        """
        return self.names.qualified(expr)

    def library_name(self, expr: ast.AST) -> str | None:
        """The dotted name of something of another module; None if this one assigns to it: ``sys.exit = ...``.

        Args:
            expr: a name or a chain of attributes; anything else has none.
        """
        qualified = self.names.qualified(expr)
        return None if qualified is None or self.names.is_replaced(qualified) else qualified

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
            The reads; other bindings of the name may reach them, too.
        """
        found = self._uses.of(binding)
        self.spend(len(found))
        return found

    @cached_property
    def unresolved(self) -> frozenset[str]:
        """The names that are read, and neither bound in an enclosing scope nor builtins."""
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

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments, in order: every hash that stands outside of strings, inside of replacement fields too."""
        return comments_of(self)

    @cached_property
    def comments_by_line(self) -> dict[int, str]:
        """The comment of each line that has one."""
        return {comment.line: comment.text for comment in self.comments}
