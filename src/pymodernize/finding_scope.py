"""Which findings of a file count: those in some lines, those that were not there before, or some alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pymodernize.codemod import Finding, Status
from pymodernize.source import SourceFile

Place: TypeAlias = tuple[str, int, int]
"""A codemod and where its finding begins, in the file as it was given: line from 1, column in bytes from 0."""
Fingerprint: TypeAlias = tuple[str, str, str]
"""What stays the same of a finding while other lines of its file are edited: codemod, code, the line's words; of what a
check flags its message."""


@dataclass(frozen=True)
class FindingScope:
    """The findings of one file that count; by default all.

    Attributes:
        lines: pairs of a first and a last line: findings elsewhere do not count.
        known: how many findings with a fingerprint do not count, of each the first.
        only: the places whose findings count.
        but: places whose findings do not.
    """

    lines: tuple[tuple[int, int], ...] | None = None
    known: tuple[tuple[Fingerprint, int], ...] = ()
    only: frozenset[Place] | None = None
    but: frozenset[Place] = frozenset()

    def counts(self, finding: Finding) -> bool:
        """Whether a finding counts.

        Args:
            finding: at its place in the file as it was given.
        """
        place = place_of(finding)
        if place in self.but or self.only is not None and place not in self.only:
            return False
        return self.lines is None or any(
            first <= finding.end_line and finding.line <= last for first, last in self.lines
        )

    def known_places(self, findings: Iterable[Finding], file: SourceFile) -> frozenset[Place]:
        """The places of those findings that are known.

        Args:
            findings: all of the file, in its order.
            file: as it was given.
        """
        left = Counter(dict(self.known))
        found: set[Place] = set()
        for finding, fingerprint in fingerprints(findings, file):
            if left[fingerprint]:
                left[fingerprint] -= 1
                found.add(place_of(finding))
        return frozenset(found)


EVERYTHING = FindingScope()


def place_of(finding: Finding) -> Place:
    """Where a finding is, and whose it is."""
    return finding.codemod, finding.line, finding.column


def fingerprints(findings: Iterable[Finding], file: SourceFile) -> Iterator[tuple[Finding, Fingerprint]]:
    """Findings with their fingerprints; those that nobody has to deal with, or that are faults, have none.

    Args:
        findings: of a file.
        file: as it was given.
    """
    for finding in findings:
        if finding.status not in (Status.KEPT, Status.REJECTED):
            line = min(finding.line, len(file.line_starts))
            words = " ".join(file.line(line).decode("utf-8", "replace").split())
            # What a check flags may be a password, and a baseline is a file that is shown around.
            yield (
                finding,
                (finding.codemod, finding.code, finding.message if finding.status is Status.FLAGGED else words),
            )
