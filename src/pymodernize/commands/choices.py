"""Which rewrites of a run a person accepts, by file and codemod, and the result of each file with these alone.

Rewrites interlock: what a codemod makes of a file depends on the others. So the parts that were taken are carried out
together by the engine, each time anew, and what one part adds is the difference between the file without and with it.
Nothing is made that was not part of such a difference, or of what was taken without being looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.finding_scope import Place, place_of
from pymodernize.plan import Plan
from pymodernize.semantics.project import Neighbour, ProjectFacts
from pymodernize.transformation.engine import notes, transform
from pymodernize.transformation.result import Result


@dataclass(frozen=True)
class Part:
    """The unit of a choice: the rewrites of a codemod in a file, at one place or at all."""

    codemod: str
    place: Place | None = None


@dataclass(frozen=True)
class Choice:
    """The choices made for one file.

    Attributes:
        taken: the parts that are wanted.
        left: those that are not.
        places: the places of codemods that are decided about place by place.
    """

    taken: frozenset[Part] = frozenset()
    left: frozenset[Part] = frozenset()
    places: tuple[Place, ...] = ()

    def is_open(self, part: Part) -> bool:
        """Whether nothing has been decided about a part."""
        return part not in self.taken and part not in self.left


@dataclass(frozen=True)
class Question:
    """A part that makes a difference.

    Attributes:
        number: of the file.
        part: what is asked about.
        before: the file with what is taken so far.
        after: with this part, too.
        findings: what the part deals with.
    """

    number: int
    part: Part
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that could be decided about one by one; none if that has been asked for, or there is one."""
        found = tuple(dict.fromkeys(place_of(finding) for finding in self.findings))
        return found if self.part.place is None and len(found) > 1 else ()


@dataclass(frozen=True)
class _State:
    """All decisions so far, and what the files were like when they were last decided about."""

    choices: tuple[Choice, ...]
    seen: tuple[bytes | None, ...]


_Change: TypeAlias = Callable[[Choice], Choice]


