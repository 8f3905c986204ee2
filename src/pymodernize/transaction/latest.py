"""The last run around a folder: what an undo means that names neither a run nor a project."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from pymodernize.files.signing import NoKey
from pymodernize.transaction import index
from pymodernize.transaction.history import NoSuchRun, history
from pymodernize.transaction.projects import find_store
from pymodernize.transaction.store import NAME, Refused, Store
from pymodernize.transaction.unfinished import pending

_MOST_FOLDERS = 5_000
"""So many are looked through for runs that the list does not know."""


def store_to_undo(start: Path | None, name: str | None) -> Store:
    """The store that has the run that an undo means.

    Args:
        start: the current folder; None if it was removed, where the user's
            last run is meant, wherever it was.
        name: a run's name or how it begins, wherever that was; None for the
            last one in the current folder, above or below that was cut off
            or can be undone.

    Returns:
        That of the current folder's project if there is none.

    Raises:
        NoSuchRun: there is none here, and one elsewhere.
        NoKey: there is no list of the user's runs.
    """
    around = stores_around(start) if start is not None else [find_store(_last_root() or Path(os.sep))]
    return _last_store(around) if name is None else _named_store(around, name)


def stores_around(start: Path) -> list[Store]:
    """The stores that have the runs of a folder: its own or the nearest above, and those of folders below it.

    Args:
        start: the folder, without links.
    """
    found = [find_store(start)]
    with contextlib.suppress(NoKey):
        roots = dict.fromkeys(begun.root for begun in index.newest_first() if start in begun.root.parents)
        found += [find_store(root) for root in roots if root.is_dir()]
    found += [find_store(folder) for folder in _with_stores(start)]
    return list({store.folder: store for store in found}.values())


def _with_stores(start: Path) -> Iterator[Path]:
    """The folders below one that keep runs, found by looking: the list of runs may be lost, or of another machine."""
    pending, looked_at = deque([start]), 0
    while pending and looked_at < _MOST_FOLDERS:
        folder = pending.popleft()
        looked_at += 1
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    continue
                if entry.name == NAME and folder != start:
                    yield folder
                elif not entry.name.startswith(".") and entry.name not in ("node_modules", "__pycache__"):
                    pending.append(Path(entry.path))


def _last_store(around: list[Store]) -> Store:
    newest: dict[str, Store] = {}
    for store in around:
        with contextlib.suppress(NoSuchRun):
            newest.update(dict.fromkeys(_open_runs(store), store))
    if newest:
        return newest[max(newest)]
    if (elsewhere := _last_root()) is not None:
        here = around[0].root
        raise NoSuchRun(f"there is no run to undo in {here}; the last one was in {elsewhere}: --project {elsewhere}")
    return around[0]


def _last_root() -> Path | None:
    """The folder of the user's last run that can be undone, wherever it was."""
    undone: set[str | None] = set()
    for begun in index.newest_first():
        undone.add(begun.undoes)
        if begun.run not in undone and begun.root.is_dir():
            with contextlib.suppress(NoSuchRun):
                if begun.run in _open_runs(begun.store):
                    return begun.root
    return None


def _named_store(around: list[Store], name: str) -> Store:
    has = (store for store in around if any(run.startswith(name) for run in _all_runs(store)))
    listed = (begun.store for begun in index.newest_first() if begun.run.startswith(name))
    return next(has, None) or next(listed, around[0])


def _open_runs(store: Store) -> set[str]:
    """The runs that were cut off, or can be undone.

    Raises:
        NoSuchRun: the store is not trusted.
    """
    try:
        cut_off = {run.id for run in pending(store)}
        return cut_off | {item.run.id for item in history(store) if item.run.kind == "apply" and not item.undone_by}
    except Refused as exc:
        raise NoSuchRun(str(exc)) from exc


def _all_runs(store: Store) -> set[str]:
    try:
        return {item.run.id for item in history(store)}
    except Refused:
        return set()
