"""Run a plan over files. Reads them, asks the engine; writes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.discover import DEFAULT_EXCLUDES, SUFFIXES
from pymodernize.engine import Result, notes, transform
from pymodernize.plan import Plan
from pymodernize.semantics.project import Project, ProjectFacts, ProjectFile, scan_imports

# A folder above a named file is only taken for its project if one of these stands in it.
_ROOT_MARKS = (".git", ".hg", "pyproject.toml", "setup.cfg", "setup.py")


@dataclass(frozen=True)
class FileReport:
    """One file of a run: its path as given, the bytes that were read, what became of them."""

    path: Path
    source: bytes
    result: Result


def run(files: Sequence[Path], plan: Plan, *, max_size: int, folders: Sequence[Path] = ()) -> Iterator[FileReport]:
    """Work on files, one after another, in their order.

    Args:
        files: what :func:`pymodernize.discover.discover` found.
        plan: what to do.
        max_size: larger files, in bytes, are not read.
        folders: the folders that were named: their files count as one project
            even where no repository says so.

    Yields:
        A report for each file; one that cannot be read has an error.
    """
    surroundings = _Surroundings(files, plan, folders, max_size)
    for path in files:
        try:
            source = read(path, max_size)
        except Unreadable as exc:
            yield FileReport(path, b"", Result(error=str(exc)))
            continue
        facts = surroundings.facts(path) if plan.is_triggered(source) else None
        yield FileReport(path, source, transform(source, plan, facts))


class Unreadable(Exception):
    """A file cannot be read; the message says why."""


def read(path: Path, max_size: int) -> bytes:
    """The bytes of a regular file.

    Raises:
        Unreadable: it is gone, forbidden, too large or no file.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO that has taken the file's place would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise Unreadable("is gone") from None
    except OSError as exc:
        raise Unreadable(f"cannot be read: {exc.strerror}") from None
    with open(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a regular file")
        if status.st_size > max_size:
            raise Unreadable(f"is larger than the limit of {max_size} bytes (max-file-size)")
        try:
            return file.read()
        except OSError as exc:
            raise Unreadable(f"cannot be read: {exc.strerror}") from None


class _Surroundings:
    """What files know of each other, worked out when the first codemod needs it."""

    def __init__(self, files: Sequence[Path], plan: Plan, folders: Sequence[Path], max_size: int) -> None:
        self.plan = plan
        self.max_size = max_size
        self.needed = any(codemod.uses_project for codemod in plan.codemods)
        self.projects: dict[Path, Project] = {}
        self.roots: dict[Path, tuple[Path, bool]] = {}
        self.in_run = frozenset(os.path.realpath(path) for path in files) if self.needed else frozenset()
        self.named = [Path(os.path.realpath(folder)) for folder in folders]
        self.asked: set[str] = set()

    def facts(self, path: Path) -> ProjectFacts:
        """What is known of the project around a file."""
        if not self.needed:
            return ProjectFacts(path=str(path))
        here = os.path.realpath(path)
        project = self.project(Path(here).parent)
        for other in sorted(project.speakers(here)):
            self.ask(project, other)
        return project.facts(here, str(path))

    def ask(self, project: Project, path: str) -> None:
        """Ask a file of the run for what others must know of it, once."""
        if path in self.asked:
            return
        self.asked.add(path)
        try:
            source = read(Path(path), self.max_size)
        except Unreadable:
            return
        project.notes[path] = notes(source, self.plan, project.facts(path))

    def project(self, folder: Path) -> Project:
        """The project that a folder belongs to."""
        if folder not in self.roots:
            self.roots[folder] = self.root(folder)
        root, recursive = self.roots[folder]
        if root not in self.projects:
            inside = str(root) + os.sep
            paths = {path for path in self.in_run if path.startswith(inside)}
            paths |= {str(path) for path in python_files(root, recursive=recursive)}
            files = {path: self.scan(path) for path in sorted(paths)}
            self.projects[root] = Project(str(root), files, self.in_run)
        return self.projects[root]

    def scan(self, path: str) -> ProjectFile:
        """A file's imports, found without parsing it."""
        try:
            source = read(Path(path), self.max_size)
        except Unreadable:
            return ProjectFile(frozenset())
        return ProjectFile(scan_imports(source), self.plan.is_triggered(source))

    def root(self, folder: Path) -> tuple[Path, bool]:
        """The root of a folder's project, and whether the folders below it belong to it."""
        for candidate in (folder, *folder.parents):
            if any((candidate / mark).exists() for mark in _ROOT_MARKS):
                return candidate, True
        for candidate in self.named:
            if candidate == folder or candidate in folder.parents:
                return candidate, True
        return folder, False


def python_files(root: Path, *, recursive: bool) -> Iterator[Path]:
    """Every Python file of a folder, without what the default excludes leave out and without following links."""
    pending = [root]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if recursive and entry.name not in DEFAULT_EXCLUDES and entry.name != "node_modules":
                    pending.append(Path(entry.path))
            elif entry.name.endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def error_reports(problems: Iterable[tuple[Path, str]]) -> Iterator[FileReport]:
    """Reports for paths that were not even read."""
    for path, message in problems:
        yield FileReport(path, b"", Result(error=message))
