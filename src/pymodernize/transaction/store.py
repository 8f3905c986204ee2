"""Where a project keeps its transactions: the folder ``.pymodernize/``, which git and we ourselves pass over.

A project may come from anybody, with such a folder in it. One that is a link, belongs to another user, may be written
to by others or is under version control is not looked at; of what is in the others, only runs that we signed count.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.files.signing import NoKey
from pymodernize.transaction.git import has_tracked
from pymodernize.transaction.journal import DAMAGED, DONE, FOREIGN, JOURNAL, ORIGINALS, RUN_NAME, Entry, Run
from pymodernize.transaction.lock import PATIENCE, Lock
from pymodernize.transaction.runs import end_run, is_done, original, read_run
from pymodernize.transaction.staging import write_all

NAME = ".pymodernize"
_RUNS = "runs"
_SET_ASIDE = re.compile(rf"(?:{DAMAGED}|{FOREIGN})-{RUN_NAME.pattern}")


class Refused(Exception):
    """What is in the place of a store is not trusted; the message says where it is and why."""


class Store:
    """The runs of one project, newest last.

    Args:
        root: the project's folder, as a path without links.
        folder: where the runs are kept; None for the project itself.
    """

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        self.root = root
        self.folder = folder or root / NAME
        self.runs_folder = self.folder / _RUNS
        self.lock = Lock(self.folder / "lock")
        self._top: Folder | None = None
        self._runs: Folder | None = None

    # --- opening -----------------------------------------------------------------------------------------------------

    def open(self, say: Callable[[str], None], patience: float = PATIENCE) -> None:
        """Make the folder and take the lock.

        Args:
            say: takes a line for a person while another run is waited for.
            patience: how long to wait, in seconds.

        Raises:
            Locked: another run did not end in time.
            Refused: what is there is not trusted.
            OSError: the folder cannot be made or written to.
        """
        with self._refusing():
            while True:
                with Folder.of(self.folder.parent) as above:
                    if above.has(self.folder.name):
                        self._require_trust(above)
                    else:
                        above.make(self.folder.name).close()
                try:
                    self.lock.acquire(say, patience)
                except FileNotFoundError:
                    continue  # a run that left nothing has just removed the folder
                break
            try:
                self._top = Folder.of(self.root)
                with self._enter() as folder:
                    self._runs = folder.make(_RUNS)
                    self._runs.require_own()
                    _ignore_itself(folder)
            except BaseException:
                self._release()
                raise

    def close(self) -> None:
        """Give the lock back; a folder that holds no run goes."""
        with contextlib.suppress(OSError, Untrusted), Folder.of(self.folder.parent) as above:
            with self._enter() as folder:
                if set(folder.names()) <= {_RUNS, "lock", ".gitignore"}:
                    folder.rmdir(_RUNS)  # which fails if it holds any
                    folder.unlink(".gitignore")
                    folder.unlink("lock")
            above.rmdir(self.folder.name)
        self._release()

    def require_trust(self) -> None:
        """Make sure that what is there may be looked at; nothing at all may.

        Raises:
            Refused: it may not.
            OSError: it cannot be found out.
        """
        with self._refusing(), Folder.of(self.folder.parent) as above:
            if above.has(self.folder.name):
                self._require_trust(above)

    @property
    def top(self) -> Folder:
        """The project's folder, while the store is open."""
        assert self._top is not None, "the store is not open"  # noqa: S101
        return self._top

    @property
    def kept(self) -> Folder:
        """The folder of the runs, while the store is open."""
        assert self._runs is not None, "the store is not open"  # noqa: S101
        return self._runs

    def parent_of(self, entry: Entry) -> Folder:
        """The folder of a file of a run, reached through no link. To be closed.

        Raises:
            Untrusted: there is a link on the way.
            OSError: it is gone, or may not be entered.
        """
        return self.top.below(entry.folders)

    def _require_trust(self, above: Folder) -> None:
        with above.folder(self.folder.name) as folder:
            folder.require_own()
            if folder.has(_RUNS):
                with folder.folder(_RUNS) as runs:
                    runs.require_own()
        if self.folder.parent == self.root and has_tracked(self.root, self.folder.name):
            raise Untrusted(f"{self.folder}: is under version control, so that others may have written it")

    def _enter(self) -> Folder:
        with Folder.of(self.folder.parent) as above:
            return above.folder(self.folder.name)

    def _release(self) -> None:
        self.lock.release()
        for folder in (self._top, self._runs):
            if folder is not None:
                folder.close()
        self._top = self._runs = None

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (Untrusted, NoKey) as exc:
            raise Refused(str(exc)) from exc

    # --- runs --------------------------------------------------------------------------------------------------------

    def runs(self, *, unfinished: bool = False) -> list[Run]:
        """What the journals say, oldest first; those that may not be read are left out.

        Args:
            unfinished: whether only those are wanted that were not carried
                out to their end.

        Raises:
            Refused: what is there is not trusted, or there is no key to check it with.
        """
        with self._refusing(), contextlib.ExitStack() as stack:
            if self._runs is not None:
                runs = self._runs
            else:
                self.require_trust()
                try:
                    runs = stack.enter_context(stack.enter_context(self._enter()).folder(_RUNS))
                    runs.require_own()
                except OSError:
                    return []
            return _runs_in(runs, unfinished=unfinished)
        return []

    def original(self, run: Run, entry: Entry) -> bytes:
        """The bytes of a file before a run.

        Raises:
            OSError: they cannot be read.
            ValueError: they are not what was written down.
        """
        return original(self.kept, run, entry)

    def end(self, run: Run, state: str) -> None:
        """Write into the journal of a process that is gone how its transaction ended.

        Raises:
            OSError: it cannot be written.
        """
        with self._refusing():
            end_run(self.kept, run, state)

    def remove(self, run: str) -> None:
        """Remove a run's folder.

        Raises:
            OSError: it cannot be removed.
        """
        with self._refusing():
            _remove(self.kept, run)

    def set_aside(self, run: Run) -> None:
        """Let a run be that cannot be made sense of, under a name that says so.

        Raises:
            OSError: it cannot be renamed.
        """
        if run.state in (DAMAGED, FOREIGN):
            with self._refusing(), self._enter() as folder:
                self.kept.replace(run.id, f"{run.state}-{run.id}", into=folder)

    def prune(self, most: int) -> None:
        """Remove finished runs and those that were set aside, oldest first, until the rest fits.

        Args:
            most: how many bytes they may take; the newest finished run stays in any case.
        """
        with self._refusing(), self._enter() as folder:
            aside = [name for name in folder.names() if _SET_ASIDE.fullmatch(name)]
            places = {name: self.kept for name in self.kept.names()} | dict.fromkeys(aside, folder)
            sizes = {name: _size(place, name) for name, place in places.items()}
            total = sum(sizes.values())
            if total <= most:
                return
            finished = [run.id for run in self.runs() if run.state == DONE][:-1]
            # The names of those that were set aside end in the name that they had, which begins with the time.
            for name in sorted([*aside, *finished], key=lambda item: item.rpartition("-")[0][-15:]):
                if total <= most:
                    break
                with contextlib.suppress(OSError, Untrusted):
                    _remove(places[name], name)
                    total -= sizes[name]


def _remove(place: Folder, name: str) -> None:
    """Remove a run's folder, its journal first: without one it is what a run left that did nothing."""
    with place.folder(name) as folder:
        for part in (JOURNAL, ORIGINALS):
            with contextlib.suppress(FileNotFoundError):
                folder.unlink(part)
    place.rmdir(name)


def _size(place: Folder, name: str) -> int:
    try:
        with place.folder(name) as folder:
            return sum(folder.status(part).st_size for part in folder.names())
    except (OSError, Untrusted):
        return 0


def _runs_in(runs: Folder, *, unfinished: bool) -> list[Run]:
    try:
        names = [name for name in runs.names() if RUN_NAME.fullmatch(name)]
    except OSError:
        return []
    found = []
    for name in names:
        with contextlib.suppress(OSError):
            if not unfinished or not is_done(runs, name):
                found.append(read_run(runs, name))
    return sorted(found, key=lambda run: (run.time, run.id))


def _ignore_itself(folder: Folder) -> None:
    with contextlib.suppress(FileExistsError):
        descriptor = folder.open(".gitignore", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            write_all(descriptor, b"# pymodernize keeps here what its undo needs.\n*\n")
        finally:
            os.close(descriptor)
