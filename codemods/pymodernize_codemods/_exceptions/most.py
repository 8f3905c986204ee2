"""How many types a handler names: an option of the codemods about handlers."""

from __future__ import annotations

MOST = 2
"""How many types a handler names at most."""


def check_most(most_types: int) -> None:
    """Check the option that says how many types a handler names at most.

    Args:
        most_types: what it is set to.

    Raises:
        ValueError: no handler could name that few.
    """
    if most_types < 1:
        raise ValueError(f"most-types: {most_types} is less than 1")
