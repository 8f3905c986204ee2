"""The plan of a migration for a person: a line a step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pymodernize.commands.migration.moves import Draft
from pymodernize.report.closing import counted

_HEAD = ("step", "codemod", "commits", "files", "rewrites", "lines", "assumptions")


def plan_lines(drafts: Sequence[Draft], steps: Sequence[str]) -> Iterator[str]:
    """What each step comes to, and all of them together.

    Args:
        drafts: the commits that are to be made.
        steps: the codemods of the steps.
    """
    rows: list[tuple[str, ...]] = [_HEAD]
    files: dict[int, set[str]] = defaultdict(set)
    figures: dict[int, Counter[str]] = defaultdict(Counter)
    assumed: dict[int, Counter[str]] = defaultdict(Counter)
    for draft in drafts:
        for step in draft.steps:
            figures[step]["commits"] += 1
        for part in draft.parts:
            files[part.step].update(map(str, part.new))
            figures[part.step]["rewrites"] += len(part.taken)
            figures[part.step]["lines"] += part.lines
            assumed[part.step].update(name for _, finding in part.taken for name in finding.assumptions)
    for number, step in enumerate(sorted(figures), 1):
        counts = figures[step]
        names = ", ".join(f"{name} {times}" for name, times in sorted(assumed[step].items()))
        numbers = (counts["commits"], len(files[step]), counts["rewrites"], counts["lines"])
        rows.append((str(number), steps[step - 1], *map(str, numbers), names))
    if len(rows) > 1:
        widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    every: set[str] = set().union(*files.values())
    commits = counted(len(drafts), "commit")
    # Git, which counts the lines of the commits, pairs others.
    yield f"{commits}, {counted(len(every), 'file')}, about {counted(sum(draft.lines for draft in drafts), 'line')}"
