"""What a migration hands out for others to check it by: receipts, and rows for a table."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pymodernize.codemod import Finding, Status
from pymodernize.commands.migration.record import Record
from pymodernize.commands.migration.states import States
from pymodernize.execution.execute import FileReport
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.receipts.collecting import Course, Receipts
from pymodernize.receipts.form import Check, Digest, Tried, Withheld
from pymodernize.receipts.making import Evidence
from pymodernize.report.run_origin import name_of
from pymodernize.report.table import Rows
from pymodernize.transformation.result import Result

_TAKEN_BACK = "fails-checks"


def write_receipts(receipts: Receipts, states: States, record: Record, commands: Sequence[str]) -> None:
    """Write the receipts of all files that have changed.

    Args:
        receipts: collects them.
        states: what files have come to.
        record: what the migration has gone through.
        commands: those that have checked it.

    Raises:
        NoOutput: they cannot be written.
    """
    if record.base:  # one that was cut off goes on behind where it began
        receipts.ground = replace(receipts.ground, base=record.base)
    top = receipts.ground.top
    withheld = _withheld(record, top)
    for report in outcomes(states):
        own = withheld.get(name_of(report.path, top), [])
        tried = [_tried(item, record) for item in tries_of(record, [report.path])]
        receipts.add(report, Evidence(_checks(record, commands), tried, own, _hooked(report)))
    course = Course(
        commits=record.commits,
        left=[name_of(path, top) for path in record.left],
        withheld=withheld,
        frozen={name_of(path, top): step for path, step in record.frozen.items()},
    )
    receipts.finish([share.plan for share in states.work.shares], states.work.found.files, course)


def fill(rows: Rows, states: States, record: Record) -> None:
    """Make the rows of a migration: what files have come to, and the rewrites that were taken back."""
    final = {report.path: report for report in outcomes(states)}
    for report in states.reports:
        rows.add(final.get(report.path, report))
    for path, codemod, line, column, why in record.withheld:
        found = Finding(codemod, line, column, line, column, "taken back", code=_TAKEN_BACK, reason=why)
        rows.finding(rows.name(path), found, Status.WITHHELD.value)
    rows.finish()


def outcomes(states: States) -> Iterator[FileReport]:
    """What the files that change have come to in the end, each with its text before."""
    for group in states.groups:
        reached = states.reached(len(states.steps), group)
        for path in group:
            # Where no step could be worked on, the text is that before.
            yield reached.get(path) or FileReport(path, states.originals[path], Result())


def _withheld(record: Record, top: Path) -> Mapping[str, list[Withheld]]:
    found: dict[str, list[Withheld]] = defaultdict(list)
    for path, codemod, line, column, why in record.withheld:
        found[name_of(path, top)].append(Withheld(codemod, line, column, why))
    return found


def _checks(record: Record, commands: Sequence[str]) -> list[Check]:
    failing, unsteady = list(record.failing or ()), list(record.unsteady)
    outcome = "passed but for what is named" if failing or unsteady else "passed"
    return [Check(command, outcome, failing, unsteady) for command in commands]


def tries_of(record: Record, paths: Iterable[Path]) -> list[str]:
    """The names of the runs of scripts that have to do with some files."""
    real = {os.path.realpath(path) for path in paths}
    return [name for name, known in record.tried.items() if real & set(known["files"])]


def _tried(name: str, record: Record) -> Tried:
    known = record.tried[name]
    if name in record.unsteady:
        return Tried(name, "not judged")
    return Tried(name, "the same as before", known["status"], Digest(known["sha256"], known["bytes"]))


def _hooked(report: FileReport) -> bytes | None:
    """The text that the repository's commit hooks have made of a result; None if they have not changed it."""
    with contextlib.suppress(Unreadable):
        now = read(report.path, FOR_EVIDENCE)
        return None if now in (report.result.output, report.source) else now
    return None
