"""Runs that write a baseline, or make one smaller."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pymodernize.execution.baseline import Baseline, load
from pymodernize.execution.execute import FileReport
from pymodernize.files.output_files import write
from pymodernize.report.summary import Summary


class BaselineReport:
    """Takes in what is found, and writes the baseline at the end.

    Args:
        path: the baseline's file.
        shrinks: whether it is there and what is gone is taken out; else it is written anew.
        say: takes a line for a person.

    Raises:
        NoBaseline: there is none that could be made smaller.
    """

    def __init__(self, path: Path, say: Callable[[str], None], *, shrinks: bool) -> None:
        self.old = load(path) if shrinks else None
        self.found = Baseline(path)
        self.looked_at: list[Path] = []
        self.say = say

    def file(self, report: FileReport) -> None:
        """Add the findings of one file; of one that cannot be worked on there are none."""
        if report.result.error is None:
            self.looked_at.append(report.path)
            self.found.add(report.path, report.source, report.result.findings)

    def finish(self, summary: Summary) -> None:
        """Write the baseline, and say how many findings it has."""
        path = self.found.path
        if self.old is None:
            write(path, self.found.dumps())
            files = len(self.found.files)
            self.say(f"{path}: {_findings(self.found.size)} in {files} {'file' if files == 1 else 'files'}")
            return
        new = self.old.shrunk(self.found, self.looked_at)
        if new.files != self.old.files:
            write(path, new.dumps())
        self.say(f"{path}: {_findings(new.size)}, {self.old.size - new.size} fewer")


def _findings(number: int) -> str:
    return f"{number} {'finding' if number == 1 else 'findings'}"
