"""The figures of a run, which all formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pymodernize.codemod import Status
from pymodernize.execute import FileReport


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
        seconds: how long the run took.
    """

    files: int = 0
    changed: int = 0
    errors: int = 0
    by_codemod: dict[str, Counter[Status]] = field(default_factory=dict)
    reasons: Counter[tuple[str, Status, str]] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, report: FileReport) -> None:
        """Count one file."""
        self.files += 1
        self.changed += report.result.output is not None
        self.errors += report.result.error is not None
        for finding in report.result.findings:
            self.by_codemod.setdefault(finding.codemod, Counter())[finding.status] += 1
            self.reasons[finding.codemod, finding.status, finding.reason or finding.message] += 1

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
