"""The statements of a module, taken apart into what stays and what moves. Pure, on LibCST nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize_codemods.main_guard.arranging import set_off_definition
from pymodernize_codemods.main_guard.old_code import cut_old_code

if TYPE_CHECKING:
    import libcst as cst

    Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass
class Parts:
    """The statements of a module as they are taken apart.

    Attributes:
        names: those that the statements bind which go into ``main``.
        kept: those that stay.
        moved: those that go into ``main``.
        guard: the last guard, without its statements.
        ending: texts behind all code.
        above_guard: the lines above the guards.
        below: the comments at the end of the last guard's block.
        has_gap: whether something moved since the last statement that stays.
        blank: the blank lines above that.
        stood_apart: whether something that does not move, with blank lines above it, stood below the last that does.
        heading: the end of the last guard's first line, with a comment on what it did.
        header: the leading lines of the file that stay there.
        footer: its last lines.
        carried: code in comments that belongs below the last statement that moves.
    """

    names: frozenset[str] = frozenset()
    kept: list[Statement] = field(default_factory=list)
    moved: list[Statement] = field(default_factory=list)
    ending: list[Statement] = field(default_factory=list)
    guard: cst.If | None = None
    above_guard: list[cst.EmptyLine] = field(default_factory=list)
    below: list[cst.EmptyLine] = field(default_factory=list)
    has_gap: bool = False
    blank: int = 0
    stood_apart: bool = False
    heading: cst.TrailingWhitespace | None = None
    header: list[cst.EmptyLine] = field(default_factory=list)
    footer: list[cst.EmptyLine] = field(default_factory=list)
    carried: list[cst.EmptyLine] = field(default_factory=list)

    def keep(self, statement: Statement) -> None:
        """Let a statement stay, with the blank lines that set off what was above it."""
        import libcst as cst

        if self.has_gap and self.moved:
            old, rest = cut_old_code(statement.leading_lines, self.names)
            self.carried += old
            statement = statement.with_changes(leading_lines=rest)
        definitions = (cst.FunctionDef, cst.ClassDef)
        if (
            self.has_gap
            and isinstance(statement, definitions)
            and self.kept
            and not isinstance(self.kept[-1], definitions)
        ):
            statement = set_off_definition(statement)
        apart = any(isinstance(item, definitions) for item in (statement, *self.kept[-1:]))
        wanted = self.blank if apart else min(self.blank, 1)
        missing = wanted - blank_lines(statement.leading_lines) if self.kept else 0
        blank = [cst.EmptyLine(indent=False)] * missing
        self.kept.append(statement.with_changes(leading_lines=[*blank, *statement.leading_lines]))
        self.has_gap, self.blank = False, 0
        self.stood_apart = self.stood_apart or blank_lines(statement.leading_lines) > 0

    def leave_gap(self, statement: Statement) -> None:
        """Note that a statement goes from where it stood."""
        self.has_gap, self.blank = True, max(self.blank, blank_lines(statement.leading_lines))

    def move(self, statement: Statement) -> None:
        """Put a statement into ``main``, with a blank line above it if one set off what stood between."""
        import libcst as cst

        apart = self.stood_apart and self.moved and not blank_lines(statement.leading_lines)
        blank = [cst.EmptyLine(indent=False)] if apart or self.carried else []
        self.moved.append(statement.with_changes(leading_lines=[*self.carried, *blank, *statement.leading_lines]))
        self.stood_apart, self.carried = False, []


def blank_lines(lines: Sequence[cst.EmptyLine]) -> int:
    """How many blank lines come first.

    Args:
        lines: above a statement.
    """
    return next((number for number, line in enumerate(lines) if line.comment is not None), len(lines))
