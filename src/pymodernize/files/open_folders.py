"""Folders that are held open: what is done in one is done there, whatever its path leads to by now.

Nothing is reached through a link. A path is opened one name after the other from a folder that is open already; a
name that is a link, or that holds another one inside it, is refused. Where the system has no descriptors for folders
(Windows), paths stand for them and are looked at first.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# Without O_NONBLOCK, opening a FIFO that stands in a file's place would wait for somebody at its other end.
_FILE = _NO_LINK | _BINARY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
# O_PATH asks for no right to list a folder that is only passed through.
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_HAS_DESCRIPTORS = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd


class Untrusted(Exception):
    """What is found is a link, is of a kind that it may not be, or others may have put it there; the message is for
    people and begins with the path."""


class Folder:
    """A folder that is open. To be closed, or used in a ``with`` statement.

    Args:
        path: what it is called, for messages.
        descriptor: of the folder; -1 where folders have none.
    """

    def __init__(self, path: Path, descriptor: int = -1) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def at(cls, path: Path) -> Folder:
        """The folder that a path leads to, through links too.

        Raises:
            OSError: there is none, or it may not be entered.
        """
        if not _HAS_DESCRIPTORS:
            os.listdir(path)
            return cls(path)
        return cls(path, os.open(path, _PASS))

    @classmethod
    def of(cls, real: Path) -> Folder:
        """The folder that an absolute path without links leads to.

        Raises:
            Untrusted: there is a link on the way by now.
            OSError: there is none, or it may not be entered.
        """
        if hasattr(os, "O_PATH"):
            with cls.at(Path(real.anchor)) as top:
                return top.below(real.parts[1:])
        # Here a folder cannot be passed through without the right to list it.
        if os.path.realpath(real) != str(real):
            raise Untrusted(f"{real}: is reached through a link")
        return cls.at(real)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let it go; the second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    # --- below it ----------------------------------------------------------------------------------------------------

    def folder(self, name: str) -> Folder:
        """A folder in it.

        Raises:
            Untrusted: it is a link or no folder.
            OSError: there is none, or it may not be entered.
        """
        place, options = self._place(name)
        if self._descriptor < 0:
            self._refuse_other(name, stat.S_ISDIR, "a folder")
            return Folder(self.path / name)
        try:
            return Folder(self.path / name, os.open(place, _PASS | _NO_LINK, **options))
        except OSError:
            self._refuse_other(name, stat.S_ISDIR, "a folder")
            raise

    def below(self, names: tuple[str, ...]) -> Folder:
        """A folder below it, by the names that lead there; with none of them the folder itself, open once more.

        Raises:
            Untrusted: one of them is a link or no folder.
            OSError: one of them is not there, or may not be entered.
        """
        at = Folder(self.path, os.dup(self._descriptor) if self._descriptor >= 0 else -1)
        for name in names:
            with at:
                at = at.folder(name)
        return at

    def make(self, name: str) -> Folder:
        """A folder in it, made for its owner alone if it is not there.

        Raises:
            Untrusted: there is something else.
            OSError: it cannot be made or entered.
        """
        place, options = self._place(name)
        with contextlib.suppress(FileExistsError):
            os.mkdir(place, 0o700, **options)
        return self.folder(name)

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """A descriptor of a regular file in it.

        Args:
            name: the file's.
            flags: as of ``os.open``; links are never followed.
            mode: the mode of a file that is made.

        Raises:
            Untrusted: it is a link or no regular file.
            OSError: it cannot be opened.
        """
        place, options = self._place(name)
        if self._descriptor < 0 and not flags & os.O_EXCL:
            with contextlib.suppress(FileNotFoundError):
                self._refuse_other(name, stat.S_ISREG, "a regular file")
        try:
            descriptor = os.open(place, flags | _FILE, mode, **options)
        except FileExistsError:
            raise
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                self._refuse_other(name, stat.S_ISREG, "a regular file")
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Untrusted(f"{self.path / name}: is not a regular file")
        return descriptor

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a regular file in it, the first ``most`` of them.

        Raises:
            Untrusted: it is a link or no regular file.
            OSError: it cannot be read.
        """
        descriptor = self.open(name, os.O_RDONLY)
        try:
            with open(descriptor, "rb", closefd=False) as file:
                # Room is made for as many bytes as are asked for, whatever the file has.
                return file.read(min(most, os.fstat(descriptor).st_size))
        finally:
            os.close(descriptor)

    def status(self, name: str) -> os.stat_result:
        """The status of what is called so, of a link's own.

        Raises:
            OSError: there is nothing.
        """
        place, options = self._place(name)
        return os.stat(place, follow_symlinks=False, **options)

    def own_status(self) -> os.stat_result:
        """Its own status."""
        return os.stat(self.path) if self._descriptor < 0 else os.fstat(self._descriptor)

    def has(self, name: str) -> bool:
        """Whether anything is called so."""
        try:
            self.status(name)
        except OSError:
            return False
        return True

    def may_write(self, name: str) -> bool:
        """Whether the modes let this user write to a file in it."""
        place, options = self._place(name)
        return os.access(place, os.W_OK, **options)

    def names(self) -> list[str]:
        """The names in the folder.

        Raises:
            OSError: it may not be listed.
        """
        with self.listed() as place:
            return os.listdir(place)

    @contextlib.contextmanager
    def listed(self) -> Iterator[int | Path]:
        """Itself, opened to be listed or flushed: as a descriptor, or as a path where folders have none.

        Raises:
            OSError: it may not be listed.
        """
        if self._descriptor < 0:
            yield self.path
            return
        descriptor = os.open(os.curdir, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0), dir_fd=self._descriptor)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    # --- changes -----------------------------------------------------------------------------------------------------

    def unlink(self, name: str) -> None:
        """Remove a file, or a link itself.

        Raises:
            OSError: there is none, or it may not be removed.
        """
        place, options = self._place(name)
        os.unlink(place, **options)

    def rmdir(self, name: str) -> None:
        """Remove an empty folder.

        Raises:
            OSError: there is none, it is not empty or may not be removed.
        """
        place, options = self._place(name)
        os.rmdir(place, **options)

    def replace(self, name: str, new_name: str, into: Folder | None = None) -> None:
        """Give a file another name, which it takes from whatever has it.

        Args:
            name: what it is called in this folder.
            new_name: what it is to be called.
            into: the folder that it goes to; None for the same.

        Raises:
            OSError: it cannot be renamed.
        """
        there = into or self
        source, target = self._place(name)[0], there._place(new_name)[0]
        if self._descriptor < 0:
            os.replace(source, target)
        else:
            os.replace(source, target, src_dir_fd=self._descriptor, dst_dir_fd=there._descriptor)

    def link(self, name: str, new_name: str) -> None:
        """Give a file in it a second name, which nothing may have yet.

        Raises:
            OSError: it cannot be, or something has that name.
        """
        source, target = self._place(name)[0], self._place(new_name)[0]
        if self._descriptor < 0:
            os.link(source, target)
        else:
            os.link(source, target, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def sync(self) -> None:
        """Have its names on the disk, where folders can be flushed."""
        with contextlib.suppress(OSError), self.listed() as place:
            if isinstance(place, int):
                os.fsync(place)

    # --- trust -------------------------------------------------------------------------------------------------------

    def require_own(self) -> None:
        """Make sure that nobody else can have put into it what it holds.

        Raises:
            Untrusted: it belongs to another user, or others may write to it.
        """
        require_own(self.path, self.own_status())

    def _place(self, name: str) -> tuple[Any, dict[str, Any]]:
        """A name in it, as ``os`` takes it."""
        if name in ("", os.curdir, os.pardir) or {os.sep, os.altsep or os.sep, "\0"} & set(name):
            raise Untrusted(f"{self.path}: {name!r} is not one name")
        return (self.path / name, {}) if self._descriptor < 0 else (name, {"dir_fd": self._descriptor})

    def _refuse_other(self, name: str, is_right: Any, kind: str) -> None:  # noqa: ANN401 - one of stat's questions
        mode = self.status(name).st_mode
        if stat.S_ISLNK(mode):
            raise Untrusted(f"{self.path / name}: is a link")
        if not is_right(mode):
            raise Untrusted(f"{self.path / name}: is not {kind}")


def require_own(path: Path, status: os.stat_result) -> None:
    """Make sure that what has a status is ours, and that nobody else may change it.

    Raises:
        Untrusted: it belongs to another user, or others may write to it.
    """
    if not hasattr(os, "geteuid"):
        return
    if status.st_uid != os.geteuid():
        raise Untrusted(f"{path}: belongs to another user")
    if status.st_mode & 0o022:
        raise Untrusted(f"{path}: others may write to it (mode {stat.S_IMODE(status.st_mode):04o})")
