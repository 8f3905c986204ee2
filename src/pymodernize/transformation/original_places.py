"""Maps the places of findings of later rounds to the file as it was given."""

from __future__ import annotations

import re
from collections.abc import Callable

from pymodernize.codemod import Finding
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile

# Behind a comma it is a line of the file that is named before it.
_LINE = re.compile(r"(?<!, )\bline (\d+)\b")


class Trail:
    """The rounds of one file, each with the function that tells where an offset was before it.

    Args:
        file: as it was given.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._steps: list[Callable[[int], int]] = []

    def add(self, original: Callable[[int], int]) -> None:
        """Take account of a step.

        Args:
            original: where an offset of the text after it was before it.
        """
        self._steps.append(original)

    def set_next_to_last(self, original: Callable[[int], int]) -> None:
        """Take account of the step before the last one in another way.

        Args:
            original: as for :meth:`add`.
        """
        self._steps[-2] = original

    def origin(self, offset: int) -> int:
        """Where an offset of the newest text was in the file as it was given.

        Args:
            offset: of a byte, from 0.
        """
        for original in reversed(self._steps):
            offset = original(offset)
        return offset

    def placed(self, finding: Finding, module: Module) -> Finding:
        """A finding at its place in the file as it was given; so are the lines that its reason names.

        Args:
            finding: of the newest text.
            module: that text.
        """
        if not self._steps:
            return finding
        start = self.origin(_offset(module, finding.line, finding.column))
        end = self.origin(_offset(module, finding.end_line, finding.end_column))
        (line, column), (end_line, end_column) = self.file.position(start), self.file.position(max(start, end))
        places = {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
        return finding.settled(finding.status, **places, reason=self._told(finding.reason, module))

    def _told(self, reason: str, module: Module) -> str:
        """A reason with the lines of the file as it was given."""

        def original(match: re.Match[str]) -> str:
            text = module.source.line(min(int(match[1]), len(module.source.line_starts)))
            offset = _offset(module, int(match[1]), len(text) - len(text.lstrip()))
            return f"line {self.file.position(self.origin(offset))[0]}"

        told = _LINE.sub(original, reason)
        return Reason(reason.code, told) if isinstance(reason, Reason) else told


def _offset(module: Module, line: int, column: int) -> int:
    """The offset of a position that a codemod gave: within the text, whatever it says."""
    line = min(max(line, 1), len(module.source.line_starts))
    return min(module.source.offset(line, max(column, 0)), len(module.source.data))
