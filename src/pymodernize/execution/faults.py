"""The message for an unexpected exception: it is our fault, and how to report it."""

from __future__ import annotations

import os
import traceback


def fault(error: Exception) -> str:
    """The type of an unexpected exception, and the line that raised it.

    Args:
        error: as it was caught.

    Returns:
        One line without an end.
    """
    steps = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(steps[-1].filename)}, line {steps[-1].lineno})" if steps else ""
    said = " ".join(str(error).split())
    what = type(error).__name__ + (f": {said[:200]}" if said else "")
    return f"this is a fault of pymodernize: {what}{place}"
