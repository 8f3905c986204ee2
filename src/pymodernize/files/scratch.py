"""Folders and files of our own in which something is tried or noted, and which go again."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder, without links on the way to it; with all that is in it, it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="pymodernize-") as name:
        yield Path(os.path.realpath(name))


def unnamed() -> IO[bytes]:
    """A file that is in no folder and is gone when it is closed, for what a program says."""
    return tempfile.TemporaryFile()


def put(folder: Path, name: str, text: bytes) -> None:
    """Write a file below such a folder.

    Args:
        folder: the folder.
        name: the file's path from there on.
        text: what it has.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
