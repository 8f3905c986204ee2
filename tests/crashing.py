"""Processes that are killed at a chosen moment, and what the tests of that share."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymodernize.transaction.core import Transaction
from pymodernize.transaction.recovery import recover
from pymodernize.transaction.store import Store

# All that changes something on the disk, or has it written.
CALLS = (
    "open",
    "write",
    "fsync",
    "replace",
    "link",
    "unlink",
    "mkdir",
    "rmdir",
    "fchmod",
    "ftruncate",
    "fchown",
    "setxattr",
)
PLENTY = 10**9


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory, if the system has that: what is tested is the order of things, not the disk."""
    memory = "/dev/shm"
    place = memory if os.access(memory, os.W_OK) and os.statvfs(memory).f_bavail > 10_000 else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        yield Path(os.path.realpath(name))


class Killer:
    """Counts the calls that change something, and kills the process at one of them.

    Args:
        at: the number of the call, from 0; None to count only.
        torn: whether a write at that place is made by half before.
    """

    def __init__(self, at: int | None, *, torn: bool = False) -> None:
        self.at = at
        self.torn = torn
        self.count = 0

    def arm(self) -> None:
        """Stand between this process and its system, for good."""
        for name in CALLS:
            setattr(os, name, self.counted(name, getattr(os, name)))

    def counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """One call, counted."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
                return real(*arguments, **keywords)
            if self.count == self.at:
                if self.torn and name == "write":
                    real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1
            return real(*arguments, **keywords)

        return call


def forked(action: Callable[[], object], killer: Killer | None = None) -> int | None:
    """Do something in a process of its own.

    Returns:
        How many calls it made if it came to its end; None if it was killed.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            write, leave = os.write, os._exit
            if killer is not None:
                killer.arm()
            action()
            write(writer, str(killer.count if killer else 0).encode())
            status = 0
        finally:
            leave(status)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    assert status == 0, "the child failed"
    return int(text)


def write_all(root: Path, changes: Mapping[Path, tuple[bytes | None, bytes | None]]) -> None:
    """A run that changes files: recovery first, as ever, then one transaction."""
    store = Store(root)
    store.open(print, 0.0)
    recover(store)
    with Transaction(store, history_size=PLENTY) as work:
        for path, (old, new) in changes.items():
            work.add(path, old, new)
        assert not work.commit()
    store.close()


def settle(root: Path) -> list[str]:
    """What the next run does first."""
    store = Store(root)
    if not store.folder.exists():
        return []
    store.open(print, 0.0)
    lines = recover(store).lines
    store.close()
    return lines


def leftovers(root: Path) -> list[str]:
    """Files of ours that stand beside the users'."""
    return [path.name for path in root.rglob(".*.pymodernize")]
