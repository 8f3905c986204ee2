"""What keeps a file from being replaced although its folder lets new ones be made: found before anything is written."""

from __future__ import annotations

import os
import re
import stat
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pymodernize.files.open_folders import Folder

if TYPE_CHECKING or sys.platform == "linux":
    import fcntl

# <linux/fs.h>: what ``lsattr`` shows. The number of the request has the size of a long in it.
_GET_FLAGS = 0x80006601 | struct.calcsize("l") << 16
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20
_ESCAPE = re.compile(rb"\\([0-7]{3})")


class Obstacles:
    """What is known of the folders and mounts of a run; each is asked about once."""

    def __init__(self) -> None:
        self._folders: dict[tuple[int, int], bool] = {}
        self._mounts: frozenset[bytes] | None = None

    def of(self, folder: Folder, name: str, source: int) -> str | None:
        """Why a file cannot be replaced, None if nothing is known against it.

        Args:
            folder: where it is.
            name: its name.
            source: a descriptor of it.
        """
        if sys.platform != "linux":
            return None
        status, own = os.fstat(source), folder.own_status()
        key = own.st_dev, own.st_ino
        if key not in self._folders:
            self._folders[key] = _is_fixed(folder)
        if self._folders[key]:
            return "is in a folder whose files cannot be replaced (see lsattr)"
        if _flags(source) & (_APPEND_ONLY | _IMMUTABLE):
            return "cannot be replaced (see lsattr)"
        if status.st_dev != own.st_dev or os.fsencode(folder.path / name) in self._mounted():
            return "is mounted by itself, and cannot be replaced"
        user = os.geteuid()
        if own.st_mode & stat.S_ISVTX and user not in (0, own.st_uid, status.st_uid):
            return "is in a folder where only its owner may replace it"
        return None

    def _mounted(self) -> frozenset[bytes]:
        """The paths on which something is mounted."""
        if self._mounts is None:
            try:
                with Path("/proc/self/mountinfo").open("rb") as file:
                    fields = [line.split(b" ") for line in file]
            except OSError:
                fields = []
            paths = (_ESCAPE.sub(lambda match: bytes([int(match[1], 8) & 0xFF]), row[4]) for row in fields if row[4:])
            self._mounts = frozenset(paths)
        return self._mounts


def _is_fixed(folder: Folder) -> bool:
    try:
        with folder.listed() as descriptor:
            return isinstance(descriptor, int) and bool(_flags(descriptor) & (_APPEND_ONLY | _IMMUTABLE))
    except OSError:  # it may not be listed
        return False


def _flags(descriptor: int) -> int:
    """The attributes of a file or folder, 0 where its file system has none."""
    try:
        answer = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))
    except OSError:
        return 0
    return int.from_bytes(answer[:4], sys.byteorder)
