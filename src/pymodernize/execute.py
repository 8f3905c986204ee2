"""Run a plan over files. Reads them, has the engine asked; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pymodernize.engine import Result, transform
from pymodernize.plan import Plan
from pymodernize.pool import Killed, Pool
from pymodernize.projects import Neighbourhood
from pymodernize.reading import Unreadable, read
from pymodernize.semantics.project import ProjectFacts
from pymodernize.work import Task


@dataclass(frozen=True)
class FileReport:
    """One file of a run.

    Attributes:
        path: as given.
        source: the bytes that were read.
        result: what became of them.
        ties: real paths of the files of the run that it imports or that
            import it: what is said of one of them may rest on the others.
    """

    path: Path
    source: bytes
    result: Result
    ties: frozenset[str] = frozenset()


def run(
    files: Sequence[Path], plan: Plan, *, max_size: int, folders: Sequence[Path] = (), pool: Pool | None = None
) -> Iterator[FileReport]:
    """Work on files.

    Nothing may be written before the last report: files are read some time
    before their report, and what others must know of them when they ask.

    Args:
        files: what :func:`pymodernize.discover.discover` found.
        plan: what to do.
        max_size: larger files, in bytes, are not read.
        folders: the folders that were named: their files count as one project
            even where no repository says so.
        pool: who does the work; this process alone if None.

    Yields:
        A report for each file, in the order of the files; one that cannot be
        read has an error.
    """
    pool = pool or Pool(plan)
    neighbourhood = Neighbourhood(files, plan, folders, max_size, pool)
    for report, answer in pool.map(_prepared(files, plan, neighbourhood, max_size)):
        if isinstance(answer, Killed):
            yield replace(report, result=Result(error=answer.message))
        elif isinstance(answer, Result):
            yield replace(report, result=answer, ties=report.ties if answer.output is not None else frozenset())
        else:
            yield report


def _prepared(
    files: Sequence[Path], plan: Plan, neighbourhood: Neighbourhood, max_size: int
) -> Iterator[tuple[FileReport, Task | None]]:
    """Each file as it is before the work, with what is to be worked on."""
    for path in files:
        try:
            source = read(path, max_size)
        except Unreadable as exc:
            yield FileReport(path, b"", Result(error=str(exc))), None
            continue
        if plan.is_triggered(source):
            facts = neighbourhood.facts(path)
            yield FileReport(path, source, Result(), _ties(facts)), Task(source, facts)
        else:
            yield FileReport(path, source, transform(source, plan)), None


def _ties(facts: ProjectFacts) -> frozenset[str]:
    return frozenset(item.path for item in (*facts.importers, *facts.imported) if item.in_run)


def error_reports(problems: Iterable[tuple[Path, str]]) -> Iterator[FileReport]:
    """Reports for paths that were not even read."""
    for path, message in problems:
        yield FileReport(path, b"", Result(error=message))
