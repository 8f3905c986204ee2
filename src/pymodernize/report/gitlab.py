"""For GitLab: a report of code quality, which it compares with that of the target branch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from pymodernize.codemod import Status
from pymodernize.finding_scope import fingerprints
from pymodernize.report.run import Run, path_for_programs
from pymodernize.source import SourceFile, UnreadableSource

_SEVERITIES = {
    Status.APPLIED: "minor",
    Status.WITHHELD: "info",
    Status.FOUND: "info",
    Status.FLAGGED: "info",
    Status.REJECTED: "major",
}


def render(run: Run) -> bytes:
    """A list with an entry for each finding that somebody has to do with, and for each error."""
    entries: list[dict[str, Any]] = []
    for report in run.files:
        path = path_for_programs(report.path)
        if report.result.error is not None:
            entries.append(_entry(path, "error", report.result.error, "major", (1, 1), "error"))
        words = {}
        try:
            source = SourceFile.decode(report.source)
            words = {id(item): found for item, found in fingerprints(report.result.findings, source)}
        except UnreadableSource:
            pass
        seen: Counter[str] = Counter()
        for finding in report.result.findings:
            if finding.status in _SEVERITIES:
                what = "\n".join(words.get(id(finding), (finding.codemod, finding.code, finding.message)))
                lines = finding.line, finding.end_line
                severity = _SEVERITIES[finding.status]
                # GitLab takes two entries with one fingerprint for one.
                entries.append(
                    _entry(path, finding.codemod, finding.sentence, severity, lines, f"{what}\n{seen[what]}")
                )
                seen[what] += 1
    return f"{json.dumps(entries, indent=2)}\n".encode("ascii")


def _entry(path: str, name: str, text: str, severity: str, lines: tuple[int, int], what: str) -> dict[str, Any]:
    digest = hashlib.sha256(f"{path}\n{what}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "description": text,
        "check_name": name,
        "fingerprint": digest,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": lines[0], "end": lines[1]}},
    }
