"""Write users' files. No other module does.

A file is replaced as a whole or not at all: the new bytes go to a temporary
file in the same folder, are flushed to the disk, and take the old file's
place by a rename, which POSIX and Windows make atomic.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


class NotWritten(Exception):
    """A file was left as it was; the message says why."""


def replace_file(path: Path, expected: bytes, new: bytes) -> None:
    """Replace the content of a file.

    Mode and owner are kept. Where ``path`` is a symbolic link, the file it
    leads to is written and the link stays.

    Args:
        path: the file.
        expected: the bytes that it must still hold.
        new: the bytes that it gets.

    Raises:
        NotWritten: the file has changed or gone since it was read, or the
            system does not let us write; nothing was changed.
    """
    target = Path(os.path.realpath(path))
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


def _unchanged(target: Path, expected: bytes) -> os.stat_result:
    """The status of a file that still holds what was read."""
    try:
        with target.open("rb") as file:
            status = os.fstat(file.fileno())
            if file.read() != expected:
                raise NotWritten("has changed since it was read")
    except FileNotFoundError:
        raise NotWritten("is gone since it was read") from None
    return status


def _stage(target: Path, new: bytes, status: os.stat_result) -> str:
    """Write the new bytes to a file beside the target, with its mode and owner."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".pymodernize", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            _copy_owner(file.fileno(), status)
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


def _sync_folder(folder: Path) -> None:
    """Have the rename itself on the disk, where folders can be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
