"""Run a plan over files. Reads them, has the engine asked; writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pymodernize.execution.known_files import Memory
from pymodernize.execution.pool import Pool
from pymodernize.execution.projects import Neighbourhood
from pymodernize.execution.task import Killed, Task
from pymodernize.files.reading import Unreadable
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.result import Result


@dataclass(frozen=True)
class FileReport:
    """One file of a run.

    Attributes:
        path: as given.
        source: the bytes that were read; they may be missing where nothing
            was found.
        result: what became of them.
        ties: real paths of the files of the run that it imports or that
            import it: what is said of one of them may rest on the others.
        is_lost: whether it has no result only because a process died: others
            may rest on what it would have become.
        is_tolerated: whether an error leaves the exit code as it is.
        facts: what is known of the project around it, if that is asked for and
            it changes.
        is_new: whether there is no such file: what it becomes is made.
    """

    path: Path
    source: bytes
    result: Result
    ties: frozenset[str] = frozenset()
    is_lost: bool = False
    is_tolerated: bool = False
    facts: ProjectFacts | None = None
    is_new: bool = False

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.result.findings) or self.result.output is not None or self.result.error is not None


@dataclass(frozen=True)
class _Prepared:
    """A file before the work, and what its answer will be kept under."""

    report: FileReport
    key: bytes | None = None
    root: str = ""


def run(
    files: Sequence[Path],
    plan: Plan,
    *,
    max_size: int,
    folders: Sequence[Path] = (),
    pool: Pool | None = None,
    memory: Memory | None = None,
    with_facts: bool = False,
    only: Collection[Path] | None = None,
) -> Iterator[FileReport]:
    """Work on files.

    No file may be replaced before the last report: files are read some time
    before their report, and again when others ask what must be known of them.

    Args:
        files: what :func:`pymodernize.files.discover.discover` found.
        plan: what to do.
        max_size: larger files, in bytes, are not read.
        folders: the folders that were named: their files count as one project
            even where no repository says so.
        pool: who does the work; this process alone if None.
        memory: what is known from earlier runs; nothing if None.
        with_facts: whether the reports of files that change have what is
            known around them.
        only: those of the files that are worked on, while the others are
            looked at for what these must know of them; None for all.

    Yields:
        A report for each file that is worked on, in the order of the files; one that cannot be
        read has an error.
    """
    pool = pool or Pool(plan)
    memory = memory or Memory(plan, max_size)
    neighbourhood = Neighbourhood(files, plan, folders, max_size, pool, memory)
    worked_on = files if only is None else [path for path in files if path in only]
    for prepared, answer in pool.map(_prepared(worked_on, neighbourhood, memory)):
        report = prepared.report
        if isinstance(answer, Killed):
            report = replace(report, result=Result(error=answer.message), is_lost=True)
        elif isinstance(answer, Result):
            report = replace(report, result=answer)
            if not pool.remote:
                memory.keep(prepared.key, answer, prepared.root)
        changes = report.result.output is not None
        yield replace(
            report,
            ties=report.ties if changes else frozenset(),
            facts=report.facts if changes and with_facts else None,
        )


def _prepared(
    files: Sequence[Path], neighbourhood: Neighbourhood, memory: Memory
) -> Iterator[tuple[_Prepared, Task | None]]:
    """Each file as it is before the work, with what is to be worked on; with its result if that is known."""
    for path in files:
        try:
            yield _one(path, neighbourhood, memory)
        except Unreadable as exc:
            yield _Prepared(FileReport(path, b"", Result(error=str(exc)))), None


def _one(path: Path, neighbourhood: Neighbourhood, memory: Memory) -> tuple[_Prepared, Task | None]:
    """What is known of a file: its result, without a task, if it has no trigger or the cache knows it; else a task."""
    digest = memory.digest(path)
    alone = memory.without_trigger(path, digest)
    if alone is not None:
        return _Prepared(FileReport(path, b"", alone)), None
    facts = neighbourhood.facts(path)
    root = neighbourhood.root_of(path)
    key = memory.key(digest, facts, root)
    known = memory.result(key)
    if known is not None and not known.findings and known.output is None:
        return _Prepared(FileReport(path, b"", known)), None
    source = memory.text_of(path, digest)
    if source is not None and known is not None:
        return _Prepared(FileReport(path, source, known, _ties(facts), facts=facts)), None
    if source is None:  # it was edited this very moment
        source, key = memory.read(path), None
    return _Prepared(FileReport(path, source, Result(), _ties(facts), facts=facts), key, root), Task(source, facts)


def _ties(facts: ProjectFacts) -> frozenset[str]:
    return frozenset(item.path for item in (*facts.importers, *facts.imported) if item.in_run)


def error_reports(problems: Iterable[tuple[Path, str]]) -> Iterator[FileReport]:
    """Reports for paths that were not even read."""
    for path, message in problems:
        yield FileReport(path, b"", Result(error=message))
