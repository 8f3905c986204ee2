"""Read a user's file, and only a file."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

FOR_EVIDENCE = 200_000_000
"""At most so many bytes of a file are read for what others check a run by."""


class Unreadable(Exception):
    """A file cannot be read; the message says why."""


def read(path: Path, max_size: int) -> bytes:
    """The bytes of a regular file.

    Raises:
        Unreadable: it is gone, forbidden, too large or no file.
    """
    return read_with_status(path, max_size)[0]


def read_with_status(path: Path, max_size: int) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and its status from before they were read.

    Raises:
        Unreadable: it is gone, forbidden, too large or no file.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO that has taken the file's place would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise Unreadable("is gone") from None
    except OSError as exc:
        raise Unreadable(f"cannot be read: {exc.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a regular file")
        if status.st_size > max_size:
            raise Unreadable(too_large(max_size))
        # The descriptor stays ours: open() does not close that of a folder, which it refuses.
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(), status
    except OSError as exc:
        raise Unreadable(f"cannot be read: {exc.strerror}") from None
    finally:
        os.close(descriptor)


def read_stdin(max_size: int) -> bytes:
    """The bytes of stdin.

    Raises:
        Unreadable: it is closed, or too large.
    """
    if sys.stdin is None:
        raise Unreadable("- means stdin, which is closed")
    source = sys.stdin.buffer.read()
    if len(source) > max_size:
        raise Unreadable(too_large(max_size))
    return source


def too_large(max_size: int) -> str:
    """Why a file was not read."""
    return f"is larger than the limit of {max_size} bytes (max-file-size)"
