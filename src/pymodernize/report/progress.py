"""How far a run has come: one line on stderr, on a terminal only, gone at the end; rich is loaded when it shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from pymodernize.execution.execute import FileReport

PATIENCE = 0.5
"""Seconds before it shows: what is done sooner needs none."""
_PAUSE = 0.1


class Progress:
    """Files done of how many, findings, files per second.

    Drawn by the run itself between two files, not by a thread: other
    processes are started by a fork, and must find none.

    Args:
        wanted: whether it may show at all.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.is_on = wanted and _is_terminal()
        self.total = 0
        self.files = 0
        self.findings = 0
        self._began = time.monotonic()
        self._drawn = self._began + PATIENCE - _PAUSE
        self._bar: Bar | None = None

    def counted(self, reports: Iterable[FileReport]) -> Iterator[FileReport]:
        """The same reports; with each, the line moves on.

        Args:
            reports: the next of a run.
        """
        for report in reports:
            self.files += 1
            self.findings += len(report.result.findings)
            if self.is_on and time.monotonic() - self._drawn > _PAUSE:
                self._draw()
            yield report

    def close(self) -> None:
        """Take the line away for good."""
        self.is_on = False
        self.hide()

    def hide(self) -> None:
        """Make room for other output; the line comes back when the run goes on."""
        if self._bar is not None:
            self._bar.stop()

    def _draw(self) -> None:
        if self._bar is None:
            self._bar = _bar(self.total)
        seconds = time.monotonic() - self._began
        task = self._bar.task_ids[0]
        self._bar.update(task, completed=self.files, findings=self.findings, rate=f"{self.files / seconds:.0f}")
        self._bar.start()
        self._bar.refresh()
        self._drawn = time.monotonic()


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _bar(total: int) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files, {task.fields[findings]} findings, {task.fields[rate]} files/s"),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", total=total, findings=0, rate="0")
    return bar
