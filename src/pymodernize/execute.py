"""Run a plan over files. Reads them, asks the engine; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.engine import Result, transform
from pymodernize.plan import Plan
from pymodernize.projects import Neighbourhood
from pymodernize.reading import Unreadable, read
from pymodernize.semantics.project import ProjectFacts


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


def run(files: Sequence[Path], plan: Plan, *, max_size: int, folders: Sequence[Path] = ()) -> Iterator[FileReport]:
    """Work on files, one after another, in their order.

    Args:
        files: what :func:`pymodernize.discover.discover` found.
        plan: what to do.
        max_size: larger files, in bytes, are not read.
        folders: the folders that were named: their files count as one project
            even where no repository says so.

    Nothing may be written before the last report: a file is read when its
    turn comes, and what others must know of it when they ask.

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
        yield FileReport(path, source, result, _ties(facts) if result.output is not None else frozenset())


def _ties(facts: ProjectFacts | None) -> frozenset[str]:
    if facts is None:
        return frozenset()
    return frozenset(item.path for item in (*facts.importers, *facts.imported) if item.in_run)


def error_reports(problems: Iterable[tuple[Path, str]]) -> Iterator[FileReport]:
    """Reports for paths that were not even read."""
    for path, message in problems:
        yield FileReport(path, b"", Result(error=message))
