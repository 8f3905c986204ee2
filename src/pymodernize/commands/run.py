"""One run from its options to its exit code."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pymodernize.commands.extent import Extent, extent_of
from pymodernize.commands.reporting import report_for, wants_fixes
from pymodernize.execution.baseline import NoBaseline
from pymodernize.execution.execute import FileReport, error_reports, run
from pymodernize.execution.known_files import remembering
from pymodernize.execution.pool import Pool, usable_cores
from pymodernize.execution.task import OtherVersion, collect_less_often
from pymodernize.files.changed_lines import NoChanges
from pymodernize.files.discover import Discovery, discover
from pymodernize.files.output_files import NoOutput
from pymodernize.files.reading import too_large
from pymodernize.plan import Plan
from pymodernize.registry import Entry, RegistryError, names
from pymodernize.report.progress import Progress
from pymodernize.report.streams import write_stdout
from pymodernize.report.summary import Summary
from pymodernize.report.terminal import tell
from pymodernize.settings import (
    Settings,
    SettingsError,
    by_settings_file,
    load_settings,
)
from pymodernize.settings.planning import Request, common_folder, make_plan, settings_for
from pymodernize.transformation.result import Result, untriggered

if TYPE_CHECKING:
    from pymodernize.receipts.collecting import Receipts

# 2 is click's own, for a wrong command line or wrong settings.
DONE, CHANGES, UNREADABLE, REJECTED = 0, 1, 3, 4


def execute(request: Request) -> int:
    """Carry out a run.

    Returns:
        The exit code.

    Raises:
        click.UsageError: options or settings are wrong.
    """
    collect_less_often()
    try:
        installed = names()
        settings = settings_for(request, installed)
        if request.stdin_filename is not None:
            settings = settings.for_file(Path(request.stdin_filename))
        plan = make_plan(request, settings, installed, fixes=wants_fixes(request))
        extent = extent_of(request) if request.since or request.staged or request.baseline else None
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    except NoBaseline as exc:
        raise click.UsageError(f"--baseline: {exc}") from exc
    except NoChanges as exc:
        raise click.UsageError(f"--{'since' if request.since else 'staged'}: {exc}") from exc
    if "-" in request.paths:
        if len(request.paths) > 1:
            raise click.UsageError("- (stdin) goes with no other path")
        name = Path(request.stdin_filename or "<stdin>")
        return _run_stdin(request, settings, _within(extent, plan, [name]), installed)
    if request.stdin_filename is not None:
        raise click.UsageError("--stdin-filename goes with the path - (stdin)")
    return _run_files(request, settings, plan, installed, extent)


@dataclass(frozen=True)
class Share:
    """The files of a run that the same settings hold for."""

    files: list[Path]
    settings: Settings
    plan: Plan


def shares_of(
    request: Request, settings: Settings, plan: Plan, installed: dict[str, Entry], found: Discovery
) -> list[Share]:
    """The files that were found, by their settings; those that settings of their own exclude are left out.

    Raises:
        click.UsageError: settings that lie further down are wrong.
    """
    shares: list[Share] = []
    try:
        groups = {settings.path: found.files} if request.config else by_settings_file(found.files)
        for path, files in groups.items():
            own = settings if path == settings.path else load_settings(path, installed)
            if own.extend_exclude != settings.extend_exclude:
                kept = set(discovered(request, own).files)
                files = [file for file in files if file in kept]
            for special, some in own.by_pattern(files):
                own_plan = plan
                if special != settings:
                    own_plan = make_plan(
                        request, special, installed, may_be_empty=special != own, fixes=wants_fixes(request)
                    )
                shares.append(Share(some, special, own_plan))
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    return shares


def _within(extent: Extent | None, plan: Plan, files: Sequence[Path]) -> Plan:
    """A plan that knows which findings count in some files."""
    scopes = extent.scopes(files) if extent is not None else {}
    return replace(plan, scopes=scopes) if scopes else plan


def _run_files(
    request: Request, settings: Settings, plan: Plan, installed: dict[str, Entry], extent: Extent | None
) -> int:
    began = time.monotonic()
    progress = Progress(wanted=request.verbosity >= 0)
    receipts = receipts_for(request)
    report = report_for(request, plan, {**installed, **settings.rules})
    summary = Summary()
    found = Discovery()
    worked: list[Share] = []
    used = {settings.path, *settings.extended}
    with contextlib.closing(progress):

        def reports() -> Iterator[FileReport]:
            """Search and work; under ``--apply`` not before an earlier run has ended."""
            # Filled in place: those that were made before the search look into it after it.
            vars(found).update(vars(discovered(request, settings)))
            folders = [Path(path) for path in request.paths if os.path.isdir(path)]
            yield from error_reports((problem.path, problem.message) for problem in found.problems)
            if extent is not None:
                found.files = extent.files(found.files)
            shares = shares_of(request, settings, plan, installed, found)
            shares = [replace(share, plan=_within(extent, share.plan, share.files)) for share in shares]
            used.update(path for share in shares for path in (share.settings.path, *share.settings.extended))
            worked.extend(shares)
            progress.total = sum(len(share.files) for share in shares)
            for share in shares:
                done = worked_on(share, folders)
                if request.interactive:
                    done = _asked(done, share.plan, progress)
                yield from formatted_as_asked(request, share.settings, done)
            progress.close()

        def worked_on(share: Share, folders: Sequence[Path]) -> Iterator[FileReport]:
            """Work on the files that some settings hold for."""
            size = share.settings.max_file_size
            with (
                pool_for(request, share.plan) as pool,
                remembering(share.plan, size, request.cache and not share.plan.scopes) as memory,
            ):
                if memory.refused and request.verbosity >= 0:
                    say(f"does without a cache: {memory.refused}")
                done = run(
                    share.files,
                    share.plan,
                    max_size=size,
                    folders=folders,
                    pool=pool,
                    memory=memory,
                    with_facts=request.interactive,
                )
                yield from _tolerated(request, share.settings, progress.counted(done))

        outcomes, written = _outcomes(request, settings, reports, lambda path: found.targets.get(path, ""))
        with _owning_up(written):
            for item in _with_receipts(outcomes, receipts):
                summary.add(item)
                if item.has_news:
                    progress.hide()
                report.file(item)
    summary.seconds = time.monotonic() - began
    if request.verbosity > 0:
        for path in sorted(used, key=str):
            say(f"settings: {path or 'none, the defaults hold'}")
        for link in found.skipped:
            tell(f"{link}: skipped, the link leads out of the tree")
    if not summary.files and request.verbosity >= 0 and (request.since or request.staged):
        say(f"no Python files in {', '.join(request.paths)} have changed")
    elif not summary.files and request.verbosity >= 0:
        say(f"no Python files in {', '.join(request.paths)}: *.py, *.pyw, or a first line that names Python")
    with _owning_up(written):
        report.finish(summary)
        _finish(receipts, worked)
    return _exit_code(request, summary)


def receipts_for(request: Request) -> Receipts | None:
    """The collector of a run's receipts; None if none are asked for.

    Raises:
        click.UsageError: they cannot be written.
    """
    if request.receipts is None:
        return None
    from pymodernize.receipts.collecting import Receipts

    try:
        return Receipts(Path(request.receipts), request)
    except NoOutput as exc:
        raise click.UsageError(f"--receipts: {exc}") from exc


def _with_receipts(reports: Iterable[FileReport], receipts: Receipts | None) -> Iterator[FileReport]:
    """The reports, while the receipts of their files are made."""
    for item in reports:
        if receipts is not None:
            receipts.add(item)
        yield item


def _finish(receipts: Receipts | None, shares: Sequence[Share]) -> None:
    """Write the receipts of a run."""
    if receipts is not None:
        receipts.finish([share.plan for share in shares], [path for share in shares for path in share.files])


@contextlib.contextmanager
def _owning_up(written: int) -> Iterator[None]:
    """Say how many files were written if the report of that cannot be, because stdout is on a full disk perhaps."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, KeyboardInterrupt, NoOutput) as exc:
        if written:
            from pymodernize.commands.apply import so_far

            say(so_far(written))
        if isinstance(exc, NoOutput):
            raise CannotGoOn(str(exc)) from None
        raise


