"""Which files the paths on the command line mean."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pymodernize.files.gitignore import MOST_BYTES, Patterns, TooManyPatterns

# Black's default for --exclude, https://black.readthedocs.io (Usage, "--exclude"), and what we keep ourselves.
DEFAULT_EXCLUDES = (
    ".direnv .eggs .git .hg .ipynb_checkpoints .mypy_cache .nox .pytest_cache .ruff_cache .tox .svn .venv .vscode "
    ".pymodernize __pypackages__ _build buck-out build dist venv"
).split()
SUFFIXES = (".py", ".pyw")
# Files above this many bytes are not read, unless the settings say otherwise.
MAX_SIZE = 2_000_000
_GLOB_CHARACTERS = frozenset("*?[")
# "#!/usr/bin/python3.11 -u", "#!/usr/bin/env python", "#!/usr/bin/env -S FOO=1 python3 -O"; not "#!/opt/python/bin/sh".
_SHEBANG = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:(?:-\S+|\w+=\S*)\s+)*(?:\S*/)?)?(?:python|pypy)[\d.]*w?(?:\s|$)")


@dataclass(frozen=True)
class Problem:
    """A path that cannot be worked on, and why, in a line for a person."""

    path: Path
    message: str


@dataclass(frozen=True)
class Excluded:
    """Files that settings exclude beyond the defaults.

    Attributes:
        patterns: as in ``.gitignore``.
        folder: that they are written for; the one that is searched if None, or if it has nothing to do with that.
    """

    patterns: tuple[str, ...]
    folder: Path | None = None


@dataclass
class Discovery:
    """The files that were found, each list in the order of the paths and of their names.

    Attributes:
        files: Python files, none twice.
        problems: paths that are there or were named, but cannot be worked on.
        skipped: links that lead out of the named trees.
        targets: where each file was, with links resolved.
    """

    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    targets: dict[Path, str] = field(default_factory=dict)


def discover(paths: Sequence[str], excluded: Sequence[Excluded] = ()) -> Discovery:
    """Find the files that paths mean.

    A file that is named is taken, whatever it is called. A folder is searched
    for ``*.py``, ``*.pyw`` and scripts without extension whose first line is
    a Python shebang; default excludes, those of settings and ``.gitignore``
    files leave out. A pattern (``jobs/**/*.py``) is expanded, without what
    the excludes leave out. A link is followed if it is named, or if it leads
    into the tree that is searched, to nothing that is left out.

    Args:
        paths: files, folders and patterns.
        excluded: what settings leave out.

    Returns:
        The files in the order of the paths, and what stands in the way of
        others.
    """
    return _Search(excluded).run(paths)


def has_python_shebang(path: Path) -> bool:
    """Whether a file's first line runs it with Python.

    Args:
        path: any file.

    Returns:
        False as well for a file that cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            first = os.read(descriptor, 256).split(b"\n", 1)[0]
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return _SHEBANG.match(first) is not None


