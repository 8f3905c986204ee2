"""For people: diffs on stdout, messages and a summary on stderr; in colour on a terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NoReturn, TextIO

from pymodernize.codemod import Finding, Status
from pymodernize.report import PASSED_OVER
from pymodernize.report.closing import Command, flagged, next_steps, outcome
from pymodernize.report.diff import readable_diff, unified_diff
from pymodernize.report.pager import Page
from pymodernize.report.streams import column_of, shows_colour, write_stdout
from pymodernize.report.summary import Summary
from pymodernize.report.terminal import escaped, escaped_lines, is_terminal

if TYPE_CHECKING:
    from rich.console import Console

    from pymodernize.execution.execute import FileReport

# How many assumptions are named of which more would follow.
_MOST_UNLOCKING = 5
_SEPARATOR = " \u00b7 "


class TextReport:
    """Shows each file as it is finished, the summary at the end.

    Args:
        mode: what the run is for: ``dry-run``, ``apply`` or ``check``.
        verbosity: below 0 for errors alone, above 0 for more detail.
        show_diff: whether changes are shown as a diff.
        statistics: whether the reasons are counted, instead of a line or a
            diff for each.
        show: what is shown that is passed over otherwise, of :data:`pymodernize.report.PASSED_OVER`.
        command: makes the command lines of what can be done next; None if
            nothing can.
        undo: makes the one that takes back what was written.
        page: takes the report until it is shown as a whole; None if each part
            is shown at once.
    """

    def __init__(
        self,
        *,
        mode: str = "dry-run",
        verbosity: int = 0,
        show_diff: bool = True,
        statistics: bool = False,
        show: Collection[str] = (),
        command: Command | None = None,
        undo: Callable[[], str] = lambda: "pymodernize undo",
        page: Page | None = None,
    ) -> None:
        self.mode = mode
        self.applied = mode == "apply"
        self.statistics = statistics
        self.verbosity = verbosity
        self.show_diff = show_diff
        self.show = set(PASSED_OVER) if verbosity > 0 else set(show)
        self.command = command
        self.undo = undo
        self.page = page
        self._messages: Console | None = None

    @property
    def messages(self) -> Console:
        """Where messages go; rich is loaded with the first one."""
        if self._messages is None:
            self._messages = _console() if self.page is None else self._of_page(self.page)
        return self._messages

    def _of_page(self, page: Page) -> Console:
        console = _console(stderr=False)
        paged = _console(page.file, force_terminal=shows_colour())
        paged.size = console.size
        return paged

    def file(self, report: FileReport) -> None:
        """Show one file: its error, its diff, and under its name its findings that were not applied."""
        result = report.result
        title = str(report.path)
        if result.error is not None:
            if not report.is_tolerated or self.verbosity >= 0:
                self.say(f"{title}: {result.error}", style=None if report.is_tolerated else "red")
        elif result.output is not None and self.shows_all:
            if self.show_diff:
                self.diff(report, result.output)
            else:
                title += f": {'rewritten' if self.applied else 'would be rewritten'}"
                self.say(title, style="bold")
        lines = [item for item in result.findings if self.shows(item)]
        withheld = [item for item in result.findings if item.status is Status.WITHHELD and item not in lines]
        if self.verbosity < 0:
            for finding in lines:
                self.finding(report, finding, f"{report.path}:")
            return
        if (lines or withheld and self.shows_all) and result.error is None and title == str(report.path):
            self.say(title, style="bold")
        for finding in lines:
            self.finding(report, finding, "  ")
        if withheld and self.shows_all:
            self.say(f"  withheld: {_needs(withheld)}")

    def shows(self, finding: Finding) -> bool:
        """Whether a finding gets a line of its own."""
        if finding.status is Status.REJECTED:
            return True
        if finding.status is Status.APPLIED or not self.shows_all:
            return False
        return finding.status is Status.FOUND or finding.status.value in self.show

    @property
    def shows_all(self) -> bool:
        """Whether there is more to say of a file than what went wrong."""
        return self.verbosity >= 0 and not self.statistics

    def diff(self, report: FileReport, output: bytes) -> None:
        """The diff of a file that changes."""
        path = str(report.path)
        if shows_colour():
            from pymodernize.report.diff_colours import coloured

            console = self.messages if self.page is not None else _console(stderr=False, force_terminal=True)
            console.print(coloured(readable_diff(path, report.source, output, is_new=report.is_new)), end="")
        elif self.page is not None:
            self.page.file.write(escaped_lines(readable_diff(path, report.source, output, is_new=report.is_new)))
        elif is_terminal():
            write_stdout(
                readable_diff(path, report.source, output, is_new=report.is_new).encode("utf-8", "surrogateescape")
            )
        else:
            write_stdout(unified_diff(path, report.source, output, is_new=report.is_new))

    def finding(self, report: FileReport, finding: Finding, before: str) -> None:
        """One line for a finding that was not applied, with the traceback of a failure under ``-v``."""
        needs = f" (needs {', '.join(finding.withheld_for)})" if finding.status is Status.WITHHELD else ""
        place = f"{finding.line}:{column_of(report, finding.line, finding.column)}:"
        self.say(f"{before}{place} {finding.codemod}: {finding.sentence}{needs}")
        if finding.detail and self.verbosity > 0:
            for line in finding.detail.splitlines():
                self.say(line)

    def say(self, text: str, style: str | None = None) -> None:
        """A message, in one line; on a terminal in several, of which those below the first are set in."""
        from rich.text import Text

        line = Text(escaped(text), style or "")
        console = self.messages
        indent = "      " if text.startswith("  ") else ""
        if not indent or not console.is_terminal or line.cell_len <= console.width:
            console.print(line)
            return
        first, *rest = line.wrap(console, max(console.width - len(indent), len(indent)))
        console.print(first)
        for part in rest:
            console.print(Text(indent) + part)

    def finish(self, summary: Summary) -> None:
        """The table by codemod, what more there is, and what can be done next."""
        if self.verbosity < 0:
            return
        figures = summary if self.statistics or "flagged" in self.show else summary.without_checks()
        if figures.by_codemod:
            from pymodernize.report.figures import show_figures

            show_figures(self.messages, figures, applied=self.applied, reasons=self.statistics)
        if self.statistics or self.verbosity > 0:
            for count, name, files in summary.unlocking[:_MOST_UNLOCKING]:
                self.say(f"--assume +{name}: {count} more in {files} {'file' if files == 1 else 'files'}")
        if self.page is not None:
            self.page.show(*_console(stderr=False).size)
            self.page = self._messages = None
        self.say(outcome(summary, applied=self.applied, separator=_separator()))
        if self.command is not None:
            for line in next_steps(summary, self.command, self.undo, mode=self.mode, statistics=self.statistics):
                self.say(line)
            if summary.flagged and "flagged" not in self.show:
                self.say(f"{flagged(summary.flagged)}: {self.command('--show', 'flagged')}")
        if self.verbosity > 0:
            rate = summary.files / summary.seconds if summary.seconds else 0.0
            self.messages.print(f"{summary.seconds:.2f} s, {rate:.0f} files per second.")


def _needs(findings: Collection[Finding]) -> str:
    """How many rewrites wait for which assumptions, the most frequent first."""
    counts = Counter(" and ".join(finding.withheld_for) for finding in findings)
    return ", ".join(f"{number} for {names}" for names, number in counts.most_common())


def _separator() -> str:
    """The separator between figures, in characters that stderr can encode."""
    try:
        _SEPARATOR.encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ", "
    return _SEPARATOR


def _console(file: TextIO | None = None, *, stderr: bool = True, force_terminal: bool | None = None) -> Console:
    from rich.console import Console

    class Quiet(Console):
        """A console that leaves a broken pipe to the command line, whose exit code it is."""

        def on_broken_pipe(self) -> NoReturn:
            raise BrokenPipeError

    return Quiet(
        file=file,
        stderr=stderr,
        force_terminal=force_terminal,
        highlight=False,
        soft_wrap=True,
        emoji=False,
        markup=False,
    )
