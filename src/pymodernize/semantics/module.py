"""The read-only model of one module that all codemods share."""

from __future__ import annotations

import ast
import builtins
import sys
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from pymodernize.semantics import definitions, scripts
from pymodernize.semantics.comments import Comment, comments_of
from pymodernize.semantics.completion import Completions
from pymodernize.semantics.flow import Uses, blocks
from pymodernize.semantics.fresh import FreshNames
from pymodernize.semantics.inference import Inference
from pymodernize.semantics.names import Names
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.scopes import Binding
from pymodernize.semantics.tree import Tree
from pymodernize.semantics.types import Types
from pymodernize.semantics.values import Values
from pymodernize.source import SourceFile

F = TypeVar("F")

# One level of indentation has no more columns.
WIDEST_INDENT = 8


class Module(Tree):
    """One parsed module: its syntax tree and what is known of it.

    Args:
        source: the file's text.
        facts: what is known of the project around it.
        tree: the syntax tree, if the caller has parsed already.
        origin: the module that this one was before some rewrites; what the
            file is for is asked of that.
        target: the oldest Python that the file must run on, major and minor.
        accepted: the names of the assumptions that hold.
        accepted_in_scripts: those that hold, too, if no other file imports
            this one.
        style: how much new code says: ``plain`` the least, ``standard`` the whole template.

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
        accepted: frozenset[str] = frozenset(),
        accepted_in_scripts: frozenset[str] = frozenset(),
        style: str = "plain",
    ) -> None:
        super().__init__(source, tree)
        self.origin = origin
        self.target = target
        self._accepted = accepted
        self._accepted_in_scripts = accepted_in_scripts
        self.style = style
        self.facts = facts or ProjectFacts()
        self._found: dict[Callable[[Module], Any], Any] = {}
        self._texts: dict[bytes, bool] = {}

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
        self.forget()
        vars(self).clear()

    def forget(self) -> None:
        """Take apart what codemods have worked out: whoever asks again has it worked out again."""
        for find, found in self._found.items():
            if type(found) is find and hasattr(found, "__dict__"):
                vars(found).clear()
        self._found.clear()

    def has_text(self, *parts: bytes) -> bool:
        """Whether one of some parts stands anywhere in the file; it is searched once, however many places ask."""
        for part in parts:
            if part not in self._texts:
                self._texts[part] = part in self.source.data
        return any(self._texts[part] for part in parts)

    # --- names -------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Names:
        """What the names of the module mean."""
        return Names(self)

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

    def library_name(self, expr: ast.AST) -> str | None:
        """The dotted name of something of another module, None where this one assigns it: ``sys.exit = ...``.

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
            The reads; also such that other bindings of the name may reach.
        """
        found = self._uses.of(binding)
        self.spend(len(found))
        return found

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

    @cached_property
    def fresh(self) -> FreshNames:
        """Gives rewrites the names that they bring: all that are to be made in one round ask here."""
        return FreshNames(self)

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
    def completions(self) -> Completions:
        """How a run may leave the module's statements and functions."""
        return Completions(self)

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

    def accepts(self, name: str) -> bool:
        """Whether an assumption holds for this file: the user accepts it.

        Args:
            name: the assumption's name.
        """
        return name in self._accepted or name in self._accepted_in_scripts and self.is_closed

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
        """The file's own unit of indentation: what most blocks at its top level have, four spaces without any.

        One that is further to the right than any unit would be does not count.
        """
        units: Counter[str] = Counter()
        for statement in self.tree.body:
            for block in blocks(statement):
                if block and block[0].lineno > statement.lineno:
                    line = self.source.line(block[0].lineno)[: block[0].col_offset].decode("utf-8")
                    if line and not line.strip(" \t") and len(line) <= WIDEST_INDENT:
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
