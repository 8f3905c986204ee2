"""The settings that the codemods of paths share, and the reason that these are about."""

from __future__ import annotations

from dataclasses import dataclass, field

STYLE = "style"
REASONS = {STYLE: "It is as good as it is, or better: pathlib would only be wrapped around it. Nothing is to be done."}
"""The code of what is left for its looks, with its sentence."""


@dataclass(frozen=True)
class PathOptions:
    """How much is written with pathlib."""

    everywhere: bool = field(
        default=False,
        metadata={
            "help": "whether Path() is written at each use of a text, as ruff's PTH rules ask, and not only once, "
            "where the value enters"
        },
    )