def _tolerated(request: Request, settings: Settings, reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """The reports; a file that is no Python 3 is no failure if that is asked for."""
    if (request.unparsable or settings.unparsable) == "error":
        return reports
    return (replace(item, is_tolerated=True) if item.result.unparsable else item for item in reports)


def _asked(done: Iterator[FileReport], plan: Plan, progress: Progress) -> Iterator[FileReport]:
    """The reports of some files, with the rewrites that a person wants."""
    from pymodernize.commands.interactive import asked

    reports = list(done)  # which also ends what is kept open for the work
    progress.hide()
    return iter(asked(reports, plan))


def formatted_as_asked(request: Request, settings: Settings, reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """The reports, with the new texts as the project's formatter leaves them, if that is asked for."""
    if not (request.then_format or settings.then_format):
        return reports
    from pymodernize.commands.then_format import formatted

    return formatted(reports, say if request.verbosity >= 0 else lambda line: None)


@contextlib.contextmanager
def pool_for(request: Request, plan: Plan) -> Iterator[Pool]:
    """The pool that runs the tasks.

    Raises:
        click.UsageError: a cluster without an address, or the other way round.
        CannotGoOn: the cluster cannot be worked with.
    """
    if (request.executor == "dask") != (request.scheduler is not None):
        raise click.UsageError("--executor dask and --scheduler ADDRESS go together")
    if request.scheduler is None:
        with Pool(plan, request.jobs or usable_cores()) as pool:
            yield pool
        return
    from pymodernize.execution.dask import NoCluster, cluster

    try:
        with cluster(plan, request.scheduler, request.jobs) as pool:
            yield pool
    except (NoCluster, OtherVersion) as exc:
        raise CannotGoOn(str(exc)) from exc


def discovered(request: Request, settings: Settings) -> Discovery:
    return discover(request.paths, settings.extend_exclude)


def _outcomes(
    request: Request, settings: Settings, reports: Callable[[], Iterator[FileReport]], target: Callable[[Path], str]
) -> tuple[Iterable[FileReport], int]:
    """The reports of a run, and how many files were written: under ``--apply`` the run is carried out here.

    Args:
        request: what was asked for.
        settings: what the project says.
        reports: works on the files.
        target: where a link leads that was named; empty for any other path.
    """
    paths = [Path(path) for path in request.paths]
    if request.mode == "apply":
        from pymodernize.commands.apply import Locked, apply

        break_links = settings.hard_links == "break"
        try:
            done = apply(
                reports, paths, say, target=target, break_links=break_links, history_size=settings.history_size
            )
        except Locked as exc:
            raise CannotGoOn(str(exc)) from exc
        return done.reports, done.written
    start = common_folder(request.paths)
    if any(os.path.lexists(folder / ".pymodernize") for folder in (start, *start.parents)):
        from pymodernize.transaction.unfinished import unfinished

        for line in unfinished(paths):
            say(line)
    return reports(), 0


class CannotGoOn(click.ClickException):
    """A whole run cannot go on; the message says why."""

    exit_code = UNREADABLE


def say(line: str) -> None:
    """A line for a person."""
    tell(f"pymodernize: {line}")


def _exit_code(request: Request, summary: Summary) -> int:
    codes = [DONE]
    if request.mode == "check" and summary.changed:
        codes.append(CHANGES)
    if summary.failures:
        codes.append(UNREADABLE)
    if summary.rejected:
        codes.append(REJECTED)
    return max(codes)


def _run_stdin(request: Request, settings: Settings, plan: Plan, installed: dict[str, Entry]) -> int:
    """Work on stdin: ``--apply`` writes the whole new text to stdout, and the old one if nothing changes.

    As JSON, the report has the new text.
    """
    gives_back = request.mode == "apply" and request.format != "json"
    if gives_back and request.format != "text":
        raise click.UsageError(f"--apply gives stdin back as it is; that leaves no room for --format {request.format}")
    if sys.stdin is None:
        raise click.UsageError("- means stdin, which is closed")
    source = sys.stdin.buffer.read()
    path = Path(request.stdin_filename or "<stdin>")
    if len(source) > settings.max_file_size:
        result = Result(error=too_large(settings.max_file_size))
    elif not plan.is_triggered(source):
        result = untriggered(source)
    else:
        from pymodernize.execution.single_text import result_of

        with remembering(plan, settings.max_file_size, request.cache and not plan.scopes) as memory:
            result = result_of(source, request.stdin_filename, plan, memory)
    reports = _tolerated(request, settings, iter([FileReport(path, source, result)]))
    (item,) = formatted_as_asked(request, settings, reports)
    result = item.result
    if gives_back:
        write_stdout(source if result.output is None else result.output)
    summary = Summary()
    summary.add(item)
    report = report_for(request, plan, {**installed, **settings.rules})
    with _owning_up(0):
        report.file(item)
        report.finish(summary)
    return _exit_code(request, summary)
