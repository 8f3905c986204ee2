"""What makes two runs of one script alike: the same random numbers, and no waiting.

Python imports this module by itself at the start of every confined run.
"""

import random
import time

# A script that waits again and again is to come to an end: by what its user would press.
MOST_WAITS = 500

waits = 0


def sleep(seconds: float) -> None:
    """Do not wait; after many waits, end the script as Ctrl-C does."""
    global waits
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    waits += 1
    if waits > MOST_WAITS:
        raise KeyboardInterrupt


random.seed(0)
time.sleep = sleep
