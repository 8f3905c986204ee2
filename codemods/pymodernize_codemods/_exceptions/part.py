"""The base class of the parts of the analysis: each handles one kind of syntax, and reaches the others by the whole."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pymodernize.semantics.library.exceptions import Row, knowledge
from pymodernize_codemods._exceptions.kinds import mixed
from pymodernize_codemods._exceptions.operations import Ending, Operation

if TYPE_CHECKING:
    from pymodernize_codemods._exceptions.analysis import Analysis

UNKNOWN_VALUE = "the class of the value is not known"


class Part:
    """One part of the analysis of one module.

    Args:
        analysis: the whole analysis.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.module = analysis.module
        self.world = analysis.world
        self.kinds = analysis.kinds

    def text(self, node: ast.AST) -> str:
        """A node's source on one line, shortened."""
        text = " ".join(self.module.text(node).split())
        return text if len(text) <= 50 else f"{text[:47]}..."

    def operation(
        self, node: ast.AST, *types: str, unknown: str = "", ends: Ending | None = None, trusts: str = ""
    ) -> Operation:
        """An operation that is described by its source."""
        return Operation(node, self.text(node), frozenset(types), unknown, ends, trusts)

    def called(
        self, call: ast.Call, *types: str, unknown: str = "", ends: Ending | None = None, trusts: str = ""
    ) -> Operation:
        """The operation of a call, described by the name of its function."""
        return Operation(call, f"{self.text(call.func)}()", frozenset(types), unknown, ends, trusts)

    def guarded(self, node: ast.AST, types: Iterable[str], methods: tuple[str, ...] = ()) -> Operation:
        """An operation on a value of an unknown class.

        Its set is closed if every value is of a class of the library or of
        this module, and no class of this module defines the special methods
        that the operation calls.
        """
        if self.world.is_closed and not self.world.defines(*methods):
            return self.operation(node, *types)
        return self.operation(node, *types, unknown=f"{UNKNOWN_VALUE}; a class of its own may answer in any way")

    def row_of(self, qualified: str) -> Row | None:
        """The row of a function by its qualified name; also of a method that is taken from its class: ``str.lower``."""
        row = knowledge().rows.get(qualified)
        if row is not None or not qualified.startswith("builtins."):
            return row
        owner, _, name = qualified.removeprefix("builtins.").rpartition(".")
        row = knowledge().method(owner, name) if owner else None
        if row is None or row.reads or row.calls or row.is_property:
            return None
        # The receiver is among the arguments, and may be of a wrong class.
        return replace(row, depends=(), paths=(), wrong=row.wrong | {"TypeError"})

    def is_plain(self, expr: ast.expr) -> bool:
        """Whether a value has a single known kind, which is not None."""
        names = self.kinds.names(expr)
        return names is not None and "NoneType" not in names and not mixed(names)
