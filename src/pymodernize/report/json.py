"""For programs: one JSON document.

``version`` is raised when a key changes its meaning or goes; new keys may
come at any time. Lines and columns count from 1, columns in characters. The
document is plain ASCII: bytes of a path that are no UTF-8 are written as
Python's lone surrogates, ``os.fsencode`` gives them back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from itertools import repeat
from typing import Any

from pymodernize.codemod import Finding
from pymodernize.execution.execute import FileReport
from pymodernize.report.diff import readable_diff
from pymodernize.report.run import Run
from pymodernize.report.streams import column_of
from pymodernize.source import SourceFile
from pymodernize.transformation.result import Fix

VERSION = 2


def render(run: Run) -> bytes:
    """The document of a whole run."""
    summary = run.summary
    document: dict[str, Any] = {
        "version": VERSION,
        "applied": run.applied,
        "files": [_file(report, with_text=run.with_texts) for report in run.files],
        "summary": {
            "files": summary.files,
            "changed": summary.changed,
            "errors": summary.errors,
            "codemods": {
                name: {status.value: number for status, number in counts.items()}
                for name, counts in sorted(summary.by_codemod.items())
            },
            "withheld_for": {name: count for count, name, _ in summary.unlocking},
        },
    }
    if run.statistics:
        keys = ("count", "codemod", "status", "reason")
        rows = ((count, codemod, status.value, reason) for count, codemod, status, reason in summary.ranked)
        document["statistics"] = [dict(zip(keys, row, strict=True)) for row in rows]
    return f"{json.dumps(document, indent=2)}\n".encode("ascii")


def _file(report: FileReport, *, with_text: bool) -> dict[str, Any]:
    """One file: findings, diff, new text, error."""
    result = report.result
    path = str(report.path)
    findings = zip(result.findings, result.fixes or repeat(None), strict=False)
    return {
        "path": path,
        "changed": result.output is not None,
        "error": result.error,
        "findings": [_finding(report, finding, fix) for finding, fix in findings],
        "diff": None
        if result.output is None
        else readable_diff(path, report.source, result.output, is_new=report.is_new),
        "text": SourceFile.decode(result.output).text if with_text and result.output is not None else None,
    }


def explained(report: FileReport, line: int, notes: Mapping[str, str]) -> bytes:
    """The document about one line of a file.

    Args:
        report: of the file.
        line: from 1.
        notes: what codemods say of the line beside their findings, with the name of one that does.
    """
    document = {
        "version": VERSION,
        "path": str(report.path),
        "line": line,
        "findings": [
            _finding(report, finding, None)
            for finding in report.result.findings
            if finding.line <= line <= finding.end_line
        ],
        "notes": [{"codemod": codemod, "text": text} for text, codemod in notes.items()],
    }
    return f"{json.dumps(document, indent=2)}\n".encode("ascii")


def _finding(report: FileReport, finding: Finding, fix: Fix | None) -> dict[str, Any]:
    return {
        "codemod": finding.codemod,
        "line": finding.line,
        "column": column_of(report, finding.line, finding.column),
        "end_line": finding.end_line,
        "end_column": column_of(report, finding.end_line, finding.end_column),
        "message": finding.message,
        "assumptions": sorted(finding.assumptions),
        "withheld_for": list(finding.withheld_for),
        "code": finding.code,
        "reason": finding.reason,
        "status": finding.status.value,
        "detail": finding.detail,
        "edits": None if fix is None else [asdict(edit) for edit in fix],
    }
