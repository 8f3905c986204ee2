"""``--apply``: the changes of a run, as one transaction; and how it is taken back."""

from __future__ import annotations

import contextlib
import os
import pickle  # noqa: S403 - what is loaded is our own, from the same process
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pymodernize.codemod import Status
from pymodernize.execute import FileReport
from pymodernize.result import Result
from pymodernize.transaction.core import Transaction
from pymodernize.transaction.history import NoSuchRun, Undone, choose, undo
from pymodernize.transaction.lock import Locked
from pymodernize.transaction.recovery import named, pending, recover
from pymodernize.transaction.signals import Ended, tidy_end
from pymodernize.transaction.staging import NotWritten, why
from pymodernize.transaction.store import find_store, open_store

__all__ = ["Locked", "NoSuchRun", "NotWritten", "apply", "take_back", "unfinished"]

Say = Callable[[str], None]


def unfinished(start: Path) -> Iterator[str]:
    """Lines about runs that were cut off, for a run that writes nothing.

    Args:
        start: the folder that holds what the run works on.
    """
    for run in pending(find_store(start)):
        yield f"{named(run)} was cut off; the next --apply, or pymodernize undo, finishes it or takes it back"


def apply(
    reports: Callable[[], Iterable[FileReport]],
    starts: Iterable[Path],
    say: Say,
    *,
    break_links: bool,
    history_size: int,
) -> Iterable[FileReport]:
    """Make the changes of a run, all together.

    Args:
        reports: begins the run, when nobody else writes any more.
        starts: folders whose projects may keep the journal; the first that
            lets us write is taken.
        say: takes a line for a person.
        break_links: whether a file with hard links is replaced.
        history_size: how many bytes the kept runs may take.

    Returns:
        The reports; a file that was not written has an error instead of what
        would have been applied.

    Raises:
        Locked: another run does not end; nothing was done.
    """
    with tidy_end():
        try:
            store = open_store(starts, say)
        except NotWritten as exc:  # which is no problem where there is nothing to write
            return [_not_written(item, str(exc)) for item in reports()]
        with contextlib.closing(store):
            for line in recover(store):
                say(line)
            transaction = Transaction(store, break_links=break_links, history_size=history_size, say=say)
            return _written(transaction, reports(), say)


def _written(transaction: Transaction, reports: Iterable[FileReport], say: Say) -> Iterator[FileReport]:
    items = _Kept()
    try:
        with transaction:
            for item in reports:
                items.add(item)
                if item.result.output is not None:
                    transaction.add(item.path, item.source, item.result.output, item.ties)
                elif item.is_lost:
                    transaction.leave(item.path, str(item.result.error))
            left = transaction.commit()
    except (KeyboardInterrupt, Ended):
        done = transaction.written
        say(f"{done} files were written; pymodernize undo takes them back" if done else "nothing was written")
        raise
    return (_not_written(item, left[item.path]) if item.path in left else item for item in items)


class _Kept:
    """The reports of a run until it is known what was written: thousands of texts, old and new, and little else.

    They are kept packed, in a fifth of the room. What the transaction knows by now is left out, and texts of which
    there is nothing to say.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def add(self, item: FileReport) -> None:
        """Keep a report."""
        slim = replace(item, ties=frozenset(), source=item.source if item.has_news else b"")
        self._packed.append(zlib.compress(pickle.dumps(slim), 1))

    def __iter__(self) -> Iterator[FileReport]:
        """The reports in their order, each unpacked when its turn comes."""
        return (pickle.loads(zlib.decompress(packed)) for packed in self._packed)  # noqa: S301 - our own


def _not_written(item: FileReport, reason: str) -> FileReport:
    if item.result.output is None:
        return item
    findings = tuple(finding for finding in item.result.findings if finding.status is not Status.APPLIED)
    return replace(item, result=Result(findings, error=reason))


def take_back(start: Path, name: str | None, say: Say, *, force: bool, history_size: int) -> Undone | None:
    """Undo a run.

    Args:
        start: a folder of the project.
        name: the run; None for one that was cut off, else for the last one.
        say: takes a line for a person.
        force: whether to do the rest if some files were edited since.
        history_size: how many bytes the kept runs may take.

    Returns:
        What came of it; None if it was a run that was cut off, which is now
        finished or taken back.

    Raises:
        NoSuchRun: there is none.
        Locked: another run does not end.
        NotWritten: the project's folder cannot be written to.
    """
    store = find_store(start)
    if not os.path.isdir(store.runs_folder):
        raise NoSuchRun(f"no run is kept for {store.root}")
    with tidy_end():
        try:
            store.open(say)
        except OSError as exc:
            raise NotWritten(f"{store.folder}: {why(exc)}") from exc
        with contextlib.closing(store):
            lines = recover(store)
            for line in lines:
                say(line)
            if lines and name is None:
                return None
            return undo(store, choose(store, name), force=force, history_size=history_size, say=say)
