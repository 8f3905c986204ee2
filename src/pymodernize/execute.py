"""Run a plan over files. Reads them, asks the engine; writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.engine import Result, transform
from pymodernize.plan import Plan
from pymodernize.projects import Neighbourhood
from pymodernize.reading import Unreadable, read


@dataclass(frozen=True)
class FileReport:
    """One file of a run: its path as given, the bytes that were read, what became of them."""

    path: Path
    source: bytes
    result: Result


def run(files: Sequence[Path], plan: Plan, *, max_size: int, folders: Sequence[Path] = ()) -> Iterator[FileReport]:
    """Work on files, one after another, in their order.

    Args:
        files: what :func:`pymodernize.discover.discover` found.
        plan: what to do.
        max_size: larger files, in bytes, are not read.
        folders: the folders that were named: their files count as one project
            even where no repository says so.

    Yields:
        A report for each file; one that cannot be read has an error.
    """
    neighbourhood = Neighbourhood(files, plan, folders, max_size)
    for path in files:
        try:
            source = read(path, max_size)
        except Unreadable as exc:
            yield FileReport(path, b"", Result(error=str(exc)))
            continue
        facts = neighbourhood.facts(path) if plan.is_triggered(source) else None
        result = transform(source, plan, facts)
        if result.output is not None and facts is not None and any(importer.star for importer in facts.importers):
            # The caller may write the file now; others are to see it as a dry run does.
            neighbourhood.exported(os.path.realpath(path))
        yield FileReport(path, source, result)


def error_reports(problems: Iterable[tuple[Path, str]]) -> Iterator[FileReport]:
    """Reports for paths that were not even read."""
    for path, message in problems:
        yield FileReport(path, b"", Result(error=message))
