"""Collect what files know of each other: which project a file belongs to, and what its other files import."""

from __future__ import annotations

import contextlib
import os
import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from pymodernize.execution.code_style import CodeStyle, code_style
from pymodernize.execution.dependencies import declared_in
from pymodernize.execution.known_files import Memory
from pymodernize.execution.pool import Pool
from pymodernize.execution.task import Names, Task
from pymodernize.files.discover import DEFAULT_EXCLUDES, MAX_SIZE, SUFFIXES, has_python_shebang
from pymodernize.files.reading import Unreadable, read
from pymodernize.files.toml import MOST_BYTES
from pymodernize.plan import Plan
from pymodernize.semantics.project import Project, ProjectFacts, ProjectFile

# A folder above a named file is only taken for its project if one of these stands in it. A repository wins over a
# package inside it: what imports the package may stand beside it.
_REPOSITORY_MARKS = (".git", ".hg")
_PACKAGE_MARKS = ("pyproject.toml", "setup.cfg", "setup.py")


class Neighbourhood:
    """Project facts of files, computed when the first codemod needs them.

    Args:
        files: what the run works on; none for a tool that hands us one file
            after another, each of which is then a run of its own.
        plan: what the run does.
        folders: the folders that were named.
        max_size: larger files, in bytes, are not read.
        pool: who asks files what others must know of them; this process
            alone if None.
        memory: reads the files, and may know of answers; one that knows of
            none if None.
    """

    def __init__(
        self,
        files: Sequence[Path],
        plan: Plan,
        folders: Sequence[Path] = (),
        max_size: int = MAX_SIZE,
        pool: Pool | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.plan = plan
        self.pool = pool or Pool(plan)
        self.memory = memory or Memory(plan, max_size)
        self.max_size = max_size
        self.needed = any(codemod.uses_project for codemod in plan.codemods)
        self.projects: dict[Path, Project] = {}
        self.roots: dict[Path, Path | None] = {}
        self.shown = {os.path.realpath(path): str(path) for path in files} if self.needed else {}
        self.in_run = frozenset(self.shown)
        self.ordered = sorted(self.shown)
        self.named = [Path(os.path.realpath(folder)) for folder in folders]
        self.notes: dict[str, tuple[tuple[str, Hashable], ...]] = {}
        self.exports: dict[str, frozenset[str] | None] = {}
        self.packages: dict[Path, bytes | None] = {}
        self.styles: dict[Path, CodeStyle] = {}
        self.declaring: dict[Path, str] = {}

    def facts(self, path: Path) -> ProjectFacts:
        """The project facts of a file."""
        if not self.needed:
            return ProjectFacts(path=str(path))
        here = os.path.realpath(path)
        project = self.project(Path(here).parent)
        self.ask(project, project.speakers(here))
        facts = project.facts(here, str(path), self.star_names(project, here), self.notes)
        style = self.style(Path(here).parent)
        return replace(
            facts,
            is_command=self.is_command(Path(here), project.root),
            is_executable=_is_executable(here),
            line_length=style.line_length,
            wants_docstrings=style.docstrings,
            declares_dependencies=self.declares_dependencies(Path(here), project.root),
        )

    def style(self, folder: Path) -> CodeStyle:
        """The style of new code in a folder."""
        if folder not in self.styles:
            self.styles[folder] = code_style(folder)
        return self.styles[folder]

    def is_command(self, path: Path, root: str) -> bool:
        """Whether packaging at or above a file names one of its functions: ``tool = "package.tool:main"``."""
        stem = path.stem.encode("utf-8", "surrogateescape")
        called = re.compile(rb"\b" + re.escape(stem) + rb"[ \t]*:[ \t]*[A-Za-z_]")
        texts = [self.packaging(folder) for folder in path.parents if str(folder).startswith(root)]
        return any(text is None or stem in text and called.search(text) is not None for text in texts)

    def declares_dependencies(self, path: Path, root: str) -> str:
        """The name of the file, at or above a file of a project, that declares dependencies; empty if there is none."""
        for folder in path.parents:
            if not str(folder).startswith(root):
                break
            if folder not in self.declaring:
                self.declaring[folder] = declared_in(folder)
            if self.declaring[folder]:
                return self.declaring[folder]
        return ""

    def packaging(self, folder: Path) -> bytes | None:
        """What a folder's packaging files say, all together; None if they are too large to be searched."""
        if folder not in self.packages:
            texts = []
            for mark in _PACKAGE_MARKS:
                with contextlib.suppress(Unreadable):
                    texts.append(read(folder / mark, self.max_size))
            text = b"\n".join(texts)
            self.packages[folder] = text if len(text) <= MOST_BYTES else None
        return self.packages[folder]

    def star_names(self, project: Project, path: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """What the star imports of a file bring from modules of the project."""
        found: list[tuple[str, frozenset[str]]] = []
        for module, targets in sorted(project.star_imports(path).items()):
            names = [self.exported(target) for target in targets]
            if names and None not in names:
                found.append((module, frozenset().union(*(item for item in names if item is not None))))
        return tuple(found)

    def exported(self, path: str) -> frozenset[str] | None:
        """The names that ``import *`` may take from a file, None if that cannot be told."""
        if path not in self.exports:
            self.exports[path] = None
            with contextlib.suppress(Unreadable):
                self.exports[path] = self._names(Path(path))
        return self.exports[path]

    def _names(self, path: Path) -> frozenset[str] | None:
        """The names that a file binds, from the cache or by a worker: to parse it here could take too long.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        digest = self.memory.digest(path)
        key = self.memory.exports_key(digest)
        known = self.memory.exports(key)
        if known is not None:
            return known[0]
        source = self.memory.text_of(path, digest)
        if source is None:  # it was edited this very moment
            source, key = self.memory.read(path), None
        ((_, answer),) = self.pool.map([(None, Task(source, None, "names"))])
        if not isinstance(answer, Names):
            return None
        if not self.pool.remote:
            self.memory.keep_exports(key, answer.names)
        return answer.names

    def ask(self, project: Project, paths: Iterable[str]) -> None:
        """Ask files of the run for what others must know of them, each once."""
        fresh = sorted(path for path in paths if path not in self.notes)
        if not fresh:
            return
        if self.pool.jobs > 1 or self.pool.remote:
            # All others will be asked, too, when their turn comes.
            speakers = set(fresh).union(*(project.speakers(module) for module in project.shareable))
            fresh = sorted(speakers - self.notes.keys())
        self.notes.update(dict.fromkeys(fresh, ()))
        for (path, key), answer in self.pool.map(self.questions(project, fresh)):
            if isinstance(answer, tuple):
                self.notes[path] = answer
                if not self.pool.remote:
                    self.memory.keep(key, answer, project.root)

    def questions(
        self, project: Project, paths: Iterable[str]
    ) -> Iterator[tuple[tuple[str, bytes | None], Task | None]]:
        """What each file is to be asked, with the key of the answer; nothing if it cannot be read or that is known."""
        for path in paths:
            # Under the name, too, by which the run knows it: a test, for one, is told by that.
            facts = project.facts(path, self.shown.get(path), self.star_names(project, path))
            try:
                digest = self.memory.digest(Path(path))
                key = self.memory.key(digest, facts, project.root, for_others=True)
                known = self.memory.notes(key)
                if known is not None:
                    self.notes[path] = known
                    continue
                source = self.memory.text_of(Path(path), digest)
                task = Task(self.memory.read(Path(path)) if source is None else source, facts, "notes")
            except Unreadable:
                continue
            yield (path, None if source is None else key), task

    def project(self, folder: Path) -> Project:
        """The project that a folder belongs to."""
        root = self.root(folder)
        loose = self.loose if root is None and str(folder) in self.loose else frozenset({str(folder)})
        place = root or _common(loose)
        if place not in self.projects:
            paths = self.files_in(loose) if root is None else self.files_below(root)
            files = {path: self.scan(path) for path in sorted(paths)}
            self.projects[place] = Project(str(place), files, self.in_run)
        return self.projects[place]

    def files_below(self, root: Path) -> set[str]:
        """The files of a project with a root."""
        inside = os.path.join(root, "")
        # There may be as many projects as files: each takes its own out of them in order.
        first = bisect_left(self.ordered, inside)
        after = bisect_left(self.ordered, inside[:-1] + chr(ord(inside[-1]) + 1))
        return {*self.ordered[first:after], *map(str, python_files(root))}

    def files_in(self, folders: frozenset[str]) -> set[str]:
        """The files of some folders, without those below."""
        found = {path for path in self.in_run if os.path.dirname(path) in folders}
        for folder in folders:
            found.update(map(str, python_files(Path(folder), recursive=False)))
        return found

    def scan(self, path: str) -> ProjectFile:
        """A file's imports, found without parsing it."""
        try:
            return self.memory.scan(path)
        except Unreadable:
            return ProjectFile(frozenset())

    def root_of(self, path: Path) -> str:
        """The folder of the project that a file belongs to; empty if no codemod asks for it."""
        return self.project(Path(os.path.realpath(path)).parent).root if self.needed else ""

    def root(self, folder: Path) -> Path | None:
        """The root of a folder's project: the repository or package that it is in, or a named folder above that."""
        if folder not in self.roots:
            above = (folder, *folder.parents)
            found = [candidate for candidate in self.named if candidate in above]
            for marks in (_REPOSITORY_MARKS, _PACKAGE_MARKS):
                marked = next((candidate for candidate in above if _has_any(candidate, marks)), None)
                if marked is not None:
                    found.append(marked)
                    break
            self.roots[folder] = min(found, key=lambda candidate: len(candidate.parts), default=None)
        return self.roots[folder]

    @cached_property
    def loose(self) -> frozenset[str]:
        """The folders of named files that are in no project; together they count as one."""
        folders = {os.path.dirname(path) for path in self.in_run}
        return frozenset(folder for folder in folders if self.root(Path(folder)) is None)


def python_files(root: Path, *, recursive: bool = True) -> Iterator[Path]:
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
            elif entry.is_file(follow_symlinks=False) and _is_python(entry):
                yield Path(entry.path)


def _is_executable(path: str) -> bool:
    """Whether a file's mode lets anyone start it; on Windows modes say nothing."""
    with contextlib.suppress(OSError):
        return os.name == "posix" and bool(os.stat(path).st_mode & 0o111)
    return False


def _is_python(entry: os.DirEntry[str]) -> bool:
    # A script without an extension imports like any other.
    return entry.name.endswith(SUFFIXES) or "." not in entry.name and has_python_shebang(Path(entry.path))


def _common(folders: frozenset[str]) -> Path:
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return Path(min(folders))


def _has_any(folder: Path, names: Iterable[str]) -> bool:
    return any(os.path.exists(folder / name) for name in names)
