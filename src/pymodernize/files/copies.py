"""Throw-away copies of a project, in which its scripts may write what they like."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read

MOST_BYTES = 2_000_000_000
MOST_FILES = 200_000
_PASSED_OVER = frozenset(("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".pymodernize"))
_LENT = frozenset((".git", ".hg", ".svn", ".tox", ".nox", "node_modules"))

Key: TypeAlias = "tuple[int, ...]"
"""What changes when a file does."""


class NoCopy(ValueError):
    """A project cannot be copied; the message says why."""


class Copy:
    """A copy of a project that is brought back to what the project is before each use.

    Args:
        top: the project's folder, without links.
        folder: where the copy lies; it is made.

    Attributes:
        lent: folders of the project that are not copied, from the top on: environments, and what version control keeps.
    """

    def __init__(self, top: Path, folder: Path) -> None:
        self.top = top
        self.folder = folder
        self.lent: list[str] = []
        self._times: dict[str, tuple[int, int]] = {}
        self._known: dict[str, tuple[object, Key]] = {}
        self._start: dict[str, Key] = {}
        os.makedirs(folder, exist_ok=True)

    def refresh(self, texts: Mapping[str, bytes], more: Mapping[str, str]) -> None:
        """Make it what the project is.

        Args:
            texts: what some files have instead, by their paths from the top on.
            more: further files, with their texts.

        Raises:
            NoCopy: there is too much in the project, or a further file would lie outside of the copy.
        """
        self.lent = []
        wanted = dict(self._of_project())
        for name in [name for name, _ in _walk(self.folder) if name not in wanted]:
            self._remove(name)
        for name, status in wanted.items():
            self._bring(name, status, texts.get(name))
        for name in self.lent:
            os.makedirs(self.folder / name, exist_ok=True)
        for name, text in more.items():
            self._put(name, text.encode())
        self._start = {name: _key(status) for name, status in _walk(self.folder)}

    def changes(self) -> dict[str, str]:
        """The files that have changed since :meth:`refresh`: digests by path, empty for a file that is gone."""
        now = dict(_walk(self.folder))
        found = {name: "" for name in self._start if name not in now}
        for name, status in now.items():
            start = self._start.get(name)
            if start == _key(status) or start and stat.S_ISDIR(status.st_mode) and stat.S_ISDIR(start[0]):
                continue
            found[name] = self._digest(name, status)
        return dict(sorted(found.items()))

    def _digest(self, name: str, status: os.stat_result) -> str:
        path = self.folder / name
        if stat.S_ISLNK(status.st_mode):
            return f"link to {os.readlink(path)}"
        if not stat.S_ISREG(status.st_mode):
            return "folder" if stat.S_ISDIR(status.st_mode) else "no file"
        try:
            return hashlib.sha256(read(path, FOR_EVIDENCE)).hexdigest()
        except Unreadable as exc:
            return str(exc)

    def _of_project(self) -> Iterator[tuple[str, os.stat_result]]:
        size = number = 0
        for name, status in _walk(self.top, self.lent):
            size += status.st_size if stat.S_ISREG(status.st_mode) else 0
            number += 1
            if size > MOST_BYTES or number > MOST_FILES:
                raise NoCopy(f"{self.top} has more than {MOST_BYTES // 10**9} GB or {MOST_FILES:,} files to copy")
            yield name, status

    def _bring(self, name: str, status: os.stat_result, text: bytes | None) -> None:
        """Make one entry what it is to be, if it is not that already."""
        path = self.folder / name
        mark: object = _key(status) if text is None else hashlib.sha256(text).digest()
        now = os.lstat(path) if os.path.lexists(path) else None
        if stat.S_ISDIR(status.st_mode):
            if now is not None and not stat.S_ISDIR(now.st_mode):
                self._remove(name)
            os.makedirs(path, exist_ok=True)
            os.chmod(path, stat.S_IMODE(status.st_mode) | stat.S_IRWXU)
            return
        if now is not None:
            if self._known.get(name) == (mark, _key(now)):
                return
            self._remove(name)
        source = self.top / name
        if text is not None:
            path.write_bytes(text)
            shutil.copystat(source, path)
        else:
            shutil.copy2(source, path, follow_symlinks=False)
        # A script may show when a file was written, and that we have written it anew is no difference.
        times = self._times.setdefault(name, (status.st_atime_ns, status.st_mtime_ns))
        if not stat.S_ISLNK(status.st_mode):
            os.utime(path, ns=times)
        self._known[name] = mark, _key(os.lstat(path))

    def _put(self, name: str, text: bytes) -> None:
        """Write a further file, and through no link: what we write, nothing keeps within the copy."""
        path, real = self.folder / name, os.path.realpath(self.folder)
        if os.path.commonpath([real, os.path.realpath(path.parent)]) != real:
            raise NoCopy(f"the file {name} of a run lies behind a link that leads out of the project")
        os.makedirs(path.parent, exist_ok=True)
        if os.path.lexists(path):
            self._remove(name)
        path.write_bytes(text)
        self._known.pop(name, None)

    def _remove(self, name: str) -> None:
        path = self.folder / name
        if not path.is_dir() or path.is_symlink():
            path.unlink(missing_ok=True)
        elif name not in self.lent:
            shutil.rmtree(path, ignore_errors=True)


def empty(folder: Path) -> None:
    """Make a folder of ours empty; it is made if it is not there."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)


def _walk(folder: Path, lent: list[str] | None = None) -> Iterator[tuple[str, os.stat_result]]:
    """All that is in a folder, by its path from there on, each folder before what is in it; no link is followed.

    Args:
        folder: the folder.
        lent: gets the folders that are passed over since they are large and nobody writes to them.
    """
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            name = os.path.join(below, entry.name)
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if entry.name in _PASSED_OVER:
                    continue
                if entry.name in _LENT or os.path.exists(folder / name / "pyvenv.cfg"):
                    if lent is not None:
                        lent.append(name)
                    continue
                pending.append(name)
            elif not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
                continue
            yield name, status


def _key(status: os.stat_result) -> Key:
    return status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
