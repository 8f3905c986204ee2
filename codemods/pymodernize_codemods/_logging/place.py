"""Where a call stands, for the layout of what takes its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where the call stands, for the layout of calls over several lines.

    Attributes:
        column: the column of the call, in characters.
        indent: the indentation of its statement.
        unit: one level of indentation.
        width: how long a line may be.
        alone: whether the call's statement has its line for itself.
    """

    column: int
    indent: str
    unit: str
    width: int
    alone: bool
