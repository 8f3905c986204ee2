"""The figures of a run, which all formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pymodernize.codemod import Status
from pymodernize.execution.execute import FileReport


@dataclass
class Summary:
    """Counts over a run.

    Attributes:
        files: how many were looked at.
        changed: how many have changes.
        errors: how many could not be worked on.
        by_codemod: for each codemod, findings by outcome.
        reasons: how often a codemod gave a reason, or had none to give and
            said what it found, with what outcome.
        withheld: how many more rewrites each assumption alone would let be made.
        withheld_in: in how many files.
        unparsable: how many of the errors are files that are no Python 3: Python 2, or broken.
        failures: how many errors are not tolerated.
        seconds: how long the run took.
    """

    files: int = 0
    changed: int = 0
    errors: int = 0
    by_codemod: dict[str, Counter[Status]] = field(default_factory=dict)
    reasons: Counter[tuple[str, Status, str]] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    withheld_in: Counter[str] = field(default_factory=Counter)
    unparsable: int = 0
    failures: int = 0
    seconds: float = 0.0

    def add(self, report: FileReport) -> None:
        """Count one file."""
        self.files += 1
        self.changed += report.result.output is not None
        self.errors += report.result.error is not None
        self.unparsable += report.result.unparsable
        self.failures += report.result.error is not None and not report.is_tolerated
        unlocking: set[str] = set()
        for finding in report.result.findings:
            self.by_codemod.setdefault(finding.codemod, Counter())[finding.status] += 1
            if finding.status is Status.WITHHELD and len(finding.withheld_for) == 1:
                self.withheld[finding.withheld_for[0]] += 1
                unlocking.add(finding.withheld_for[0])
            self.reasons[finding.codemod, finding.status, finding.reason or finding.message] += 1

        self.withheld_in.update(unlocking)

    @property
    def unlocking(self) -> list[tuple[int, str, int]]:
        """How many more rewrites an assumption would let be made, its name, and in how many files; most first."""
        rows = [(count, name, self.withheld_in[name]) for name, count in self.withheld.items()]
        return sorted(rows, key=lambda row: (-row[0], row[1]))

    @property
    def more(self) -> int:
        """How many more rewrites there are with other assumptions."""
        return sum(counts[Status.WITHHELD] for counts in self.by_codemod.values())

    @property
    def flagged(self) -> int:
        """How many places checks have flagged."""
        return sum(counts[Status.FLAGGED] for counts in self.by_codemod.values())

    def without_checks(self) -> Summary:
        """The same figures, but for what checks have flagged."""
        rest = {
            name: Counter({status: number for status, number in counts.items() if status is not Status.FLAGGED})
            for name, counts in self.by_codemod.items()
        }
        return replace(self, by_codemod={name: counts for name, counts in rest.items() if counts})

    @property
    def rejected(self) -> bool:
        """Whether the self-check or a codemod's failure held anything back."""
        return any(counts[Status.REJECTED] for counts in self.by_codemod.values())

    @property
    def ranked(self) -> list[tuple[int, str, Status, str]]:
        """The reasons with their counts, the most frequent first."""
        rows = [(count, *reason) for reason, count in self.reasons.items()]
        return sorted(rows, key=lambda row: (-row[0], row[1], row[2].value, row[3]))


def summarise(reports: Iterable[FileReport]) -> Summary:
    """The figures of finished reports."""
    summary = Summary()
    for report in reports:
        summary.add(report)
    return summary
