"""Carry a migration out: write each draft, have it judged, commit it; and go on where a run was cut off."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from pymodernize.codemod import Finding
from pymodernize.commands.apply import apply
from pymodernize.commands.migration import record as records
from pymodernize.commands.migration.moves import Done, Draft
from pymodernize.commands.migration.record import Record
from pymodernize.execution.execute import FileReport
from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.files.reading import Unreadable, read
from pymodernize.transformation.result import Result

_MOST_SIZE = 50_000_000
_PATIENCE = 10.0
"""Seconds for which another process may be at git's index."""

Say = Callable[[str], None]


class CutOff(Exception):
    """A migration cannot go on; the message says why and what to do."""


class Writer:
    """Writes texts of a migration, each as a transaction.

    Args:
        paths: what was named on the command line.
        say: takes a line for a person.
        break_links: whether a file with hard links is replaced.
        history_size: how many bytes the kept runs may take.
        known: for files, digests of texts that we have written; others are not replaced.
        note: told what is about to be written.
    """

    def __init__(
        self,
        paths: Collection[Path],
        say: Say,
        *,
        break_links: bool,
        history_size: int,
        known: dict[str, list[str]] | None = None,
        note: Callable[[], None] = lambda: None,
    ) -> None:
        self.paths = paths
        self.say = say
        self.break_links = break_links
        self.history_size = history_size
        self.known = {} if known is None else known
        self.note = note

    def write(self, old: Mapping[Path, bytes], new: Mapping[Path, bytes]) -> None:
        """Give files new texts, all or none.

        Args:
            old: the texts that they may have now, beside those that we have written.
            new: those that they get.

        Raises:
            CutOff: a file was edited by somebody else, or cannot be written.
        """
        now = {path: self._now(path) for path in new}
        for path, text in now.items():
            ours = self.known.get(os.path.realpath(path), ())
            # What a draft changes and changes back again has no other text there.
            if text not in (old.get(path), new[path]) and _digest(text) not in ours:
                raise CutOff(f"{path}: was edited since; put it back and run the same command again")
        wanted = {path: text for path, text in new.items() if now[path] != text}
        if not wanted:
            return
        for path, text in wanted.items():
            digests = self.known.setdefault(os.path.realpath(path), [])
            if _digest(text) not in digests:
                digests.append(_digest(text))
        self.note()
        done = apply(
            lambda: [FileReport(path, now[path], Result(output=text)) for path, text in wanted.items()],
            self.paths,
            self.say,
            break_links=self.break_links,
            history_size=self.history_size,
        )
        failed = {item.path: item.result.error for item in done.reports if item.result.error is not None}
        left = {path: error for path, error in failed.items() if self._now(path) != wanted[path]}
        for path, error in left.items():
            raise CutOff(f"{path}: {error}")

    def adopt(self, path: Path) -> None:
        """Count the text that a file has now as one that we have written."""
        self.known.setdefault(os.path.realpath(path), []).append(_digest(self._now(path)))

    def has(self, path: Path, text: bytes) -> bool:
        """Whether a file has a text."""
        return self._now(path) == text

    def _now(self, path: Path) -> bytes:
        try:
            return read(path, _MOST_SIZE)
        except Unreadable as exc:
            raise CutOff(f"{path}: {exc}") from None


class Committer:
    """Makes the commits of a migration.

    Args:
        repository: where.
        record: what is known of the migration.
        writer: writes the texts.
        message: makes a commit's message.
        say: takes a line for a person.
    """

    def __init__(
        self, repository: Repository, record: Record, writer: Writer, message: Callable[[Draft], str], say: Say
    ) -> None:
        self.repository = repository
        self.record = record
        self.writer = writer
        self.message = message
        self.say = say

    def save(self) -> None:
        """Have the record on the disk."""
        records.save(self.repository.own, self.record)

    def settle(self, done: Done, paths: Mapping[str, Path]) -> None:
        """Find out whether a commit was made by a run that was cut off, and count it as done if it was.

        Args:
            done: what is committed; the pending one is added if it is.
            paths: the files by their real paths.
        """
        pending = self.record.pending
        if pending is not None:
            made = self.repository.between(pending["parent"], "HEAD") if self._is_above(pending["parent"]) else []
            if made and self.repository.message_of(made[0]).strip() == pending["message"].strip():
                self._count(pending, made[0])
            self.record.pending = None
            self.save()
        done.whole.update((step, paths[path]) for step, path in self.record.whole if path in paths)
        done.spots.update(
            (paths[path], (name, line, column)) for path, name, line, column in self.record.spots if path in paths
        )

    def commit(self, draft: Draft, done: Done) -> str:
        """Commit what is written.

        Returns:
            The commit's name.

        Raises:
            CutOff: git, or a hook of the repository, does not want it.
        """
        message = self.message(draft)
        pending = {
            "parent": self.repository.head(),
            "message": message,
            "whole": [(part.step, os.path.realpath(part.group[0])) for part in draft.parts if part.is_last],
            "spots": [_spot(path, finding) for path, finding in draft.items],
        }
        self.record.pending = pending
        self.save()
        name = self._made(list(draft.new), message, draft)
        for part in draft.parts:
            done.add(part)
        self._count(pending, name)
        self.record.pending = None
        for path, text in draft.new.items():
            if not self.writer.has(path, text):  # a hook has laid it out its own way
                self.writer.adopt(path)
        self.save()
        return name

    def _made(self, paths: list[Path], message: str, draft: Draft) -> str:
        deadline = time.monotonic() + _PATIENCE
        again = True
        while True:
            try:
                return self.repository.commit(paths, message)
            except GitFailed as exc:
                if "index.lock" in str(exc) and time.monotonic() < deadline:
                    time.sleep(0.2)
                    continue
                changed = [path for path in paths if not self.writer.has(path, draft.new[path])]
                if changed and again:  # a hook that mends files wants to be asked once more
                    again = False
                    for path in changed:
                        self.writer.adopt(path)
                    self.save()
                    continue
                raise CutOff(
                    f"{exc}; the files are written and not committed: see to it, and run the same command again"
                ) from None

    def _count(self, pending: Mapping[str, Any], name: str) -> None:
        self.record.whole += [(step, path) for step, path in pending["whole"]]
        self.record.spots += [(path, codemod, line, column) for path, codemod, line, column in pending["spots"]]
        self.record.commits.append(name)

    def _is_above(self, commit: str) -> bool:
        return self.repository.resolved(commit) is not None


def _spot(path: Path, finding: Finding) -> tuple[str, str, int, int]:
    return os.path.realpath(path), finding.codemod, finding.line, finding.column


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
