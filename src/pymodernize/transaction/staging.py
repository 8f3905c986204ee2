"""Staging of one file: whether it is unchanged since it was read, and its new bytes in a temporary file beside it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.files.open_folders import Folder, Untrusted


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


@contextlib.contextmanager
def opened(folder: Folder, name: str) -> Iterator[int]:
    """A file to be read.

    Args:
        folder: where it is.
        name: its name.

    Yields:
        A descriptor.

    Raises:
        NotWritten: it is gone, or something else has its name.
        OSError: it cannot be opened.
    """
    try:
        descriptor = folder.open(name, os.O_RDONLY)
    except FileNotFoundError:
        raise NotWritten("is gone since it was read") from None
    except Untrusted as exc:
        raise NotWritten(f"has changed since it was read: {_without_path(exc)}") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def require_absent(folder: Folder, name: str) -> None:
    """Make sure that nothing has a name.

    Raises:
        NotWritten: something has.
    """
    if folder.has(name):
        raise NotWritten("has appeared since it was looked for")


def put_new(folder: Folder, staged: str, name: str) -> None:
    """Give a staged file a name that nothing has.

    Raises:
        NotWritten: something has it by now.
        OSError: it cannot be named so.
    """
    try:
        folder.link(staged, name)
    except FileExistsError:
        raise NotWritten("has appeared since it was looked for") from None
    except OSError:  # a file system without hard links
        require_absent(folder, name)
        folder.replace(staged, name)
        return
    folder.unlink(staged)


def require_content(descriptor: int, expected: bytes) -> None:
    """Make sure that a file holds certain bytes.

    Raises:
        NotWritten: it holds others.
        OSError: it cannot be read.
    """
    with open(descriptor, "rb", closefd=False) as file:
        # One more than there should be is enough to tell.
        if file.read(len(expected) + 1) != expected:
            raise NotWritten("has changed since it was read")


def digest_of(descriptor: int) -> str:
    """The SHA-256 of an open file, in hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while part := os.read(descriptor, 1 << 20):
        digest.update(part)
    return digest.hexdigest()


def stage(folder: Folder, name: str, new: bytes, source: int | None) -> None:
    """Write new bytes to a file beside their target, flushed to the disk.

    Mode, owner and extended attributes (which hold access lists) are those of
    the target; the time of modification is not, since the content is new.

    Args:
        folder: where both are.
        name: what the new file is called.
        new: the bytes.
        source: a descriptor of the target; None if there is none yet: the
            file then gets what any new file of this user gets.

    Raises:
        NotOurs: the owner cannot be kept.
        OSError: the system does not let us write; nothing is left behind.
    """
    descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if source is not None else 0o666)
    try:
        try:
            write_all(descriptor, new)
            if source is not None:
                _copy_metadata(descriptor, source)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            folder.unlink(name)
        raise


def write_all(descriptor: int, data: bytes) -> None:
    """Write bytes to a descriptor, in as many steps as the system wants."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def why(error: OSError) -> str:
    """An error of the system, for a person."""
    return f"cannot be written: {error.strerror or error}"


def _without_path(error: Untrusted) -> str:
    return "it " + str(error).rpartition(": ")[2] + " now"


def _copy_metadata(descriptor: int, source: int) -> None:
    status = os.fstat(source)
    _copy_owner(descriptor, status)
    _copy_attributes(descriptor, source)
    # After the owner: a change of owner takes the set-user-id bit away.
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    if not hasattr(os, "fchown"):
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError as exc:
            raise NotOurs(f"belongs to another user, whom only root could keep: {exc.strerror}") from exc


def _copy_attributes(descriptor: int, source: int) -> None:
    """Copy extended attributes as far as the system lets us; only Linux has them in ``os``."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(source, name))
