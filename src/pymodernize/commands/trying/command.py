"""``pymodernize try``: run what the settings list, or add to it what is typed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from pymodernize.commands.trying.recording import added, run_of, typed_run
from pymodernize.commands.trying.running import NoTry, difference, refuse_not_started, studio
from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.registry import names
from pymodernize.report.closing import counted
from pymodernize.report.terminal import show, tell
from pymodernize.settings import SettingsError, find_settings_file, load_settings
from pymodernize.transaction.signals import tidy_end

_DONE, _DIFFERENT = 0, 1


def try_listed(folder: str, seconds: float, *, confined: bool) -> int:
    """Make the runs that the settings list, each twice, and say which do the same both times.

    Args:
        folder: of the project.
        seconds: how long a run may take.
        confined: whether runs are kept within a copy.

    Returns:
        The exit code: 1 if one does not.

    Raises:
        click.UsageError: there are none, or they cannot be made.
    """
    path = _settings_of(Path(os.path.realpath(folder)))
    try:
        runs = load_settings(path, names()).try_
        if not runs:
            raise NoTry("the settings list no runs; 'pymodernize try --record -- python SCRIPT' writes them")
        unsteady = 0
        with tidy_end(), studio(_top(runs[0].folder), runs, seconds, confined=confined) as found:
            for run in runs:
                first, second = found.run(run, {}), found.run(run, {})
                why = difference(first, second)
                if first.status is None:
                    why = f"does not end in {seconds:g} seconds"
                unsteady += bool(why)
                files = f", {counted(len(first.files), 'file')}" if first.files else ""
                did = f"exit status {first.status}, {counted(first.size, 'byte')} on stdout{files}"
                show(f"{run.name}: {f'not the same twice: {why}' if why else f'the same twice: {did}'}")
    except (NoTry, SettingsError) as exc:
        raise click.UsageError(str(exc)) from None
    return _DIFFERENT if unsteady else _DONE


def record(words: Sequence[str], files: Sequence[str], *, confined: bool) -> int:
    """Run what is typed, and add it to the settings.

    Args:
        words: the command line of the script.
        files: paths of files whose texts belong to the run.
        confined: whether it is kept within a copy.

    Returns:
        The exit code.

    Raises:
        click.UsageError: it is no run, or cannot be added.
    """
    folder = Path().resolve()
    path = _settings_of(folder) or folder / "pyproject.toml"
    if path.parent != folder:
        raise click.UsageError(f"the runs stand in {path}; type this one in {path.parent}")
    try:
        run = run_of(words, folder, files)
        with tidy_end(), studio(_top(folder), [run], 0, confined=confined) as found:
            status, typed = typed_run(found, run)
            refuse_not_started(run, status)
        run = replace(run, stdin=typed)
        is_new = added(path, run)
    except NoTry as exc:
        raise click.UsageError(str(exc)) from None
    what = "added to" if is_new else "is there already, in"
    tell(f"{run.name} (exit status {status}): {what} {path.name}; 'pymodernize try' makes its runs")
    return _DONE


def _settings_of(folder: Path) -> Path | None:
    try:
        return find_settings_file(folder)
    except SettingsError as exc:
        raise click.UsageError(str(exc)) from None


def _top(folder: Path) -> Path:
    """The project that a folder is in: its repository; without one the folder itself."""
    with contextlib.suppress(GitFailed):
        return Repository(folder).top
    return folder
