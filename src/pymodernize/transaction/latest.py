"""The last run of the user, wherever its journal is: what an undo means that names neither a run nor a project."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from pymodernize.keys import NoKey
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
        start: the current folder; None if it was removed.
        name: a run's name or how it begins; None for the last one that was
            cut off or can be undone.

    Returns:
        That of the current folder's project if no run of the user is known.

    Raises:
        NoSuchRun: it cannot be said what the last run was.
        NoKey: there is no list of the user's runs.
    """
    here = find_store(start or Path(os.sep))
    return _last_store(here) if name is None else _named_store(here, name)


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


def _last_store(here: Store) -> Store:
    # A project that was moved has its runs still, and the list does not know where.
    try:
        own = _open_runs(here)
    except NoSuchRun:  # somebody else's store is not asked what the last run was
        own = set()
    known = {here.folder: own}
    undone: set[str | None] = set()
    for begun in index.newest_first():
        if own and max(own) >= begun.run:
            return here
        undone.add(begun.undoes)
        if begun.run in undone:
            continue
        if not Path(begun.root).is_dir():
            raise NoSuchRun(f"the last run, {begun.run}, was in {begun.root}, which is gone; name a run or --project")
        if begun.folder not in known:
            known[begun.folder] = _open_runs(begun.store)
        if begun.run in known[begun.folder]:
            return begun.store
    return here if own else _newest_below(here)


def _newest_below(here: Store) -> Store:
    """The store of the last run in a folder below one that has none itself."""
    newest = {}
    for store in stores_around(here.root):
        with contextlib.suppress(NoSuchRun):
            newest.update(dict.fromkeys(_open_runs(store), store))
    return newest[max(newest)] if newest else here


def _named_store(here: Store, name: str) -> Store:
    if any(run.startswith(name) for run in _all_runs(here)):
        return here
    listed = next((begun.store for begun in index.newest_first() if begun.run.startswith(name)), None)
    below = (store for store in stores_around(here.root) if any(run.startswith(name) for run in _all_runs(store)))
    return listed or next(below, here)


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
