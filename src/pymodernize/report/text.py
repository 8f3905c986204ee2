"""For people: diffs on stdout, messages and a summary on stderr; in colour on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from pymodernize.codemod import Finding, Status
from pymodernize.report.diff import readable_diff, unified_diff
from pymodernize.report.streams import column_of, shows_colour, write_stdout
from pymodernize.report.summary import Summary
from pymodernize.report.terminal import escaped, escaped_lines, is_terminal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pymodernize.execute import FileReport

# What is counted as applied in a run that writes nothing is what it would write.
_TO_WRITE = "to rewrite"
_COLUMNS = {
    Status.APPLIED: "rewritten",
    Status.WITHHELD: "withheld",
    Status.FOUND: "found only",
    Status.KEPT: "kept on purpose",
    Status.REJECTED: "rejected",
}
# How many assumptions are named of which more would follow.
_MOST_UNLOCKING = 5
# How many columns a reason has at least, however narrow the terminal is.
_REASON = 30
# What stands around and between the columns of a table, however many there are.
_PADDING = 20
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class TextReport:
    """Shows each file as it is finished, the summary at the end.

    Args:
        applied: whether the changes were written.
        verbosity: below 0 for errors alone, above 0 for more detail.
        show_diff: whether changes are shown as a diff.
        statistics: whether the reasons are counted, instead of a line or a
            diff for each.
    """

    def __init__(self, *, applied: bool, verbosity: int = 0, show_diff: bool = True, statistics: bool = False) -> None:
        self.applied = applied
        self.statistics = statistics
        self.verbosity = verbosity
        self.show_diff = show_diff
        self._messages: Console | None = None

    @property
    def messages(self) -> Console:
        """Where messages go; rich is loaded with the first one."""
        if self._messages is None:
            self._messages = _console()
        return self._messages

    def file(self, report: FileReport) -> None:
        """Show one file: its error, its diff, its findings that were not applied."""
        result = report.result
        if result.error is not None:
            self.error(report, result.error)
        elif result.output is not None and self.shows_all:
            self.change(report, result.output)
        for finding in result.findings:
            if finding.status is Status.REJECTED or self.shows(finding):
                self.finding(report, finding)

    def shows(self, finding: Finding) -> bool:
        """Whether a finding that is none of a fault gets a line: what is kept on purpose does with ``-v`` only."""
        if finding.status is Status.KEPT:
            return self.shows_all and self.verbosity > 0
        return finding.status is not Status.APPLIED and self.shows_all

    @property
    def shows_all(self) -> bool:
        """Whether there is more to say of a file than what went wrong."""
        return self.verbosity >= 0 and not self.statistics

    def change(self, report: FileReport, output: bytes) -> None:
        """The diff of a file that changes, or a line that it does."""
        path = str(report.path)
        if not self.show_diff:
            self.say(f"{path}: {'rewritten' if self.applied else 'would be rewritten'}")
        elif shows_colour():
            _print_coloured(readable_diff(path, report.source, output))
        elif is_terminal():
            write_stdout(readable_diff(path, report.source, output).encode("utf-8", "surrogateescape"))
        else:
            write_stdout(unified_diff(path, report.source, output))

    def finding(self, report: FileReport, finding: Finding) -> None:
        """One line for a finding that was not applied, with the traceback of a failure under ``-v``."""
        reason = f" - {finding.reason}" if finding.reason else ""
        if finding.status is Status.WITHHELD:
            reason += f" (needs {', '.join(finding.withheld_for)})"
        place = f"{report.path}:{finding.line}:{column_of(report, finding.line, finding.column)}:"
        self.say(f"{place} {finding.codemod}: {finding.message}{reason}")
        if finding.detail and self.verbosity > 0:
            for line in finding.detail.splitlines():
                self.say(line)

    def error(self, report: FileReport, message: str) -> None:
        """One line for a path that could not be worked on."""
        self.say(f"{report.path}: {message}", style="red")

    def say(self, text: str, style: str | None = None) -> None:
        """A message, in one line."""
        self.messages.print(escaped(text), markup=False, style=style)

    def finish(self, summary: Summary) -> None:
        """The table by codemod and a closing line."""
        if self.verbosity < 0:
            return
        if summary.by_codemod:
            columns = _COLUMNS if self.applied else {**_COLUMNS, Status.APPLIED: _TO_WRITE}
            console = self.messages
            table = _reasons(summary, columns, console.width) if self.statistics else _table(summary, columns)
            # Beyond the edge of a terminal that is too narrow: nothing of it is cut off.
            console.width = max(console.width, sum(column.width or 0 for column in table.columns) + _PADDING)
            console.print(table)
        for count, name, files in summary.unlocking[:_MOST_UNLOCKING]:
            self.say(f"--assume +{name}: {count} more in {_count(files, 'file')}")
        done = "rewritten" if self.applied else "would change"
        line = f"{_count(summary.files, 'file')}: {summary.changed} {done}"
        if summary.errors:
            line += f", {summary.errors} could not be worked on"
        self.messages.print(line + ".")
        if self.verbosity > 0:
            rate = summary.files / summary.seconds if summary.seconds else 0.0
            self.messages.print(f"{summary.seconds:.2f} s, {rate:.0f} files per second.")


def _reasons(summary: Summary, columns: dict[Status, str], width: int) -> Table:
    rows = [
        (str(count), codemod, columns[status], escaped(reason)) for count, codemod, status, reason in summary.ranked
    ]
    table = _tabulated(("count", "codemod", "outcome", "what or why"), rows, to_the_right={"count"})
    # What is said may take several lines.
    last = table.columns[-1]
    before = sum(column.width or 0 for column in table.columns[:-1])
    last.width = min(last.width or 0, max(_REASON, width - before - _PADDING))
    last.no_wrap = False
    return table


def _table(summary: Summary, columns: dict[Status, str]) -> Table:
    shown = [status for status in columns if any(counts[status] for counts in summary.by_codemod.values())]
    names = [columns[status] for status in shown]
    rows = [(name, *(str(counts[status]) for status in shown)) for name, counts in sorted(summary.by_codemod.items())]
    return _tabulated(("codemod", *names), rows, to_the_right=set(names))


def _tabulated(names: Sequence[str], rows: Sequence[tuple[str, ...]], *, to_the_right: set[str]) -> Table:
    """A table whose columns have the widths of what is in them."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(names):
        table.add_column(
            name,
            justify="right" if name in to_the_right else "left",
            no_wrap=True,
            overflow="fold",
            width=max(len(row[number]) for row in (names, *rows)),
        )
    for row in rows:
        table.add_row(*row)
    return table


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _console(*, stderr: bool = True) -> Console:
    from rich.console import Console

    class Quiet(Console):
        """A console that leaves a broken pipe to the command line, whose exit code it is."""

        def on_broken_pipe(self) -> NoReturn:
            raise BrokenPipeError

    return Quiet(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)


def _print_coloured(diff: str) -> None:
    _console(stderr=False).print(coloured(diff), end="")


def coloured(diff: str) -> object:
    """A diff as rich text: Python's own colours on the lines, the marks in the colours of a diff."""
    from rich.syntax import Syntax
    from rich.text import Text

    python = Syntax("", "python", theme="ansi_dark", background_color="default")
    whole = Text()
    for number, line in enumerate(escaped_lines(diff).split("\n")[:-1]):
        mark, body = line[:1], line[1:]
        if number < 2:  # a removed line that starts with two hyphens looks like a header
            whole.append(line + "\n", "bold")
        elif mark in {"@", "\\"}:
            whole.append(line + "\n", _STYLES.get(mark, "dim"))
        else:
            whole.append(mark, _STYLES.get(mark, ""))
            code = python.highlight(body)
            code.right_crop(1)  # the newline that the highlighter adds
            if mark in _STYLES:
                code.stylize(f"on {'#0d2b12' if mark == '+' else '#2f1115'}")
            whole.append_text(code)
            whole.append("\n")
    return whole
