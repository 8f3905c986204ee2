"""What is known of a project that is audited: its files, what they say, what git has under version control.

Everything is read at most once, and nothing is written. What leads out of the project by a link is not read.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pymodernize.audit.documents import Ini, NotReadable, Toml, Yaml, parse_python, read_json
from pymodernize.audit.tracked import NoGit, tracked_files
from pymodernize.files.reading import Unreadable, read

_MOST_BYTES = 1_000_000
_MOST_FILES = 20_000
_NOT_OURS = frozenset((".git", ".hg", ".svn", ".tox", ".nox", "node_modules", "__pycache__", ".eggs", ".pymodernize"))
"""Folders that tools make and that are no part of a project."""

_T = TypeVar("_T")


class NotApplicable(Exception):
    """A question does not arise in a project, or cannot be answered; the message says why."""


class CannotRead(NotApplicable):
    """A file that an answer rests on cannot be read."""


class Project:
    """A folder with a project.

    Args:
        root: the folder.

    Attributes:
        root: the same, without links.
        problems: the files that cannot be read although they are there, each with the reason.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self.problems: dict[str, str] = {}
        self._texts: dict[str, str | None] = {}
        self._made: dict[tuple[str, str], Any] = {}
        self._known: dict[str, Any] = {}

    def once(self, key: str, make: Callable[[], _T]) -> _T:
        """A fact that several checks ask for, found out by the first.

        Args:
            key: its name.
            make: finds it out.
        """
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    # --- which files there are -------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        """Whether there is a file of a name, also as a link to one."""
        return os.path.isfile(self.root / name)

    def has_folder(self, name: str) -> bool:
        """Whether there is a folder of a name."""
        return os.path.isdir(self.root / name)

    def first(self, *names: str) -> str | None:
        """The first of some names that a file has."""
        return next((name for name in names if self.has(name)), None)

    def names(self, folder: str = "") -> list[str]:
        """The names in a folder, sorted; none if there is no such folder or it cannot be listed."""
        try:
            return sorted(os.listdir(self.root / folder))
        except OSError:
            return []

    @cached_property
    def files(self) -> list[str]:
        """The files of the project by their paths with slashes, sorted: those under version control and all others,
        but for what tools have made; the first 20,000 of a larger one."""
        return sorted(self._walked())

    def _walked(self) -> Iterator[str]:
        number = 0
        for folder, names, files in os.walk(self.root):
            names[:] = sorted(name for name in names if self._is_ours(Path(folder, name)))
            for name in sorted(files):
                yield Path(os.path.relpath(os.path.join(folder, name), self.root)).as_posix()
                number += 1
                if number == _MOST_FILES:
                    return

    def _is_ours(self, folder: Path) -> bool:
        is_environment = os.path.exists(folder / "pyvenv.cfg") or os.path.exists(folder / "conda-meta")
        return not (folder.name in _NOT_OURS or is_environment or os.path.islink(folder))

    @cached_property
    def _tracked(self) -> frozenset[str] | str:
        try:
            return tracked_files(self.root)
        except NoGit as exc:
            return str(exc)

    @property
    def tracked(self) -> frozenset[str]:
        """The files that git has under version control, by their paths with slashes.

        Raises:
            NotApplicable: the project is no repository of git, or git does not say.
        """
        if isinstance(self._tracked, str):
            raise NotApplicable(self._tracked)
        return self._tracked

    @property
    def is_repository(self) -> bool:
        """Whether git has files of it under version control."""
        return not isinstance(self._tracked, str)

    @cached_property
    def is_sdist(self) -> bool:
        """Whether it is an unpacked source distribution, which need not have all that the repository has."""
        return self.has("PKG-INFO") and not os.path.lexists(self.root / ".git")

    @cached_property
    def repository(self) -> Project:
        """The project of the whole repository, which has the files that say what its services do; else itself."""
        if not self.is_repository:
            return self
        for folder in (self.root, *self.root.parents):
            if os.path.lexists(folder / ".git"):
                return self if folder == self.root else Project(folder)
        return self

    # --- what they say ---------------------------------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """The text of a file with ``\\n`` as its line ends, None if there is none.

        Raises:
            CannotRead: it cannot be read, or leads out of the project.
        """
        if name not in self._texts:
            if name in self.problems:
                raise CannotRead(f"{name} {self.problems[name]}")
            self._texts[name] = self._read(name)
        return self._texts[name]

    def glance(self, name: str) -> str:
        """The text of a file that need not have one, as a source in another encoding: empty if it cannot be read, which
        is no problem then."""
        try:
            return self.text(name) or ""
        except CannotRead:
            self.problems.pop(name, None)
            return ""

    def _read(self, name: str) -> str | None:
        path = self.root / name
        if not os.path.lexists(path) or os.path.isdir(path):
            return None
        if self.root not in Path(os.path.realpath(path)).parents:
            raise self._problem(name, "leads out of the project")
        try:
            return read(path, _MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
        except Unreadable as exc:
            raise self._problem(
                name, str(exc).replace("limit of", "limit of an audit,").partition(" (max")[0]
            ) from None
        except UnicodeDecodeError as exc:
            raise self._problem(name, f"is no UTF-8 at byte {exc.start}") from None

    def _problem(self, name: str, why: str) -> CannotRead:
        self.problems[name] = why
        return CannotRead(f"{name} {why}")

    def _parsed(self, name: str, kind: Callable[[str], _T]) -> _T | None:
        key = name, kind.__name__
        if key not in self._made:
            if name in self.problems:
                raise CannotRead(f"{name} {self.problems[name]}")
            text = self.text(name)
            try:
                self._made[key] = None if text is None else kind(text)
            except NotReadable as exc:
                raise self._problem(name, str(exc)) from None
        return self._made[key]

    def toml(self, name: str) -> Toml | None:
        """A TOML file, None if there is none.

        Raises:
            CannotRead: it is none.
        """
        return self._parsed(name, Toml)

    def ini(self, name: str) -> Ini | None:
        """A file of sections, None if there is none.

        Raises:
            CannotRead: it is none.
        """
        return self._parsed(name, Ini)

    def yaml(self, name: str) -> Yaml | None:
        """A YAML file, None if there is none.

        Raises:
            CannotRead: it is none.
        """
        return self._parsed(name, Yaml)

    def json(self, name: str) -> Any:  # noqa: ANN401 - what the file says
        """What a JSON file says, None if there is none.

        Raises:
            CannotRead: it is none.
        """
        return self._parsed(name, read_json)

    def python(self, name: str) -> ast.Module | None:
        """The syntax tree of a Python file, None if there is none.

        Raises:
            CannotRead: it is no Python 3.
        """
        return self._parsed(name, parse_python)

    @cached_property
    def pyproject(self) -> Toml:
        """``pyproject.toml``, an empty one if there is none.

        Raises:
            CannotRead: it is no TOML.
        """
        return self.toml("pyproject.toml") or Toml("")

    @cached_property
    def setup_cfg(self) -> Ini:
        """``setup.cfg``, an empty one if there is none.

        Raises:
            CannotRead: it is none.
        """
        return self.ini("setup.cfg") or Ini("")
