"""A process that works on jobs, and the line to it: forked from this one on Linux, started anew elsewhere."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from pymodernize.execution.task import Answer, Killed, Task, collect_less_often, work
from pymodernize.plan import Plan
from pymodernize.transformation import limits
from pymodernize.transformation.recursion import deeply

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


STARTS_QUICKLY = sys.platform == "linux"
"""Whether processes are forked: that takes some milliseconds, where a new one loads everything anew."""


class Process(Protocol):
    """One process, seen from the one that has started it."""

    deadline: float
    """When it is given up, by the monotonic clock."""

    def fileno(self) -> int:
        """The descriptor that becomes readable when there is an answer."""
        ...

    def send(self, tasks: tuple[Task, ...]) -> None:
        """Give it a job."""

    def receive(self) -> Answer | Killed:
        """The next answer."""
        ...

    def end(self) -> None:
        """End it, whatever it is at."""

    def leave(self) -> int:
        """Give up the connection, and wait for it to end: by itself if it has no work.

        Returns:
            Its exit code, below zero for a signal.
        """
        ...


def start(plan: Plan, others: Sequence[Process]) -> Process:
    """Start a process.

    Args:
        plan: what it does with each task.
        others: those that are there already.
    """
    # A fork is by far the quickest start, and only made where this process has no other thread that works.
    if sys.platform == "linux":
        return _Forked(plan, [other for other in others if isinstance(other, _Forked)])
    return _Spawned(plan)


def ready(processes: Sequence[Process], seconds: float) -> Iterable[Process]:
    """The processes that have an answer or have ended; waits for the first of them, up to some seconds."""
    if not isinstance(processes[0], _Forked):
        from multiprocessing.connection import wait

        return cast("Iterable[Process]", wait(cast("Sequence[Connection]", processes), seconds))
    poll = select.poll()
    by_number = {process.fileno(): process for process in processes}
    for number in by_number:
        poll.register(number, select.POLLIN)
    return [by_number[number] for number, _ in poll.poll(seconds * 1000)]


def _begin() -> None:
    """Prepare a process: Ctrl-C is its parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    collect_less_often()


def _serve(plan: Plan, receive: Callable[[], Sequence[Task]], send: Callable[[Answer | Killed], None]) -> None:
    """Work on jobs until there are no more."""
    limits.limit_memory()
    is_first = True
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            for task in receive():
                limits.begin_file()
                (answer,) = work(plan, (task,))
                if isinstance(answer, Killed) and not is_first:
                    return  # what was worked on before may have taken the memory: a new process tries again
                send(answer)
                is_first = False


# --- forked from this process ----------------------------------------------------------------------------------

_LENGTH = struct.Struct("!Q")


class _Forked:
    """A process that begins as a copy of this one, with a pipe in each direction."""

    def __init__(self, plan: Plan, others: Iterable[_Forked]) -> None:
        self.deadline = 0.0
        tasks, self.tasks = os.pipe()
        self.answers, answers = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                # As long as another process holds an end of a pipe, it does not tell that this one is gone.
                for end in (self.tasks, self.answers, *(end for item in others for end in (item.tasks, item.answers))):
                    os.close(end)
                limits.end_with(parent)
                _begin()
                deeply(partial(_serve, plan, partial(_read, tasks), partial(_write, answers)))
                status = 0
            finally:
                os._exit(status)
        os.close(tasks)
        os.close(answers)

    def fileno(self) -> int:
        """The pipe's end from which answers are read."""
        return self.answers

    def send(self, tasks: tuple[Task, ...]) -> None:
        """Give it a job."""
        _write(self.tasks, tasks)

    def receive(self) -> Answer | Killed:
        """The next answer."""
        return _read(self.answers)

    def end(self) -> None:
        """End it, whatever it is at."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def leave(self) -> int:
        """Give up the pipes, after which it ends, and wait for that."""
        os.close(self.tasks)
        os.close(self.answers)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _write(end: int, value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(end, rest) :]


def _read(end: int) -> Any:  # noqa: ANN401 - whatever was written
    (length,) = _LENGTH.unpack(_exactly(end, _LENGTH.size))
    return pickle.loads(_exactly(end, length))  # noqa: S301 - by a process that this one has started


def _exactly(end: int, length: int) -> bytes:
    parts = []
    while length:
        part = os.read(end, min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


# --- started anew ----------------------------------------------------------------------------------------------


class _Spawned:
    """A process that begins with nothing, as :mod:`multiprocessing` starts it."""

    def __init__(self, plan: Plan) -> None:
        import multiprocessing

        self.deadline = 0.0
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_spawned, args=(plan, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def fileno(self) -> int:
        """The descriptor that becomes readable when there is an answer."""
        return self.connection.fileno()

    def send(self, tasks: tuple[Task, ...]) -> None:
        """Give it a job."""
        self.connection.send(tasks)

    def receive(self) -> Answer | Killed:
        """The next answer."""
        return self.connection.recv()

    def end(self) -> None:
        """End it, whatever it is at."""
        self.process.kill()

    def leave(self) -> int:
        """Give up the connection, after which it ends, and wait for that."""
        self.connection.close()
        self.process.join()
        return self.process.exitcode or 0


def _spawned(plan: Plan, connection: Connection) -> None:
    """The main loop of a worker process."""
    _begin()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    deeply(partial(_serve, plan, connection.recv, connection.send))


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
