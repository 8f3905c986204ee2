"""What a transaction writes down before it acts: signed lines of JSON that only grow, and the old bytes of its files.

The signature of a line covers the run's name and all that stands before it, so that lines can be neither forged, moved
nor left out. A line that was cut off, and all that follows it, is as if it had never been written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pymodernize.files.open_folders import Folder
from pymodernize.files.signing import keyed
from pymodernize.transaction.staging import write_all

if TYPE_CHECKING:
    from hashlib import blake2b

VERSION = 2
JOURNAL, ORIGINALS = "journal", "originals"
RUN_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")

STAGING, COMMITTING, DONE, TAKEN_BACK = "staging", "committing", "done", "taken back"
DAMAGED, FOREIGN = "damaged", "foreign"


ABSENT = ""
"""What stands for the digest of a file that is not there."""


def digest(data: bytes | None) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits; :data:`ABSENT` if there is no file."""
    return ABSENT if data is None else hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One file of a transaction.

    Attributes:
        number: its place in the transaction, from 0.
        path: the file itself, below the project's folder, no link on the way.
        old: the digest of its bytes before; :data:`ABSENT` if there was no such file.
        new: the digest of its bytes after; :data:`ABSENT` if there is no such file any more.
        old_size: how many bytes it had before.
        new_size: how many it has after.
        offset: where the old bytes, compressed, begin in the run's originals.
        length: how many bytes they are there.
    """

    number: int
    path: str
    old: str
    new: str
    old_size: int
    new_size: int
    offset: int
    length: int

    @property
    def folders(self) -> tuple[str, ...]:
        """The names that lead from the project's folder to the file's."""
        return Path(self.path).parts[:-1]

    @property
    def name(self) -> str:
        """The file's own name."""
        return os.path.basename(self.path)


@dataclass
class Run:
    """A transaction as its journal has it.

    Attributes:
        id: its name, by which runs sort in time.
        folder: where its journal is.
        kind: ``apply`` or ``undo``.
        undoes: the run that an undo takes back.
        time: when it began, in seconds since the epoch.
        pid: the process.
        host: the machine.
        entries: the files that it replaces; those that were left out are not among them once it commits.
        state: how far it came.
        signed: how many bytes of its journal have our signature.
    """

    id: str
    folder: Path
    kind: str = "apply"
    undoes: str | None = None
    time: float = 0.0
    pid: int = 0
    host: str = ""
    entries: list[Entry] = field(default_factory=list)
    state: str = STAGING
    signed: int = 0

    def staged(self, entry: Entry) -> str:
        """The name of the file beside a file that has its new bytes."""
        return staged_name(self.id, entry.number)


def staged_name(run: str, number: int) -> str:
    """What a staged file is called. The run's random part keeps it from being anybody else's; the target's own name is
    no part of it, since with anything added a long one would be too long."""
    return f".{run[-6:]}-{number}.pymodernize"


class Signature:
    """Signs lines one after the other, each with all that stands before it.

    Args:
        run: the run's name.

    Raises:
        NoKey: there is no key.
    """

    def __init__(self, run: str) -> None:
        self._digest = keyed("journal")
        self._digest.update(run.encode() + b"\n")

    def line(self, text: bytes) -> tuple[bytes, blake2b]:
        """A line with its signature, and what :meth:`take` wants when it is written or found to be right."""
        digest = self._digest.copy()
        digest.update(text)
        tag = digest.hexdigest().encode() + b"\n"
        digest.update(tag)
        return text + tag, digest

    def skip(self, lines: bytes) -> None:
        """Have whole lines count, signatures and all: of the next one it is seen whether they are right."""
        self._digest.update(lines)

    def take(self, digest: blake2b) -> None:
        """Have a line count for those after it."""
        self._digest = digest


def as_text(record: dict[str, Any]) -> bytes:
    """A record as a line without its signature."""
    return json.dumps(record).encode("ascii") + b" "


class _Growing:
    """A file to which whole pieces are added: of one that could not be written, nothing counts."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.descriptor = folder.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        self.size = 0

    def append(self, data: bytes) -> int:
        """Add a piece; where it begins."""
        offset = self.size
        os.lseek(self.descriptor, offset, os.SEEK_SET)
        write_all(self.descriptor, data)
        self.size = offset + len(data)
        return offset

    def flush(self) -> None:
        """Have it on the disk, without what is left of a piece that failed."""
        os.ftruncate(self.descriptor, self.size)
        os.fsync(self.descriptor)

    def close(self) -> None:
        """Close it; the second time does nothing."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Journal:
    """Writes what :func:`pymodernize.transaction.runs.read_run` reads.

    Args:
        runs: the folder of all runs.
        name: the run's.
        about: what the first line says of the run.

    Raises:
        OSError: the run's folder or its files cannot be made.
        Untrusted: something else has that name.
    """

    def __init__(self, runs: Folder, name: str, about: dict[str, Any]) -> None:
        self._runs = runs
        self._signature = Signature(name)
        self._folder = runs.make(name)
        opened: list[_Growing] = []
        try:
            for file in (JOURNAL, ORIGINALS):
                opened.append(_Growing(self._folder, file))
            self._lines, self._originals = opened
            self._write({"record": "begin", "version": VERSION, **about})
        except BaseException:
            for item in opened:
                item.close()
            with contextlib.suppress(OSError):
                for file, _ in zip((JOURNAL, ORIGINALS), opened, strict=False):
                    self._folder.unlink(file)
                runs.rmdir(name)
            self._folder.close()
            raise

    def keep(self, old: bytes) -> tuple[int, int]:
        """Keep the old bytes of a file; where they begin and how many they are now."""
        packed = zlib.compress(old, 1)
        return self._originals.append(packed), len(packed)

    def stage(self, entry: Entry) -> None:
        """Say that a file is about to be staged."""
        self._write({"record": "stage", **asdict(entry)})

    def commit(self, without: Iterable[int]) -> None:
        """Say, on the disk, that the files are about to be replaced.

        Args:
            without: the numbers of files that were staged and are left out.
        """
        self._originals.flush()
        self._write({"record": "commit", "without": sorted(without)})
        self._lines.flush()
        self._folder.sync()
        self._runs.sync()

    def end(self, state: str) -> None:
        """Say, on the disk, how it ended."""
        self._write({"record": "end", "state": state})
        self._lines.flush()

    def close(self) -> None:
        """Close the files."""
        self._lines.close()
        self._originals.close()
        self._folder.close()

    def _write(self, record: dict[str, Any]) -> None:
        line, digest = self._signature.line(as_text(record))
        self._lines.append(line)
        self._signature.take(digest)
