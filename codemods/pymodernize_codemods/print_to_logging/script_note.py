"""What a script tells the modules that it imports: how it sets up logging."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """How a script sets up logging.

    Attributes:
        streams: where its records are shown.
        root: whether records of all modules are shown.
        clashing: the names of its own that the rewrite of another file may
            bring it by a star import.
    """

    streams: frozenset[str]
    root: bool
    clashing: frozenset[str]