class Choices:
    """The decisions about the files of a run that change.

    Args:
        plan: what the run does.
        reports: of the files, with what is known of the project around each.
    """

    def __init__(self, plan: Plan, reports: Sequence[FileReport]) -> None:
        self.plan = plan
        self.reports = reports
        self._state = _State((Choice(),) * len(reports), (None,) * len(reports))
        self._history: list[_State] = []
        self._numbers = {os.path.realpath(report.path): number for number, report in enumerate(reports)}
        self._results: dict[int, dict[object, Result]] = {}
        self._notes: dict[object, tuple[tuple[str, Hashable], ...]] = {}
        self._first = 0

    # --- what is asked ------------------------------------------------------------------------------------------

    def question(self) -> Question | None:
        """The first part that makes a difference and has not been decided about; None if there is none."""
        while self._first < len(self.reports):
            if (found := self._of_file(self._first)) is not None:
                return found
            # Results under earlier answers are dropped: a run may have thousands of files.
            choice = self._state.choices[self._first]
            self._results[self._first] = {self._key(self._first, choice): self._result(self._first, choice)}
            self._first += 1
        return None

    def _of_file(self, number: int) -> Question | None:
        choice = self._state.choices[number]
        for part in self._parts(number):
            if choice.is_open(part):
                before = self._bytes(number, choice)
                result = self._result(number, replace(choice, taken=choice.taken | {part}))
                if result.output is not None and result.output != before:
                    return Question(number, part, before, result.output, _dealt_with(result, part))
        return None

    def _parts(self, number: int) -> Iterator[Part]:
        """The parts of a file: those of the codemods that rewrite it, and of others if one of these is left."""
        report, choice = self.reports[number], self._state.choices[number]
        rewriting = {finding.codemod for finding in report.result.findings if finding.status is Status.APPLIED}
        codemods = [codemod for codemod in self.plan.triggered(report.source) if codemod.name() in rewriting]
        if choice.left:
            codemods += [codemod for codemod in self.plan.triggered(report.source) if codemod not in codemods]
        # Expressions first: what is laid out anew is then read as it will be.
        codemods.sort(key=lambda codemod: (codemod.name() not in rewriting, not codemod.of_expressions))
        for codemod in codemods:
            places = [place for place in choice.places if place[0] == codemod.name()]
            yield from (Part(codemod.name(), place) for place in places or [None])

    # --- what is decided ----------------------------------------------------------------------------------------

    def take(self, question: Question) -> None:
        """The part is wanted."""
        self._decide(question.number, lambda choice: replace(choice, taken=choice.taken | {question.part}))

    def leave(self, question: Question) -> None:
        """It is not."""
        self._decide(question.number, lambda choice: replace(choice, left=choice.left | {question.part}))

    def take_rest(self, number: int) -> None:
        """All that is open in a file is wanted."""
        rest = self._open(number)
        self._decide(number, lambda choice: replace(choice, taken=choice.taken | rest))

    def leave_rest(self, number: int) -> None:
        """Nothing of it is."""
        rest = self._open(number)
        self._decide(number, lambda choice: replace(choice, left=choice.left | rest))

    def leave_all(self) -> None:
        """Nothing of what is open in any file is wanted, nor what rests on it."""
        self._history.append(self._state)
        for number in range(len(self.reports)):
            rest = self._open(number)
            self._set(number, replace(self._state.choices[number], left=self._state.choices[number].left | rest))

    def split(self, question: Question) -> None:
        """The places of the part are decided about one by one."""
        self._decide(question.number, lambda choice: replace(choice, places=choice.places + question.places))

    @property
    def can_undo(self) -> bool:
        """Whether anything has been decided."""
        return bool(self._history)

    def undo(self) -> None:
        """Take the last decision back."""
        self._state = self._history.pop()
        self._first = 0

    def unsettled(self) -> list[int]:
        """The files that are no longer what they were when they were decided about: they rest on what was left."""
        return [
            number
            for number, (choice, seen) in enumerate(zip(self._state.choices, self._state.seen, strict=True))
            if seen is not None and self._bytes(number, choice) != seen
        ]

    def forget(self, number: int) -> None:
        """Have nothing decided about a file; belongs to the last decision."""
        self._set(number, Choice())
        self._first = min(self._first, number)

    def give_up(self, number: int) -> None:
        """Leave a file as it was; belongs to the last decision."""
        everything = frozenset(Part(codemod.name()) for codemod in self.plan.codemods)
        self._set(number, Choice(left=everything))

    def _open(self, number: int) -> frozenset[Part]:
        choice = self._state.choices[number]
        return frozenset(part for part in self._parts(number) if choice.is_open(part))

    def _decide(self, number: int, change: _Change) -> None:
        self._history.append(self._state)
        self._set(number, change(self._state.choices[number]))

    def _set(self, number: int, choice: Choice) -> None:
        choices = [*self._state.choices]
        choices[number] = choice
        self._state = replace(self._state, choices=tuple(choices))
        seen = [*self._state.seen]
        seen[number] = self._bytes(number, choice) if choice.taken else None
        self._state = replace(self._state, seen=tuple(seen))

    # --- what it comes to ---------------------------------------------------------------------------------------

    def outcome(self, number: int) -> FileReport:
        """The report of a file with the accepted rewrites alone."""
        report, choice = self.reports[number], self._state.choices[number]
        result = self._result(number, choice)
        if result.output == report.result.output:
            return report
        if self.plan.fixes:
            from pymodernize.transformation.fixes import with_fixes

            result = with_fixes(result, report.source, self._plan(number, choice), self._facts(number))
        return replace(report, result=result)

    def _bytes(self, number: int, choice: Choice) -> bytes:
        output = self._result(number, choice).output
        return self.reports[number].source if output is None else output

    def _result(self, number: int, choice: Choice) -> Result:
        if not choice.taken:
            return Result()
        key = self._key(number, choice)
        results = self._results.setdefault(number, {})
        if key not in results:
            source, plan = self.reports[number].source, self._plan(number, choice)
            results[key] = transform(source, plan, self._facts(number))
        return results[key]

    def _key(self, number: int, choice: Choice) -> object:
        """All that the result of a choice depends on."""
        facts = self._facts(number)
        return choice.taken, choice.places, facts.importers, facts.imported

    def _plan(self, number: int, choice: Choice) -> Plan:
        """The plan of what is taken."""
        names = {part.codemod for part in choice.taken}
        return self._with(number, names, frozenset(p for p in choice.places if Part(p[0], p) not in choice.taken))

    def _with(self, number: int, names: set[str], but: frozenset[Place]) -> Plan:
        path = str(self.reports[number].path)
        codemods = tuple(codemod for codemod in self.plan.codemods if codemod.name() in names)
        return replace(self.plan, codemods=codemods, scopes={path: replace(self.plan.scope_of(path), but=but)})

    def _facts(self, number: int) -> ProjectFacts:
        """What is known around a file, if of its neighbours all becomes what is not left."""
        facts = self.reports[number].facts or ProjectFacts(path=str(self.reports[number].path))
        if not any(neighbour.notes for neighbour in (*facts.importers, *facts.imported)):
            return facts
        importers, imported = (
            tuple(self._noted(neighbour) for neighbour in group) for group in (facts.importers, facts.imported)
        )
        return replace(facts, importers=importers, imported=imported)

    def _noted(self, neighbour: Neighbour) -> Neighbour:
        number = self._numbers.get(neighbour.path)
        if number is None or not neighbour.notes or not self._state.choices[number].left:
            return neighbour
        left = self._state.choices[number].left
        key = number, left
        if key not in self._notes:
            names = {codemod.name() for codemod in self.plan.codemods} - {p.codemod for p in left if p.place is None}
            plan = self._with(number, names, frozenset(part.place for part in left if part.place is not None))
            self._notes[key] = notes(self.reports[number].source, plan, _alone(self.reports[number]))
        return replace(neighbour, notes=self._notes[key])


def _alone(report: FileReport) -> ProjectFacts:
    """What is known around a file when it is asked what others must know of it."""
    facts = report.facts or ProjectFacts(path=str(report.path))
    importers, imported = (
        tuple(replace(neighbour, notes=()) for neighbour in group) for group in (facts.importers, facts.imported)
    )
    return replace(facts, importers=importers, imported=imported)


def _dealt_with(result: Result, part: Part) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in result.findings
        if finding.status is Status.APPLIED
        and finding.codemod == part.codemod
        and part.place in (None, place_of(finding))
    )
