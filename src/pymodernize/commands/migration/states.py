"""What files come to after each step of a migration, whatever of it has been written by now."""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pymodernize.codemod import Finding, Status
from pymodernize.commands.migration.work import Work
from pymodernize.commands.run import Share, formatted_as_asked, pool_for
from pymodernize.execution.execute import FileReport, error_reports, run
from pymodernize.execution.known_files import remembering
from pymodernize.finding_scope import FindingScope, Place, place_of
from pymodernize.plan import Plan

Group = tuple[Path, ...]
"""Files that import each other, all of which change: what is done in one may rest on what is done in another."""
Without = Mapping[Path, frozenset[Place]]
"""Findings that do not count, by their files."""


class States:
    """The files of a migration, step by step.

    A step is a codemod. What files are after it is what all codemods up to
    its own make of the text that they had when the migration began: after the
    last step they are what all codemods make of them at once.

    Args:
        work: what is worked on.
        kept: for real paths of files that have been written since the
            migration began, the texts that they had.
        left: files in which nothing may be changed.

    Attributes:
        steps: the codemods that change anything, in the order of the steps.
        reports: what becomes of each file in the end.
        groups: the files that change, by what belongs together.
        withheld: findings that were found to do harm.
        frozen: files that stay as they are after a step.
    """

    def __init__(self, work: Work, kept: Mapping[str, bytes], left: Collection[Path] = ()) -> None:
        self.work = work
        self.kept = dict(kept)
        self.left = frozenset(left)
        self.withheld: dict[Path, frozenset[Place]] = {}
        self.frozen: dict[Path, int] = {}
        self.steps: tuple[str, ...] = ()
        self._order = work.order
        self.reports = list(self._all())
        self.originals = {item.path: item.source for item in self.reports if item.result.output is not None}
        applied = {item.codemod for report in self.reports for item in applied_in(report)}
        self.steps = tuple(name for name in self._order if name in applied)
        self.groups = _groups(self.reports)
        self._final = {item.path: item for item in self.reports}
        self._applied = {
            group: frozenset(item.codemod for path in group for item in applied_in(self._final[path]))
            for group in self.groups
        }
        self._known: dict[tuple[int, Group], dict[Path, FileReport]] = {}
        self._partly: dict[tuple[int, Group, frozenset[tuple[Path, frozenset[Place]]]], dict[Path, FileReport]] = {}

    def _all(self) -> Iterator[FileReport]:
        found = self.work.found
        yield from error_reports((problem.path, problem.message) for problem in found.problems)
        for share in self.work.shares:
            yield from self._run(share, share.plan, None, {})

    def withhold(self, path: Path, places: Iterable[Place]) -> None:
        """Leave findings of a file alone from now on."""
        self.withheld[path] = self.withheld.get(path, frozenset()) | frozenset(places)
        self._known = {key: found for key, found in self._known.items() if path not in key[1]}
        self._partly = {key: found for key, found in self._partly.items() if path not in key[1]}

    def freeze(self, group: Group, step: int) -> None:
        """Leave files that belong together as they are after a step, whatever else is found in them."""
        for path in group:
            self.frozen[path] = min(step, self.frozen.get(path, step))

    def after(self, step: int, group: Group, without: Without | None = None) -> dict[Path, FileReport]:
        """What files that belong together are after a step.

        Args:
            step: its number, from 1; 0 is the beginning.
            group: the files.
            without: findings that do not count, beside those that are withheld.
        """
        if not step:
            return {}
        if without:
            key = (step, group, frozenset(without.items()))
            if key not in self._partly:
                self._partly[key] = self._worked_out(step, group, without)
            return self._partly[key]
        step = self._same_as(step, group)
        if not step:
            return {}
        if (step, group) not in self._known:
            # All of them at once: to work on one takes a look at its whole project.
            missing = [
                item for item in self.groups if self._same_as(step, item) == step and (step, item) not in self._known
            ]
            for item in [item for item in missing if self._is_whole(step, item)]:
                self._known[step, item] = {path: self._final[path] for path in item}
                missing.remove(item)
            paths = tuple(itertools.chain.from_iterable(missing))
            found = self._worked_out(step, paths, {}) if paths else {}
            for item in missing:
                self._known[step, item] = {path: found[path] for path in item if path in found}
        return self._known[step, group]

    def _same_as(self, step: int, group: Group) -> int:
        """The step that files are made of by the same of the codemods that do anything in them; 0 if there are none."""
        if any(path in self.withheld for path in group):
            return step  # others may do something now
        applied = self._applied[group]
        if applied <= set(self.steps[:step]):
            return len(self.steps)
        while step and self.steps[step - 1] not in applied:
            step -= 1
        return step

    def _is_whole(self, step: int, group: Group) -> bool:
        """Whether files are after a step what they were found to come to at first."""
        return step == len(self.steps) and not any(path in self.withheld for path in group)

    def texts(self, step: int, group: Group, without: Without | None = None) -> dict[Path, bytes]:
        """The texts of files that belong together after a step; of one that the step cannot work on that before it."""
        found = self.reached(step, group, without)
        outputs = {path: found[path].result.output if path in found else None for path in group}
        return {path: self.originals[path] if text is None else text for path, text in outputs.items()}

    def reached(self, step: int, group: Group, without: Without | None = None) -> dict[Path, FileReport]:
        """What files that belong together are after a step, or after the last one before it that could work on all.

        Args:
            step: its number; they may be left from an earlier one on.
            group: the files.
            without: findings of the step that do not count.
        """
        step = min(step, self.frozen.get(group[0], step))
        while step:
            found = self.after(step, group, without)
            if all(path in found and found[path].result.error is None for path in group):
                return found
            step, without = step - 1, None
        return {}

    def _worked_out(self, step: int, paths: Collection[Path], without: Without) -> dict[Path, FileReport]:
        names = self._order if step >= len(self.steps) else self.steps[:step]
        found: dict[Path, FileReport] = {}
        for share in self.work.shares:
            own = {path for path in share.files if path in set(paths)}
            if own:
                plan = share.plan
                plan = replace(plan, codemods=tuple(item for item in plan.codemods if item.name() in names))
                for item in self._run(share, plan, own, without):
                    found[item.path] = replace(item, source=self.originals[item.path])  # one copy for all steps
        return found

    def _run(self, share: Share, plan: Plan, only: Collection[Path] | None, without: Without) -> Iterator[FileReport]:
        scopes = {str(path): FindingScope(lines=()) for path in share.files if path in self.left}
        for path in {*self.withheld, *without}:
            places = self.withheld.get(path, frozenset()) | without.get(path, frozenset())
            scopes.setdefault(str(path), FindingScope(but=places))
        plan = replace(plan, scopes=scopes) if scopes else plan
        request, size = self.work.request, share.settings.max_file_size
        with (
            pool_for(request, plan) as pool,
            remembering(plan, size, request.cache and not plan.scopes) as memory,
        ):
            memory.kept = self.kept
            done = run(share.files, plan, max_size=size, folders=self.work.folders, pool=pool, memory=memory, only=only)
            yield from formatted_as_asked(request, share.settings, done)


def applied_in(report: FileReport) -> list[Finding]:
    """The rewrites of a file."""
    return [item for item in report.result.findings if item.status is Status.APPLIED]


def places_in(report: FileReport, codemod: str) -> list[Place]:
    """Where a codemod's rewrites of a file are, in its order, each once."""
    return list(dict.fromkeys(place_of(item) for item in applied_in(report) if item.codemod == codemod))


def _groups(reports: Iterable[FileReport]) -> list[Group]:
    """The files that change, by what belongs together, in order of their first paths."""
    changed = {os.path.realpath(item.path): item for item in reports if item.result.output is not None}
    leader = {path: path for path in changed}

    def first(path: str) -> str:
        while leader[path] != path:
            leader[path] = path = leader[leader[path]]
        return path

    for path, item in changed.items():
        for tie in item.ties & changed.keys():
            one, other = sorted((first(path), first(tie)))
            leader[other] = one
    found: dict[str, list[Path]] = defaultdict(list)
    for path, item in changed.items():
        found[first(path)].append(item.path)
    return sorted(tuple(sorted(paths)) for paths in found.values())
