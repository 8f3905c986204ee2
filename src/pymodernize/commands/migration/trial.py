"""What judges the drafts of a migration, from its options."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from pymodernize.commands.migration.asked import Asked
from pymodernize.commands.migration.checks import Checks, NoCheck
from pymodernize.commands.migration.committing import Writer
from pymodernize.commands.migration.judging import Tests
from pymodernize.commands.migration.record import Record
from pymodernize.commands.migration.states import States
from pymodernize.commands.migration.tries import Scripts, Tries
from pymodernize.commands.migration.work import Work
from pymodernize.commands.run import say
from pymodernize.commands.trying.running import NoTry, studio
from pymodernize.report.run_origin import ground_of
from pymodernize.settings import SettingsError
from pymodernize.settings.runs import Run, checked_command


@contextlib.contextmanager
def judged(
    asked: Asked, states: States, writer: Writer, record: Record, save: Callable[[], None], folder: Path
) -> Iterator[Tests | None]:
    """What judges drafts, once the project has been checked as it is; None if nothing does.

    Args:
        asked: the options.
        states: what files come to.
        writer: writes the texts.
        record: what is known of the migration.
        save: has the record on the disk.
        folder: where checks run.

    Raises:
        NoCheck: the project fails as it is, or scripts cannot be run. A migration that has no commit yet has not begun,
            then.
    """
    if not asked.judges:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            tries = _tries(asked, states, record, stack)
            checks = Checks(asked.verify, folder, asked.junit, asked.seconds) if asked.verify else None
            tests = Tests(checks, tries, states, writer, record, save, folder, say)
            tests.begin()
        except NoCheck:
            record.ended = not record.commits
            save()
            raise
        yield tests


def _tries(asked: Asked, states: States, record: Record, stack: contextlib.ExitStack) -> Tries | None:
    """What runs scripts; None if that is not asked for.

    Raises:
        NoCheck: they cannot be run.
        click.UsageError: there are no runs, or what is asked for is no command line.
    """
    if not asked.try_ and not asked.try_runs:
        return None
    work = states.work
    ground = ground_of(work.request.paths)
    try:
        commands = [checked_command(text, "--try") for text in asked.try_]
    except SettingsError as exc:
        raise click.UsageError(str(exc)) from None
    runs = _listed(work) if asked.try_runs else []
    top = ground.top
    if ground.base is None:  # what has settings is the project, then
        top = Path(os.path.commonpath([top, *(os.path.realpath(run.folder) for run in runs)]))
    _check_places(runs, top)
    every = [*runs, *(Run("x", command=command, folder=top) for command in commands)]
    try:
        found = stack.enter_context(studio(top, every, asked.try_seconds, confined=not asked.unconfined))
    except NoTry as exc:
        raise NoCheck(f"{'--try' if commands else '--try-runs'}: {exc}") from None
    return Tries(Scripts(work, top, commands, runs), found, states.originals, record, say)


def _listed(work: Work) -> Sequence[Run]:
    """The runs that the settings of files list.

    Raises:
        click.UsageError: there are none.
    """
    found: dict[Run, None] = {}
    for settings in (work.settings, *(share.settings for share in work.shares)):
        found.update(dict.fromkeys(settings.try_))
    if not found:
        raise click.UsageError(
            "--try-runs: the settings list no runs; 'pymodernize try --record -- python SCRIPT' writes them"
        )
    return list(found)


def _check_places(runs: Sequence[Run], top: Path) -> None:
    """Make sure that runs are of scripts that are there, in the project.

    Raises:
        click.UsageError: one is not.
    """
    for run in runs:
        if top not in (real := Path(os.path.realpath(run.folder)), *real.parents):
            raise click.UsageError(f"--try-runs: {run.folder} is not in {top}")
        if not os.path.isfile(run.folder / run.script):
            raise click.UsageError(f"--try-runs: {run.folder / run.script}: there is no such script")
