"""The formats beside the text: each is a module here whose ``render`` makes a text of a whole run."""

from __future__ import annotations

from collections.abc import Callable

from pymodernize.execution.execute import FileReport
from pymodernize.report.presenting import Deliberate, presented
from pymodernize.report.run import Run
from pymodernize.report.streams import write_stdout
from pymodernize.report.summary import Summary

COMPLETE = frozenset(("json",))
"""These tell of every finding as it is; of the others people are shown what there is to do."""
WITH_FLAGGED = COMPLETE | {"sarif"}
"""These tell of what checks flag; the others do if asked."""
WITH_FIXES = frozenset(("sarif",))
"""These always tell of the edits that deal with each finding alone, which takes as long again; JSON does if asked."""


def render(name: str, run: Run) -> bytes:
    """A run in one of the formats.

    Args:
        name: one of :data:`pymodernize.report.FORMATS`.
        run: the run.
    """
    if name == "json":
        from pymodernize.report import json as chosen
    elif name == "sarif":
        from pymodernize.report import sarif as chosen
    elif name == "github":
        from pymodernize.report import github as chosen
    elif name == "gitlab":
        from pymodernize.report import gitlab as chosen
    elif name == "junit":
        from pymodernize.report import junit as chosen
    elif name == "html":
        from pymodernize.report import html as chosen
    else:
        from pymodernize.report import patch as chosen
    return chosen.render(run)


class Collected:
    """Keeps the files of a run, and hands it on when it is complete.

    Args:
        run: what is kept.
        describe: what a codemod does, in a line; asked of those that found something.
        deliberate: reasons for which a place counts as kept on purpose.
        flagged: whether what checks flag is told of.
        done: takes the run.
    """

    def __init__(
        self,
        run: Run,
        describe: Callable[[str], str],
        deliberate: Deliberate,
        done: Callable[[Run], None],
        *,
        flagged: bool = True,
    ) -> None:
        self.run = run
        self.flagged = flagged
        self.deliberate = deliberate
        self.describe = describe
        self.done = done

    def file(self, report: FileReport) -> None:
        """Keep one file."""
        shown = presented(report, self.deliberate, flagged=self.flagged)
        self.run.files.append(shown)
        self.run.summary.add(shown)

    def finish(self, summary: Summary) -> None:
        """Hand the run on."""
        self.run.rules = {name: self.describe(name) for name in sorted(self.run.summary.by_codemod)}
        self.done(self.run)


def to_stdout(name: str) -> Callable[[Run], None]:
    """The report that writes a run to stdout in one of the formats.

    Args:
        name: one of :data:`pymodernize.report.FORMATS`.
    """
    return lambda run: write_stdout(render(name, run))
