"""For programs: one JSON document on stdout.

``version`` is raised when a key changes its meaning or goes; new keys may
come at any time.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pymodernize.codemod import Finding
from pymodernize.execute import FileReport
from pymodernize.report.diff import unified_diff
from pymodernize.report.summary import Summary

VERSION = 1


class JsonReport:
    """Collects the files and prints them as one document.

    Args:
        applied: whether the changes were written.
    """

    def __init__(self, *, applied: bool) -> None:
        self.applied = applied
        self.files: list[dict[str, Any]] = []

    def file(self, report: FileReport) -> None:
        """Add one file: findings, diff, error."""
        result = report.result
        changed = result.output is not None
        self.files.append(
            {
                "path": str(report.path),
                "changed": changed,
                "error": result.error,
                "findings": [_finding(finding) for finding in result.findings],
                "diff": unified_diff(str(report.path), report.source, result.output) if result.output else None,
            }
        )

    def finish(self, summary: Summary) -> None:
        """Print the document."""
        document = {
            "version": VERSION,
            "applied": self.applied,
            "files": self.files,
            "summary": {
                "files": summary.files,
                "changed": summary.changed,
                "errors": summary.errors,
                "codemods": {
                    name: {status.value: number for status, number in counts.items()}
                    for name, counts in sorted(summary.by_codemod.items())
                },
            },
        }
        json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "codemod": finding.codemod,
        "line": finding.line,
        "column": finding.column + 1,
        "end_line": finding.end_line,
        "end_column": finding.end_column + 1,
        "message": finding.message,
        "safety": finding.safety.value,
        "reason": finding.reason,
        "status": finding.status.value,
        "detail": finding.detail,
    }
