"""The reports of a run: on the terminal, in machine formats, in files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from pymodernize.commands.invocation import command_line, undo_line
from pymodernize.commands.write_baseline import BaselineReport
from pymodernize.execution.execute import FileReport
from pymodernize.files.output_files import Output, write
from pymodernize.plan import Plan
from pymodernize.registry import Entry
from pymodernize.report.formats import COMPLETE, WITH_FIXES, WITH_FLAGGED, Collected, render, to_stdout
from pymodernize.report.presenting import Deliberate, presented
from pymodernize.report.run import Run
from pymodernize.report.summary import Summary
from pymodernize.report.terminal import tell
from pymodernize.report.text import TextReport
from pymodernize.settings.planning import Request


class Report(Protocol):
    """The interface of every report."""

    def file(self, report: FileReport) -> None:
        """Show one file."""

    def finish(self, summary: Summary) -> None:
        """Show the figures."""


def wants_fixes(request: Request) -> bool:
    """Whether anybody asks for the edits that deal with each finding.

    Args:
        request: the options of the run.
    """
    asked = {request.format, *(output.format for output in request.outputs)}
    return bool(WITH_FIXES & asked) or request.edits and "json" in asked


class _All:
    """A report that is several: for people, who are told of results as :func:`presented`, and for programs."""

    def __init__(self, people: TextReport | None, deliberate: Deliberate, programs: Sequence[Report]) -> None:
        self.people = people
        self.deliberate = deliberate
        self.programs = programs
        self.summary = Summary()

    def file(self, report: FileReport) -> None:
        """Show one file."""
        for one in self.programs:
            one.file(report)
        if self.people is not None:
            shown = presented(report, self.deliberate)
            self.summary.add(shown)
            self.people.file(shown)

    def finish(self, summary: Summary) -> None:
        """Show the figures."""
        for one in self.programs:
            one.finish(summary)
        if self.people is not None:
            self.summary.seconds = summary.seconds
            self.people.finish(self.summary)


def report_for(request: Request, plan: Plan, installed: dict[str, Entry]) -> Report:
    """The report, or all reports, that a run is to give.

    Args:
        request: the options of the run.
        plan: what it does.
        installed: the codemods, by name.
    """

    deliberate = _deliberate(plan)
    # Who asks for checks alone wants to see what they flag.
    show = {*request.show, *(() if plan.codemods else ("flagged",))}
    if baseline := request.write_baseline or request.update_baseline and request.baseline:
        said = (lambda line: None) if request.verbosity < 0 else tell
        report = BaselineReport(Path(baseline), said, shrinks=request.update_baseline)
        return _All(TextReport(verbosity=-1), deliberate, [report])

    gives_back = request.mode == "apply" and "-" in request.paths

    def collected(name: str, done: Callable[[Run], None]) -> Report:
        run = Run(
            applied=request.mode == "apply", statistics=request.statistics, with_texts=gives_back or request.texts
        )
        flagged = name in WITH_FLAGGED or "flagged" in show
        return Collected(
            run, partial(_described, installed), () if name in COMPLETE else deliberate, done, flagged=flagged
        )

    programs = [collected(output.format, partial(_write, output)) for output in request.outputs]
    if request.table is not None:
        from pymodernize.report.table import TableReport

        programs.append(TableReport(Path(request.table), request))
    if request.format != "text":
        return _All(None, (), [collected(request.format, to_stdout(request.format)), *programs])
    page = None
    if request.pager and request.mode == "dry-run" and request.verbosity >= 0:
        from pymodernize.report.pager import Page, may_page

        page = Page() if may_page() else None
    people = TextReport(
        mode=request.mode,
        verbosity=request.verbosity,
        show_diff=not gives_back and (request.mode == "dry-run" or request.diff or request.verbosity > 0),
        statistics=request.statistics,
        show=show,
        command=None if "-" in request.paths else partial(command_line, request),
        undo=partial(undo_line, request.paths),
        page=page,
    )
    return _All(people, deliberate, programs)


def _described(installed: dict[str, Entry], name: str) -> str:
    """A codemod's summary."""
    from pymodernize.commands.documentation import summary

    return summary(installed[name].load()) if name in installed else name


def _write(output: Output, run: Run) -> None:
    """Write a report to its file.

    Raises:
        NoOutput: it cannot be written.
    """
    write(output.path, render(output.format, run))


def _deliberate(plan: Plan) -> Deliberate:
    """The reasons that people need not be told of."""
    return frozenset((codemod.name(), code) for codemod in plan.codemods for code in codemod.on_purpose)
