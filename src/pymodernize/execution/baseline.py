"""The baseline: known findings of a project that reports leave out, in a file that is committed with its code."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pymodernize.codemod import Finding
from pymodernize.files.reading import Unreadable, read
from pymodernize.finding_scope import Fingerprint, fingerprints
from pymodernize.source import SourceFile, UnreadableSource

VERSION = 1
_MOST_BYTES = 100_000_000

Counts: TypeAlias = Counter[Fingerprint]


class NoBaseline(ValueError):
    """A file is no baseline; the message says which, why and what to do."""


class Baseline:
    """How often each fingerprint was found in which file.

    Args:
        path: the baseline's own file; those that it names are named from its folder.
        files: by their absolute paths, what was found in them.
    """

    def __init__(self, path: Path, files: Mapping[str, Counts] | None = None) -> None:
        self.path = path
        self.files = dict(files or {})

    def of(self, path: Path) -> tuple[tuple[Fingerprint, int], ...]:
        """The known findings of a file.

        Args:
            path: the file.
        """
        return tuple(sorted(self.files.get(os.path.abspath(path), Counter()).items()))

    def add(self, path: Path, source: bytes, findings: Iterable[Finding]) -> None:
        """Take in what was found in a file.

        Args:
            path: the file.
            source: its bytes.
            findings: all of it.
        """
        try:
            file = SourceFile.decode(source)
        except UnreadableSource:
            return
        counts = Counter(fingerprint for _, fingerprint in fingerprints(findings, file))
        if counts:
            self.files[os.path.abspath(path)] = counts

    def shrunk(self, found: Baseline, looked_at: Iterable[Path]) -> Baseline:
        """The findings of this baseline that still occur.

        Args:
            found: what is there now.
            looked_at: the files that were looked at: of others that are there all is kept.
        """
        seen = {os.path.abspath(path) for path in looked_at}
        files = {}
        for path, counts in self.files.items():
            if path in seen:
                left = counts & found.files.get(path, Counter())
            else:
                left = counts if os.path.lexists(path) else Counter()
            if left:
                files[path] = left
        return Baseline(self.path, files)

    @property
    def size(self) -> int:
        """How many findings it knows."""
        return sum(sum(counts.values()) for counts in self.files.values())

    def dumps(self) -> bytes:
        """The file's content: the same for the same findings, a line for each that a person can read."""
        folder = os.path.dirname(os.path.abspath(self.path))
        named = sorted((os.path.relpath(path, folder).replace(os.sep, "/"), path) for path in self.files)
        parts = []
        for name, path in named:
            rows = [
                {"codemod": codemod, "code": code, "line": line, "times": times}
                for (codemod, code, line), times in sorted(self.files[path].items())
            ]
            lines = ",\n".join(f"      {json.dumps(row)}" for row in rows)
            parts.append(f"    {json.dumps(name)}: [\n{lines}\n    ]")
        inside = "{\n" + ",\n".join(parts) + "\n  }" if parts else "{}"
        return f'{{\n  "version": {VERSION},\n  "files": {inside}\n}}\n'.encode("ascii")


def load(path: Path) -> Baseline:
    """Read a baseline.

    Args:
        path: its file.

    Raises:
        NoBaseline: it cannot be read, or is none.
    """
    try:
        document = json.loads(read(path, _MOST_BYTES))
    except Unreadable as exc:
        why = exc if os.path.lexists(path) else "does not exist"
        raise NoBaseline(f"{path}: {why}; --write-baseline {path} writes one") from None
    except (ValueError, RecursionError):
        raise NoBaseline(f"{path}: is no JSON; --write-baseline {path} writes it anew") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise NoBaseline(f"{path}: is no baseline of version {VERSION}; --write-baseline {path} writes it anew")
    folder = os.path.dirname(os.path.abspath(path))
    try:
        files = {
            os.path.normpath(os.path.join(folder, name)): Counter(dict(_row(row) for row in rows))
            for name, rows in document["files"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NoBaseline(f"{path}: has an entry that is none; --write-baseline {path} writes it anew") from None
    return Baseline(path, files)


def _row(row: Any) -> tuple[Fingerprint, int]:  # noqa: ANN401 - of JSON
    texts = row["codemod"], row["code"], row["line"]
    times = row["times"]
    if not all(isinstance(text, str) for text in texts) or type(times) is not int or times < 1:
        raise ValueError
    return texts, times
