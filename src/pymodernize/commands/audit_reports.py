"""What an audit came to, in the form that all reports take: what a check finds are findings of its id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pymodernize.audit.audit_check import Shortfall
from pymodernize.audit.project import Project
from pymodernize.audit.running import Audited, FileChange, Outcome
from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.files.reading import Unreadable, read
from pymodernize.transformation.result import Fix, Result, edits_between_texts

_MOST_BYTES = 1_000_000
SHORT, RECOMMENDED, NOT_APPLICABLE, FAILED = "falls-short", "recommended", "not-applicable", "failed"
"""The codes of findings."""


def shortfall_reports(audited: Audited, project: Project, folder: Path) -> list[FileReport]:
    """A report for each file that falls short, in the order of the checks.

    Args:
        audited: what the audit came to.
        project: the project.
        folder: the project's folder as it was named.
    """
    by_path: dict[str, list[tuple[Outcome, Shortfall]]] = {}
    for outcome in audited.outcomes:
        for item in outcome.shortfalls:
            by_path.setdefault(item.path, []).append((outcome, item))
    reports = [_report(audited, project, folder, path, found) for path, found in by_path.items()]
    failed = tuple(_failed(outcome) for outcome in audited.outcomes if outcome.failure)
    return [*reports, *([FileReport(folder, b"", Result(failed))] if failed else [])]


def error_reports(project: Project, folder: Path) -> Iterator[FileReport]:
    """A report for each file that cannot be read."""
    for name, why in project.problems.items():
        yield FileReport(folder / name, b"", Result(error=why))


def not_applicable(audited: Audited, folder: Path) -> FileReport:
    """The checks that were not made, as findings that are left on purpose."""
    findings = (
        Finding(
            outcome.check.id, 1, 0, 1, 0, "not applicable",
            code=NOT_APPLICABLE, reason=outcome.not_applicable, status=Status.KEPT,
        )
        for outcome in audited.outcomes
        if outcome.not_applicable
    )  # fmt: skip
    return FileReport(folder, b"", Result(tuple(findings)))


def _report(
    audited: Audited, project: Project, folder: Path, name: str, found: list[tuple[Outcome, Shortfall]]
) -> FileReport:
    change = audited.changes.get(name)
    source = change.old or b"" if change is not None else _bytes(project.root / name)
    rows = source.split(b"\n")
    findings, fixes = [], []
    for outcome, item in found:
        line = min(item.line, len(rows))
        findings.append(
            Finding(
                outcome.check.id, line, 0, line, len(rows[line - 1].rstrip(b"\r")), item.message,
                code=RECOMMENDED if outcome.check.recommended else SHORT,
                reason=item.advice,
                status=Status.APPLIED if audited.is_fixed(item) else Status.FOUND,
            )
        )  # fmt: skip
        fixes.append(_fix(change, item))
    output = None if change is None else change.new
    result = Result(tuple(findings), output, fixes=tuple(fixes))
    return FileReport(folder / name, source, result, is_new=change is not None and change.old is None)


def _fix(change: FileChange | None, item: Shortfall) -> Fix | None:
    """The edits that deal with a shortfall alone, None if there are none."""
    texts = change.alone.get(id(item)) if change is not None else None
    return None if texts is None else edits_between_texts(*texts)


def _failed(outcome: Outcome) -> Finding:
    last = outcome.failure.strip().splitlines()[-1]
    return Finding(
        outcome.check.id, 1, 0, 1, 0, "the check failed",
        code=FAILED, reason=last, status=Status.REJECTED, detail=outcome.failure,
    )  # fmt: skip


def _bytes(path: Path) -> bytes:
    try:
        return read(path, _MOST_BYTES)
    except Unreadable:
        return b""
