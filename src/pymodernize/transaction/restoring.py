"""Take back what a run did to single files: old bytes are put back, and staged files removed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.transaction.journal import ABSENT, Entry, Run
from pymodernize.transaction.staging import NotWritten, digest_of, opened, put_new, stage
from pymodernize.transaction.store import Store

OLD, NEW = "old", "new"


def reset(store: Store, run: Run, entry: Entry) -> bool:
    """Give a file its old bytes again, if it holds the new ones; take it away if it was not there.

    Args:
        store: has the old bytes; needs to be open.
        run: what wrote the file.
        entry: the file.

    Returns:
        Whether it held the new bytes; False if it holds the old ones.

    Raises:
        NotWritten: it is gone or holds something else, which is left.
        OSError: the system does not let us write.
        ValueError: the old bytes are damaged.
    """
    with _parent(store, entry) as folder:
        if ABSENT in (entry.old, entry.new) and not folder.has(entry.name):
            if entry.old == ABSENT:
                return False
            put_new(folder, _staged_original(store, run, entry, folder, None), entry.name)
        else:
            with opened(folder, entry.name) as source:
                found = _content(source, entry)
                if found == OLD:
                    return False
                if found != NEW:
                    raise NotWritten("it was edited since")
                staged = None if entry.old == ABSENT else _staged_original(store, run, entry, folder, source)
            if staged is None:
                folder.unlink(entry.name)
            else:
                folder.replace(staged, entry.name)
        folder.sync()
    return True


def _staged_original(store: Store, run: Run, entry: Entry, folder: Folder, source: int | None) -> str:
    """The name of a file that has the old bytes, beside the one that is to get them."""
    original = store.original(run, entry)
    staged = run.staged(entry)
    with contextlib.suppress(FileNotFoundError):
        folder.unlink(staged)
    stage(folder, staged, original, source)
    return staged


def state_of(store: Store, entry: Entry) -> str | None:
    """Which of its two texts a file has, ``OLD`` or ``NEW``; None if another one.

    Raises:
        NotWritten: it is gone, or something else has its name.
        OSError: it cannot be read.
    """
    with _parent(store, entry) as folder:
        if ABSENT in (entry.old, entry.new) and not folder.has(entry.name):
            return OLD if entry.old == ABSENT else NEW
        with opened(folder, entry.name) as source:
            return _content(source, entry)


def remove_staged(store: Store, run: Run, entries: Collection[Entry]) -> list[str]:
    """Remove files that were staged, also where their folder has another name by now.

    Args:
        store: needs to be open.
        run: what staged them.
        entries: their targets.

    Returns:
        Lines about those that could not be removed.
    """
    lost = set()
    lines = []
    for entry in entries:
        try:
            with store.parent_of(entry) as folder:
                folder.unlink(run.staged(entry))
        except FileNotFoundError:
            if not _is_there(store, entry):
                lost.add(run.staged(entry))
        except Untrusted:
            lost.add(run.staged(entry))
        except OSError as exc:
            lines.append(f"{store.root / entry.path}: {run.staged(entry)} beside it cannot be removed: {exc.strerror}")
    # Only a search can find what was renamed; the root of the file system is too large for one.
    if lost and store.root != Path(store.root.anchor):
        for folder, name in _search(store.top, lost):
            with contextlib.suppress(OSError):
                folder.unlink(name)
    return lines


def _is_there(store: Store, entry: Entry) -> bool:
    """Whether the folder that a file was in is still there under its name, with the file."""
    try:
        with store.parent_of(entry) as folder:
            return folder.has(entry.name)
    except (OSError, Untrusted):
        return False


def _search(top: Folder, names: set[str]) -> Iterator[tuple[Folder, str]]:
    """Files of certain names below a folder, each with the folder that it is in."""
    pending: list[tuple[str, ...]] = [()]
    while pending:
        steps = pending.pop()
        try:
            with top.below(steps) as folder, folder.listed() as place:
                entries = list(os.scandir(place))
                for entry in entries:
                    if entry.name in names:
                        yield folder, entry.name
                pending += [(*steps, entry.name) for entry in entries if entry.is_dir(follow_symlinks=False)]
        except (OSError, Untrusted):
            continue


def _parent(store: Store, entry: Entry) -> Folder:
    try:
        return store.parent_of(entry)
    except FileNotFoundError:
        raise NotWritten("it is gone since") from None
    except Untrusted as exc:
        raise NotWritten(f"it is reached through something else now: {exc}") from None


def _content(descriptor: int, entry: Entry) -> str | None:
    if os.fstat(descriptor).st_size not in (entry.old_size, entry.new_size):
        return None
    found = digest_of(descriptor)
    return OLD if found == entry.old else NEW if found == entry.new else None
