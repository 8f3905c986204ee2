"""The work on one file, as a pure function of its task: in this process, in another one, on another machine."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from pymodernize import __version__
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.limits import TOO_MUCH_MEMORY
from pymodernize.transformation.result import Result

Notes = tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True)
class Names:
    """The names that a module binds at its top level; None if they cannot all be told."""

    names: frozenset[str] | None


Answer = Result | Notes | Names


@dataclass(frozen=True)
class Killed:
    """Stands for the answer to a task that a process died of, twice, that was ended for what it takes, or failed."""

    message: str = "the process that worked on it was killed, for want of memory perhaps"


def collect_less_often() -> None:
    """Set how often this process looks for garbage, to what suits syntax trees: objects that live and die together.

    A model that is done with is taken apart, so that there is hardly any
    garbage to be found; to look for it while a tree is being made takes a
    seventh of a run with the interpreter's own thresholds.
    """
    gc.set_threshold(100_000, 10, 2)


def prepare(plan: Plan) -> None:
    """Load what finding takes, for processes that are forked from this one not to load it each for itself.

    Each codemod and check is asked about a file in which there is nothing.

    Args:
        plan: what they will do.
    """
    from pymodernize.transformation.model import module_of

    module = module_of(b"", ProjectFacts())
    for codemod in (*plan.codemods, *plan.checks):
        with contextlib.suppress(Exception):  # it will fail on files as well, and there it is said
            list(codemod.find(module))


@dataclass(frozen=True)
class Task:
    """One file to work on.

    Attributes:
        source: its bytes.
        facts: what is known of the project around it; None if no codemod will ask.
        wanted: its result; or only what others must know of it, or the names
            that it binds at its top level.
    """

    source: bytes
    facts: ProjectFacts | None
    wanted: Literal["result", "notes", "names"] = "result"


VERSIONS = f"pymodernize {__version__} on Python {sys.version_info.major}.{sys.version_info.minor}"


class OtherVersion(Exception):
    """The work was sent to an installation that may come to other results; the message says what it is."""


def work(plan: Plan, tasks: tuple[Task, ...], versions: str = VERSIONS) -> tuple[Answer | Killed, ...]:
    """Work on some files.

    Args:
        plan: what to do.
        tasks: the files.
        versions: those of whoever asks.

    Returns:
        For each task what it wants; for one that the
        memory does not suffice for that it was killed, for
        one that an error of ours ends what that is.

    Raises:
        OtherVersion: ours are others.
    """
    if versions != VERSIONS:
        raise OtherVersion(f"a worker has {VERSIONS}, and this is {versions}")
    return tuple(_answer(plan, task) for task in tasks)


def _answer(plan: Plan, task: Task) -> Answer | Killed:
    try:
        return _one(plan, task)
    except Exception as exc:  # it costs this file, and is told from a process that was killed
        from pymodernize.execution.faults import fault

        return Killed(f"{fault(exc)}; to report it, send this line, with the file if you may")


def _one(plan: Plan, task: Task) -> Answer | Killed:
    # Loaded here: most files of a run may have nothing to work on.
    from pymodernize.transformation.engine import notes, transform
    from pymodernize.transformation.model import module_names

    try:
        if task.wanted == "names":
            return Names(module_names(task.source))
        if task.wanted == "notes":
            return notes(task.source, plan, task.facts or ProjectFacts())
    except MemoryError:
        return Killed(TOO_MUCH_MEMORY)
    result = transform(task.source, plan, task.facts)
    if plan.fixes:
        from pymodernize.transformation.fixes import with_fixes

        result = with_fixes(result, task.source, plan, task.facts or ProjectFacts())
    return Killed(TOO_MUCH_MEMORY) if result.error == TOO_MUCH_MEMORY else result
