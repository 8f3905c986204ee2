"""``pymodernize undo`` and ``pymodernize history``, from their options to their exit codes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import click

from pymodernize.commands.apply import Locked, NoSuchRun, NotWritten, store_for, take_back
from pymodernize.commands.run import DONE, UNREADABLE, CannotGoOn, say
from pymodernize.report.terminal import show, tell
from pymodernize.settings import SettingsError, find_settings_file, load_history_size
from pymodernize.transaction.history import Past, history
from pymodernize.transaction.journal import Run
from pymodernize.transaction.latest import stores_around
from pymodernize.transaction.projects import untrusted
from pymodernize.transaction.store import Refused
from pymodernize.transaction.unfinished import named, pending

_COMMIT = re.compile(r"HEAD[~^0-9]*|[0-9a-f]{4,64}")


def undo_run(name: str | None, project: str | None, *, force: bool) -> int:
    """Undo a run and say what came of it.

    Args:
        name: the run; None for the last.
        project: a folder of the project; None for the current folder, and
            those above and below.
        force: whether to do the rest if some files were edited since.

    Returns:
        The exit code.

    Raises:
        click.UsageError: there is no such run.
    """
    try:
        store = store_for(Path(project).resolve() if project is not None else None, name)
        size = load_history_size(find_settings_file(store.root))
        outcome = take_back(store, name, say, force=force, history_size=size)
    except NoSuchRun as exc:
        try:
            return _undo_commit(name, project, exc, force=force)
        except NoSuchRun as other:
            raise click.UsageError(str(other)) from other
    except SettingsError as exc:
        raise click.UsageError(str(exc)) from exc
    except (Locked, NotWritten) as exc:
        raise CannotGoOn(str(exc)) from exc
    if outcome is None:
        return DONE
    for path, reason in outcome.kept.items():
        tell(f"{path}: {reason}")
    if outcome.kept and not force:
        tell(f"run {outcome.run.id} is not undone; --force restores the other files.")
        return UNREADABLE
    number = outcome.restored
    done = "1 file restored to what it was" if number == 1 else f"{number} files restored to what they were"
    tell(f"{done} before run {outcome.run.id} in {store.root}.")
    return UNREADABLE if outcome.kept else DONE


def _undo_commit(name: str | None, project: str | None, error: NoSuchRun, *, force: bool) -> int:
    """Undo a commit of a migration, if it can be the name of one that was given.

    Raises:
        NoSuchRun: there is none.
    """
    if name is None or not _COMMIT.fullmatch(name):
        raise error
    from pymodernize.commands.migration.undo_commit import undo_commit

    code = undo_commit(name, Path(project or "."), force=force)
    if code is None:
        raise error
    return code


def show_history(project: str) -> int:
    """Print the kept runs, the newest first."""
    start = Path(project).resolve()
    refused = untrusted(start)
    if refused is not None:
        say(f"{refused}; it is not looked at")
    lines: list[tuple[str, str]] = []
    unfinished: list[Run] = []
    for store in stores_around(start):
        try:
            elsewhere = f"  {store.root}" if store.root not in (start, *start.parents) else ""
            lines += [(item.run.id, f"{_line(item)}{elsewhere}") for item in history(store)]
            unfinished += pending(store)
        except Refused:
            continue
    for _, line in sorted(lines, reverse=True):
        show(line)
    if not lines and not unfinished:
        say(f"no run is kept for {start}")
    for run in unfinished:
        say(f"{named(run)} was cut off; the next --apply, or pymodernize undo, finishes it or takes it back")
    return DONE


def _line(item: Past) -> str:
    run = item.run
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.time))
    files = "1 file" if len(run.entries) == 1 else f"{len(run.entries)} files"
    note = f"undo of {run.undoes}" if run.undoes else "applied"
    if item.undone_by:
        note += f", undone by {item.undone_by}"
    return f"{run.id}  {when}  {files:>10}  {note}"
