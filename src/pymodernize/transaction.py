"""Write users' files. No other module does.

A file is replaced as a whole or not at all: the new bytes go to a temporary
file in the same folder, are flushed to the disk, and take the old file's
place by a rename, which POSIX and Windows make atomic. The price of that is
that a hard link is cut: other names of the file keep the old content.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class NotWritten(Exception):
    """A file was left as it was; the message says why."""


def replace_file(path: Path, expected: bytes, new: bytes) -> None:
    """Replace the content of a file.

    Mode, owner and extended attributes (which hold access lists) are kept.
    Where ``path`` is a symbolic link, the file it leads to is written and the
    link stays. Signals that would end the process wait until it is done.

    Args:
        path: the file.
        expected: the bytes that it must still hold.
        new: the bytes that it gets.

    Raises:
        NotWritten: the file has changed or gone since it was read, or the
            system does not let us write; nothing was changed.
    """
    with _uninterrupted():
        _replace(Path(os.path.realpath(path)), expected, new)


def _replace(target: Path, expected: bytes, new: bytes) -> None:
    try:
        status = _unchanged(target, expected)
        if not os.access(target, os.W_OK):
            raise NotWritten("is read-only")
        temporary = _stage(target, new, status)
    except OSError as exc:
        raise NotWritten(f"cannot be written: {exc.strerror or exc}") from exc
    try:
        _unchanged(target, expected)
        os.replace(temporary, target)
    except BaseException as exc:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(exc, OSError):
            raise NotWritten(f"cannot be written: {exc.strerror or exc}") from exc
        raise
    _sync_folder(target.parent)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and requests to end, which else might leave the temporary file behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not for this thread
        return
    held: list[int] = []
    # Not a mask: where the process has other threads, one of those would take the signal in.
    before = {number: signal.signal(number, lambda number, _: held.append(number)) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in held:
            signal.raise_signal(number)


def _unchanged(target: Path, expected: bytes) -> os.stat_result:
    """The status of a file that still holds what was read."""
    try:
        # Without O_NONBLOCK, opening a FIFO that has taken the file's place would wait for a writer.
        descriptor = os.open(target, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NotWritten("has changed since it was read")
            with open(descriptor, "rb", closefd=False) as file:
                if file.read() != expected:
                    raise NotWritten("has changed since it was read")
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise NotWritten("is gone since it was read") from None
    return status


def _stage(target: Path, new: bytes, status: os.stat_result) -> str:
    """Write the new bytes to a file beside the target, with its mode and owner."""
    # The target's own name is no part of it: with anything added, a long one would be too long.
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".pymodernize", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            _copy_owner(file.fileno(), status)
            _copy_attributes(file.fileno(), target)
            # After the owner: a change of owner takes the set-user-id bit away.
            os.chmod(name, stat.S_IMODE(status.st_mode))
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return name


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    if not hasattr(os, "fchown"):
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError as exc:
            raise NotWritten(f"belongs to another user, whom only root could keep: {exc.strerror}") from exc


def _copy_attributes(descriptor: int, target: Path) -> None:
    """Copy extended attributes as far as the system lets us; only Linux has them in ``os``."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(target):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _sync_folder(folder: Path) -> None:
    """Have the rename itself on the disk, where folders can be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
