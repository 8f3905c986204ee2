"""The transaction itself: files are staged one by one, and replaced together."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType

from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.files.signing import NoKey
from pymodernize.transaction import index
from pymodernize.transaction.journal import ABSENT, DONE, TAKEN_BACK, Entry, Journal, Run, digest, staged_name
from pymodernize.transaction.lock import host
from pymodernize.transaction.obstacles import Obstacles
from pymodernize.transaction.restoring import remove_staged, reset
from pymodernize.transaction.signals import held
from pymodernize.transaction.staging import (
    NotWritten,
    Seen,
    digest_of,
    opened,
    put_new,
    require_absent,
    require_content,
    stage,
    why,
)
from pymodernize.transaction.store import Refused, Store

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


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
        stopped_by: the file that could not be replaced, for which all others
            were put back.
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
        self.id = run_name(now)
        self._undoes = undoes
        self._about = {"kind": kind, "undoes": undoes, "time": now, "pid": os.getpid(), "host": host()}
        self._run = Run(self.id, store.runs_folder / self.id)
        self._journal: Journal | None = None
        self._staged: dict[Path, Entry] = {}
        self._targets: dict[str, Path] = {}
        self._names: dict[tuple[int, int], Path] = {}
        self._ties: dict[Path, frozenset[str]] = {}
        self._left: dict[Path, str] = {}
        self._seen: dict[int, Seen | None] = {}
        self._obstacles = Obstacles()
        self._full: str | None = None
        self._number = 0
        self.written = 0
        self.stopped_by: Path | None = None

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

    @property
    def ties(self) -> Mapping[Path, frozenset[str]]:
        """For each file that was added, the real paths of those with which it must change or stay."""
        return self._ties

    def add(
        self, path: Path, expected: bytes | None, new: bytes | None, ties: Collection[str] = (), target: str = ""
    ) -> None:
        """Stage a file; what stands in the way is kept for :meth:`commit` to tell.

        Where ``path`` is a symbolic link, the file it leads to is written and
        the link stays.

        Args:
            path: the file.
            expected: the bytes that it must still hold; None if there must be
                no such file.
            new: the bytes that it gets; None if it goes.
            ties: real paths of files with which it must change or stay.
            target: where the path led when it was found; where it leads now
                if empty.
        """
        real = target or os.path.realpath(path)
        self._targets[real] = path
        self._ties[path] = frozenset(ties)
        with held():
            try:
                if self._full is not None:
                    raise NotWritten(self._full)
                self._stage(path, Path(real), expected, new)
            except (NotWritten, Untrusted, Refused) as exc:
                self._left[path] = str(exc)
            except OSError as exc:
                self._left[path] = why(exc)
                if exc.errno in _FULL:
                    self._give_up(path, exc)

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

    def _stage(self, path: Path, target: Path, expected: bytes | None, new: bytes | None) -> None:
        below = self._below(target)
        with self._folder_of(target) as folder, self._checked(path, folder, target.name, expected) as source:
            journal = self._journal or self._begin()
            offset, length = journal.keep(expected or b"")
            number = self._number
            self._number += 1
            sizes = len(expected or b""), len(new or b"")
            entry = Entry(number, below, digest(expected), digest(new), *sizes, offset, length)
            journal.stage(entry)
            if new is not None:
                stage(folder, staged_name(self.id, number), new, source)
        self._staged[path] = entry

    @contextlib.contextmanager
    def _checked(self, path: Path, folder: Folder, name: str, expected: bytes | None) -> Iterator[int | None]:
        """A descriptor of a file that can be replaced, None for one that is not there.

        Raises:
            NotWritten: it cannot be, or is not what is expected.
        """
        if expected is None:
            require_absent(folder, name)
            yield None
            return
        with opened(folder, name) as source:
            require_content(source, expected)
            if not folder.may_write(name):
                raise NotWritten("is read-only")
            self._check_names(path, os.fstat(source))
            obstacle = self._obstacles.of(folder, name, source)
            if obstacle is not None:
                raise NotWritten(obstacle)
            yield source

    def _begin(self) -> Journal:
        try:
            self._journal = Journal(self.store.kept, self.id, self._about)
        except NoKey as exc:
            raise NotWritten(str(exc)) from exc
        return self._journal

    def _below(self, target: Path) -> str:
        """A file's path below the project's folder."""
        if self.store.root not in target.parents:
            raise NotWritten(f"is not in {self.store.root}, for which this run keeps its journal")
        return str(target.relative_to(self.store.root))

    def _folder_of(self, target: Path) -> Folder:
        try:
            return self.store.top.below(target.parent.relative_to(self.store.root).parts)
        except FileNotFoundError:
            raise NotWritten("is gone since it was read") from None
        except Untrusted as exc:
            raise NotWritten(f"is reached through something else than when it was found: {exc}") from None

    def _check_names(self, path: Path, status: os.stat_result) -> None:
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

    def _give_up(self, path: Path, error: OSError) -> None:
        """Write nothing at all, and give the room back: what is missing now is missing for the others, too."""
        self._full = f"is left as it was: {path} {why(error)}"
        self._left.update(dict.fromkeys(self._staged, self._full))
        self._remove_staged()

    # --- verifying -------------------------------------------------------------------------------------------------

    def _verify(self) -> None:
        """Leave the files that are no longer what was read."""
        for path, entry in self._staged.items():
            try:
                with self._folder_of(self.store.root / entry.path) as folder:
                    self._seen[entry.number] = _still(folder, entry)
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
            with contextlib.suppress(OSError, NoKey, Untrusted):  # it is missed by an undo from elsewhere alone
                index.add(self.id, self.store, self._undoes)
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
                with self._folder_of(self.store.root / entry.path) as folder:
                    if entry.old == ABSENT or Seen.of(folder.status(entry.name)) != self._seen[entry.number]:
                        _still(folder, entry)
                    # Before, not after: whether a rename that fails has been made cannot be told.
                    done[at] = entry
                    try:
                        self._put(folder, entry)
                    except NotWritten:
                        del done[at]
                        raise
        except BaseException as exc:
            self._take_back(entries, done, at, exc)
            if isinstance(exc, (OSError, NotWritten, _Interrupted)):
                return
            raise
        self._sync(entries)
        self._end(DONE)
        self._staged = {path: entry for path, entry in self._staged.items() if path not in entries}
        self.written = len(entries)

    def _put(self, folder: Folder, entry: Entry) -> None:
        """Let a file have its new bytes, or go."""
        if entry.new == ABSENT:
            folder.unlink(entry.name)
        elif entry.old == ABSENT:
            put_new(folder, self._run.staged(entry), entry.name)
        else:
            folder.replace(self._run.staged(entry), entry.name)

    def _sync(self, entries: dict[Path, Entry]) -> None:
        for folders in dict.fromkeys(entry.folders for entry in entries.values()):
            with contextlib.suppress(OSError, Untrusted), self.store.top.below(folders) as folder:
                folder.sync()

    def _take_back(
        self, entries: dict[Path, Entry], done: dict[Path, Entry], at: Path | None, error: BaseException
    ) -> None:
        stuck = {}
        for path, entry in reversed(done.items()):
            try:
                reset(self.store, self._run, entry)
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
            self.stopped_by = at if not stuck and isinstance(error, OSError) else None
        self._left.update(stuck)
        if stuck:
            # The next run, or an undo, finds the journal without an end and tries again.
            self._remove_staged()
            self._close()
            self.written = len(stuck)
        else:
            self._end(TAKEN_BACK)

    def _end(self, state: str) -> None:
        """Note how it ended; if that fails, the next run finds out by itself."""
        assert self._journal is not None  # noqa: S101 - it was committed
        with contextlib.suppress(OSError):
            self._journal.end(state)
        self._run.state = state
        self._close()
        if state == DONE:
            with contextlib.suppress(OSError, Refused):
                self.store.prune(self.history_size)

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _remove_staged(self) -> None:
        for line in remove_staged(self.store, self._run, self._staged.values()):
            self.say(line)
        self._staged = {}

    def _abandon(self) -> None:
        """Remove what is staged and was not committed, and the journal of a run that changed nothing."""
        self._remove_staged()
        was_open = self._journal is not None
        self._close()
        if was_open or self._run.state == TAKEN_BACK:
            with contextlib.suppress(OSError, Refused):
                self.store.remove(self.id)


def _still(folder: Folder, entry: Entry) -> Seen | None:
    """What a file looks like that holds its old bytes; None if there is still none."""
    if entry.old == ABSENT:
        require_absent(folder, entry.name)
        return None
    with opened(folder, entry.name) as source:
        status = os.fstat(source)
        if status.st_size != entry.old_size or digest_of(source) != entry.old:
            raise NotWritten("has changed since it was read")
        return Seen.of(status)


def run_name(now: float) -> str:
    """A name for a run that begins now; names are in the order in which runs begin, also within a second.

    Args:
        now: seconds since the epoch.
    """
    second = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    return f"{second}-{int(now % 1 * 0x10000):04x}{secrets.token_hex(1)}"
