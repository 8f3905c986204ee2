"""Places in a text, as reports and as editors count them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lsprotocol import types

from pymodernize.transformation.result import TextEdit, edits_between_texts

_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Places:
    """Converts places of a text.

    Args:
        text: the text.
        encoding: in which the editor counts the units of a line.
    """

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.encoding = encoding if encoding in _WIDTHS else "utf-16"

    def position(self, line: int, column: int) -> types.Position:
        """A line and a column, both from 1 and in characters, as editors have it."""
        before = self.lines[line - 1][: column - 1] if line <= len(self.lines) else ""
        units = len(before.encode(f"{self.encoding}-le" if self.encoding != "utf-8" else "utf-8", "surrogatepass"))
        return types.Position(line - 1, units // _WIDTHS[self.encoding])

    def range(self, item: Mapping[str, Any]) -> types.Range:
        """The part of the text that an entry of a report names."""
        return types.Range(
            self.position(item["line"], item["column"]), self.position(item["end_line"], item["end_column"])
        )

    def edits(self, items: Iterable[Mapping[str, Any]]) -> list[types.TextEdit]:
        """The edits of a finding."""
        return [types.TextEdit(self.range(item), item["text"]) for item in items]

    def edits_to(self, text: str) -> list[types.TextEdit]:
        """The edits that make another text of this one."""
        return [self._edit(item) for item in edits_between_texts(self.text, text)]

    def _edit(self, item: TextEdit) -> types.TextEdit:
        first, last = self.position(item.line, item.column), self.position(item.end_line, item.end_column)
        return types.TextEdit(types.Range(first, last), item.text)
