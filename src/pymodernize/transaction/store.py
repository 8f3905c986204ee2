"""Where a project keeps its transactions: the folder ``.pymodernize/``, which git and we ourselves pass over."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pymodernize.transaction.journal import DONE, Run, read_run
from pymodernize.transaction.lock import PATIENCE, Lock
from pymodernize.transaction.staging import NotWritten, why, write_all

NAME = ".pymodernize"
# A repository wins over a package inside it: several packages share it, and one lock.
_REPOSITORY_MARKS = (".git", ".hg")
_PACKAGE_MARKS = ("pyproject.toml", "setup.cfg", "setup.py")


class Store:
    """The runs of one project, newest last.

    Args:
        root: the project's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / NAME
        self.runs_folder = self.folder / "runs"
        self.lock = Lock(self.folder / "lock")

    def open(self, say: Callable[[str], None], patience: float = PATIENCE) -> None:
        """Make the folder and take the lock.

        Args:
            say: takes a line for a person while another run is waited for.
            patience: how long to wait, in seconds.

        Raises:
            Locked: another run did not end in time.
            OSError: the folder cannot be made or written to.
        """
        while True:
            os.makedirs(self.folder, exist_ok=True)
            try:
                self.lock.acquire(say, patience)
            except FileNotFoundError:
                continue  # a run that left nothing has just removed the folder
            break
        try:
            os.makedirs(self.runs_folder, exist_ok=True)
            self._ignore_itself()
        except BaseException:
            self.lock.release()
            raise

    def close(self) -> None:
        """Give the lock back; a folder that holds no run goes."""
        with contextlib.suppress(OSError):
            if set(os.listdir(self.folder)) <= {"runs", "lock", ".gitignore"}:
                os.rmdir(self.runs_folder)  # which fails if it holds any
                os.unlink(self.folder / ".gitignore")
                os.unlink(self.lock.path)
                os.rmdir(self.folder)
        self.lock.release()

    def runs(self) -> list[Run]:
        """What the journals say, oldest first; those that may not be read are left out."""
        try:
            names = os.listdir(self.runs_folder)
        except OSError:
            return []
        found = []
        for name in names:
            with contextlib.suppress(OSError):
                found.append(read_run(self.runs_folder / name, self.root))
        return sorted(found, key=lambda run: (run.time, run.id))

    def remove(self, run: Path) -> None:
        """Remove a run's folder, its journal first: without one it is what a run left that did nothing."""
        for name in ("journal", "originals"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(run / name)
        os.rmdir(run)

    def prune(self, most: int) -> None:
        """Remove finished runs, oldest first, until the rest fits; the newest stays in any case.

        Args:
            most: how many bytes they may take.
        """
        sizes = {folder: _size(self.runs_folder / folder) for folder in sorted(os.listdir(self.runs_folder))}
        total = sum(sizes.values())
        if total <= most:
            return
        for run in [run for run in self.runs() if run.state == DONE][:-1]:
            if total <= most:
                break
            with contextlib.suppress(OSError):
                self.remove(run.folder)
                total -= sizes[run.id]

    def _ignore_itself(self) -> None:
        path = self.folder / ".gitignore"
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                write_all(descriptor, b"# pymodernize keeps here what its undo needs.\n*\n")
            finally:
                os.close(descriptor)


def _size(folder: Path) -> int:
    return sum(item.stat().st_size for item in os.scandir(folder))


def open_store(starts: Iterable[Path], say: Callable[[str], None]) -> Store:
    """The store of a run, with its lock taken.

    Args:
        starts: folders whose projects may keep it; the first that lets us
            write is taken.
        say: takes a line for a person while another run is waited for.

    Raises:
        NotWritten: none of them lets us write.
        Locked: another run did not end in time.
    """
    problem = None
    for root in _candidates(starts):
        store = Store(root)
        try:
            store.open(say)
        except OSError as exc:
            problem = problem or f"{store.folder}: {why(exc)}"
        else:
            return store
    raise NotWritten(problem or "there is no folder to keep the journal in")


def find_store(start: Path) -> Store:
    """The store that has the runs of a folder: its own, or the nearest above that is there."""
    for folder in (start, *start.parents):
        if os.path.isdir(folder / NAME / "runs"):
            return Store(folder)
    return Store(project_root(start))


def project_root(start: Path) -> Path:
    """The project that a folder belongs to: its repository, else where runs are kept already, else its package."""
    for marks in (_REPOSITORY_MARKS, (f"{NAME}/runs",), _PACKAGE_MARKS):
        for folder in (start, *start.parents):
            if any(os.path.exists(folder / mark) for mark in marks):
                return folder
    return start


def _candidates(starts: Iterable[Path]) -> Iterator[Path]:
    seen = set()
    for start in starts:
        real = Path(os.path.realpath(start))
        while not os.path.isdir(real):  # a pattern
            real = real.parent
        for root in (project_root(real), real):
            # What only the root of the file system has in common is no project.
            if root != Path(root.anchor) and root not in seen:
                seen.add(root)
                yield root
