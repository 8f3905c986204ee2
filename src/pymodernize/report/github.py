"""For GitHub's runner: workflow commands, which it shows beside the lines of a pull request."""

from __future__ import annotations

from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.report.run import Run, path_for_programs
from pymodernize.report.streams import column_of
from pymodernize.report.terminal import escaped

_LEVELS = {
    Status.APPLIED: "warning",
    Status.WITHHELD: "notice",
    Status.FOUND: "notice",
    Status.FLAGGED: "notice",
    Status.REJECTED: "error",
}


def render(run: Run) -> bytes:
    """A line for each finding that somebody has to do with, and for each file that cannot be worked on."""
    lines = []
    for report in run.files:
        path = path_for_programs(report.path)
        if report.result.error is not None:
            level = "warning" if report.is_tolerated else "error"
            lines.append(_command(level, {"file": path, "title": "pymodernize"}, report.result.error))
        lines += [_finding(report, path, item) for item in report.result.findings if item.status in _LEVELS]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _finding(report: FileReport, path: str, finding: Finding) -> str:
    place = {
        "file": path,
        "line": str(finding.line),
        "col": str(column_of(report, finding.line, finding.column)),
        "endLine": str(finding.end_line),
        "endColumn": str(column_of(report, finding.end_line, finding.end_column)),
        "title": finding.codemod,
    }
    if finding.line != finding.end_line:  # the runner takes columns for one line only
        del place["col"], place["endColumn"]
    return _command(_LEVELS[finding.status], place, finding.sentence)


def _command(level: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{name}={_value(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_text(message)}"


def _text(text: str) -> str:
    """A text in which nothing ends the line: what follows it could be another command."""
    return escaped(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
