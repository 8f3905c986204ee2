"""Which rewrites go into which commit: the moves of a migration in order, cut into pieces that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from pymodernize.codemod import Finding
from pymodernize.commands.migration.states import Group, States, Without, applied_in
from pymodernize.finding_scope import Place, place_of
from pymodernize.transformation.line_matching import changed_lines

By = Literal["codemod", "file", "folder"]
Item: TypeAlias = "tuple[Path, Finding]"
"""A rewrite, and the file that it is in."""
Spot: TypeAlias = "tuple[Path, Place]"
"""Where a rewrite is."""


@dataclass(frozen=True)
class Limits:
    """Limits of a commit's size.

    Attributes:
        by: what has a commit of its own.
        changes: how many rewrites a commit may have; None for any number.
        lines: how many lines it may take out and put in.
    """

    by: By = "codemod"
    changes: int | None = None
    lines: int | None = None

    @property
    def options(self) -> list[str]:
        """The options that ask for them."""
        found = [f"--by={self.by}"] if self.by != "codemod" else []
        found += [f"--max-changes={self.changes}"] if self.changes is not None else []
        return found + ([f"--max-lines={self.lines}"] if self.lines is not None else [])

    def hold(self, changes: int, lines: int) -> bool:
        """Whether so much fits into one commit."""
        return (self.changes is None or changes <= self.changes) and (self.lines is None or lines <= self.lines)


@dataclass(frozen=True)
class Part:
    """Rewrites of one codemod in files that belong together: some that follow each other of those that there are.

    Attributes:
        step: the number of the codemod's step, from 1.
        group: the files.
        items: all rewrites that the codemod has there, in order.
        first: the number of the first that is in this part.
        last: that of the first that is not.
        old: the texts before, of the files that change.
        new: the texts after.
    """

    step: int
    group: Group
    items: Sequence[Item]
    first: int
    last: int
    old: Mapping[Path, bytes]
    new: Mapping[Path, bytes]

    @property
    def taken(self) -> Sequence[Item]:
        """The rewrites that are in it."""
        return self.items[self.first : self.last]

    @property
    def is_last(self) -> bool:
        """Whether none of the rewrites is left after it."""
        return self.last == len(self.items)

    @property
    def lines(self) -> int:
        """How many lines it takes out and puts in."""
        return sum(changed_lines(self.old[path], text) for path, text in self.new.items())


@dataclass(frozen=True)
class Draft:
    """The planned content of a commit.

    Attributes:
        parts: the rewrites, by codemod and files.
        counted: how many lines git says that it takes out and puts in, if it was asked.
    """

    parts: Sequence[Part]
    counted: int | None = None

    @property
    def items(self) -> list[Item]:
        """Its rewrites in order."""
        return [item for part in self.parts for item in part.taken]

    @property
    def steps(self) -> list[int]:
        """The steps that it is of, in order."""
        return sorted({part.step for part in self.parts})

    @property
    def old(self) -> dict[Path, bytes]:
        """The texts before it."""
        return {path: text for part in reversed(self.parts) for path, text in part.old.items()}

    @property
    def new(self) -> dict[Path, bytes]:
        """The texts after it, of the files that it changes."""
        old = self.old
        found = {path: text for part in self.parts for path, text in part.new.items()}
        return {path: found[path] for path in sorted(found) if found[path] != old[path]}

    @property
    def lines(self) -> int:
        """How many lines it takes out and puts in."""
        old = self.old
        return sum(changed_lines(old[path], text) for path, text in self.new.items())

    @property
    def size(self) -> int:
        """The same, as git counts if it was asked: that pairs other lines."""
        return self.lines if self.counted is None else self.counted

    @property
    def lines_read(self) -> int:
        """How many of them differ in more than their blanks."""
        old = self.old
        return sum(changed_lines(_without_blanks(old[path]), _without_blanks(text)) for path, text in self.new.items())


@dataclass
class Done:
    """A commit that was made.

    Attributes:
        whole: steps with the first files of the groups for which they are over.
        spots: the rewrites of steps that are not.
    """

    whole: set[tuple[int, Path]] = field(default_factory=set)
    spots: set[Spot] = field(default_factory=set)

    def add(self, part: Part) -> None:
        """Count a part as done."""
        if part.is_last:
            self.whole.add((part.step, part.group[0]))
        self.spots.update(spot_of(item) for item in part.taken)


class Moves:
    """Makes one draft after the other.

    Args:
        states: what files come to.
        limits: what a commit may hold.
        done: what is committed.
    """

    def __init__(self, states: States, limits: Limits, done: Done) -> None:
        self.states = states
        self.limits = limits
        self.done = done

    def next(self, most_lines: int | None = None) -> Draft | None:
        """What the next commit is to hold, None if nothing is left to do.

        Args:
            most_lines: how many lines it may have, if not as many as the limits say.
        """
        limits = self.limits if most_lines is None else replace(self.limits, lines=most_lines)
        parts: list[Part] = []
        section: object = None
        changes = lines = 0
        for step, group in self._order():
            if (step, group[0]) in self.done.whole:
                continue
            here = {"codemod": step, "file": group, "folder": group[0].parent}[self.limits.by]
            if parts and here != section:
                break
            part = self._part(step, group)
            if not part.new:
                if not parts:
                    self.done.add(part)
                continue
            own = part.lines
            if parts and not limits.hold(changes + len(part.taken), lines + own):
                break
            if not parts and not limits.hold(len(part.taken), own):
                return Draft([self._cut(part, limits)])
            parts.append(part)
            section, changes, lines = here, changes + len(part.taken), lines + own
        return Draft(parts) if parts else None

    def _order(self) -> Iterator[tuple[int, Group]]:
        steps, groups = range(1, len(self.states.steps) + 1), self.states.groups
        if self.limits.by == "codemod":
            return ((step, group) for step in steps for group in groups)
        by_folder = sorted(groups, key=lambda group: (group[0].parent, group))
        return ((step, group) for group in by_folder for step in steps)

    def _part(self, step: int, group: Group) -> Part:
        """All that is left to do of a step for some files."""
        items = items_of(self.states, step, group)
        first = 0
        while first < len(items) and spot_of(items[first]) in self.done.spots:
            first += 1
        return piece(self.states, step, group, items, first, len(items))

    def _cut(self, whole: Part, limits: Limits) -> Part:
        """The largest part that holds the limits; the least that changes anything if there is none."""
        low, high, best = whole.first, whole.last, None
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._up_to(whole, middle)
            if limits.hold(len(tried.taken), tried.lines):
                low, best = middle, tried
            else:
                high = middle
        if best is not None and best.new:
            return best
        # Some rewrites are made together or not at all, and with some of them alone the text stays.
        high, best = whole.last, whole
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._up_to(whole, middle)
            if tried.new:
                high, best = middle, tried
            else:
                low = middle
        return best

    def _up_to(self, part: Part, last: int) -> Part:
        return piece(self.states, part.step, part.group, part.items, part.first, last)


def piece(states: States, step: int, group: Group, items: Sequence[Item], first: int, last: int) -> Part:
    """A part of a step's rewrites of some files."""
    old = upto(states, step, group, items, first)
    new = upto(states, step, group, items, last)
    changed = [path for path in group if old[path] != new[path]]
    return Part(
        step, group, items, first, last, {path: old[path] for path in changed}, {path: new[path] for path in changed}
    )


def upto(states: States, step: int, group: Group, items: Sequence[Item], number: int) -> dict[Path, bytes]:
    """The texts of some files with the first rewrites of a step, as many as are asked for."""
    if not number and items:
        return states.texts(step - 1, group)
    without: dict[Path, frozenset[Place]] = {}
    for path, finding in items[number:]:
        without[path] = without.get(path, frozenset()) | {place_of(finding)}
    return states.texts(step, group, without)


def items_of(states: States, step: int, group: Group) -> list[Item]:
    """The rewrites of a step in some files, in order, each place once."""
    found: dict[Spot, Item] = {}
    for path, report in sorted(states.after(step, group).items()):
        for finding in applied_in(report):
            if finding.codemod == states.steps[step - 1]:
                found.setdefault((path, place_of(finding)), (path, finding))
    return list(found.values())


def spot_of(item: Item) -> Spot:
    """Where a rewrite is."""
    return item[0], place_of(item[1])


def _without_blanks(text: bytes) -> bytes:
    return text.translate(None, b" \t\r")


__all__ = ["By", "Done", "Draft", "Item", "Limits", "Moves", "Part", "Spot", "Without", "items_of"]
