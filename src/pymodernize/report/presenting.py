"""Results as people are told of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeAlias

from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport

Deliberate: TypeAlias = Collection[tuple[str, str]]
"""Codemods and codes of their reasons for which a place is best left."""


def presented(report: FileReport, deliberate: Deliberate, *, flagged: bool = True) -> FileReport:
    """A report in which what is found and best left counts as kept on purpose.

    Args:
        report: of one file.
        deliberate: the reasons for that.
        flagged: whether what checks flag is in it.
    """
    if not flagged and any(finding.status is Status.FLAGGED for finding in report.result.findings):
        rest = tuple(finding for finding in report.result.findings if finding.status is not Status.FLAGGED)
        report = replace(report, result=replace(report.result, findings=rest))
    if not any(_is_kept(finding, deliberate) for finding in report.result.findings):
        return report
    findings = tuple(
        replace(finding, status=Status.KEPT) if _is_kept(finding, deliberate) else finding
        for finding in report.result.findings
    )
    return replace(report, result=replace(report.result, findings=findings))


def _is_kept(finding: Finding, deliberate: Deliberate) -> bool:
    return finding.status is Status.FOUND and (finding.codemod, finding.code) in deliberate
