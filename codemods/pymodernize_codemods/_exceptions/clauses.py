"""A broad except clause, with the set of exception types that its ``try`` body can raise."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.completion import JUMPS
from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._assumptions import DOCUMENTED_EXCEPTIONS
from pymodernize_codemods._exceptions.analysis import Analysis
from pymodernize_codemods._exceptions.exits import LEAVING
from pymodernize_codemods._exceptions.hierarchy import OWN
from pymodernize_codemods._exceptions.most import MOST
from pymodernize_codemods._exceptions.operations import Ending, Operation, Summary

if TYPE_CHECKING:
    import libcst as cst

Try = ast.Try


@dataclass(frozen=True)
class Written:
    """An exception type as source text of the module.

    Attributes:
        expression: the code.
        reference: the import that it needs; None for a builtin and a class of the module.
    """

    expression: str
    reference: Reference | None = None


def naming(node: ast.AST, change: Callable[..., cst.CSTNode], types: Sequence[Written]) -> Rewrite:
    """The rewrite that writes exception types into a node.

    Args:
        node: what is changed.
        change: a function of :mod:`pymodernize_codemods._exceptions.rewriting` that takes ``types``.
        types: the types.
    """
    return Rewrite(
        edits=(Edit(node, partial(change, types=tuple(item.expression for item in types))),),
        references=tuple(item.reference for item in types if item.reference is not None),
    )


class Clause:
    """One handler with the set of types that can reach it.

    Args:
        module: the module.
        statement: the ``try`` statement.
        handler: one of its handlers.
    """

    def __init__(self, module: Module, statement: Try, handler: ast.ExceptHandler) -> None:
        self.module = module
        self.statement = statement
        self.handler = handler
        self.analysis = module.once(Analysis)

    @cached_property
    def operations(self) -> list[Operation]:
        """The operations of the body, without the types that the handlers above this one catch."""
        found = [*self.analysis.block(self.statement.body), *self._interruptions()]
        for above in self.statement.handlers:
            if above is self.handler:
                break
            found = list(self.analysis.without(found, self.analysis.caught_by(above)))
        return found

    def _interruptions(self) -> Iterator[Operation]:
        """The operations that may interrupt the body at any time: handlers of signals, the end of the interpreter."""
        for expr in self.analysis.world.signal_handlers:
            function = self.module.local_function(expr)
            if function is not None:
                yield self.analysis.function(function).at(expr, f"{function.name}(), when a signal comes")
            else:
                why = "the handler of a signal is not known"
                yield Operation(expr, "a handler of signals", frozenset(), why, Ending(why))
        for around in self.module.ancestors(self.handler):
            if isinstance(around, ast.FunctionDef) and around.name == "__del__":
                why = "while the interpreter shuts down, names and modules may be gone"
                yield Operation(around, "__del__", frozenset(), why)

    @cached_property
    def summary(self) -> Summary:
        """The union of what the operations can raise."""
        return Summary.of(self.operations)

    @cached_property
    def types(self) -> list[str]:
        """The types of the set that ``except Exception`` would catch, without subclasses of others among them."""
        hierarchy = self.analysis.hierarchy
        return hierarchy.reduced(name for name in self.summary.types if hierarchy.is_caught(name, {"Exception"}))

    @property
    def trusts(self) -> str:
        """The callable whose documentation the set relies on; empty if it relies on none."""
        return self.summary.trusts

    @property
    def assumptions(self) -> frozenset[str]:
        """The names of the assumptions under which what is known of the set holds."""
        trusted = {DOCUMENTED_EXCEPTIONS.name} if self.trusts or self.leaves_by_package else set[str]()
        return self.summary.assumes | trusted

    @property
    def reason(self) -> str:
        """What the set assumes, for a person; empty if it assumes nothing."""
        if self.trusts:
            return f"{self.trusts} raises what the documentation of {knowledge().version_of(self.trusts)} says"
        if self.leaves_by_package:
            return self.leaves_by_package
        if DOCUMENTED_EXCEPTIONS.name in self.summary.assumes:
            return "input() raises what its documentation says"
        return "stdout takes what is printed" if self.summary.assumes else ""

    @property
    def is_closed(self) -> bool:
        """Whether the body can raise no other types."""
        return not self.summary.unknown

    @cached_property
    def leaves(self) -> str:
        """Why the body may end the script on purpose; empty if it does not."""
        hierarchy = self.analysis.hierarchy
        for item in self.operations:
            out = [name for name in item.types if not hierarchy.is_caught(name, {"Exception"})]
            if out:
                first = sorted(out)[0].rpartition(".")[2]
                return f"the body may end the script on purpose: {item.what} (line {_line(item)}) raises {first}"
        for item in self.operations:
            if item.ends is not None and not item.ends.by_package:
                return f"{item.what} (line {_line(item)}): {item.ends.why}"
        exits = self.analysis.exits
        calls = any(isinstance(node, ast.Call) for item in self.statement.body for node in ast.walk(item))
        anyhow = exits.handed_on if calls else None
        anyhow = anyhow or (None if self.is_closed else exits.of_subclasses)
        return anyhow.why if anyhow is not None else ""

    @cached_property
    def leaves_by_package(self) -> str:
        """Why code of a package may end the script in the body; empty if none may, or if other code may, too."""
        foreign = [item for item in self.operations if item.ends is not None]
        if self.leaves or not foreign:
            return ""
        return f"{foreign[0].what} (line {_line(foreign[0])}): a package does not end the script"

    @property
    def raises_again(self) -> bool:
        """Whether every path through the handler ends by raising the caught exception again."""
        last = self.handler.body[-1]
        if not isinstance(last, ast.Raise) or last.exc is not None and not self._is_caught(last.exc):
            return False
        return not self.module.completions.of(self.handler.body) & JUMPS

    def _is_caught(self, expr: ast.expr) -> bool:
        return isinstance(expr, ast.Name) and expr.id == self.handler.name

    def written(self, names: list[str]) -> list[Written] | None:
        """The types as source text; None if one of them cannot be named in this module."""
        found = [self._write(name) for name in names]
        return None if any(item is None for item in found) else [item for item in found if item is not None]

    def _write(self, name: str) -> Written | None:
        if name.startswith(OWN):
            return self._write_own(name)
        if "." not in name:
            return Written(name) if self.is_builtin(name) else None
        try:
            found = reference(self.module, name, self.handler)
        except NameTaken:
            return None
        if found.statement is not None and not self._may_import(name):
            return None
        return Written(found.expression, found)

    def _write_own(self, name: str) -> Written | None:
        definition = self.analysis.hierarchy.definition(name)
        plain = name.removeprefix(OWN)
        found = self.module.scope(self.handler).lookup(plain)
        if definition is None or found is None or found[0] is not self.module.index.scope:
            return None
        return Written(plain) if definition.lineno < self.handler.lineno else None

    def is_builtin(self, name: str) -> bool:
        """Whether the name of a builtin is bound to the builtin at this handler."""
        scope = self.module.scope(self.handler)
        known = hasattr(builtins, name) and scope.lookup(name) is None
        return known and self.module.names.stars_are_known(self.module.index.scope) and not self._starred(name)

    def _starred(self, name: str) -> bool:
        """Whether an ``import *`` may hide a builtin's name."""
        brought = dict(self.module.facts.star_names)
        stars = self.module.index.scope.star_imports
        return any(name in brought.get("." * star.level + (star.module or ""), frozenset()) for star in stars)

    def _may_import(self, name: str) -> bool:
        """Whether an import of a name's module certainly succeeds."""
        root = name.partition(".")[0]
        return root in _ALWAYS_THERE and root in sys.stdlib_module_names

    def at_most(self, most: int = MOST) -> list[Written] | None:
        """The types of a closed set as source text; None if they are too many or cannot be named."""
        names = self.analysis.hierarchy.at_most(self.types, most)
        return self.written(names) if names else None


def _line(item: Operation) -> int:
    return getattr(item.node, "lineno", 0)


def said(names: list[str]) -> str:
    """The unqualified names of types, for a message."""
    return ", ".join(name.removeprefix(OWN).rpartition(".")[2] for name in names)


def exits(clause: Clause) -> frozenset[str]:
    """The types of the set that end the script."""
    return clause.summary.types & LEAVING


# Modules of the library that are part of every build of Python.
_ALWAYS_THERE = frozenset(
    """json re subprocess csv struct binascii configparser zipfile tarfile queue http xml getopt copy pickle locale
    decimal statistics urllib shutil socket asyncio concurrent string email plistlib tokenize optparse argparse
    threading io""".split()
)
