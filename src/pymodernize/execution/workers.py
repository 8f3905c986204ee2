"""Processes of this machine that work on files: each file has its limits, and costs nothing but itself.

A process works on one job after another, and sends each answer as it has it: so it is known which file it was at when
it dies. It reads and writes no files.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from dataclasses import dataclass, field

from pymodernize.execution.processes import Process, ready, start
from pymodernize.execution.task import Answer, Killed, Task
from pymodernize.plan import Plan
from pymodernize.transformation import limits


@dataclass(eq=False)
class Job:
    """Tasks that one process works on, one after the other, with the answers so far."""

    tasks: tuple[Task, ...]
    answers: list[Answer | Killed] = field(default_factory=list)
    is_second_try: bool = False
    """Whether a process has died over the task whose turn it is."""

    @property
    def is_done(self) -> bool:
        """Whether all answers are there."""
        return len(self.answers) == len(self.tasks)


class Workers:
    """Some processes, started as there is work for them.

    Args:
        plan: what to do with each task.
        number: how many work at a time.
    """

    def __init__(self, plan: Plan, number: int) -> None:
        self.plan = plan
        self.number = number
        self.waiting: deque[Job] = deque()
        self.busy: dict[Process, Job] = {}
        self.idle: list[Process] = []

    def submit(self, tasks: tuple[Task, ...]) -> Job:
        """Have some tasks worked on.

        Returns:
            What their answers will be in.
        """
        job = Job(tasks)
        self.waiting.append(job)
        self.step(0)
        return job

    def finish(self, job: Job) -> list[Answer | Killed]:
        """Wait for all answers of a job."""
        while not job.is_done:
            self.step(None)
        return job.answers

    def step(self, seconds: float | None) -> None:
        """Give work to those without, and take what answers there are.

        Args:
            seconds: how long to wait for an answer; until there is one if None.
        """
        while self.waiting and (self.idle or len(self.busy) < self.number):
            process = self.idle.pop() if self.idle else start(self.plan, [*self.busy, *self.idle])
            self._give(process, self.waiting.popleft())
        if not self.busy:
            return
        patience = min(process.deadline for process in self.busy) - time.monotonic()
        patience = max(0.0, patience if seconds is None else min(patience, seconds))
        for process in ready(list(self.busy), patience):
            self._hear(process)
        now = time.monotonic()
        for process in [item for item in self.busy if item.deadline < now]:
            process.end()
            self._lost(process, is_late=True)

    def close(self) -> None:
        """End all processes, also those that are at work."""
        for process in self.busy:
            process.end()
        for process in (*self.busy, *self.idle):
            process.leave()
        self.waiting.clear()
        self.busy.clear()
        self.idle.clear()

    def _give(self, process: Process, job: Job) -> None:
        self.busy[process] = job
        process.deadline = time.monotonic() + limits.MOST_PATIENCE
        with contextlib.suppress(OSError):  # it has died: that shows when it is listened to
            process.send(job.tasks[len(job.answers) :])

    def _hear(self, process: Process) -> None:
        job = self.busy[process]
        try:
            answer = process.receive()
        except (EOFError, OSError):
            self._lost(process)
            return
        job.answers.append(answer)
        job.is_second_try = False
        process.deadline = time.monotonic() + limits.MOST_PATIENCE
        if job.is_done:
            self.idle.append(process)
            del self.busy[process]

    def _lost(self, process: Process, *, is_late: bool = False) -> None:
        """Go on without a process: the task that it was at is tried once more, by a new one, unless it took too long.

        A process may have died of what it had done before, and of what others do on this machine.
        """
        job = self.busy.pop(process)
        status = process.leave()
        if is_late or limits.ran_out_of_time(status):
            job.answers.append(Killed(limits.TOO_SLOW))
            job.is_second_try = False
        elif job.is_second_try:
            job.answers.append(Killed())
            job.is_second_try = False
        else:
            job.is_second_try = True
        if not job.is_done:
            self.waiting.appendleft(job)
