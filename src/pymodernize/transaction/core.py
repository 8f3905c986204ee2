"""The transaction itself: files are staged one by one, and replaced together."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import TracebackType

from pymodernize.transaction import journal
from pymodernize.transaction.journal import DONE, TAKEN_BACK, Entry, Journal, Run, digest
from pymodernize.transaction.lock import host
from pymodernize.transaction.signals import held
from pymodernize.transaction.staging import NotWritten, Seen, content_of, stage, sync_folder, unchanged, why
from pymodernize.transaction.store import Store


class _Interrupted(Exception):
    """A signal came while files were being replaced."""


class Transaction:
    """Changes of files that are made together.

    Used in a ``with`` statement, which takes back what is staged unless
    :meth:`commit` was called. Needs the store's lock.

    Args:
        store: where the journal goes.
        kind: ``apply`` or ``undo``.
        undoes: the run that an undo takes back.
        break_links: whether a file that has other names (hard links) is
            replaced, which leaves those with the old content.
        history_size: how many bytes the kept runs may take.
        say: takes a line for a person.

    Attributes:
        id: the run's name.
        written: how many files were replaced and stayed so.
    """

    def __init__(
        self,
        store: Store,
        *,
        kind: str = "apply",
        undoes: str | None = None,
        break_links: bool = True,
        history_size: int,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.store = store
        self.break_links = break_links
        self.history_size = history_size
        self.say = say
        now = time.time()
        self.id = time.strftime("%Y%m%d-%H%M%S", time.localtime(now)) + f"-{secrets.token_hex(3)}"
        self._about = {"kind": kind, "undoes": undoes, "time": now, "pid": os.getpid(), "host": host()}
        self._journal: Journal | None = None
        self._staged: dict[Path, Entry] = {}
        self._expected: dict[int, tuple[int, str]] = {}
        self._targets: dict[str, Path] = {}
        self._names: dict[tuple[int, int], Path] = {}
        self._ties: dict[Path, frozenset[str]] = {}
        self._left: dict[Path, str] = {}
        self._seen: dict[int, Seen] = {}
        self._number = 0
        self.written = 0

    def __enter__(self) -> Transaction:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with held():
            self._abandon()

    @property
    def left(self) -> Mapping[Path, str]:
        """The files that will not be written so far, each with the reason."""
        return self._left

    def add(self, path: Path, expected: bytes, new: bytes, ties: Collection[str] = ()) -> None:
        """Stage a file; what stands in the way is kept for :meth:`commit` to tell.

        Where ``path`` is a symbolic link, the file it leads to is written and
        the link stays.

        Args:
            path: the file.
            expected: the bytes that it must still hold.
            new: the bytes that it gets.
            ties: real paths of files with which it must change or stay.
        """
        target = Path(os.path.realpath(path))
        self._targets[str(target)] = path
        self._ties[path] = frozenset(ties)
        with held():
            try:
                self._stage(path, target, expected, new)
            except NotWritten as exc:
                self._left[path] = str(exc)
            except OSError as exc:
                self._left[path] = why(exc)

    def leave(self, path: Path, reason: str) -> None:
        """Count a file among those that are not written, with all that belongs together with it.

        Args:
            path: the file.
            reason: why.
        """
        self._targets[os.path.realpath(path)] = path
        self._left[path] = reason

    def commit(self) -> Mapping[Path, str]:
        """Replace all files that are staged, or none.

        Returns:
            The files that were not written, each with the reason.
        """
        with held() as signals:
            try:
                self._verify()
                self._leave_tied()
                entries = {path: entry for path, entry in self._staged.items() if path not in self._left}
                if entries:
                    self._commit(entries, signals)
            finally:
                self._abandon()
        return self._left

    # --- staging ---------------------------------------------------------------------------------------------------

    def _stage(self, path: Path, target: Path, expected: bytes, new: bytes) -> None:
        status = unchanged(target, expected)
        if not os.access(target, os.W_OK):
            raise NotWritten("is read-only")
        self._check_names(path, target, status)
        if self._journal is None:
            self._journal = Journal(self.store.runs_folder / self.id, self.store.root, self._about)
        offset, length = self._journal.keep(expected)
        number = self._number
        self._number += 1
        # The run's own random part keeps it from being anybody else's file.
        name = f".{self.id[-6:]}-{number}.pymodernize"
        entry = Entry(number, str(target), name, digest(expected), digest(new), offset, length)
        self._journal.stage(entry)
        stage(target, name, new, status)
        self._staged[path] = entry

    def _check_names(self, path: Path, target: Path, status: os.stat_result) -> None:
        """Refuse a file that we have under another name already, and one with hard links if they are to stay."""
        if status.st_nlink > 1:
            others = "another name" if status.st_nlink == 2 else f"{status.st_nlink - 1} other names"
            if not self.break_links:
                raise NotWritten(f'has {others} (hard links), and hard-links = "refuse" is set')
            self.say(f"{path}: has {others} (hard links), which keep the old text")
        else:
            first = self._names.setdefault((status.st_dev, status.st_ino), path)
            if first != path:
                raise NotWritten(f"is the same file as {first}")

    # --- verifying -------------------------------------------------------------------------------------------------

    def _verify(self) -> None:
        """Leave the files that are no longer what was read."""
        for path, entry in self._staged.items():
            try:
                self._seen[entry.number] = _still(entry)
            except NotWritten as exc:
                self._left[path] = str(exc)
            except OSError as exc:
                self._left[path] = why(exc)

    def _leave_tied(self) -> None:
        """Leave, too, what must change together with a file that is left."""
        groups: dict[Path, set[Path]] = {}
        for path, ties in self._ties.items():
            for tie in ties:
                other = self._targets.get(tie)
                if other is not None and other != path:
                    groups.setdefault(path, set()).add(other)
                    groups.setdefault(other, set()).add(path)
        pending = list(self._left)
        while pending:
            cause = pending.pop()
            for path in sorted(groups.get(cause, ()) - self._left.keys()):
                self._left[path] = f"is left as it was: it belongs together with {cause}, which cannot be written"
                pending.append(path)

    # --- replacing -------------------------------------------------------------------------------------------------

    def _commit(self, entries: dict[Path, Entry], signals: list[int]) -> None:
        assert self._journal is not None  # noqa: S101 - there are entries
        numbers = {entry.number for entry in entries.values()}
        try:
            self._journal.commit(set(range(self._number)) - numbers)
        except OSError as exc:
            self._left.update(dict.fromkeys(entries, f"the journal {why(exc)}"))
            return
        done: dict[Path, Entry] = {}
        at = None
        try:
            for at, entry in entries.items():
                if signals:
                    raise _Interrupted
                if Seen.of(os.stat(entry.path)) != self._seen[entry.number]:
                    _still(entry)
                # Before, not after: whether a rename that fails has been made cannot be told.
                done[at] = entry
                os.replace(entry.staged_path, entry.path)
        except BaseException as exc:
            self._take_back(entries, done, at, exc)
            if isinstance(exc, (OSError, NotWritten, _Interrupted)):
                return
            raise
        for folder in dict.fromkeys(os.path.dirname(entry.path) for entry in entries.values()):
            sync_folder(folder)
        self._end(DONE)
        self._staged = {path: entry for path, entry in self._staged.items() if path not in entries}
        self.written = len(entries)

    def _take_back(
        self, entries: dict[Path, Entry], done: dict[Path, Entry], at: Path | None, error: BaseException
    ) -> None:
        run = Run(self.id, self.store.runs_folder / self.id)
        stuck = {}
        for path, entry in reversed(done.items()):
            try:
                put_back(run, entry)
            except (OSError, NotWritten, ValueError) as exc:
                detail = exc.strerror if isinstance(exc, OSError) else exc
                stuck[path] = f"was rewritten and could not be put back: {detail}; see pymodernize undo"
                self.say(f"{path}: {stuck[path]}")
        if at is None or isinstance(error, _Interrupted):
            self._left.update(dict.fromkeys(entries, "is left as it was: the run was interrupted"))
        else:
            own = why(error) if isinstance(error, OSError) else str(error)
            self._left.update(dict.fromkeys(entries, f"is left as it was: {at} {own}"))
            self._left[at] = own
        self._left.update(stuck)
        if stuck:
            # The next run, or an undo, finds the journal without an end and tries again.
            _unlink_staged(entries.values())
            self._close()
            self._staged = {}
            self.written = len(stuck)
        else:
            self._end(TAKEN_BACK)

    def _end(self, state: str) -> None:
        """Note how it ended; if that fails, the next run finds out by itself."""
        assert self._journal is not None  # noqa: S101 - it was committed
        with contextlib.suppress(OSError):
            self._journal.end(state)
        self._close()
        if state == DONE:
            with contextlib.suppress(OSError):
                self.store.prune(self.history_size)

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _abandon(self) -> None:
        """Remove what is staged and was not committed, and the journal of a run that changed nothing."""
        _unlink_staged(self._staged.values())
        self._staged = {}
        was_open = self._journal is not None
        self._close()
        folder = self.store.runs_folder / self.id
        if os.path.isdir(folder):
            with contextlib.suppress(OSError):
                if was_open or journal.read_run(folder, self.store.root).state == TAKEN_BACK:
                    self.store.remove(folder)


def put_back(run: Run, entry: Entry) -> bool:
    """Give a file its old bytes again, if it holds the new ones.

    Args:
        run: has the old bytes.
        entry: the file.

    Returns:
        Whether it held the new bytes; False if it holds the old ones.

    Raises:
        NotWritten: it is gone or holds something else, which is left.
        OSError: the system does not let us write.
        ValueError: the old bytes are damaged.
    """
    target = Path(entry.path)
    content, status = content_of(target)
    found = "" if content is None else digest(content)
    if found == entry.old:
        return False
    if found != entry.new:
        raise NotWritten("it was edited since")
    original = run.original(entry)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(entry.staged_path)
    os.replace(stage(target, entry.staged, original, status), target)
    sync_folder(target.parent)
    return True


def _still(entry: Entry) -> Seen:
    """What a file looks like that holds its old bytes."""
    content, status = content_of(Path(entry.path))
    if content is None or digest(content) != entry.old:
        raise NotWritten("has changed since it was read")
    return Seen.of(status)


def _unlink_staged(entries: Collection[Entry]) -> None:
    for entry in entries:
        with contextlib.suppress(OSError):
            os.unlink(entry.staged_path)
