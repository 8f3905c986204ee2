"""``pymodernize audit``, from its options to its exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from pymodernize.audit.chosen import selected, settings_of
from pymodernize.audit.packs import Row, rows
from pymodernize.audit.project import Project
from pymodernize.audit.running import Audited, audit
from pymodernize.commands.apply import Locked, apply
from pymodernize.commands.audit_reports import error_reports, not_applicable, shortfall_reports
from pymodernize.commands.audit_text import AuditText
from pymodernize.commands.invocation import undo_line
from pymodernize.commands.run import CHANGES, DONE, REJECTED, UNREADABLE, CannotGoOn, say
from pymodernize.execution.execute import FileReport
from pymodernize.files.output_files import NoOutput, Output, write
from pymodernize.registry import RegistryError
from pymodernize.report.formats import COMPLETE, render
from pymodernize.report.run import Run
from pymodernize.report.streams import write_stdout
from pymodernize.settings import Settings, SettingsError


@dataclass(frozen=True)
class Asked:
    """What is asked of an audit.

    Attributes:
        mode: ``dry-run``, ``apply`` or ``check``.
        select: ids of checks or rows; none means all that settings have.
        ignore: ids beside those of the settings.
        format: ``text``, or one of :data:`pymodernize.report.FORMATS`.
        outputs: reports that go to files.
        diff: whether fixes are shown as a diff, whatever the mode.
        verbosity: below 0 for errors alone, above 0 for what holds, too.
    """

    mode: str = "dry-run"
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    format: str = "text"
    outputs: Sequence[Output] = ()
    diff: bool = False
    verbosity: int = 0


def run_audit(folder: str, asked: Asked) -> int:
    """Audit a project and say what came of it.

    Args:
        folder: the project's.
        asked: what is asked for.

    Returns:
        The exit code.

    Raises:
        click.UsageError: options or settings are wrong.
        CannotGoOn: another run does not end, or a report cannot be written.
    """
    project = Project(Path(folder))
    shown = Path(os.path.normpath(folder))
    try:
        known = rows()
        settings = settings_of(project)
        select = asked.select or settings.audit.select
        ignore = {**settings.audit.ignore, **dict.fromkeys(asked.ignore, "")}
        checks, left = selected(known, select, ignore, "audit")
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    audited = audit(project, checks, left)
    made = [*error_reports(project, shown), *shortfall_reports(audited, project, shown)]
    reports, written = _applied(made, project, settings) if asked.mode == "apply" else (made, 0)
    try:
        _report(asked, audited, reports, known, shown)
    except NoOutput as exc:
        raise CannotGoOn(str(exc)) from exc
    if asked.format == "text" and asked.verbosity >= 0:
        people = AuditText(asked.mode, asked.verbosity)
        people.finish(audited, written, partial(undo_line, [str(project.root)]), _command(folder, asked))
    return _exit_code(asked, audited, reports)


def _applied(reports: list[FileReport], project: Project, settings: Settings) -> tuple[list[FileReport], int]:
    """Write the fixes in one transaction: the reports after it, and how many files were written."""
    if not any(item.result.output is not None for item in reports):
        return reports, 0
    try:
        done = apply(
            lambda: reports,
            [project.root],
            say,
            break_links=settings.hard_links == "break",
            history_size=settings.history_size,
        )
    except Locked as exc:
        raise CannotGoOn(str(exc)) from exc
    return list(done.reports), done.written


def _report(asked: Asked, audited: Audited, reports: Sequence[FileReport], known: Sequence[Row], shown: Path) -> None:
    """Give all reports but the last lines of the text.

    Raises:
        NoOutput: one cannot be written.
    """
    sentences = {check.id: check.sentence for row in known for check in row.checks}
    rendered = partial(_rendered, asked.mode == "apply", reports, not_applicable(audited, shown), sentences)
    for output in asked.outputs:
        write(output.path, rendered(output.format))
    if asked.format != "text":
        write_stdout(rendered(asked.format))
        return
    people = AuditText(asked.mode, asked.verbosity, show_diff=asked.mode == "dry-run" or asked.diff)
    for item in _in_order(audited, reports):
        people.file(item)


def _in_order(audited: Audited, reports: Sequence[FileReport]) -> Iterator[FileReport]:
    """The reports in the order of the checks that found something in their files."""
    order = {outcome.check.id: number for number, outcome in enumerate(audited.outcomes)}
    yield from sorted(reports, key=lambda item: min((order[one.codemod] for one in item.result.findings), default=-1))


def _rendered(
    applied: bool, reports: Sequence[FileReport], kept: FileReport, sentences: Mapping[str, str], name: str
) -> bytes:
    """An audit in one of the formats."""
    run = Run(applied=applied)
    run.files = [*reports, *([kept] if name in COMPLETE and kept.result.findings else [])]
    for item in run.files:
        run.summary.add(item)
    run.summary.files = len(run.files)
    run.rules = {name: sentences[name] for name in sorted(run.summary.by_codemod)}
    return render(name, run)


def _command(folder: str, asked: Asked) -> list[str]:
    """The words of the command line that audits the same."""
    words = ["pymodernize", "audit"]
    for name, values in (("select", asked.select), ("ignore", asked.ignore)):
        words += [f"--{name}={','.join(values)}"] if values else []
    return [*words, *([] if folder == os.curdir else [folder])]


def _exit_code(asked: Asked, audited: Audited, reports: Sequence[FileReport]) -> int:
    codes = [DONE]
    falls_short: list[Any] = [item for one in audited.outcomes if not one.check.recommended for item in one.shortfalls]
    if asked.mode == "check" and falls_short:
        codes.append(CHANGES)
    if any(item.result.error is not None for item in reports):
        codes.append(UNREADABLE)
    if any(outcome.failure for outcome in audited.outcomes):
        codes.append(REJECTED)
    return max(codes)
