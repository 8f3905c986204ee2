"""What a migration keeps of itself in the repository's own folder, so that one that was cut off goes on.

It is signed: what lies in a folder of git may have come with it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymodernize import __version__
from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.files.output_files import write
from pymodernize.files.signing import NoKey, sign, verify

FORM = 2
_NAME = "record"
_ORIGINALS = "originals"
_PURPOSE = "migration"
_MOST_BYTES = 1_000_000_000


class NoRecord(Exception):
    """There is a record that is not ours, or is none; the message says where."""


@dataclass
class Record:
    """What is known of a migration that has begun. Paths are real ones, below the repository's folder.

    Attributes:
        options: a digest of all that decides what it does.
        command: its command line, for a person.
        base: the commit that it began at.
        originals: the texts that the files had then, of those that change.
        left: files in which nothing may be changed.
        whole: steps, with the first files of the groups for which they are committed.
        spots: rewrites that are committed: their files, codemods, lines and columns.
        withheld: rewrites that are left for what a check has shown: path, codemod, line, column, why.
        frozen: files that are left from a step on, each with the number of the step before.
        unsteady: what fails or not by chance.
        failing: what failed before anything was changed.
        tried: the runs of scripts that were compared, by name: the files that they are evidence for, and what they did.
        commits: names of the commits that were made.
        pending: the commit that is being made: its parent, message and parts.
        texts: for files, digests of the texts that we have written for it.
        ignores: whether the commits are listed for ``git blame``.
        ended: whether nothing is left to do.
    """

    options: str
    command: str
    base: str
    originals: dict[str, bytes]
    left: list[str] = field(default_factory=list)
    whole: list[tuple[int, str]] = field(default_factory=list)
    spots: list[tuple[str, str, int, int]] = field(default_factory=list)
    withheld: list[tuple[str, str, int, int, str]] = field(default_factory=list)
    frozen: dict[str, int] = field(default_factory=dict)
    unsteady: list[str] = field(default_factory=list)
    failing: list[str] | None = None
    tried: dict[str, dict[str, Any]] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    pending: dict[str, Any] | None = None
    texts: dict[str, list[str]] = field(default_factory=dict)
    ignores: bool = False
    ended: bool = False


def load(folder: Path) -> Record | None:
    """The record of a repository, None if it has none.

    Args:
        folder: where it is kept.

    Raises:
        NoRecord: what is there was not written by this user with this version.
        NoKey: there is no key to check it with.
    """
    text = _read(folder, _NAME)
    if text is None:
        return None
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, zlib.error):
        found = json.loads(text)
        if (found.pop("form"), found.pop("version")) != (FORM, __version__):
            raise NoRecord(f"{folder / _NAME}: was written by another version of pymodernize")
        texts = json.loads(zlib.decompress(_read(folder, _ORIGINALS) or b""))
        record = Record(**found, originals={name: base64.b64decode(item) for name, item in texts.items()})
        record.whole = [(step, path) for step, path in record.whole]
        return record
    raise NoRecord(f"{folder / _NAME}: is damaged")


def begin(folder: Path, record: Record) -> None:
    """Write a record with the texts that the files have.

    Raises:
        NoOutput: it cannot be written.
        NoKey: there is no key to sign it with.
    """
    os.makedirs(folder, mode=0o700, exist_ok=True)
    plain = {name: base64.b64encode(text).decode("ascii") for name, text in record.originals.items()}
    _write(folder, _ORIGINALS, zlib.compress(json.dumps(plain).encode("ascii"), 6))
    save(folder, record)


def save(folder: Path, record: Record) -> None:
    """Write what has changed of a record, as a whole.

    Raises:
        NoOutput: it cannot be written.
        NoKey: there is no key to sign it with.
    """
    kept = {name: value for name, value in vars(record).items() if name != "originals"}
    _write(folder, _NAME, json.dumps({**kept, "form": FORM, "version": __version__}).encode("ascii"))


def _read(folder: Path, name: str) -> bytes | None:
    """What was written under a name, None if there is nothing.

    Raises:
        NoRecord: it was not written by this user.
        NoKey: there is no key to check it with.
    """
    try:
        with Folder.of(folder) as opened:
            data = opened.read(name, _MOST_BYTES)
    except (OSError, Untrusted):
        return None
    tag, _, text = data.partition(b"\n")
    with contextlib.suppress(ValueError):
        if verify(f"{_PURPOSE}-{name[:3]}", text, bytes.fromhex(tag.decode("ascii"))):
            return text
    raise NoRecord(f"{folder / name}: was not written by this user on this machine, or is damaged")


def _write(folder: Path, name: str, text: bytes) -> None:
    write(folder / name, sign(f"{_PURPOSE}-{name[:3]}", text).hex().encode("ascii") + b"\n" + text)


__all__ = ["NoKey", "NoRecord", "Record", "begin", "load", "save"]
