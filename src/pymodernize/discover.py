"""Which files the paths on the command line mean."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

# Black's default for --exclude, https://black.readthedocs.io (Usage, "--exclude").
DEFAULT_EXCLUDES = (
    ".direnv .eggs .git .hg .ipynb_checkpoints .mypy_cache .nox .pytest_cache .ruff_cache .tox .svn .venv .vscode "
    "__pypackages__ _build buck-out build dist venv"
).split()
SUFFIXES = (".py", ".pyw")
_GLOB_CHARACTERS = frozenset("*?[")


@dataclass(frozen=True)
class Problem:
    """A path that cannot be worked on, and why, in a line for a person."""

    path: Path
    message: str


@dataclass
class Discovery:
    """What was found, each list in the order of the paths and of their names.

    Attributes:
        files: Python files, none twice.
        problems: paths that are there or were named, but cannot be worked on.
        skipped: links that lead out of the named trees.
    """

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)


def discover(paths: Sequence[str], extend_exclude: Sequence[str] = ()) -> Discovery:
    """Find the files that paths mean.

    A file that is named is taken, whatever it is called. A folder is searched
    for ``*.py``, ``*.pyw`` and scripts without extension whose first line is
    a Python shebang; default excludes, ``extend_exclude`` and ``.gitignore``
    files leave out. A pattern (``jobs/**/*.py``) is expanded. A link is
    followed if it is named, or if it leads into the tree that is searched.
    """
    return _Search(extend_exclude).run(paths)


def has_python_shebang(path: Path) -> bool:
    """Whether a file's first line runs it with Python."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            first = file.read(128).split(b"\n", 1)[0]
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first


class _Search:
    def __init__(self, extend_exclude: Sequence[str]) -> None:
        self.found = Discovery()
        self.seen: set[str] = set()
        self.extra = GitIgnoreSpec.from_lines(extend_exclude)

    def run(self, paths: Sequence[str]) -> Discovery:
        for name in paths:
            path = Path(name)
            if path.is_dir():
                self.folder(path)
            elif os.path.lexists(path):
                self.named(path)
            elif matches := self.expanded(name):
                for match in matches:
                    self.named(match)
            else:
                self.found.problems.append(Problem(path, "does not exist"))
        return self.found

    def expanded(self, name: str) -> list[Path]:
        """The files of a pattern, without what the excludes leave out."""
        if not _GLOB_CHARACTERS & set(name):
            return []
        matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]
        return [match for match in matches if not match.is_dir() and not set(match.parts) & set(DEFAULT_EXCLUDES)]

    def named(self, path: Path) -> None:
        """Take a file that was named, through a link too."""
        try:
            mode = path.stat().st_mode
        except OSError as exc:
            message = "is a broken symbolic link" if path.is_symlink() else f"cannot be read: {exc.strerror}"
            self.found.problems.append(Problem(path, message))
            return
        self.take(path, mode)

    def take(self, path: Path, mode: int) -> None:
        if not stat.S_ISREG(mode):
            self.found.problems.append(Problem(path, f"is {_kind(mode)}, not a file"))
            return
        real = os.path.realpath(path)
        if real not in self.seen:
            self.seen.add(real)
            self.found.files.append(path)

    def folder(self, root: Path) -> None:
        tree = os.path.realpath(root)
        rules = _Rules(root, self.extra)
        pending = [(root, rules.above())]
        while pending:
            folder, specs = pending.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda item: item.name)
            except OSError as exc:
                self.found.problems.append(Problem(folder, f"cannot be read: {exc.strerror}"))
                continue
            specs = rules.with_own(folder, specs)
            below = []
            for entry in entries:
                path = folder / entry.name
                if rules.excludes(path, entry.is_dir(follow_symlinks=False), specs):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    below.append((path, specs))
                elif self.wants(entry):
                    self.entry(entry, path, tree)
            pending += reversed(below)

    def wants(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.endswith(SUFFIXES):
            return True
        return "." not in entry.name and entry.is_file() and has_python_shebang(Path(entry.path))

    def entry(self, entry: os.DirEntry[str], path: Path, tree: str) -> None:
        """Take what was found in a folder; a link only if it stays in the tree."""
        if entry.is_symlink():
            if not os.path.exists(path):
                self.found.problems.append(Problem(path, "is a broken symbolic link"))
                return
            if not os.path.realpath(path).startswith(tree + os.sep):
                self.found.skipped.append(path)
                return
            if os.path.isdir(path):
                return
            path = Path(os.path.realpath(path))
        try:
            mode = os.stat(path).st_mode
        except OSError as exc:
            self.found.problems.append(Problem(path, f"cannot be read: {exc.strerror}"))
            return
        self.take(path, mode)


_Specs = tuple[tuple[Path, GitIgnoreSpec], ...]


class _Rules:
    """The default excludes, those of the settings, and the ``.gitignore`` files that hold for a folder."""

    def __init__(self, root: Path, extra: GitIgnoreSpec) -> None:
        self.root = Path(os.path.abspath(root))
        self.shown = root
        self.extra = extra

    def above(self) -> _Specs:
        """The ``.gitignore`` files between the repository's root and the folder that is searched."""
        specs: list[tuple[Path, GitIgnoreSpec]] = []
        chain = [self.root, *self.root.parents]
        top = next((number for number, folder in enumerate(chain) if (folder / ".git").exists()), 0)
        for folder in reversed(chain[1 : top + 1]):
            specs += _own_spec(folder)
        return tuple(specs)

    def with_own(self, folder: Path, specs: _Specs) -> _Specs:
        return (*specs, *_own_spec(Path(os.path.abspath(folder))))

    def excludes(self, path: Path, is_folder: bool, specs: _Specs) -> bool:
        if is_folder and path.name in DEFAULT_EXCLUDES:
            return True
        whole = Path(os.path.abspath(path))
        suffix = "/" if is_folder else ""
        if self.extra.match_file(whole.relative_to(self.root).as_posix() + suffix):
            return True
        for base, spec in reversed(specs):
            verdict = spec.check_file(whole.relative_to(base).as_posix() + suffix).include
            if verdict is not None:
                return verdict
        return False


def _own_spec(folder: Path) -> Iterator[tuple[Path, GitIgnoreSpec]]:
    try:
        text = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    yield folder, GitIgnoreSpec.from_lines(text.splitlines())


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "a folder"
