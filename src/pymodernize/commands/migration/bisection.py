"""Find the first of some items with which a check fails, in as few checks as that takes."""

from __future__ import annotations

from collections.abc import Callable


def first_culprit(number: int, passes: Callable[[int], bool], good: int = 0) -> int:
    """The item with which a check begins to fail: with those in front of it alone it passes.

    At most the logarithm (to base 2, rounded up) of ``number - good`` checks
    are made. An item that fails only together with one in front of it is
    found just so.

    Args:
        number: how many items there are; with all of them the check fails.
        passes: whether the check passes with the first so many items.
        good: with how many of them it is known to pass.

    Returns:
        The place of the item, from 0.
    """
    low, high = good, number
    while high - low > 1:
        middle = (low + high) // 2
        if passes(middle):
            low = middle
        else:
            high = middle
    return high - 1
