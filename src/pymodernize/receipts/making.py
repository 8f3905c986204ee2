"""Make a receipt of what became of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import distributions

from pymodernize import __version__
from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.receipts.form import VERSION, Check, Digest, Lines, Receipt, Rewrite, Span, Tried, Types, Withheld
from pymodernize.receipts.spans import LineMap
from pymodernize.registry import GROUP, entries
from pymodernize.report.streams import column_of
from pymodernize.transformation.selfcheck import QUESTIONS


@dataclass(frozen=True)
class Evidence:
    """What is known of a file beside what comes out when it is worked on again.

    Attributes:
        checks: the commands that passed with it.
        tried: the runs of scripts that have to do with it.
        withheld: the rewrites that were taken back.
        hooked: the text that hooks have made of the result, if they did.
        types: what the type checker counts.
    """

    checks: Sequence[Check] = ()
    tried: Sequence[Tried] = ()
    withheld: Sequence[Withheld] = ()
    hooked: bytes | None = None
    types: Types | None = None


def receipt_of(name: str, report: FileReport, evidence: Evidence, versions: Mapping[str, str]) -> Receipt:
    """The receipt of a file that changes.

    Args:
        name: its path from the top folder on.
        report: its text before, and what became of it.
        evidence: what else is known.
        versions: where codemods are from.
    """
    text = report.result.output or b""
    lines = LineMap(report.source, text)
    applied = (item for item in report.result.findings if item.status is Status.APPLIED)
    return Receipt(
        version=VERSION,
        file=name,
        before=digest_of(report.source),
        after=digest_of(text),
        hooked=None if evidence.hooked is None else digest_of(evidence.hooked),
        rewrites=[_rewrite(item, report, versions, lines) for item in applied],
        withheld=list(evidence.withheld),
        self_check=list(QUESTIONS),
        checks=list(evidence.checks),
        types=evidence.types,
        tried=list(evidence.tried),
    )


def digest_of(text: bytes) -> Digest:
    """What a text is told by."""
    return Digest(hashlib.sha256(text).hexdigest(), len(text))


@lru_cache
def versions_of_codemods() -> Mapping[str, str]:
    """The distribution, with its version, that each installed codemod is from."""
    packs = {
        point.name: f"{found.metadata['Name']} {found.version}"
        for found in distributions()
        for point in found.entry_points
        if point.group == GROUP
    }
    return {name: packs.get(entry.pack, f"pymodernize {__version__}") for name, entry in entries().items()}


def _rewrite(finding: Finding, report: FileReport, versions: Mapping[str, str], lines: LineMap) -> Rewrite:
    return Rewrite(
        codemod=finding.codemod,
        version=versions.get(finding.codemod, ""),
        code=finding.code,
        message=finding.message,
        assumptions=sorted(finding.assumptions),
        before=Span(
            finding.line,
            column_of(report, finding.line, finding.column),
            finding.end_line,
            column_of(report, finding.end_line, finding.end_column),
        ),
        after=Lines(*lines.after(finding.line, finding.end_line)),
    )
