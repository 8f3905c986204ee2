"""The places where the statements of a module's body go."""

from __future__ import annotations

from enum import Enum


class Place(Enum):
    """Where a statement of the module's body goes."""

    STAYS = "stays"
    MOVES = "moves"
    """Into ``main``."""
    OPENS = "opens"
    """It is a guard: what is in it moves."""
    RISES = "rises"
    """It is an import that joins those at the top."""
    ENDS = "ends"
    """It is a text behind all code, where a comment could stand: it stays behind the guard."""
