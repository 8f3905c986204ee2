"""``--apply``: the changes of a run, as one transaction; and how it is taken back."""

from __future__ import annotations

import contextlib
import os
import pickle  # noqa: S403 - what is loaded is our own, from the same process
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pymodernize.codemod import Status
from pymodernize.execution.execute import FileReport
from pymodernize.files.signing import NoKey
from pymodernize.transaction.core import Transaction
from pymodernize.transaction.history import NoSuchRun, Undone, choose, undo
from pymodernize.transaction.latest import store_to_undo
from pymodernize.transaction.lock import Locked
from pymodernize.transaction.projects import find_store, open_store, others_of
from pymodernize.transaction.recovery import recover
from pymodernize.transaction.signals import Ended, tidy_end
from pymodernize.transaction.staging import NotWritten, why
from pymodernize.transaction.store import Refused, Store
from pymodernize.transformation.result import Result

__all__ = ["Locked", "NoSuchRun", "NotWritten", "apply", "so_far", "store_for", "take_back"]

# How often files are staged again without the one that could not be replaced.
_ATTEMPTS = 8

Say = Callable[[str], None]


@dataclass(frozen=True)
class Applied:
    """The result of a run that writes.

    Attributes:
        reports: one for each file; a file that was not written has an error
            instead of what would have been applied. To be looked at once.
        written: how many files were written.
    """

    reports: Iterable[FileReport]
    written: int


def apply(
    reports: Callable[[], Iterable[FileReport]],
    starts: Iterable[Path],
    say: Say,
    *,
    target: Callable[[Path], str] = lambda path: "",
    break_links: bool,
    history_size: int,
) -> Applied:
    """Make the changes of a run, all together.

    Args:
        reports: begins the run, when nobody else writes any more.
        starts: the files and folders that the run works on.
        say: takes a line for a person.
        target: where a path led when it was found.
        break_links: whether a file with hard links is replaced.
        history_size: how many bytes the kept runs may take.

    Raises:
        Locked: another run does not end; nothing was done.
    """
    with tidy_end():
        try:
            store = open_store(starts, say)
        except NotWritten as exc:  # which is no problem where there is nothing to write
            return Applied([_not_written(item, str(exc)) for item in reports()], 0)
        with contextlib.closing(store):
            _recover(store, say)
            for other in others_of(store):
                with contextlib.suppress(OSError, Refused):
                    other.open(say)
                    with contextlib.closing(other):
                        _recover(other, say)

            def begin() -> Transaction:
                return Transaction(store, break_links=break_links, history_size=history_size, say=say)

            return _written(begin, reports(), target, say)


def _recover(store: Store, say: Say) -> bool:
    """Finish or take back what was cut off, and say so; whether there was anything."""
    recovered = recover(store)
    for line in recovered.lines:
        say(line)
    return recovered.ended


def _written(
    begin: Callable[[], Transaction], reports: Iterable[FileReport], target: Callable[[Path], str], say: Say
) -> Applied:
    items = _Kept()
    transaction = begin()
    try:
        with transaction:
            for item in reports:
                items.add(item)
                _add(transaction, item, item.ties, target)
            left = transaction.commit()
        stopped_by: dict[Path, str] = {}
        while transaction.stopped_by is not None and len(stopped_by) < _ATTEMPTS:
            # It could not be known before: the others are written without it.
            stopped_by[transaction.stopped_by] = left[transaction.stopped_by]
            ties = transaction.ties
            transaction = begin()
            with transaction:
                for path, reason in stopped_by.items():
                    transaction.leave(path, reason)
                for item in items:
                    if item.path not in stopped_by:
                        _add(transaction, item, ties.get(item.path, frozenset()), target)
                left = transaction.commit()
    except (KeyboardInterrupt, Ended):
        say(so_far(transaction.written))
        raise
    reports = (_not_written(item, left[item.path]) if item.path in left else item for item in items)
    return Applied(reports, transaction.written)


def _add(transaction: Transaction, item: FileReport, ties: frozenset[str], target: Callable[[Path], str]) -> None:
    if item.result.output is not None:
        expected = None if item.is_new else item.source
        transaction.add(item.path, expected, item.result.output, ties, target(item.path))
    elif item.is_lost:
        transaction.leave(item.path, str(item.result.error))


def so_far(written: int) -> str:
    """What an interrupted run has written so far, for a person.

    Args:
        written: how many files it has written.
    """
    if not written:
        return "nothing was written"
    files, them = ("1 file was", "it") if written == 1 else (f"{written} files were", "them")
    return f"{files} written; pymodernize undo takes {them} back"


class _Kept:
    """The reports of a run until it is known what was written: thousands of texts, old and new, and little else.

    They are kept packed, in a fifth of the room. What the transaction knows by now is left out, and texts of which
    there is nothing to say.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def add(self, item: FileReport) -> None:
        """Keep a report."""
        slim = replace(item, ties=frozenset(), facts=None, source=item.source if item.has_news else b"")
        self._packed.append(zlib.compress(pickle.dumps(slim), 1))

    def __iter__(self) -> Iterator[FileReport]:
        """The reports in their order, each unpacked when its turn comes."""
        return (pickle.loads(zlib.decompress(packed)) for packed in self._packed)  # noqa: S301 - our own


def _not_written(item: FileReport, reason: str) -> FileReport:
    if item.result.output is None:
        return item
    findings = tuple(finding for finding in item.result.findings if finding.status is not Status.APPLIED)
    return replace(item, result=Result(findings, error=reason))


def store_for(project: Path | None, name: str | None) -> Store:
    """The store that has what an undo takes back.

    Args:
        project: a folder of the project; None for the current folder, and
            those above and below.
        name: a run, wherever it was; None for the last there.

    Raises:
        NoSuchRun: there is none.
        NotWritten: the user's own folder cannot be used.
    """
    try:
        store = find_store(project) if project is not None else store_to_undo(_current_folder(), name)
        store.require_trust()
    except (NoKey, Refused) as exc:
        raise NotWritten(str(exc)) from exc
    except OSError as exc:
        raise NotWritten(why(exc)) from exc
    if not os.path.isdir(store.runs_folder):
        raise NoSuchRun(f"no run is kept for {store.root}")
    return store


def _current_folder() -> Path | None:
    try:
        return Path().resolve()
    except FileNotFoundError:  # it was removed
        return None


def take_back(store: Store, name: str | None, say: Say, *, force: bool, history_size: int) -> Undone | None:
    """Undo a run.

    Args:
        store: what has it.
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
        NotWritten: the store cannot be trusted or written to.
    """
    with tidy_end():
        try:
            store.open(say)
        except Refused as exc:
            raise NotWritten(str(exc)) from exc
        except OSError as exc:
            raise NotWritten(f"{store.folder}: {why(exc)}") from exc
        with contextlib.closing(store):
            if _recover(store, say) and name is None:
                return None
            return undo(store, choose(store, name), force=force, history_size=history_size, say=say)
