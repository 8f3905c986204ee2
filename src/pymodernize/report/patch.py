"""One patch of all changes, which ``git apply`` and ``patch -p1`` take in the current folder."""

from __future__ import annotations

from pymodernize.report.diff import unified_diff
from pymodernize.report.run import Run, path_for_programs


def render(run: Run) -> bytes:
    """The changes, in the bytes of the files themselves."""
    return b"".join(
        unified_diff(path_for_programs(report.path), report.source, report.result.output, is_new=report.is_new)
        for report in run.files
        if report.result.output is not None
    )
