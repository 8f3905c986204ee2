"""One writer at a time in a project: a lock that says whose it is, and that nobody has to clean up."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pymodernize.files.open_folders import Folder, Untrusted, require_own
from pymodernize.transaction.staging import write_all

if TYPE_CHECKING or os.name == "posix":
    import fcntl
else:  # pragma: no cover - Windows
    import msvcrt

PATIENCE = 300.0
"""How long, in seconds, a run waits for another one."""
_PAUSE = 0.05
_MOST = 400
"""How many bytes of a lock's file are read."""


class Locked(Exception):
    """Another run did not end in time; the message says which."""


class Lock:
    """The right to write in a project.

    The operating system holds it for as long as the process lives, so that no
    death leaves it behind. What the file says of its owner is for people.

    Args:
        path: the lock's file, in a folder that is nobody else's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, say: Callable[[str], None], patience: float = PATIENCE) -> None:
        """Take the lock; where another process has it, say so and wait.

        Args:
            say: takes a line for a person.
            patience: how long to wait, in seconds.

        Raises:
            Locked: it did not come free.
            Untrusted: the file, or its folder, is a link or somebody else's.
            OSError: the file cannot be made.
        """
        deadline = time.monotonic() + patience
        said = False
        while not self._try():
            if time.monotonic() >= deadline:
                raise Locked(f"another run is at work here{self._owner()}; nothing is written")
            if not said:
                say(f"another run is at work here{self._owner()}; waiting for it to end")
                said = True
            time.sleep(_PAUSE)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
                _give_back(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def descriptor(self) -> int | None:
        """What holds the lock, for programs that are to keep it if this process dies; None if it is not taken."""
        return self._descriptor

    def is_free(self) -> bool:
        """Whether no process holds the lock; does not take it."""
        try:
            descriptor = self._open(os.O_RDWR)
        except (OSError, Untrusted):
            return True
        try:
            return _take(descriptor)
        finally:
            os.close(descriptor)

    def _open(self, flags: int) -> int:
        """A descriptor of the file, which is ours and has no other name: what we write would be seen under both.

        Raises:
            Untrusted: it is none like that.
            OSError: there is none.
        """
        with self._folder() as folder:
            descriptor = folder.open(self.path.name, flags)
        try:
            status = os.fstat(descriptor)
            require_own(self.path, status)
            # None at all: it was removed since it was opened.
            if status.st_nlink > 1:
                raise Untrusted(f"{self.path}: has another name (a hard link)")
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _folder(self) -> Folder:
        with Folder.at(self.path.parent.parent) as above:
            folder = above.folder(self.path.parent.name)
        try:
            folder.require_own()
        except BaseException:
            folder.close()
            raise
        return folder

    def _try(self) -> bool:
        descriptor = self._open(os.O_RDWR | os.O_CREAT)
        try:
            # Somebody may have removed the file between the two calls, and others lock a new one.
            if _take(descriptor) and self._is_at(descriptor):
                os.ftruncate(descriptor, 0)
                owner = {"pid": os.getpid(), "host": host(), "since": time.time()}
                write_all(descriptor, json.dumps(owner).encode())
                self._descriptor, descriptor = descriptor, -1
                return True
            return False
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _is_at(self, descriptor: int) -> bool:
        try:
            with self._folder() as folder:
                return os.path.samestat(os.fstat(descriptor), folder.status(self.path.name))
        except FileNotFoundError:
            return False

    def _owner(self) -> str:
        """Who has the lock and for how long, as far as the file says."""
        try:
            with self._folder() as folder:
                owner = json.loads(folder.read(self.path.name, _MOST))
            age = max(0.0, time.time() - float(owner["since"]))
            return f" (process {int(owner['pid'])} on {owner['host']}, for {age:.0f} s)"
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, Untrusted):
            return ""


def host() -> str:
    """The name of this machine, for a person to tell where a process runs."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _take(descriptor: int) -> bool:
    """Lock an open file without waiting; the lock ends with the descriptor."""
    try:
        if os.name == "posix":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:  # pragma: no cover - Windows
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except (BlockingIOError, PermissionError):
        return False
    return True


def _give_back(descriptor: int) -> None:
    """Unlock an open file, for those processes, too, that have the descriptor from us."""
    if os.name == "posix":
        fcntl.flock(descriptor, fcntl.LOCK_UN)
