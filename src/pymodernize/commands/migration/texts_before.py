"""The texts that files had before a run: as its commit has them, as undo keeps them, or as they are still."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.files.open_folders import Untrusted
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.files.scratch import put, scratch
from pymodernize.files.signing import NoKey
from pymodernize.receipts.form import Index
from pymodernize.report.terminal import tell
from pymodernize.transaction.latest import stores_around
from pymodernize.transaction.lock import Locked
from pymodernize.transaction.store import Refused


class NoText(Exception):
    """The texts before are not here; the message says why."""


class Before:
    """A project as it was before a run; to be entered.

    With a commit to begin at, the whole project is checked out in a folder of
    its own, and files that had changes then get the texts that they had.
    Without one, the files are where they are and count as having those.

    Args:
        project: the folder that paths begin at.
        index: what was looked at.

    Attributes:
        top: where the project is as it was.
        kept: for real paths of files that have another text now, the one that counts.
        missing: for files whose text is nowhere, why.
    """

    def __init__(self, project: Path, index: Index) -> None:
        self.project = project
        self.index = index
        self.top = project
        self.kept: dict[str, bytes] = {}
        self.missing: dict[str, str] = {}
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Before:
        """Have it there.

        Raises:
            NoText: there is no such commit.
        """
        with contextlib.ExitStack() as stack:
            if self.index.base is not None:
                self.top = stack.enter_context(scratch()) / self.index.top
                _check_out(self.project, self.index.base, self.top)
            self._fill()
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _fill(self) -> None:
        """Give files the texts that they had."""
        wanted = {name: digest for name, digest in self.index.files.items() if digest_at(self.top / name) != digest}
        if not wanted:
            return
        kept = dict(_kept(self.project, set(wanted.values())))
        for name, digest in wanted.items():
            text = kept.get(digest)
            if text is None and digest_at(self.project / name) == digest:
                text = read(self.project / name, FOR_EVIDENCE)
            if text is None:
                where = "in the commit that it began at nor kept for undo" if self.index.base else "kept for undo"
                self.missing[name] = f"the text before is {'neither' if self.index.base else 'not'} {where}"
            elif self.index.base is not None:
                put(self.top, name, text)
            else:
                self.kept[str(self.top / name)] = text


def _check_out(project: Path, base: str, folder: Path) -> None:
    try:
        repository = Repository(project)
        if repository.resolved(base) is None:
            raise NoText(f"the commit {base[:10]} that it began at is not here; fetch it")
        repository.copy_to(folder, base)
    except GitFailed as exc:
        raise NoText(f"the commit {base[:10]} that it began at cannot be looked at: {exc}") from None


def _kept(project: Path, digests: set[str]) -> Iterator[tuple[str, bytes]]:
    """The texts that undo keeps, of those that have some digests."""
    for store in stores_around(project):
        with contextlib.suppress(Refused, NoKey, Locked, OSError):
            found = [(run, entry) for run in store.runs() for entry in run.entries if entry.old in digests]
            if not found:
                continue
            store.open(tell)
            with contextlib.closing(store):
                for run, entry in found:
                    with contextlib.suppress(OSError, ValueError, Untrusted):
                        yield entry.old, store.original(run, entry)


def digest_at(path: Path) -> str:
    """The digest of what a file has now; empty if it cannot be read."""
    with contextlib.suppress(Unreadable):
        return hashlib.sha256(read(path, FOR_EVIDENCE)).hexdigest()
    return ""
