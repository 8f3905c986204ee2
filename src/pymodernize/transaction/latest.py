"""The last run of the user, wherever its journal is: what an undo means that names neither a run nor a project."""

from __future__ import annotations

import os
from pathlib import Path

from pymodernize.transaction import index
from pymodernize.transaction.history import NoSuchRun, history
from pymodernize.transaction.projects import find_store
from pymodernize.transaction.store import Refused, Store
from pymodernize.transaction.unfinished import pending


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
    return here


def _named_store(here: Store, name: str) -> Store:
    if any(run.startswith(name) for run in _all_runs(here)):
        return here
    return next((begun.store for begun in index.newest_first() if begun.run.startswith(name)), here)


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
