"""Runs that were cut off, for those who only look: nothing is loaded here that writing takes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from pymodernize.transaction.journal import DONE, FOREIGN, TAKEN_BACK, Run
from pymodernize.transaction.projects import common_folder, find_store, untrusted
from pymodernize.transaction.store import Refused, Store


def unfinished(paths: Iterable[Path]) -> Iterator[str]:
    """Lines about runs that were cut off, for a run that writes nothing.

    Args:
        paths: what the run works on.
    """
    start = common_folder(paths)
    refused = untrusted(start)
    if refused is not None:
        yield f"{refused}; it is not looked at"
        return
    try:
        runs = pending(find_store(start))
    except Refused as exc:
        yield str(exc)
        return
    for run in runs:
        yield f"{named(run)} was cut off; the next --apply, or pymodernize undo, finishes it or takes it back"


def pending(store: Store) -> list[Run]:
    """The runs whose process ended before they did. Looks, and changes nothing.

    Where a process still has the lock, its run is not among them.

    Raises:
        Refused: the store is not trusted.
    """
    found = [run for run in store.runs(unfinished=True) if run.state not in (DONE, TAKEN_BACK, FOREIGN)]
    return found if found and store.lock.is_free() else []


def named(run: Run) -> str:
    """A run for a person: its name, when and by whom."""
    if not run.time:
        return f"run {run.id}"
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.time))
    return f"run {run.id} (process {run.pid} on {run.host}, {when})"
