"""The tables at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pymodernize.codemod import Status
from pymodernize.report.summary import Summary
from pymodernize.report.terminal import escaped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# What is counted as applied in a run that writes nothing is what it would write.
_TO_WRITE = "to rewrite"
_COLUMNS = {
    Status.APPLIED: "rewritten",
    Status.WITHHELD: "withheld",
    Status.FOUND: "found only",
    Status.KEPT: "kept on purpose",
    Status.FLAGGED: "flagged",
    Status.REJECTED: "rejected",
}
# How many columns a reason has at least, however narrow the terminal is.
_REASON = 30
# What stands around and between the columns of a table, however many there are.
_PADDING = 20


def outcomes(*, applied: bool) -> dict[Status, str]:
    """The names of outcomes, for people.

    Args:
        applied: whether the changes were written.
    """
    return _COLUMNS if applied else {**_COLUMNS, Status.APPLIED: _TO_WRITE}


def show_figures(console: Console, summary: Summary, *, applied: bool, reasons: bool) -> None:
    """Print the findings of a run by codemod and outcome.

    Args:
        console: where to.
        summary: the figures of the run.
        applied: whether the changes were written.
        reasons: whether they are counted by reason, too.
    """
    columns = outcomes(applied=applied)
    table = _reasons(summary, columns, console.width) if reasons else _table(summary, columns)
    # Beyond the edge of a terminal that is too narrow: nothing of it is cut off.
    console.width = max(console.width, sum(column.width or 0 for column in table.columns) + _PADDING)
    console.print(table)


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
    """A table with columns as wide as their widest cell."""
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
