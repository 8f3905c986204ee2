"""What a transaction writes down before it acts: lines of JSON that only grow, and the old bytes of its files.

A line that was cut off, and all that follows it, is as if it had never been written; the line that begins the commit
carries a digest of those before it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymodernize.transaction.staging import sync_folder, write_all

VERSION = 1
_COMMIT = b'"record": "commit"'
_BINARY = getattr(os, "O_BINARY", 0)

STAGING, COMMITTING, DONE, TAKEN_BACK = "staging", "committing", "done", "taken back"
DAMAGED = "damaged"


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One file of a transaction.

    Attributes:
        number: its place in the transaction, from 0.
        path: the file itself, absolute, no link to it.
        staged: the name of the file beside it that has the new bytes.
        old: the digest of its bytes before.
        new: the digest of its bytes after.
        offset: where the old bytes, compressed, begin in the run's originals.
        length: how many bytes they are there.
    """

    number: int
    path: str
    staged: str
    old: str
    new: str
    offset: int
    length: int

    @property
    def staged_path(self) -> Path:
        """The file beside it."""
        return Path(self.path).parent / self.staged


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

    def original(self, entry: Entry) -> bytes:
        """The bytes of a file before the run.

        Raises:
            OSError: they cannot be read.
            ValueError: they are not what was written down.
        """
        with open(self.folder / "originals", "rb") as file:
            file.seek(entry.offset)
            packed = file.read(entry.length)
        try:
            data = zlib.decompress(packed)
        except zlib.error as exc:
            raise ValueError(f"its old text is damaged: {exc}") from exc
        if digest(data) != entry.old:
            raise ValueError("its old text is damaged: the digest is another")
        return data


class _Growing:
    """A file to which whole pieces are added: of one that could not be written, nothing counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
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
    """Writes what :func:`read_run` reads.

    Args:
        folder: the run's own, which is made.
        root: paths below it are written without it, so that the project may move.
        about: what the first line says of the run.

    Raises:
        OSError: the folder or its files cannot be made.
    """

    def __init__(self, folder: Path, root: Path, about: dict[str, Any]) -> None:
        os.mkdir(folder, 0o700)
        self.folder = folder
        self.root = root
        self._digest = hashlib.sha256()
        opened: list[_Growing] = []
        try:
            for name in ("journal", "originals"):
                opened.append(_Growing(folder / name))
            self._lines, self._originals = opened
            self._write({"record": "begin", "version": VERSION, **about})
        except BaseException:
            for file in opened:
                file.close()
            with contextlib.suppress(OSError):
                for file in opened:
                    os.unlink(file.path)
                os.rmdir(folder)
            raise

    def keep(self, old: bytes) -> tuple[int, int]:
        """Keep the old bytes of a file; where they begin and how many they are now."""
        packed = zlib.compress(old, 1)
        return self._originals.append(packed), len(packed)

    def stage(self, entry: Entry) -> None:
        """Say that a file is about to be staged."""
        path = Path(entry.path)
        shown = os.path.relpath(path, self.root) if self.root in path.parents else entry.path
        self._write({"record": "stage", **vars(entry), "path": shown})

    def commit(self, without: Iterable[int]) -> None:
        """Say, on the disk, that the files are about to be replaced.

        Args:
            without: the numbers of files that were staged and are left out.
        """
        self._originals.flush()
        self._write({"record": "commit", "without": sorted(without), "digest": self._digest.hexdigest()})
        self._lines.flush()
        sync_folder(self.folder)
        sync_folder(self.folder.parent)

    def end(self, state: str) -> None:
        """Say, on the disk, how it ended."""
        self._write({"record": "end", "state": state})
        self._lines.flush()

    def close(self) -> None:
        """Close the files."""
        self._lines.close()
        self._originals.close()

    def _write(self, record: dict[str, Any]) -> None:
        line = json.dumps(record).encode("ascii") + b"\n"
        self._lines.append(line)
        self._digest.update(line)


def end_run(run: Run, state: str) -> None:
    """Write into the journal of a process that is gone how its transaction ended.

    Raises:
        OSError: it cannot be written.
    """
    path = run.folder / "journal"
    descriptor = os.open(path, os.O_RDWR | _BINARY)
    try:
        # What follows the last whole line was cut off; it must not swallow this one.
        data = _read(descriptor)
        os.ftruncate(descriptor, data.rfind(b"\n") + 1)
        os.lseek(descriptor, 0, os.SEEK_END)
        write_all(descriptor, json.dumps({"record": "end", "state": state}).encode("ascii") + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    run.state = state


def _read(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def read_run(folder: Path, root: Path) -> Run:
    """A run from its folder.

    Args:
        folder: the run's own.
        root: what paths in the journal are relative to.

    Raises:
        OSError: the journal is there and cannot be read.
    """
    run = Run(folder.name, folder)
    try:
        data = (folder / "journal").read_bytes()
    except FileNotFoundError:
        return run
    seen, read = hashlib.sha256(), 0
    for line in data.splitlines(keepends=True):
        read += len(line)
        record = _record(line)
        if record is None:
            # The last words of a process that was killed, unless it went on to commit: then the disk has lost some.
            run.state = DAMAGED if _COMMIT in data[read:] else run.state
            break
        try:
            _take(run, record, root, seen.hexdigest())
        except (KeyError, TypeError, ValueError):
            run.state = DAMAGED
            break
        seen.update(line)
    return run


def _record(line: bytes) -> dict[str, Any] | None:
    """A whole line, None for one that was cut off."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _take(run: Run, record: dict[str, Any], root: Path, seen: str) -> None:
    """Bring a run forward by one line of its journal."""
    kind = record.pop("record")
    if kind == "begin":
        if record["version"] != VERSION:
            raise ValueError("of another version")
        run.kind, run.undoes, run.time = str(record["kind"]), record["undoes"], float(record["time"])
        run.pid, run.host = int(record["pid"]), str(record["host"])
    elif kind == "stage":
        run.entries.append(Entry(**{**record, "path": os.path.join(root, record["path"])}))
    elif kind == "commit":
        if record["digest"] != seen:
            raise ValueError("a line is missing or was changed")
        left_out = set(record["without"])
        run.entries = [entry for entry in run.entries if entry.number not in left_out]
        run.state = COMMITTING
    elif kind == "end":
        run.state = str(record["state"])
