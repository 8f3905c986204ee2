"""SARIF 2.1.0, the format of OASIS for the results of static analysis, with the fixes."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

from pymodernize import __version__
from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.report.run import Run, path_for_programs
from pymodernize.report.streams import column_of
from pymodernize.transformation.result import Fix, TextEdit

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Status.APPLIED: "warning",
    Status.WITHHELD: "note",
    Status.FOUND: "note",
    Status.FLAGGED: "note",
    Status.REJECTED: "error",
}


def render(run: Run) -> bytes:
    """One log with one run; what is kept on purpose is no result."""
    names = sorted(run.rules)
    numbers = {name: number for number, name in enumerate(names)}
    problems = [report for report in run.files if report.result.error is not None]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pymodernize",
                        "version": __version__,
                        "rules": [{"id": name, "shortDescription": {"text": run.rules[name]}} for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not any(not report.is_tolerated for report in problems),
                        "toolExecutionNotifications": [_notification(report) for report in problems],
                    }
                ],
                "results": [
                    _result(report, finding, numbers[finding.codemod], fix)
                    for report in run.files
                    for finding, fix in _with_fixes(report)
                    if finding.status in _LEVELS
                ],
            }
        ],
    }
    return f"{json.dumps(document, indent=2)}\n".encode("ascii")


def _with_fixes(report: FileReport) -> list[tuple[Finding, Fix | None]]:
    fixes = report.result.fixes or (None,) * len(report.result.findings)
    return list(zip(report.result.findings, fixes, strict=False))


def _result(report: FileReport, finding: Finding, number: int, fix: Fix | None) -> dict[str, Any]:
    place = _location(report)
    region = {
        "startLine": finding.line,
        "startColumn": column_of(report, finding.line, finding.column),
        "endLine": finding.end_line,
        "endColumn": column_of(report, finding.end_line, finding.end_column),
    }
    found: dict[str, Any] = {
        "ruleId": finding.codemod,
        "ruleIndex": number,
        "level": _LEVELS[finding.status],
        "message": {"text": finding.sentence},
        "locations": [{"physicalLocation": {"artifactLocation": place, "region": region}}],
        "properties": {
            "status": finding.status.value,
            "code": finding.code,
            "assumptions": sorted(finding.assumptions),
            "withheldFor": list(finding.withheld_for),
        },
    }
    if fix:
        needs = f", assuming {', '.join(finding.withheld_for)}" if finding.withheld_for else ""
        change = {"artifactLocation": place, "replacements": [_replacement(edit) for edit in fix]}
        found["fixes"] = [{"description": {"text": f"Rewrite it{needs}"}, "artifactChanges": [change]}]
    return found


def _replacement(edit: TextEdit) -> dict[str, Any]:
    region = {
        "startLine": edit.line,
        "startColumn": edit.column,
        "endLine": edit.end_line,
        "endColumn": edit.end_column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _notification(report: FileReport) -> dict[str, Any]:
    return {
        "level": "warning" if report.is_tolerated else "error",
        "message": {"text": report.result.error},
        "locations": [{"physicalLocation": {"artifactLocation": _location(report)}}],
    }


def _location(report: FileReport) -> dict[str, str]:
    """Where a file is, as a URI: every byte of its name that is none of those that may stand in one is written %XX."""
    path = path_for_programs(report.path)
    uri = quote(os.fsencode(path))
    return {"uri": f"file://{uri}" if path.startswith("/") else uri}
