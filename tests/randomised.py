"""How much the random tests try: in the suite the same few examples each time, for ``make evidence`` many others."""

from __future__ import annotations

import os

# Above 1 the examples are random, from the seed that is printed: a longer run for what the suite's own do not reach.
FACTOR = int(os.environ.get("PYMODERNIZE_EVIDENCE", "1"))


def examples(count: int) -> int:
    """The number of examples of a test, of which the suite tries ``count``."""
    return count * FACTOR


def set_up() -> None:
    """Let all tests of this process try as much as they are to.

    The suite's examples do not depend on luck: what is green today is green
    tomorrow. How long one takes depends on what else the machine does at that
    moment, and says nothing about us.
    """
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "pymodernize",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=FACTOR == 1,
        max_examples=examples(100),
        print_blob=True,
    )
    settings.load_profile("pymodernize")
