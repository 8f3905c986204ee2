"""Transactions that were cut off: what became of them is found out from the disk, and they are finished or taken back.

It may be cut off itself at any moment: done again, it goes on where it was.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from pymodernize.transaction.core import put_back
from pymodernize.transaction.journal import COMMITTING, DAMAGED, DONE, STAGING, TAKEN_BACK, Entry, Run, digest, end_run
from pymodernize.transaction.staging import NotOurs, NotWritten, content_of
from pymodernize.transaction.store import Store


def pending(store: Store) -> list[Run]:
    """The runs whose process ended before they did. Looks, and changes nothing.

    Where a process still has the lock, its run is not among them.
    """
    found = [run for run in store.runs() if run.state not in (DONE, TAKEN_BACK)]
    return found if found and store.lock.is_free() else []


def recover(store: Store) -> list[str]:
    """Finish or take back what was cut off. Needs the store's lock.

    Args:
        store: the project's.

    Returns:
        Lines for a person; none if there was nothing to do.
    """
    lines: list[str] = []
    for run in store.runs():
        if run.state == STAGING:
            lines += _tidy(store, run)
        elif run.state == COMMITTING:
            lines += _settle(store, run)
        elif run.state == TAKEN_BACK:
            _remove(store, run)
        elif run.state != DONE:
            lines += [f"{named(run)}: its journal is damaged; no file was touched, look at {run.folder}"]
            _set_aside(run)
    return lines


def named(run: Run) -> str:
    """A run for a person: its name, when and by whom."""
    if not run.time:
        return f"run {run.id}"
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.time))
    return f"run {run.id} (process {run.pid} on {run.host}, {when})"


def _tidy(store: Store, run: Run) -> list[str]:
    """A run that had replaced nothing: what it staged goes."""
    left = [entry for entry in run.entries if os.path.lexists(entry.staged_path)]
    for entry in left:
        with contextlib.suppress(OSError):
            os.unlink(entry.staged_path)
    _remove(store, run)
    return [f"{named(run)} was cut off before it wrote anything; its leftovers are removed"] if run.entries else []


def _settle(store: Store, run: Run) -> list[str]:
    """A run that was replacing files: all are new and it is done, or those that are new are put back."""
    if not any(_is_old(entry) for entry in run.entries):
        try:
            end_run(run, DONE)
        except OSError as exc:
            return [f"{named(run)} was cut off when all was written, which cannot be noted: {exc.strerror}"]
        return [f"{named(run)} was cut off when all of its {_files(len(run.entries))} were written; it counts as done"]
    back, lines, again = 0, [], False
    for entry in run.entries:
        try:
            back += put_back(run, entry)
        except OSError as exc:
            again = True
            lines.append(f"{entry.path}: cannot be put back: {exc.strerror or exc}")
        except NotOurs as exc:
            again = True
            lines.append(f"{entry.path}: cannot be put back: it {exc}")
        except (NotWritten, ValueError) as exc:
            lines.append(f"{entry.path}: is not put back: {exc}")
        with contextlib.suppress(OSError):
            os.unlink(entry.staged_path)
    if again:
        return [f"{named(run)} was cut off and is taken back in part; pymodernize undo tries again", *lines]
    with contextlib.suppress(OSError):
        end_run(run, TAKEN_BACK)
        _remove(store, run)
    return [f"{named(run)} was cut off and is taken back: {_files(back)} put back, the others were old", *lines]


def _is_old(entry: Entry) -> bool:
    try:
        content, _ = content_of(Path(entry.path))
    except (OSError, NotWritten):
        return False
    return content is not None and digest(content) == entry.old


def _remove(store: Store, run: Run) -> None:
    with contextlib.suppress(OSError):
        store.remove(run.folder)


def _set_aside(run: Run) -> None:
    """Let a damaged run be, under a name that says so."""
    if run.state == DAMAGED:
        with contextlib.suppress(OSError):
            os.replace(run.folder, run.folder.parent.parent / f"damaged-{run.id}")


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
