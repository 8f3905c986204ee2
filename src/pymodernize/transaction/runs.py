"""Runs as their folders have them. What is read may be anything: only lines that we signed are looked at."""

from __future__ import annotations

import hmac
import json
import math
import os
import zlib
from pathlib import Path
from typing import Any

from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.transaction.journal import (
    COMMITTING,
    DAMAGED,
    DONE,
    FOREIGN,
    JOURNAL,
    ORIGINALS,
    TAKEN_BACK,
    VERSION,
    Entry,
    Run,
    Signature,
    as_text,
    digest,
)
from pymodernize.transaction.staging import write_all

# A path of 4,096 bytes, each written as an escape of six characters, or the numbers of a million files.
_LONGEST_LINE = 1 << 23
_LONGEST_REST = 1 << 28
_TAG = 33
_END = as_text({"record": "end", "state": DONE})
_COMMIT = b'"record": "commit"'
_LAST_TIME = 1 << 37


def read_run(runs: Folder, name: str) -> Run:
    """A run from its folder.

    Args:
        runs: the folder of all runs.
        name: the run's.

    Raises:
        OSError: the journal is there and cannot be read.
        NoKey: there is no key to check it with.
    """
    run = Run(name, runs.path / name)
    signature = Signature(name)
    try:
        with runs.folder(name) as folder:
            folder.require_own()
            descriptor = folder.open(JOURNAL, os.O_RDONLY)
    except FileNotFoundError:
        return run
    except Untrusted:
        run.state = FOREIGN
        return run
    try:
        with open(descriptor, "rb", closefd=False) as file:
            while line := file.readline(_LONGEST_LINE):
                if not _forward(run, signature, line):
                    rest = file.read(min(_LONGEST_REST, os.fstat(descriptor).st_size))
                    run.state = _state_before(run, line, rest)
                    break
    finally:
        os.close(descriptor)
    return run


def is_done(runs: Folder, name: str) -> bool:
    """Whether a run was carried out to its end: what its last line says, whose signature covers all the others.

    Args:
        runs: the folder of all runs.
        name: the run's.

    Raises:
        OSError: the journal is there and cannot be read.
        NoKey: there is no key to check it with.
    """
    try:
        with runs.folder(name) as folder:
            folder.require_own()
            data = folder.read(JOURNAL, _LONGEST_REST)
    except (FileNotFoundError, Untrusted):
        return False
    begin = data.rfind(b"\n", 0, -1) + 1
    if not data[begin:].startswith(_END):
        return False
    signature = Signature(name)
    signature.skip(data[:begin])
    return hmac.compare_digest(signature.line(data[begin:-_TAG])[0], data[begin:])


def _state_before(run: Run, line: bytes, rest: bytes) -> str:
    """The state of a run whose journal ends, or continues with a line that we did not write."""
    is_whole = line.endswith(b"\n")
    if run.signed:
        # The last words of a process that was killed, unless it went on to commit: then the disk has lost some.
        is_lost = _COMMIT in rest or is_whole and _COMMIT in line
        return DAMAGED if is_lost else run.state
    return FOREIGN if is_whole and run.state != DAMAGED else run.state


def _forward(run: Run, signature: Signature, line: bytes) -> bool:
    """Bring a run forward by a line of its journal; False if the line is not ours, or not whole."""
    text = line[:-_TAG]
    signed, following = signature.line(text)
    if not hmac.compare_digest(signed, line):
        return False
    signature.take(following)
    try:
        _take(run, json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError):  # of another version
        run.state = DAMAGED
        return False
    run.signed += len(line)
    return True


def _take(run: Run, record: dict[str, Any]) -> None:
    kind = record.pop("record")
    if kind == "begin":
        if record["version"] != VERSION:
            raise ValueError("of another version")
        began = float(record["time"])
        if not math.isfinite(began) or not 0 <= began < _LAST_TIME:
            raise ValueError("no time")
        if not isinstance(record["undoes"], (str, type(None))):
            raise ValueError("no name of a run")
        run.kind, run.undoes, run.time = str(record["kind"]), record["undoes"], began
        run.pid, run.host = int(record["pid"]), str(record["host"])
    elif kind == "stage":
        run.entries.append(_entry(record))
    elif kind == "commit":
        left_out = set(record["without"])
        run.entries = [entry for entry in run.entries if entry.number not in left_out]
        run.state = COMMITTING
    elif kind == "end" and record["state"] in (DONE, TAKEN_BACK):
        run.state = record["state"]
    else:
        raise ValueError("no such record")


def _entry(record: dict[str, Any]) -> Entry:
    entry = Entry(**record)
    path = Path(entry.path)
    if path.is_absolute() or path.drive or not path.parts or ".." in path.parts:
        raise ValueError("a path that is not below the project's folder")
    numbers = (entry.number, entry.old_size, entry.new_size, entry.offset, entry.length)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("no number")
    return entry


def original(runs: Folder, run: Run, entry: Entry) -> bytes:
    """The bytes of a file before a run.

    Raises:
        OSError: they cannot be read.
        ValueError: they are not what was written down.
    """
    try:
        with runs.folder(run.id) as folder:
            descriptor = folder.open(ORIGINALS, os.O_RDONLY)
    except Untrusted as exc:
        raise ValueError(f"its old text is damaged: {exc}") from exc
    try:
        if os.fstat(descriptor).st_size < entry.offset + entry.length:
            raise ValueError("its old text is damaged: it was cut off")
        os.lseek(descriptor, entry.offset, os.SEEK_SET)
        with open(descriptor, "rb", closefd=False) as file:
            packed = file.read(entry.length)
    finally:
        os.close(descriptor)
    try:
        # No more than it had: a few bytes may unpack to any number of them.
        data = zlib.decompressobj().decompress(packed, entry.old_size + 1)
    except zlib.error as exc:
        raise ValueError(f"its old text is damaged: {exc}") from exc
    if digest(data) != entry.old:
        raise ValueError("its old text is damaged: the digest is another")
    return data


def end_run(runs: Folder, run: Run, state: str) -> None:
    """Write into the journal of a process that is gone how its transaction ended.

    Raises:
        OSError: it cannot be written.
        Untrusted: it is no longer the file that was read.
    """
    with runs.folder(run.id) as folder:
        descriptor = folder.open(JOURNAL, os.O_RDWR)
    try:
        signature = Signature(run.id)
        with open(descriptor, "rb", closefd=False) as file:
            while file.tell() < run.signed:
                _, following = signature.line(file.readline(_LONGEST_LINE)[:-_TAG])
                signature.take(following)
        # What follows the last whole line was cut off; it must not swallow this one.
        os.ftruncate(descriptor, run.signed)
        os.lseek(descriptor, 0, os.SEEK_END)
        write_all(descriptor, signature.line(as_text({"record": "end", "state": state}))[0])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    run.state = state
