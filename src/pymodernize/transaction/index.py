"""The user's runs, wherever their journals are: what an undo looks through that is asked for no project."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.files.signing import state_folder
from pymodernize.transaction.staging import write_all
from pymodernize.transaction.store import Store

_NAME = "runs"
_MOST = 1 << 20
_KEPT = 500


@dataclass(frozen=True)
class Begun:
    """A run that was begun.

    Attributes:
        run: its name.
        root: the project's folder.
        folder: where its journal is kept.
        undoes: the run that it takes back, if it is an undo.
    """

    run: str
    root: Path
    folder: Path
    undoes: str | None = None

    @property
    def store(self) -> Store:
        """What has its journal."""
        return Store(self.root, self.folder)


def add(run: str, store: Store, undoes: str | None) -> None:
    """Note a run.

    Args:
        run: its name.
        store: what has its journal.
        undoes: the run that it takes back, if it is an undo.

    Raises:
        NoKey, OSError, Untrusted: it cannot be noted.
    """
    record = {"run": run, "root": str(store.root), "folder": str(store.folder), "undoes": undoes}
    line = json.dumps(record).encode("ascii") + b"\n"
    with state_folder() as folder:
        descriptor = folder.open(_NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            size = os.fstat(descriptor).st_size
            # In one piece, so that lines of two processes do not mix.
            write_all(descriptor, line)
        finally:
            os.close(descriptor)
        if size > _MOST // 2:
            _shorten(folder)


def newest_first() -> Iterator[Begun]:
    """The runs that were noted.

    Raises:
        NoKey: there is no place for them.
    """
    with state_folder() as folder:
        lines = _lines(folder)
    for line in reversed(lines):
        try:
            record = json.loads(line)
            yield Begun(str(record["run"]), Path(record["root"]), Path(record["folder"]), record["undoes"])
        except (ValueError, KeyError, TypeError, RecursionError):  # it was cut off
            continue


def _lines(folder: Folder) -> list[bytes]:
    try:
        return folder.read(_NAME, 2 * _MOST).splitlines()
    except (OSError, Untrusted):
        return []


def _shorten(folder: Folder) -> None:
    """Keep the newest. What another process adds at this very moment may be lost, for an undo from elsewhere alone."""
    name = f"{_NAME}-{os.getpid()}"
    descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        write_all(descriptor, b"".join(line + b"\n" for line in _lines(folder)[-_KEPT:]))
    finally:
        os.close(descriptor)
    folder.replace(name, _NAME)
