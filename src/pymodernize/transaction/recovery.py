"""Transactions that were cut off: what became of them is found out from the disk, and they are finished or taken back.

It may be cut off itself at any moment: done again, it goes on where it was.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from pymodernize.files.open_folders import Untrusted
from pymodernize.transaction.journal import ABSENT, COMMITTING, DAMAGED, DONE, FOREIGN, STAGING, TAKEN_BACK, Entry, Run
from pymodernize.transaction.restoring import OLD, remove_staged, reset, state_of
from pymodernize.transaction.staging import NotOurs, NotWritten
from pymodernize.transaction.store import Refused, Store
from pymodernize.transaction.unfinished import named


@dataclass(frozen=True)
class Recovered:
    """The result of finishing or rolling back interrupted runs.

    Attributes:
        lines: for a person; none if there was nothing to do.
        ended: whether one was finished or taken back.
    """

    lines: list[str]
    ended: bool


def recover(store: Store) -> Recovered:
    """Finish or take back what was cut off. Needs the store to be open.

    Args:
        store: the project's.
    """
    lines: list[str] = []
    foreign = []
    for run in store.runs(unfinished=True):
        if run.state == STAGING:
            lines += _tidy(store, run)
        elif run.state == COMMITTING:
            lines += _settle(store, run)
        elif run.state == TAKEN_BACK:
            _remove(store, run)
        elif run.state == DAMAGED:
            lines += [f"{named(run)}: its journal is damaged; no file was touched, look at {store.folder}"]
            _set_aside(store, run)
        elif run.state == FOREIGN:
            foreign.append(run)
            _set_aside(store, run)
    ended = bool(lines)
    if foreign:
        which = "1 run" if len(foreign) == 1 else f"{len(foreign)} runs"
        lines += [f"{store.folder}: {which} set aside, not signed by this user here; no file was touched"]
    return Recovered(lines, ended)


def _tidy(store: Store, run: Run) -> list[str]:
    """A run that had replaced nothing: what it staged goes."""
    lines = remove_staged(store, run, run.entries)
    _remove(store, run)
    first = f"{named(run)} was cut off before it wrote anything; its leftovers are removed"
    return [first, *lines] if run.entries else []


def _settle(store: Store, run: Run) -> list[str]:
    """A run that was replacing files: all are new and it is done, or those that are new are put back."""
    if not any(_is_old(store, entry) for entry in run.entries):
        remove_staged(store, run, [entry for entry in run.entries if entry.old == ABSENT])
        try:
            store.end(run, DONE)
        except (OSError, Refused) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else exc
            return [f"{named(run)} was cut off when all was written, which cannot be noted: {reason}"]
        return [f"{named(run)} was cut off when all of its {_files(len(run.entries))} were written; it counts as done"]
    back, lines, again = 0, [], False
    for entry in run.entries:
        path = store.root / entry.path
        try:
            back += reset(store, run, entry)
        except OSError as exc:
            again = True
            lines.append(f"{path}: cannot be put back: {exc.strerror or exc}")
        except NotOurs as exc:
            again = True
            lines.append(f"{path}: cannot be put back: it {exc}")
        except (NotWritten, ValueError) as exc:
            lines.append(f"{path}: is not put back: {exc}")
    lines += remove_staged(store, run, run.entries)
    if again:
        return [f"{named(run)} was cut off and is taken back in part; pymodernize undo tries again", *lines]
    with contextlib.suppress(OSError, Refused):
        store.end(run, TAKEN_BACK)
        _remove(store, run)
    return [f"{named(run)} was cut off and is taken back: {_files(back)} put back, the others were old", *lines]


def _is_old(store: Store, entry: Entry) -> bool:
    try:
        return state_of(store, entry) == OLD
    except (OSError, NotWritten):
        return False


def _remove(store: Store, run: Run) -> None:
    with contextlib.suppress(OSError, Refused):
        store.remove(run.id)


def _set_aside(store: Store, run: Run) -> None:
    with contextlib.suppress(OSError, Untrusted, Refused):
        store.set_aside(run)


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
