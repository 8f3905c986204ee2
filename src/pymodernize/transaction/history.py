"""Finished transactions: which there are, and how one is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pymodernize.files.open_folders import Untrusted
from pymodernize.transaction.core import Transaction
from pymodernize.transaction.journal import ABSENT, DONE, Entry, Run, digest
from pymodernize.transaction.staging import NotWritten, opened
from pymodernize.transaction.store import Store


class NoSuchRun(Exception):
    """There is no run to undo, or none of that name; the message says what there is."""


@dataclass(frozen=True)
class Past:
    """A finished run.

    Attributes:
        run: what its journal says.
        undone_by: the run that took it back and was not taken back itself.
    """

    run: Run
    undone_by: str | None = None


@dataclass
class Undone:
    """The result of an undo.

    Attributes:
        run: what was undone.
        restored: how many files have their old bytes again.
        kept: files that were not restored, each with the reason.
        id: the undo's own run, None if nothing was written.
    """

    run: Run
    restored: int = 0
    kept: dict[Path, str] = field(default_factory=dict)
    id: str | None = None


def history(store: Store) -> list[Past]:
    """The finished runs, newest first.

    Raises:
        Refused: the store is not trusted.
    """
    undone: dict[str, str] = {}
    found = []
    # From the newest: an undo counts unless a later one took it back.
    for run in reversed([run for run in store.runs() if run.state == DONE]):
        if run.undoes is not None and run.id not in undone:
            undone.setdefault(run.undoes, run.id)
        found.append(Past(run, undone.get(run.id)))
    return found


def choose(store: Store, name: str | None) -> Run:
    """The run that an undo means.

    Args:
        store: the project's.
        name: a run's name or how it begins; None for the last one that was
            applied and is not undone.

    Raises:
        NoSuchRun: there is none.
    """
    past = history(store)
    if name is None:
        for item in past:
            if item.run.kind == "apply" and item.undone_by is None:
                return item.run
        raise NoSuchRun(f"there is no run to undo in {store.folder}")
    found = [item for item in past if item.run.id.startswith(name)]
    if len(found) != 1:
        which = "several runs are" if found else "no run is"
        raise NoSuchRun(f"{which} called {name!r} in {store.folder}; pymodernize history lists them")
    if found[0].undone_by is not None:
        raise NoSuchRun(f"run {found[0].run.id} is undone already, by {found[0].undone_by}")
    return found[0].run


def undo(
    store: Store,
    run: Run,
    *,
    force: bool = False,
    history_size: int,
    say: Callable[[str], None] = lambda line: None,
) -> Undone:
    """Give the files of a run their old bytes again, in a transaction. Needs the store's lock.

    Mode, owner and attributes stay as they are now; the time of modification
    is that of the undo.

    Args:
        store: the project's.
        run: what to undo.
        force: whether to do the rest if some files were edited since or
            cannot be written; nothing is done otherwise.
        history_size: how many bytes the kept runs may take.
        say: takes a line for a person.
    """
    outcome = Undone(run)
    transaction = Transaction(store, kind="undo", undoes=run.id, history_size=history_size, say=say)
    with transaction:
        for entry in run.entries:
            path = store.root / entry.path
            try:
                now = _now(store, entry)
                if digest(now) != entry.old:
                    old = None if entry.old == ABSENT else store.original(run, entry)
                    transaction.add(path, now, old, target=str(path))
            except (OSError, NotWritten, Untrusted, ValueError) as exc:
                outcome.kept[path] = str(exc) if not isinstance(exc, OSError) else f"cannot be read: {exc.strerror}"
        outcome.kept |= transaction.left
        if not outcome.kept or force:
            outcome.kept |= transaction.commit()
            outcome.restored = transaction.written
            outcome.id = transaction.id if transaction.written else None
    return outcome


def _now(store: Store, entry: Entry) -> bytes | None:
    """The bytes of a file as the run left it, or as it was before; None if it is not there, as at that time.

    Raises:
        NotWritten: it is gone or was edited.
        Untrusted: it is reached through a link.
    """
    try:
        folder = store.parent_of(entry)
    except FileNotFoundError:
        raise NotWritten("is gone since") from None
    with folder:
        if not folder.has(entry.name):
            if ABSENT in (entry.old, entry.new):
                return None
            raise NotWritten("is gone since")
        try:
            with opened(folder, entry.name) as source, open(source, "rb", closefd=False) as file:
                content = file.read(max(entry.old_size, entry.new_size) + 1)
        except NotWritten:
            raise NotWritten("was edited since") from None
    if digest(content) in (entry.old, entry.new):
        return content
    raise NotWritten("was edited since")