class _Search:
    """One search: what was found so far, and what may be found."""

    def __init__(self, excluded: Sequence[Excluded]) -> None:
        self.found = Discovery()
        self.seen: set[str] = set()
        self.extra = [(item.folder, Patterns(item.patterns)) for item in excluded if item.patterns]

    def run(self, paths: Sequence[str]) -> Discovery:
        """Take each path for what it is: a folder, a file, a pattern."""
        for name in paths:
            path = Path(name)
            # os.path, not Path: its questions have an answer for forbidden folders and overlong names, too.
            if os.path.isdir(path):
                self.folder(path)
            elif os.path.lexists(path):
                self.named(path)
            elif _GLOB_CHARACTERS & set(name) and self.pattern(name):
                pass
            else:
                self.named(path)
        return self.found

    def rules(self, root: Path) -> _Rules:
        """The exclusion rules of a folder."""
        return _Rules(root, self.extra, self.found.problems)

    def problem(self, path: Path, error: OSError) -> None:
        """Note why a path cannot be worked on."""
        if os.path.islink(path):
            message = "is a broken symbolic link"
        elif isinstance(error, FileNotFoundError):
            message = "matches no file" if _GLOB_CHARACTERS & set(str(path)) else "does not exist"
        else:
            message = f"cannot be read: {error.strerror}"
        self.found.problems.append(Problem(path, message))

    def named(self, path: Path) -> None:
        """Take a file that was named, through a link too."""
        try:
            mode = os.stat(path).st_mode
        except OSError as exc:
            self.problem(path, exc)
        else:
            self.take(path, mode)

    def take(self, path: Path, mode: int) -> None:
        """Take a regular file, once."""
        if not stat.S_ISREG(mode):
            self.found.problems.append(Problem(path, f"is {_kind(mode)}, not a file"))
            return
        real = os.path.realpath(path)
        if real not in self.seen:
            self.seen.add(real)
            self.found.files.append(path)
            self.found.targets[path] = real

    def pattern(self, name: str) -> bool:
        """Take the files of a pattern; whether there are any, taken or left out."""
        steps = Path(name).parts
        fixed = next(number for number, step in enumerate(steps) if _GLOB_CHARACTERS & set(step))
        root = Path(*steps[:fixed])
        rules = self.rules(root)
        matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]
        for match in matches:
            if not os.path.isdir(match) and not rules.leaves_out(match):
                self.entry(match, rules)
        return bool(matches)

    def folder(self, root: Path) -> None:
        """Search a folder; links are looked at when it is known what the tree holds."""
        rules = self.rules(root)
        pending = [(root, rules.above())]
        links: list[Path] = []
        while pending:
            folder, specs = pending.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda item: item.name)
            except OSError as exc:
                self.problem(folder, exc)
                continue
            specs = rules.with_own(folder, specs)
            below = []
            for entry in entries:
                path = folder / entry.name
                if rules.excludes(path, entry.is_dir(follow_symlinks=False), specs):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    below.append((path, specs))
                elif entry.is_symlink():
                    links.append(path)
                elif _is_wanted(path, entry.is_file()):
                    self.entry(path, rules)
            pending += reversed(below)
        # Links come last, so that a file that can be had without one keeps its own name.
        for path in links:
            self.link(path, rules)

    def link(self, path: Path, rules: _Rules) -> None:
        """Take a link that was found, if what it leads to is there, is Python, and is not left out."""
        if path.name.endswith(SUFFIXES) and not os.path.exists(path):
            self.found.problems.append(Problem(path, "is a broken symbolic link"))
        elif not rules.holds(path):
            # What it leads to is not even looked at: it may be somebody else's.
            self.found.skipped.append(path)
        elif not os.path.isdir(path) and _is_wanted(path, os.path.isfile(path)):
            self.entry(path, rules)

    def entry(self, path: Path, rules: _Rules) -> None:
        """Take what was found by a search; a link only if it stays in the tree."""
        if os.path.exists(path) and not rules.holds(path):
            self.found.skipped.append(path)
        elif not os.path.islink(path) or not rules.leaves_out(Path(os.path.realpath(path)), real=True):
            self.named(path)


def _is_wanted(path: Path, is_file: bool) -> bool:
    if path.name.endswith(SUFFIXES):
        return True
    return "." not in path.name and is_file and has_python_shebang(path)


_Specs: TypeAlias = tuple[tuple[Path, Patterns], ...]


