"""One file on its way: is it still what was read, and its new bytes in a file beside it."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY


class NotWritten(Exception):
    """A file was left as it was; the message says why."""


class NotOurs(NotWritten):
    """A file was left since it belongs to another user: who has the right may still write it."""


@dataclass(frozen=True)
class Seen:
    """What tells, without reading it again, that nobody has touched a file."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> Seen:
        """What a file's status has of it."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def unchanged(target: Path, expected: bytes) -> os.stat_result:
    """The status of a file that still holds what was read.

    Args:
        target: the file itself, no link to it.
        expected: the bytes that it must hold.

    Raises:
        NotWritten: it holds something else, is gone or is no file.
        OSError: it cannot be read.
    """
    content, status = content_of(target)
    if content != expected:
        raise NotWritten("has changed since it was read")
    return status


def content_of(target: Path) -> tuple[bytes | None, os.stat_result]:
    """The bytes of a file and its status; None for bytes if it is no regular file.

    Raises:
        NotWritten: it is gone.
        OSError: it cannot be read.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO that has taken the file's place would wait for a writer.
        descriptor = os.open(target, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except FileNotFoundError:
        raise NotWritten("is gone since it was read") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None, status
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(), status
    finally:
        os.close(descriptor)


def stage(target: Path, name: str, new: bytes, status: os.stat_result) -> Path:
    """Write new bytes to a file beside their target, flushed to the disk.

    Mode, owner and extended attributes (which hold access lists) are those of
    the target; the time of modification is not, since the content is new.

    Args:
        target: the file that is to be replaced.
        name: the name of the file beside it. The target's own is no part of
            it: with anything added, a long one would be too long.
        new: the bytes.
        status: the target's.

    Returns:
        The path of the new file.

    Raises:
        NotOurs: the owner cannot be kept.
        OSError: the system does not let us write; nothing is left behind.
    """
    path = target.parent / name
    descriptor = os.open(path, _NEW_FILE, 0o600)
    try:
        try:
            write_all(descriptor, new)
            _copy_owner(descriptor, status)
            _copy_attributes(descriptor, target)
            # After the owner: a change of owner takes the set-user-id bit away.
            os.chmod(path, stat.S_IMODE(status.st_mode))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return path


def write_all(descriptor: int, data: bytes) -> None:
    """Write bytes to a descriptor, in as many steps as the system wants."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: str | Path) -> None:
    """Have the names in a folder on the disk, where folders can be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def why(error: OSError) -> str:
    """An error of the system, for a person."""
    return f"cannot be written: {error.strerror or error}"


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    if not hasattr(os, "fchown"):
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError as exc:
            raise NotOurs(f"belongs to another user, whom only root could keep: {exc.strerror}") from exc


def _copy_attributes(descriptor: int, target: Path) -> None:
    """Copy extended attributes as far as the system lets us; only Linux has them in ``os``."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(target):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))
