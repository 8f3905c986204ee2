"""For people: diffs on stdout, messages and a summary on stderr; in colour on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from pymodernize.codemod import Finding, Status
from pymodernize.report.diff import unified_diff
from pymodernize.report.summary import Summary

if TYPE_CHECKING:
    from rich.console import Console

    from pymodernize.execute import FileReport

_COLUMNS = {
    Status.APPLIED: "rewritten",
    Status.WITHHELD: "unsafe, withheld",
    Status.FOUND: "found only",
    Status.REJECTED: "rejected",
}
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


class TextReport:
    """Shows each file as it is finished, the summary at the end.

    Args:
        applied: whether the changes were written.
        verbosity: below 0 for errors alone, above 0 for more detail.
        show_diff: whether changes are shown as a diff.
    """

    def __init__(self, *, applied: bool, verbosity: int = 0, show_diff: bool = True) -> None:
        self.applied = applied
        self.verbosity = verbosity
        self.show_diff = show_diff
        self._messages: Console | None = None

    @property
    def messages(self) -> Console:
        """Where messages go; rich is loaded with the first one."""
        if self._messages is None:
            from rich.console import Console

            self._messages = Console(stderr=True, highlight=False, soft_wrap=True)
        return self._messages

    def file(self, report: FileReport) -> None:
        """Show one file: its error, its diff, its findings that were not applied."""
        result = report.result
        if result.error is not None:
            self.error(str(report.path), result.error)
            return
        if result.output is not None and self.show_diff and self.verbosity >= 0:
            _print_diff(unified_diff(str(report.path), report.source, result.output), sys.stdout)
        for finding in result.findings:
            if finding.status is Status.REJECTED or finding.status is not Status.APPLIED and self.verbosity >= 0:
                self.finding(str(report.path), finding)

    def finding(self, path: str, finding: Finding) -> None:
        """One line for a finding that was not applied, with the traceback of a failure under ``-v``."""
        reason = f" - {finding.reason}" if finding.reason else ""
        label = {Status.WITHHELD: "unsafe: ", Status.REJECTED: "rejected: "}.get(finding.status, "")
        place = f"{path}:{finding.line}:{finding.column + 1}:"
        self.messages.print(f"{place} {finding.codemod}: {label}{finding.message}{reason}", markup=False)
        if finding.detail and self.verbosity > 0:
            self.messages.print(finding.detail, markup=False)

    def error(self, path: str, message: str) -> None:
        """One line for a path that could not be worked on."""
        self.messages.print(f"{path}: {message}", markup=False, style="red")

    def finish(self, summary: Summary) -> None:
        """The table by codemod and a closing line."""
        if self.verbosity < 0:
            return
        if summary.by_codemod:
            self.messages.print(_table(summary))
        done = "rewritten" if self.applied else "would change"
        line = f"{_count(summary.files, 'file')}: {summary.changed} {done}"
        if summary.errors:
            line += f", {summary.errors} could not be worked on"
        self.messages.print(line + ".", markup=False)


def _table(summary: Summary) -> object:
    from rich import box
    from rich.table import Table

    shown = [status for status in _COLUMNS if any(counts[status] for counts in summary.by_codemod.values())]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("codemod", no_wrap=True)
    for status in shown:
        table.add_column(_COLUMNS[status], justify="right")
    for name, counts in sorted(summary.by_codemod.items()):
        table.add_row(name, *(str(counts[status]) for status in shown))
    return table


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_diff(diff: str, stream: TextIO) -> None:
    """Write a diff: as it is into a pipe, in colour on a terminal."""
    from rich.console import Console

    console = Console(file=stream, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        _write_exactly(diff, stream)
        return
    console.print(coloured(diff), end="")


def _write_exactly(text: str, stream: TextIO) -> None:
    """Write text without translating line ends, in UTF-8: the diff must apply to the bytes of the files."""
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
    else:
        buffer.write(text.encode("utf-8"))
        buffer.flush()


def coloured(diff: str) -> object:
    """A diff as rich text: Python's own colours on the lines, the marks in the colours of a diff."""
    from rich.syntax import Syntax
    from rich.text import Text

    python = Syntax("", "python", theme="ansi_dark", background_color="default")
    whole = Text()
    for line in diff.split("\n")[:-1]:
        mark, body = line[:1], line[1:].rstrip("\r")
        if line.startswith(("---", "+++")):
            whole.append(line.rstrip("\r") + "\n", "bold")
        elif mark in {"@", "\\"}:
            whole.append(line + "\n", _STYLES.get(mark, "dim"))
        else:
            whole.append(mark, _STYLES.get(mark, ""))
            code = python.highlight(body)
            code.rstrip()
            if mark in _STYLES:
                code.stylize(f"on {'#0d2b12' if mark == '+' else '#2f1115'}")
            whole.append_text(code)
            whole.append("\n")
    return whole
