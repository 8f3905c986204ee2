"""Sees each command that this process would run, and each call that would replace it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

_EVENTS = {
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "subprocess.Popen",
    "os.fork",
    "os.forkpty",
}
_seen: list[str] | None = None
_is_hooked = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _seen is not None and event in _EVENTS:
        _seen.append(f"{event}{arguments!r}")


@contextlib.contextmanager
def commands_run() -> Iterator[list[str]]:
    """The commands that are run inside."""
    global _seen, _is_hooked
    if not _is_hooked:  # a hook stays for as long as the process lives
        sys.addaudithook(_hook)
        _is_hooked = True
    _seen = found = []
    try:
        yield found
    finally:
        _seen = None
