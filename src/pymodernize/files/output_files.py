"""Reports of a run that are written to files."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pymodernize.files.discover import SUFFIXES
from pymodernize.files.open_folders import Folder, Untrusted


class NoOutput(ValueError):
    """A file cannot be written; the message says which, why and what to do."""


@dataclass(frozen=True)
class Output:
    """A report that goes to a file."""

    format: str
    path: Path


def check(path: Path) -> None:
    """Make sure that a report can go to a file, before a run is begun for it.

    Raises:
        NoOutput: it cannot.
    """
    if path.name.endswith(SUFFIXES):
        raise NoOutput(f"{path}: is a Python file, which a report would replace; name another one")
    with _folder(path) as folder:
        try:
            if folder.has(path.name):
                os.close(folder.open(path.name, os.O_RDONLY))
        except (OSError, Untrusted) as exc:
            raise NoOutput(f"{_told(path, exc)}; name another file") from None


def make_folder(folder: Path) -> None:
    """Make a folder that files are to be written to, before anything is done that they tell of.

    Raises:
        NoOutput: it cannot be made.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:  # what is there is a file
        raise NoOutput(f"{folder}: {os.strerror(errno.ENOTDIR)}; name another folder") from None
    except OSError as exc:
        raise NoOutput(f"{folder}: {exc.strerror}; name another folder") from None


def write(path: Path, data: bytes) -> None:
    """Write a file as a whole: it has its old content or the new one, at any time.

    No link is followed that stands in the current folder's tree, where others may have put it.

    Args:
        path: the file; what is there is replaced if it is a regular file.
        data: its content.

    Raises:
        NoOutput: it cannot be written.
    """
    check(path)
    with _folder(path) as folder:
        beside = f".{path.name[:100]}.{secrets.token_hex(4)}.pymodernize"
        try:
            descriptor = folder.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                with open(descriptor, "wb") as file:
                    file.write(data)
                folder.replace(beside, path.name)
            except BaseException:
                with contextlib.suppress(OSError):
                    folder.unlink(beside)
                raise
        except (OSError, Untrusted) as exc:
            raise NoOutput(_told(path, exc)) from None


def _folder(path: Path) -> Folder:
    """The folder that a file is in, or is to be in.

    Raises:
        NoOutput: there is none, or a link on the way to it.
    """
    here = os.path.abspath(os.curdir)
    parent = os.path.dirname(os.path.abspath(path))
    try:
        if parent != here and not parent.startswith(os.path.join(here, "")):
            return Folder.at(Path(parent))
        names = Path(os.path.relpath(parent, here)).parts
        with Folder.at(Path(here)) as top:
            return top.below(names)
    except (OSError, Untrusted) as exc:
        raise NoOutput(f"{_told(path, exc)}; make the folder, or name another one") from None


def _told(path: Path, error: Exception) -> str:
    return f"{path}: {error.strerror if isinstance(error, OSError) else error}"
