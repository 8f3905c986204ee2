"""What git has under version control, from its index alone: to ask git would run what the repository configures."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from pymodernize.files.open_folders import Folder, Untrusted

# Larger indexes are those of more than a million files; what lies beyond is not looked at.
_MOST = 1 << 28
_LONGEST = 4096
_HEADER = 12
_FIXED = 40
"""The bytes of an entry before its object's name: times, device, inode, mode, owner and size."""


def has_tracked(root: Path, name: str) -> bool:
    """Whether a repository has files of a folder under version control.

    It is right for the folder of that name below ``root``, and may be wrong
    in saying so where only another one of the same name is.

    Args:
        root: the repository's folder, or one in it.
        name: the folder's.
    """
    for folder in (root, *root.parents):
        if os.path.lexists(folder / ".git"):
            wanted = os.fsencode(name) + b"/"
            return any(_names(data, wanted, size) for data, size in _indexes(folder / ".git"))
    return False


def _indexes(path: Path) -> Iterator[tuple[bytes, int]]:
    """The index and what it shares with others, each with the size of an object's name in it."""
    if not os.path.isdir(path):  # of a work tree that has its repository elsewhere
        pointer = _read(path.parent, path.name, 4096)
        if not pointer.startswith(b"gitdir: "):
            return
        path = path.parent / os.fsdecode(pointer[8:].strip())
    size = 32 if b"objectformat = sha256" in _read(path, "config", 1 << 16).lower() else 20
    yield _read(path, "index", _MOST), size
    try:
        shared = [name for name in os.listdir(path) if name.startswith("sharedindex.")]
    except (OSError, ValueError):  # a ValueError is a NUL byte in the path
        return
    for name in shared:
        yield _read(path, name, _MOST), size


def _read(folder: Path, name: str, most: int) -> bytes:
    try:
        with Folder.at(folder) as opened:
            return opened.read(name, most)
    except (OSError, Untrusted, ValueError):  # a ValueError is a NUL byte in a path
        return b""


def _names(index: bytes, wanted: bytes, size: int) -> bool:
    """Whether an index has a path with ``wanted`` in it."""
    if index[:4] != b"DIRC" or len(index) < _HEADER:
        return False
    version, count = struct.unpack(">II", index[4:_HEADER])
    if version != 4:
        return wanted in index
    return any(wanted in path for path in _paths(index, count, size))


def _paths(index: bytes, count: int, size: int) -> Iterator[bytes]:
    """The paths of an index of version 4, each of which says how much it shares with the one before it."""
    path, at = b"", _HEADER
    for _ in range(count):
        at += _FIXED + size
        if at + 2 > len(index):
            return
        at += 4 if index[at] & 0x40 else 2
        dropped, at = _number(index, at)
        end = index.find(b"\0", at)
        if end < 0:
            return
        path = path[: max(0, len(path) - dropped)] + index[at : min(end, at + _LONGEST + 1)]
        if len(path) > _LONGEST:  # no system has such a path, and to search it again and again takes for ever
            return
        yield path
        at = end + 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends; as in git's own varint.c."""
    if at >= len(data):
        return 0, at
    byte = data[at]
    at += 1
    value = byte & 0x7F
    while byte & 0x80 and at < len(data) and value < _MOST:
        byte = data[at]
        at += 1
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at
