"""One HTML page for people, which needs no other file and no network: figures, folders, findings, diffs side by side.

What comes from the files of a run is data: JSON in an element that no browser runs, whose ``<`` are written as escapes,
and text wherever it is shown. The page's own script and style are all that its security policy lets run, by their
digests, and there is nowhere that it lets anything be fetched from.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from importlib import resources
from string import Template
from typing import Any

from pymodernize import __version__
from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.report.closing import outcome
from pymodernize.report.diff import readable_diff
from pymodernize.report.figures import outcomes
from pymodernize.report.run import Run, path_for_programs
from pymodernize.report.terminal import escaped, escaped_lines
from pymodernize.source import SourceFile, UnreadableSource

_SCRIPTS = ("data.js", "figures.js", "tree.js", "diff.js", "file.js", "page.js")
_MOST_LINES = 4
_MOST_CHARACTERS = 200
"""Of the source that is shown with a finding that has no diff."""
_STATUSES = tuple(Status)
_WITHOUT_SOURCE = frozenset({Status.APPLIED, Status.FLAGGED})
"""Of the first there is a diff; what a check flags may be a password."""


def render(run: Run) -> bytes:
    """The page of a whole run."""
    script, style = "".join(map(_part, _SCRIPTS)), _part("page.css")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    said = outcome(run.summary, applied=run.applied, separator=" \u00b7 ")
    page = Template(_part("page.html")).substitute(
        policy=policy,
        version=html.escape(__version__),
        title="What was rewritten" if run.applied else "What would change",
        outcome=html.escape(said),
        style=style,
        data=_for_script(_Data(run).document()),
        script=script,
    )
    return page.encode("ascii", "xmlcharrefreplace")


def _part(name: str) -> str:
    return (resources.files("pymodernize.report") / "page" / name).read_text(encoding="ascii")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('ascii')).digest()).decode('ascii')}"


def _for_script(document: object) -> str:
    """JSON in which nothing ends the element that it stands in, or begins a comment there."""
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Data:
    """The data for the page's script. Texts that occur more than once are stored once and referred to by number."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.texts: dict[str, int] = {}

    def document(self) -> dict[str, Any]:
        """The whole of it."""
        names = outcomes(applied=self.run.applied)
        files = [self.file(report) for report in self.run.files]
        return {
            "applied": self.run.applied,
            "outcomes": [names[status] for status in _STATUSES],
            "rules": [self.number(name) for name in sorted(self.run.rules)],
            "says": [text for _, text in sorted(self.run.rules.items())],
            "files": files,
            "texts": list(self.texts),
        }

    def number(self, text: str) -> int:
        """The number of a text."""
        return self.texts.setdefault(text, len(self.texts))

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """The numbers of some."""
        return [self.number(text) for text in texts]

    def file(self, report: FileReport) -> list[Any]:
        """One file: path, error, findings, diff."""
        result = report.result
        path = escaped(path_for_programs(report.path))
        diff = (
            ""
            if result.output is None
            else escaped_lines(readable_diff(path, report.source, result.output, is_new=report.is_new))
        )
        error = None if result.error is None else escaped(result.error)
        return [path, error, list(self.findings(report)), diff]

    def findings(self, report: FileReport) -> Iterator[list[Any]]:
        """The findings of a file: codemod, place, outcome, message, reason, assumptions, the source if it stays."""
        source = _source(report)
        for finding in report.result.findings:
            yield [
                self.number(finding.codemod),
                finding.line,
                _column(source, finding),
                _STATUSES.index(finding.status),
                self.number(escaped(finding.message)),
                self.number(escaped(finding.reason)),
                self.numbers(sorted(finding.assumptions)),
                self.numbers(finding.withheld_for),
                "" if finding.status in _WITHOUT_SOURCE else _shown(source, finding),
            ]


def _source(report: FileReport) -> SourceFile | None:
    try:
        return SourceFile.decode(report.source) if report.result.findings else None
    except UnreadableSource:
        return None


def _column(source: SourceFile | None, finding: Finding) -> int:
    """The column in characters, from 1."""
    if source is None:
        return finding.column + 1
    return len(source.line(finding.line)[: finding.column].decode("utf-8", "replace")) + 1


def _shown(source: SourceFile | None, finding: Finding) -> str:
    """The first lines of what a finding is about, without their common indentation."""
    import textwrap

    if source is None:
        return ""
    last = min(finding.end_line, finding.line + _MOST_LINES - 1, len(source.line_starts))
    lines = [source.line(number).decode("utf-8").rstrip("\r\n") for number in range(finding.line, last + 1)]
    cut = [line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]} ..." for line in lines]
    if finding.end_line > last:
        cut.append("...")
    return escaped_lines(textwrap.dedent("\n".join(cut)))
