"""Limits of memory and CPU time for one file, which the system enforces on the worker: no code can exceed them."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import resource

MOST_SECONDS = 120
"""Processor time for one file: of the largest files of the standard library (up to 760 kB) none took 5."""
MOST_MEGABYTES = 1_000
"""Memory beyond what the process had when it began: of the same files none took more than 170."""
MOST_PATIENCE = 10 * MOST_SECONDS
"""Seconds on the clock after which a process that does not even get at its processor time is ended from outside."""

TOO_SLOW = f"takes more than {MOST_SECONDS} seconds to work on (too-large)"
TOO_MUCH_MEMORY = f"takes more than {MOST_MEGABYTES} megabytes of memory to work on (too-large)"


def limit_memory() -> None:
    """Limit what this process may take from now on; what does not fit raises MemoryError, or ends the process."""
    if sys.platform == "win32":
        return
    # A core of the process would hold the text of whatever was worked on.
    _lower(resource.RLIMIT_CORE, 0)
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + MOST_MEGABYTES * 1_000_000)


def begin_file() -> None:
    """Give this process the time for one more file; the system ends it if it takes more."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_CPU, math.ceil(time.process_time()) + MOST_SECONDS)


def ran_out_of_time(status: int) -> bool:
    """Whether a process has been ended for the time it took, by its exit code as :mod:`multiprocessing` gives it."""
    return sys.platform != "win32" and status == -signal.SIGXCPU


def end_with(parent: int) -> None:
    """Have the system end this process when its parent is gone, however that ends; on Linux alone.

    Args:
        parent: the parent's process id, which this process has had for its parent from the start.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


_PR_SET_PDEATHSIG = 1


def _lower(kind: int, value: int) -> None:
    """Set a limit that a process may raise again, as far as the system lets it."""
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value, hard))
