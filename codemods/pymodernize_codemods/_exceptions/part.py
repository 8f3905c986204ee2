"""What the parts of an analysis share: each knows of one kind of syntax, and asks the others by way of the whole."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pymodernize_codemods._exceptions.kinds import mixed
from pymodernize_codemods._exceptions.operations import Operation

if TYPE_CHECKING:
    from pymodernize_codemods._exceptions.analysis import Analysis

UNKNOWN_VALUE = "the class of the value is not known"


class Part:
    """One part of the analysis of one module.

    Args:
        analysis: the whole.
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

    def operation(self, node: ast.AST, *types: str, unknown: str = "", ends: str = "", trusts: str = "") -> Operation:
        """An operation that is called as it is written."""
        return Operation(node, self.text(node), frozenset(types), unknown, ends, trusts)

    def called(self, call: ast.Call, *types: str, unknown: str = "", ends: str = "", trusts: str = "") -> Operation:
        """An operation that is called by its function."""
        return Operation(call, f"{self.text(call.func)}()", frozenset(types), unknown, ends, trusts)

    def guarded(self, node: ast.AST, types: Iterable[str], methods: tuple[str, ...] = ()) -> Operation:
        """An operation on a value of an unknown class.

        It is closed if every value is of a class of the library or of this
        module, and no class of this module answers by a method of its own.
        """
        if self.world.is_closed and not self.world.defines(*methods):
            return self.operation(node, *types)
        return self.operation(node, *types, unknown=f"{UNKNOWN_VALUE}; a class of its own may answer in any way")

    def is_plain(self, expr: ast.expr) -> bool:
        """Whether the kind of a value is known, and that is one alone and not None."""
        names = self.kinds.names(expr)
        return names is not None and "NoneType" not in names and not mixed(names)
