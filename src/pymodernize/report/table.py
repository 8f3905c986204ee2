"""``--table``: a run as rows, a row a finding, a file and the run itself; those of many runs add up."""

from __future__ import annotations

import csv
import io
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from pymodernize import __version__
from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.files.output_files import NoOutput, check, write
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.report.run_origin import Ground, ground_of, name_of
from pymodernize.report.summary import Summary
from pymodernize.settings.planning import Request
from pymodernize.transformation.line_matching import changed_lines

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Row:
    """A row. What a kind of row has nothing to say of is None.

    Attributes:
        row: its kind: ``finding``, ``file`` or ``run``.
        run: a name of the run, the same in all its rows and in no others.
        time: when it began, in UTC.
        tool: what it was done with.
        repository: what the folder is called that paths begin at.
        commit: the one that was checked out.
        file: the path from that folder on, with slashes.
        line: of a finding, from 1.
        codemod: of a finding.
        outcome: of a finding, its status; of a file ``changed``, ``same`` or ``error``; of a run what it was for.
        code: of a finding, the code of its reason.
        message: of a finding what was found and why it is left; of a file and a run the error.
        assumptions: of a finding those that it rests on, with blanks between them.
        lines: of a file how many it had; of a run how many all had.
        changed_lines: how many were taken out and put in, by our own count, which needs no repository.
        rewrites: how many were made in the file or the run.
        files: of a run, how many were looked at.
        changed: of a file 1 or 0; of a run how many.
        errors: the same of those that could not be worked on.
        seconds: how long the run took.
    """

    row: str
    run: str
    time: str
    tool: str
    repository: str
    commit: str | None = None
    file: str | None = None
    line: int | None = None
    codemod: str | None = None
    outcome: str | None = None
    code: str | None = None
    message: str | None = None
    assumptions: str | None = None
    lines: int | None = None
    changed_lines: int | None = None
    rewrites: int | None = None
    files: int | None = None
    changed: int | None = None
    errors: int | None = None
    seconds: float | None = None


COLUMNS = tuple(item.name for item in fields(Row))


class Rows:
    """Makes the rows of one run.

    Args:
        request: the options of the run.
        ground: where it begins.
        purpose: what it is for.
    """

    def __init__(self, request: Request, ground: Ground, purpose: str) -> None:
        self.ground = ground
        self.purpose = purpose
        self.rows: list[Row] = []
        self._began = time.monotonic()
        now = time.gmtime()
        self._common = {
            "run": f"{time.strftime('%Y%m%d-%H%M%S', now)}-{secrets.token_hex(3)}",
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", now),
            "tool": f"pymodernize {__version__}",
            "repository": ground.top.name,
            "commit": ground.base,
        }

    def add(self, report: FileReport) -> None:
        """Make the rows of a file: its own, and one a finding."""
        result, name = report.result, self.name(report.path)
        applied = sum(item.status is Status.APPLIED for item in result.findings)
        old = _text(report)
        outcome = "error" if result.error is not None else "same" if result.output is None else "changed"
        self._row(
            "file",
            file=name,
            outcome=outcome,
            message=result.error,
            lines=len(old.splitlines()),
            changed_lines=0 if result.output is None else changed_lines(old, result.output),
            rewrites=applied,
            changed=int(outcome == "changed"),
            errors=int(outcome == "error"),
        )
        for finding in result.findings:
            self.finding(name, finding, finding.status.value)

    def name(self, path: Path | str) -> str:
        """A file's path, in characters that can be written."""
        return os.fsencode(name_of(path, self.ground.top)).decode("utf-8", "backslashreplace")

    def finding(self, name: str, finding: Finding, outcome: str) -> None:
        """Make the row of a finding."""
        self._row(
            "finding",
            file=name,
            line=finding.line,
            codemod=finding.codemod,
            outcome=outcome,
            code=finding.code,
            message=finding.sentence,
            assumptions=" ".join(sorted(finding.assumptions)),
        )

    def failed(self, message: str) -> None:
        """Make the row of a run that could not be done."""
        self._row("run", outcome="error", message=message, files=0, changed=0, errors=1)

    def finish(self) -> None:
        """Make the row of the run."""
        files = [row for row in self.rows if row.row == "file"]
        self._row(
            "run",
            outcome=self.purpose,
            lines=sum(row.lines or 0 for row in files),
            changed_lines=sum(row.changed_lines or 0 for row in files),
            rewrites=sum(row.rewrites or 0 for row in files),
            files=len(files),
            changed=sum(row.changed or 0 for row in files),
            errors=sum(row.errors or 0 for row in files),
            seconds=round(time.monotonic() - self._began, 3),
        )

    def _row(self, kind: str, **values: Any) -> None:  # noqa: ANN401 - the fields' own types
        self.rows.append(Row(row=kind, **self._common, **values))


class TableReport:
    """The table of a run, as a report.

    Args:
        path: the file that it goes to.
        request: the options of the run.
    """

    def __init__(self, path: Path, request: Request) -> None:
        self.path = path
        self.rows = Rows(request, ground_of(request.paths), request.mode)

    def file(self, report: FileReport) -> None:
        """Take one file."""
        self.rows.add(report)

    def finish(self, summary: Summary) -> None:
        """Write the table."""
        self.rows.finish()
        write_table(self.path, self.rows.rows)


def check_table(path: Path) -> None:
    """Make sure that a table can be written, before a run is begun for it.

    Raises:
        NoOutput: it cannot.
    """
    if path.suffix not in SUFFIXES:
        raise NoOutput(f"{path}: a table is a file that ends in {' or '.join(SUFFIXES)}")
    if path.suffix == ".parquet":
        try:
            import_module("pyarrow.parquet")
        except ImportError as exc:
            raise NoOutput(f"{path}: needs pyarrow, which pip install 'pymodernize[parquet]' brings ({exc})") from None
    check(path)


def write_table(path: Path, rows: Iterable[Row]) -> None:
    """Write rows to a file, as CSV or as Parquet, as the end of its name says.

    Raises:
        NoOutput: it cannot be written.
    """
    values = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    write(path, _parquet(values) if path.suffix == ".parquet" else _csv(values))


def _csv(values: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(values)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _parquet(values: list[dict[str, Any]]) -> bytes:
    pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    kinds = {"int | None": pyarrow.int64(), "float | None": pyarrow.float64()}
    schema = pyarrow.schema([(item.name, kinds.get(str(item.type), pyarrow.string())) for item in fields(Row)])
    data = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.Table.from_pylist(values, schema=schema), data)
    return data.getvalue().to_pybytes()


def _text(report: FileReport) -> bytes:
    """The text before; of a file of which there is nothing to say, it is not in the report."""
    if not report.source:
        try:
            return read(report.path, FOR_EVIDENCE)
        except Unreadable:
            return b""
    return report.source
