"""What is said of an error that nothing has foreseen: it is ours, and how to report it."""

from __future__ import annotations

import os
import traceback


def fault(error: Exception) -> str:
    """What an unforeseen error is, and where.

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
