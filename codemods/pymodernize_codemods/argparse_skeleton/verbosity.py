"""``-v/--verbose`` for a script that logs more than it shows."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pymodernize.codemod import Insertion
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._script.parsers import Argument
from pymodernize_codemods._script.placing import insertion
from pymodernize_codemods.argparse_skeleton.logging_configuration import configuration, shows_more

_ARGUMENT = Argument(("-v", "--verbose"), (("action", '"store_true"'), ("help", '"show more messages"')))
# Names, and options in texts and comments, by which a script has a verbosity of its own.
_NAMED = frozenset({"verbose", "verbosity"})
_MENTIONED = re.compile(rb"(?<![\w-])(?:-v|--verbos\w*)(?![\w-])")


@dataclass(frozen=True)
class Verbosity:
    """The option, and what it does.

    Attributes:
        argument: what the parser is given.
        logging: how the module names :mod:`logging`, with the import if that is needed.
        level: the level in the configuration that depends on the option; None
            if the configuration has run before, or says nothing of a level.
    """

    argument: Argument
    logging: Reference
    level: ast.expr | None

    def statement(self, space: str) -> list[str]:
        """The lines that come after the namespace's assignment; none where the configuration asks for the option.

        Args:
            space: the variable that holds the namespace.
        """
        if self.level is not None:
            return []
        name = self.logging.expression
        return [f"if {space}.verbose:", f"    {name}.getLogger().setLevel({name}.DEBUG)"]

    def inserted(self, module: Module, at: ast.stmt, space: str) -> tuple[Insertion, ...]:
        """The same, in front of a statement."""
        lines = self.statement(space)
        return (insertion(module, at, lines),) if lines else ()

    def asked(self, module: Module, space: str) -> dict[ast.expr, str]:
        """The level that the configuration gets instead of its own, by that."""
        if self.level is None:
            return {}
        return {self.level: f"{self.logging.expression}.DEBUG if {space}.verbose else {module.text(self.level)}"}


def verbosity(
    module: Module, at: ast.stmt, taken: Sequence[Argument], gone: Callable[[ast.AST], bool]
) -> Verbosity | None:
    """The option, if it has something to show and nothing is called so yet.

    Args:
        module: a script that nothing imports.
        at: the statement before which, or in place of which, the namespace is assigned.
        taken: the arguments that the parser has.
        gone: whether a node goes with the rewrite.

    Returns:
        None if the option would do nothing, or if it is not certain what the
        configuration of the records does.
    """
    found = configuration(module)
    if found is None or found.least <= logging.DEBUG or gone(found.statement) or not _starts_line(module, at):
        return None
    if _NAMED & {name.lower().strip("_") for name in module.identifiers} or _MENTIONED.search(module.source.data):
        return None
    if any("-v" in item.names or item.destination in _NAMED for item in taken):
        return None
    before = _has_run(module, found.statement, at, frozenset())
    if not before and not _follows(module, found.statement, at):
        return None
    if not shows_more(module, found.least, at if before else found.statement, gone):
        return None
    try:
        name = reference(module, "logging", at)
    except NameTaken:
        return None
    return Verbosity(_ARGUMENT, name, None if before else found.level)


def _starts_line(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement is the first on its line: one of several lines can be put before it."""
    data, start = module.source.data, module.span(statement)[0]
    return not data[data.rfind(b"\n", 0, start) + 1 : start].strip()


def _has_run(module: Module, done: ast.stmt, at: ast.stmt, seen: frozenset[ast.AST]) -> bool:
    """Whether one statement certainly has run whenever another does."""
    for around in (at, *module.ancestors(at)):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            break
        if isinstance(around, ast.stmt):
            block = module.block(around)
            if any(item is done for item in block):
                return module.span(done) < module.span(around)
    function = module.function(at)
    if not isinstance(function, ast.FunctionDef) or function in seen:
        return False
    calls = module.every_call(function)
    return bool(calls) and all(_has_run(module, done, module.statement(call), seen | {function}) for call in calls)


def _follows(module: Module, later: ast.stmt, at: ast.stmt) -> bool:
    """Whether a statement stands in the same block, at another or below it."""
    return any(item is later for item in module.block(at)) and module.span(later) >= module.span(at)
