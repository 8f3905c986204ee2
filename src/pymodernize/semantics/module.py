"""The read-only model of one module that all codemods share."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from pymodernize.semantics.definitions import Defined
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.fresh import FreshNames
from pymodernize.semantics.inference import Inference
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.types import Types
from pymodernize.semantics.values import Values
from pymodernize.source import SourceFile

F = TypeVar("F")

# A wider first line is taken for alignment, not for one level of indentation.
WIDEST_INDENT = 8


class Module(Defined):
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
        super().__init__(source, facts, tree)
        self.origin = origin
        self.target = target
        self._accepted = accepted
        self._accepted_in_scripts = accepted_in_scripts
        self.style = style
        self._found: dict[Callable[[Module], Any], Any] = {}

    def once(self, find: Callable[[Module], F]) -> F:
        """The cached result of an analysis of this module: the function runs once, for all codemods.

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

        Its parts form reference cycles, which only the garbage collector would
        free, by a look at every node of the tree.
        """
        for scope in self.index.scopes.values():
            scope.bindings.clear()
        self.forget()
        vars(self).clear()

    def forget(self) -> None:
        """Drop all cached analyses; they are computed again on demand."""
        for find, found in self._found.items():
            if type(found) is find and hasattr(found, "__dict__"):
                vars(found).clear()
        self._found.clear()

    # --- names -------------------------------------------------------------------------------------------------

    @cached_property
    def fresh(self) -> FreshNames:
        """The fresh names for the rewrites of one round."""
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
        """The cells (variables, attributes, results) of the module, with their sources and reads."""
        return Values(self)

    # --- the file as a whole -----------------------------------------------------------------------------------

    @cached_property
    def is_script(self) -> bool:
        """Whether the file does something when it is run, and is not a file that a tool runs for its own ends."""
        # Rewrites may have moved its statements into functions.
        return self.origin.is_script if self.origin is not None else super().is_script

    def accepts(self, name: str) -> bool:
        """Whether an assumption holds for this file: the user accepts it.

        Args:
            name: the assumption's name.
        """
        return name in self._accepted or name in self._accepted_in_scripts and self.is_closed

    @property
    def imported_names_used_elsewhere(self) -> frozenset[str] | None:
        """The names that other files import from this one; None if they are not known."""
        return self.facts.names_used_elsewhere

    @cached_property
    def docstring(self) -> ast.Expr | None:
        """The module's docstring, as a statement."""
        first = self.tree.body[0] if self.tree.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            return first
        return None

    @property
    def docstring_text(self) -> str | None:
        """The docstring as it is, with its indentation; None without one."""
        return ast.get_docstring(self.tree, clean=False)

    @cached_property
    def indent(self) -> str:
        """The file's own unit of indentation: what most blocks at its top level have, four spaces without any.

        Blocks that are indented by more than :data:`WIDEST_INDENT` do not count.
        """
        units: Counter[str] = Counter()
        for statement in self.tree.body:
            for block in blocks(statement):
                if block and block[0].lineno > statement.lineno:
                    line = self.source.line(block[0].lineno)[: block[0].col_offset].decode("utf-8")
                    if line and not line.strip(" \t") and len(line) <= WIDEST_INDENT:
                        units[line] += 1
        return units.most_common(1)[0][0] if units else "    "