class _Rules:
    """The default excludes, those of the settings, and the ``.gitignore`` files that hold for a folder."""

    def __init__(self, root: Path, extra: Sequence[tuple[Path | None, Patterns]], problems: list[Problem]) -> None:
        self.root = Path(os.path.abspath(root))
        self.real = Path(os.path.realpath(root))
        self.problems = problems
        self.own: dict[Path, _Specs] = {}
        self.extra = [(self._base(folder), patterns) for folder, patterns in extra]

    def _base(self, folder: Path | None) -> Path:
        """The folder that a folder's patterns are relative to."""
        at = Path(os.path.abspath(folder)) if folder is not None else self.root
        return at if at == self.root or at in self.root.parents or self.root in at.parents else self.root

    def holds(self, path: Path) -> bool:
        """Whether a path leads into the tree, through links too."""
        return self.real in Path(os.path.realpath(path)).parents

    def above(self) -> _Specs:
        """The ``.gitignore`` files between the repository's root and the folder that is searched.

        If they leave out the folder itself, it was named on purpose, and they do not count.
        """
        specs: list[tuple[Path, Patterns]] = []
        chain = [self.root, *self.root.parents]
        top = next((number for number, folder in enumerate(chain) if os.path.exists(folder / ".git")), 0)
        for folder in reversed(chain[1 : top + 1]):
            specs += self.own_spec(folder)
        if any(_verdict(folder, True, tuple(specs)) for folder in chain[:top]):
            return ()
        return tuple(specs)

    def with_own(self, folder: Path, specs: _Specs) -> _Specs:
        """The specs for what a folder holds: those that hold for the folder, and its own."""
        return (*specs, *self.own_spec(Path(os.path.abspath(folder))))

    def own_spec(self, folder: Path) -> _Specs:
        """The patterns of a folder's ``.gitignore``, if it has one that can be read."""
        if folder not in self.own:
            self.own[folder] = tuple((folder, patterns) for patterns in self._read(folder / ".gitignore"))
        return self.own[folder]

    def _read(self, path: Path) -> Iterator[Patterns]:
        if not os.path.isfile(path):
            return
        try:
            with open(path, "rb") as file:
                text = file.read(MOST_BYTES + 1)
        except OSError:
            return
        reason = f"is larger than {MOST_BYTES} bytes"
        if len(text) <= MOST_BYTES:
            try:
                yield Patterns.of_file(text)
                return
            except TooManyPatterns as exc:
                reason = str(exc)
        problem = Problem(path, f"{reason}: its patterns do not count")
        if problem not in self.problems:
            self.problems.append(problem)

    def leaves_out(self, path: Path, *, real: bool = False) -> bool:
        """Whether a search from the root would not have come to a path, because of an exclude on the way.

        Args:
            path: what is asked about, below the root.
            real: whether links in it are resolved, those above the root too.
        """
        root = self.real if real else self.root
        try:
            steps = Path(os.path.abspath(path)).relative_to(root).parts
        except ValueError:  # it is not below the root: a broken link, or "..", in a pattern
            return False
        folder, specs = self.root, self.above()
        for number, step in enumerate(steps, 1):
            specs = self.with_own(folder, specs)
            folder /= step
            if self.excludes(folder, number < len(steps), specs):
                return True
        return False

    def excludes(self, path: Path, is_folder: bool, specs: _Specs) -> bool:
        """Whether a path is left out for its own name; its folders have been asked about."""
        if is_folder and path.name in DEFAULT_EXCLUDES:
            return True
        whole = Path(os.path.abspath(path))
        for base, patterns in self.extra:
            if base in whole.parents and patterns.leaves_out(_names(whole, base), is_folder=is_folder):
                return True
        return _verdict(whole, is_folder, specs)


def _verdict(path: Path, is_folder: bool, specs: _Specs) -> bool:
    """Whether ``.gitignore`` files leave out a path; the innermost that speaks of it decides."""
    for base, patterns in reversed(specs):
        if base in path.parents:
            verdict = patterns.verdict(_names(path, base), is_folder=is_folder)
            if verdict is not None:
                return verdict
    return False


def _names(path: Path, base: Path) -> list[bytes]:
    """The names of a path below a folder."""
    return [os.fsencode(name) for name in path.relative_to(base).parts]


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "a folder"
