"""Programs in a group of processes of their own, which ends with whoever has started it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

_PATIENCE = 5.0
"""Seconds that processes have to end in once they are asked to."""


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a group of processes.

    Args:
        process: the first of them, started in a session of its own.
    """
    if os.name != "posix":
        process.kill()
        process.wait()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
