"""Hand tasks to other processes and get the answers back in order; in this process where that is not worth it.

Workers read and write nothing. At any time only a few chunks of tasks are under way, so that memory does not grow with
the number of files.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from pymodernize.plan import Plan
from pymodernize.result import Result
from pymodernize.work import VERSIONS, Notes, OtherVersion, Task, collect_less_often, prepare, work

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

CHUNK_BYTES = 200_000
"""Some tenths of a second of work: little against it is what a chunk costs on its way."""
CHUNK_TASKS = 100
SMALL_BYTES = 600_000
"""As much is done sooner in this process than others have started and loaded LibCST."""

Item = TypeVar("Item")
Answer = Result | Notes


class Killed:
    """Stands for the answer to a task on which a process died, twice: among others, and alone."""

    message = "the process that worked on it was killed, for want of memory perhaps"


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
    """Other processes, started when there is enough to do. Used in a ``with`` statement.

    Args:
        plan: what to do with each task.
        jobs: how many processes work; with 1 it is this one.
        open_executor: makes the executor for a number of processes; processes
            of this machine if None. If given, nothing is done in this process.

    Attributes:
        remote: whether the work is done by installations that are not ours.
    """

    def __init__(self, plan: Plan, jobs: int = 1, open_executor: Callable[[int], Executor] | None = None) -> None:
        self.plan = plan
        self.jobs = jobs
        self.remote = open_executor is not None
        self.open_executor = open_executor or self._processes
        self.executor: Executor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.executor is not None:
            self._shut_down(self.executor)
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
        if self.jobs == 1 and not self.remote:
            return self._here(items)
        if self.executor is None and not self.remote:
            first, is_all = _up_to(items, SMALL_BYTES)
            if is_all:
                return self._here(first)
            items = itertools.chain(first, items)
        return self._elsewhere(items)

    def _here(self, items: Iterable[tuple[Item, Task | None]]) -> Iterator[tuple[Item, Answer | None]]:
        for item, task in items:
            yield item, None if task is None else work(self.plan, (task,))[0]

    def _elsewhere(self, items: Iterator[tuple[Item, Task | None]]) -> Iterator[tuple[Item, Answer | Killed | None]]:
        under_way: deque[tuple[_Chunk[Item], Future[tuple[Answer, ...]] | None]] = deque()
        for chunk in _chunks(items):
            under_way.append((chunk, self._submit(tuple(chunk.tasks)) if chunk.tasks else None))
            while under_way and (len(under_way) > 2 * self.jobs or under_way[0][1] is None or under_way[0][1].done()):
                yield from self._settled(*under_way.popleft())
        while under_way:
            yield from self._settled(*under_way.popleft())

    def _settled(
        self, chunk: _Chunk[Item], future: Future[tuple[Answer, ...]] | None
    ) -> Iterator[tuple[Item, Answer | Killed | None]]:
        try:
            answers: Iterable[Answer | Killed] = () if future is None else future.result()
        except OtherVersion:
            raise
        except Exception:  # a process died, and with it whatever was under way
            answers = self._one_by_one(chunk.tasks)
        return chunk.answered(answers)

    def _submit(self, tasks: tuple[Task, ...]) -> Future[tuple[Answer, ...]]:
        if self.executor is not None:
            try:
                return self.executor.submit(work, self.plan, tasks, VERSIONS)
            except RuntimeError:  # BrokenExecutor is one: a process has died since
                self._shut_down(self.executor)
        self.executor = self.open_executor(self.jobs)
        return self.executor.submit(work, self.plan, tasks, VERSIONS)

    def _one_by_one(self, tasks: list[Task]) -> list[Answer | Killed]:
        """Tasks of a chunk that was lost, each by itself: only the one that kills a process is to blame."""
        found: list[Answer | Killed] = []
        executor = self.open_executor(1)
        for task in tasks:
            try:
                found += executor.submit(work, self.plan, (task,), VERSIONS).result()
            except OtherVersion:
                raise
            except Exception:  # whatever the executor says of a process that is gone
                found.append(Killed())
                self._shut_down(executor)
                executor = self.open_executor(1)
        self._shut_down(executor)
        return found

    def _processes(self, number: int) -> Executor:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # A fork is by far the quickest start. It is only made when this process has no other thread that works.
        method = "fork" if sys.platform == "linux" else None
        if method == "fork":
            prepare(self.plan)
        return ProcessPoolExecutor(number, multiprocessing.get_context(method), initializer=_begin)

    def _shut_down(self, executor: Executor) -> None:
        """Give up what is under way, and end our own processes."""
        if self.remote:
            executor.shutdown(wait=False)
        else:
            executor.shutdown(wait=True, cancel_futures=True)


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


def _begin() -> None:
    """Prepare a worker: Ctrl-C is its parent's business, and without a parent it has none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    collect_less_often()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
