"""Hand tasks to other processes and get the answers back in order; in this process for those who want that.

Workers read and write nothing. At any time only a few chunks of tasks are under way, so that memory does not grow with
the number of files.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from pymodernize.execution.processes import STARTS_QUICKLY
from pymodernize.execution.task import VERSIONS, Answer, Killed, OtherVersion, Task, prepare, work
from pymodernize.execution.workers import Job, Workers
from pymodernize.plan import Plan

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

CHUNK_BYTES = 200_000
"""Some tenths of a second of work: little against it is what a chunk costs on its way."""
CHUNK_TASKS = 100
SMALL_BYTES = 600_000
"""As much is done sooner by one process than several have loaded LibCST."""

Item = TypeVar("Item")
UnderWay: TypeAlias = "Job | Future[tuple[Answer | Killed, ...]]"


@dataclass
class _Chunk(Generic[Item]):
    """Items that follow each other, with the tasks of those that have one."""

    items: list[Item] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    size: int = 0

    def add(self, item: Item, task: Task | None) -> None:
        if task is not None:
            self.places.append(len(self.items))
            self.tasks.append(task)
            self.size += len(task.source)
        self.items.append(item)

    @property
    def is_full(self) -> bool:
        return self.size >= CHUNK_BYTES or len(self.tasks) >= CHUNK_TASKS or len(self.items) >= 10 * CHUNK_TASKS

    def answered(self, answers: Iterable[Answer | Killed]) -> Iterator[tuple[Item, Answer | Killed | None]]:
        """The items in order, each with its answer; None for one without a task."""
        found = dict(zip(self.places, answers, strict=True))
        for number, item in enumerate(self.items):
            yield item, found.get(number)


class Pool:
    """Runs tasks: in processes of this machine, by another executor, or in this process. Used in a ``with`` statement.

    A file that is worked on by another process cannot do any harm to this one, whatever it holds.

    Args:
        plan: what to do with each task.
        jobs: how many processes work at most, fewer if there is little to do;
            with None it is this one alone.
        open_executor: makes the executor for a number of tasks at a time, for
            work on other machines.

    Attributes:
        remote: whether the work is done by installations that are not ours.
    """

    def __init__(
        self, plan: Plan, jobs: int | None = None, open_executor: Callable[[int], Executor] | None = None
    ) -> None:
        self.plan = plan
        self.jobs = jobs or 1
        self.remote = open_executor is not None
        self.open_executor = open_executor
        self.executor: Executor | None = None
        self.workers = Workers(plan, 1) if jobs is not None and not self.remote else None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.workers is not None:
            self.workers.close()
        if self.executor is not None:
            self.executor.shutdown(wait=False)
            self.executor = None

    def map(self, items: Iterable[tuple[Item, Task | None]]) -> Iterator[tuple[Item, Answer | Killed | None]]:
        """Get an answer to each task.

        Args:
            items: anything, each with a task or None. Taken as they are
                needed, a few chunks ahead.

        Yields:
            The items in their order, each with its answer: a
            :class:`Killed` where a process died over it, None if it has no
            task.
        """
        items = iter(items)
        if self.workers is None and not self.remote:
            return self._here(items)
        if self.workers is not None and self.workers.number < self.jobs:
            first, is_all = _up_to(items, SMALL_BYTES)
            if is_all and not STARTS_QUICKLY:
                return self._here(first)
            items = itertools.chain(first, items)
            if not is_all:
                prepare(self.plan)
                self.workers.number = self.jobs
        return self._elsewhere(items)

    def _here(self, items: Iterable[tuple[Item, Task | None]]) -> Iterator[tuple[Item, Answer | Killed | None]]:
        for item, task in items:
            yield item, None if task is None else work(self.plan, (task,))[0]

    def _elsewhere(self, items: Iterator[tuple[Item, Task | None]]) -> Iterator[tuple[Item, Answer | Killed | None]]:
        under_way: deque[tuple[_Chunk[Item], UnderWay | None]] = deque()
        for chunk in _chunks(items):
            under_way.append((chunk, self._submit(tuple(chunk.tasks)) if chunk.tasks else None))
            while under_way and (len(under_way) > 2 * self.jobs or self._is_done(under_way[0][1])):
                yield from self._settled(*under_way.popleft())
        while under_way:
            yield from self._settled(*under_way.popleft())

    def _is_done(self, way: UnderWay | None) -> bool:
        if isinstance(way, Job) and self.workers is not None:
            self.workers.step(0)
            return way.is_done
        return way is None or not isinstance(way, Job) and way.done()

    def _settled(self, chunk: _Chunk[Item], way: UnderWay | None) -> Iterator[tuple[Item, Answer | Killed | None]]:
        if isinstance(way, Job) and self.workers is not None:
            return chunk.answered(self.workers.finish(way))
        try:
            answers: Iterable[Answer | Killed] = () if way is None or isinstance(way, Job) else way.result()
        except OtherVersion:
            raise
        except Exception:  # a process died, and with it whatever was under way
            answers = self._one_by_one(chunk.tasks)
        return chunk.answered(answers)

    def _submit(self, tasks: tuple[Task, ...]) -> UnderWay:
        if self.workers is not None:
            return self.workers.submit(tasks)
        if self.executor is not None:
            try:
                return self.executor.submit(work, self.plan, tasks, VERSIONS)
            except RuntimeError:  # BrokenExecutor is one: a process has died since
                self.executor.shutdown(wait=False)
        self.executor = self._open(self.jobs)
        return self.executor.submit(work, self.plan, tasks, VERSIONS)

    def _one_by_one(self, tasks: list[Task]) -> list[Answer | Killed]:
        """Tasks of a chunk that was lost, each by itself: only the one that kills a process is to blame."""
        found: list[Answer | Killed] = []
        executor = self._open(1)
        for task in tasks:
            try:
                found += executor.submit(work, self.plan, (task,), VERSIONS).result()
            except OtherVersion:
                raise
            except Exception:  # whatever the executor says of a process that is gone
                found.append(Killed())
                executor.shutdown(wait=False)
                executor = self._open(1)
        executor.shutdown(wait=False)
        return found

    def _open(self, number: int) -> Executor:
        assert self.open_executor is not None  # noqa: S101 - asked only where there is one
        return self.open_executor(number)


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _chunks(items: Iterable[tuple[Item, Task | None]]) -> Iterator[_Chunk[Item]]:
    chunk: _Chunk[Item] = _Chunk()
    for item, task in items:
        chunk.add(item, task)
        if chunk.is_full:
            yield chunk
            chunk = _Chunk()
    if chunk.items:
        yield chunk


def _up_to(items: Iterator[tuple[Item, Task | None]], most: int) -> tuple[list[tuple[Item, Task | None]], bool]:
    """Items with so many bytes of work, and whether these are all."""
    taken: list[tuple[Item, Task | None]] = []
    size = 0
    for item, task in items:
        taken.append((item, task))
        size += len(task.source) if task is not None else 0
        if size > most:
            return taken, False
    return taken, True
