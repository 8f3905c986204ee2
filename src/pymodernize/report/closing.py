"""The last lines of a run: what it came to, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pymodernize.report.summary import Summary

Command = Callable[..., str]
"""Makes the command line that does something else with the same files; from the options that say what."""


def outcome(summary: Summary, *, applied: bool, separator: str) -> str:
    """The run in one line.

    Args:
        summary: its figures.
        applied: whether the changes were written.
        separator: what stands between two figures.
    """
    parts = [f"{summary.changed} {'rewritten' if applied else 'would change'}"]
    if summary.more:
        line = f"{counted(summary.more, 'more rewrite')} with other assumptions"
        if summary.unlocking:
            most, name, _ = summary.unlocking[0]
            line += f" (most: {name} {most})"
        parts.append(line)
    if summary.unparsable:
        parts.append(f"{summary.unparsable} {'is' if summary.unparsable == 1 else 'are'} not Python 3")
    if others := summary.errors - summary.unparsable:
        parts.append(f"{others} could not be worked on")
    return f"{counted(summary.files, 'file')}: {separator.join(parts)}"


def next_steps(
    summary: Summary, command: Command, undo: Callable[[], str], *, mode: str, statistics: bool
) -> Iterator[str]:
    """What can be done next, each with the command that does it.

    Args:
        summary: the figures of the run.
        command: makes command lines.
        undo: makes the one that takes back what was written.
        mode: what the run was for.
        statistics: whether it showed figures alone.
    """
    steps: list[tuple[str, str]] = []
    if summary.changed and mode == "apply":
        steps.append(("Take it back:", undo()))
    elif summary.changed:
        if mode == "check" or statistics:
            steps.append(("See them:", command()))
        steps.append(("Write them:", command("--apply")))
    if not statistics and (summary.more or summary.without_checks().by_codemod):
        steps.append(("Why not more:", command("--statistics")))
    width = max((len(name) for name, _ in steps), default=0)
    for name, line in steps:
        yield f"{name:{width}}  {line}"


def flagged(number: int) -> str:
    """How many places checks flag, which the report passes over.

    Args:
        number: of the places.
    """
    return f"{number} more {'place' if number == 1 else 'places'} to look at, which nothing rewrites"


def counted(number: int, noun: str) -> str:
    """A number with what it counts.

    Args:
        number: how many.
        noun: what one of them is.
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
