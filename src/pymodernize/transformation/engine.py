"""The loop that takes one file from its bytes to a result. Pure: no I/O, and no input makes it raise."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pymodernize.codemod import Codemod, Finding, Status
from pymodernize.finding_scope import FindingScope, place_of
from pymodernize.plan import Plan
from pymodernize.reasons import Reason
from pymodernize.rewriting import unused_imports
from pymodernize.rewriting.fitting import fitted
from pymodernize.rewriting.fragments import (
    Origins,
    Splice,
    apply_splices,
)
from pymodernize.rewriting.gaps import spaced
from pymodernize.rewriting.splices import narrowed
from pymodernize.semantics import scripts
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation import bound_before_read, same_bindings, selfcheck, suppress
from pymodernize.transformation.changes import Changes, Made, Relaid, Spliced
from pymodernize.transformation.limits import TOO_MUCH_MEMORY
from pymodernize.transformation.model import NoModel, model_of, quiet_parser
from pymodernize.transformation.original_places import Trail
from pymodernize.transformation.parsing import asks_for_python_2
from pymodernize.transformation.recursion import deeply
from pymodernize.transformation.result import Result
from pymodernize.transformation.rounds import CodemodFailed, CodemodGaveUp, Round
from pymodernize.transformation.search import found_by, found_in

MOST_ROUNDS = 10
MOST_REORGANISATIONS = 10


def transform(
    source: bytes, plan: Plan, facts: ProjectFacts | None = None, scope: FindingScope | None = None
) -> Result:
    """Find and rewrite what the plan asks for in one file.

    Args:
        source: the file's bytes.
        plan: codemods, options, accepted assumptions.
        facts: what is known of the project around the file.
        scope: which findings count; None for those that the plan has for the file.

    Returns:
        The findings with their outcomes, and the new bytes if anything
        changes. Bad input gives a result with an error, never an exception.
    """
    try:
        return deeply(partial(_transform, source, plan, facts, scope))
    except MemoryError:
        return Result(error=TOO_MUCH_MEMORY)


def _transform(source: bytes, plan: Plan, facts: ProjectFacts | None, scope: FindingScope | None) -> Result:
    try:
        file = SourceFile.decode(source)
    except UnreadableSource as exc:
        return Result(error=str(exc), unparsable=True)
    if facts is not None and not scripts.may_be_script(facts):
        plan = plan.without([item.name() for item in (*plan.codemods, *plan.checks) if item.of_scripts])
    if not plan.is_triggered(file.data):
        return Result()
    if plan.checks and plan.codemods and not plan.triggered(file.data):
        # Nothing would be rewritten: that it cannot be worked on is no news.
        result = _asked(file, plan, facts, scope)
        return result if result.error is None else Result()
    return _asked(file, plan, facts, scope)


def _asked(file: SourceFile, plan: Plan, facts: ProjectFacts | None, scope: FindingScope | None) -> Result:
    if asks_for_python_2(file):
        return Result(error="is run by Python 2, as its first line says", unparsable=True)
    with quiet_parser():
        try:
            transformation = _Transformation(file, plan, facts or ProjectFacts(), scope)
        except NoModel as exc:
            return Result(error=str(exc), unparsable=exc.is_no_python)
        result = transformation.run()
        transformation.original.dissolve()
        return _shown(result, plan.hide)


def _shown(result: Result, hidden: Collection[str]) -> Result:
    """A result without the places that are left for one of some reasons."""
    if not hidden:
        return result
    left = (Status.FOUND, Status.WITHHELD, Status.FLAGGED)
    shown = (item for item in result.findings if item.status not in left or item.code not in hidden)
    return replace(result, findings=tuple(shown))


def notes(source: bytes, plan: Plan, facts: ProjectFacts) -> tuple[tuple[str, Hashable], ...]:
    """What the plan's codemods want other files of the project to know of this one.

    The file is worked on by itself first, so that a codemod which fails on it,
    or whose rewrite is rejected, promises nothing to others. Where those that
    have something to tell find nothing in the file as it is, that is spared.
    """
    return deeply(partial(_notes, source, plan, facts))


def _notes(source: bytes, plan: Plan, facts: ProjectFacts) -> tuple[tuple[str, Hashable], ...]:
    codemods = [codemod for codemod in plan.triggered(source) if codemod.uses_project and codemod.tells()]
    if not codemods:
        return ()
    with quiet_parser():
        try:
            transformation = _Transformation(SourceFile.decode(source), plan.of_rewrites, facts)
        except (UnreadableSource, NoModel):
            return ()
        found = tuple(transformation.told(codemods))
    transformation.original.dissolve()
    return found


def _may_find(codemod: Codemod, module: Module) -> bool:
    """Whether a codemod finds anything in a file as it is, or fails on it."""
    try:
        return any(True for _ in codemod.find(module))
    except MemoryError:
        raise
    except Exception:  # whoever works on the file says so
        return True


class _RoundRejected(Exception):
    """A round of rewrites failed the self-check; the message says why."""

    def __init__(self, message: str, codemods: set[str]) -> None:
        super().__init__(message)
        self.codemods = codemods


class _DidNotSettle(Exception):
    """Ten rounds were not enough for some codemods."""

    def __init__(self, codemods: set[str]) -> None:
        super().__init__()
        self.codemods = codemods


@dataclass
class _Outcome:
    """The result of the rounds, before the self-check."""

    file: SourceFile
    module: Module | None = None
    applied: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    drops: set[str] = field(default_factory=set)
    comments_may_go: bool = False


TOO_LARGE = Reason(
    "too-large", "too-large: there is more in the file than can be followed in a time that grows with its size alone"
)


class _Transformation:
    """One file's way through the rounds, again without each codemod that fails."""

    def __init__(self, file: SourceFile, plan: Plan, facts: ProjectFacts, scope: FindingScope | None = None) -> None:
        self.file = file
        self.plan = plan
        self.facts = facts
        self.scope = scope or plan.scope_of(facts.path)
        self.original = model_of(file, facts, plan)
        self.flagged: list[Finding] = []

    def run(self) -> Result:
        """Go through the rounds; with a baseline that knows some of the findings, once more without these."""
        if suppress.skips_file(self.original):
            return Result()
        self.flagged = list(self.looked_at())
        result = self.checked()
        known = self.scope.known_places(result.findings, self.file) if self.scope.known else frozenset()
        if not known:
            return result
        left = tuple(finding for finding in result.findings if place_of(finding) not in known)
        if not any(finding.status is Status.APPLIED for finding in left):
            return Result(left)
        self.scope = replace(self.scope, known=(), only=frozenset(map(place_of, left)))
        return self.checked()

    def looked_at(self) -> Iterator[Finding]:
        """The findings of the checks, in the file as it was given: what they say is about that."""
        for check in self.plan.triggered_checks(self.file.data):
            try:
                yield from found_by(self.original, check)
            except CodemodFailed as exc:
                yield _failure(exc.codemod, exc.message, exc.detail)
            except CodemodGaveUp as exc:
                yield replace(_given_up(exc.codemod), status=Status.FLAGGED)

    def checked(self) -> Result:
        """Go through the rounds until the self-check has nothing to say."""
        failures: dict[str, Finding] = {}
        while True:
            plan = self.plan.without(failures)
            try:
                outcome = self.rounds(plan)
            except CodemodFailed as exc:
                failures[exc.codemod] = _failure(exc.codemod, exc.message, exc.detail)
                continue
            except CodemodGaveUp as exc:
                failures[exc.codemod] = _given_up(exc.codemod)
                continue
            except _RoundRejected as exc:
                for name in self.blamed(plan, exc.codemods):
                    failures[name] = _failure(name, f"rejected by the self-check: {exc}")
                continue
            except _DidNotSettle as exc:
                for name in self.blamed(plan, exc.codemods):
                    failures[name] = _failure(name, f"did not come to rest in {MOST_ROUNDS} rounds")
                continue
            # Whoever compares the two files asks for none of what the codemods had to know, and needs the room.
            self.original.forget()
            problem = self.problem(outcome)
            self.discard(outcome.module)
            if problem is None:
                return self.result(outcome, failures)
            for name in self.blamed(plan, {finding.codemod for finding in outcome.applied}):
                failures[name] = _failure(name, f"rejected by the self-check: {problem}")

    def told(self, codemods: Sequence[Codemod]) -> Iterator[tuple[str, Hashable]]:
        """The notes of some codemods on the file, after its rewrites."""
        if not any(_may_find(codemod, self.original) for codemod in codemods):
            return
        findings = self.run().findings
        for codemod in codemods:
            own = [finding for finding in findings if finding.codemod == codemod.name()]
            if not own or any(finding.status is Status.REJECTED or finding.code == TOO_LARGE.code for finding in own):
                continue
            try:
                note = codemod.note(self.original, own)
            except MemoryError:
                raise
            except Exception:  # noqa: S112 - a codemod that fails here promises nothing to others
                continue
            if note is not None:
                yield codemod.name(), note

    def result(self, outcome: _Outcome, failures: dict[str, Finding]) -> Result:
        """The result for the caller: findings in document order, and the new bytes."""
        flagged = [item for item in self.flagged if item.status is Status.REJECTED or self.scope.counts(item)]
        findings = [*outcome.applied, *outcome.left, *flagged, *failures.values()]
        findings.sort(key=lambda item: (item.line, item.column, item.codemod))
        changed = outcome.file.data != self.file.data
        return Result(tuple(findings), outcome.file.encode() if changed else None)

    def problem(self, outcome: _Outcome) -> str | None:
        """The problem that the self-check finds; None if there is none or nothing to check."""
        if outcome.file.data == self.file.data:
            return None
        # Long lines may have been broken since the model was made; then it is of another text.
        model = outcome.module if outcome.module is not None and outcome.module.source is outcome.file else None
        may_go = outcome.comments_may_go
        return selfcheck.problem(self.original, outcome.file, self.plan, comments_may_go=may_go, model=model)

    def blamed(self, plan: Plan, codemods: set[str]) -> list[str]:
        """Those of some codemods whose rewrites fail the self-check by themselves; all of them if none does."""
        names = sorted(codemods)
        if len(names) == 1:
            return names
        alone = [name for name in names if self.fails_alone(plan.only(name))]
        return alone or names

    def fails_alone(self, plan: Plan) -> bool:
        """Whether the self-check refuses the result of a plan with one codemod."""
        try:
            return self.problem(self.rounds(plan)) is not None
        except (CodemodFailed, CodemodGaveUp, _DidNotSettle, _RoundRejected):
            return True

    def rounds(self, plan: Plan) -> _Outcome:
        """Find and rewrite until nothing applicable is left.

        A file that was reorganised as a whole is as good as another one: its
        rounds are counted anew.
        """
        outcome = _Outcome(self.file)
        trail = Trail(self.file)
        module = self.original
        since, reorganised = 0, 0
        last: set[str] = set()
        while since < MOST_ROUNDS and reorganised <= MOST_REORGANISATIONS:
            since += 1
            findings = found_in(module, plan, lambda item, module=module: self.scope.counts(trail.placed(item, module)))
            this = Round(module, plan)
            applied, left = this.run(findings)
            if not applied:
                outcome.left = [trail.placed(finding, module) for finding in left]
                return self.tidied(outcome, module)
            last = {finding.codemod for finding in applied}
            for finding in applied:
                assert finding.rewrite is not None  # noqa: S101 - it was applied
                outcome.drops.update(finding.rewrite.drops)
                outcome.comments_may_go |= finding.rewrite.drops_comments
                outcome.applied.append(trail.placed(finding.settled(Status.APPLIED), module))
            try:
                module = self.carried_out(outcome, module, this, [finding.codemod for finding in applied], trail)
                if this.whole:
                    since, reorganised = 0, reorganised + 1
            except NoModel:
                return outcome  # the self-check says so
        raise _DidNotSettle(last)

    def carried_out(
        self, outcome: _Outcome, module: Module, this: Round, codemods: Sequence[str], trail: Trail
    ) -> Module:
        """The module after a round.

        Raises:
            _RoundRejected: its names do not mean what they meant.
            NoModel: it is no Python.
        """
        made = this.splices()
        new = self.spliced(outcome, module, [item.splice for item in made], trail)
        changes: Changes = Spliced(module.source.data, made)
        if this.whole:
            # Only now is there a module whose imports can be looked at.
            more = this.additions(new)
            laid_out, new = new, self.spliced(outcome, new, more, trail)
            then = Spliced(laid_out.source.data, [Made(item) for item in more])
            changes = Relaid(module, laid_out, frozenset(range(len(codemods))), then)
            # Where lines of the layout come from is known by now; it was added as new text.
            trail.set_next_to_last(changes.nearest)
            self.discard(laid_out)
        problem = same_bindings.problem(module, new, changes, this.sets) or bound_before_read.problem(
            module, new, changes
        )
        self.discard(module)
        if problem is not None:
            self.discard(new)
            raise _RoundRejected(problem.message, {codemods[maker] for maker in problem.makers} or set(codemods))
        return new

    def spliced(self, outcome: _Outcome, module: Module, splices: list[Splice], trail: Trail) -> Module:
        """Make splices and parse what they come to."""
        # What a fragment leaves as it was keeps its own place, also where another rewrite is inside of it.
        trail.add(Origins(narrowed(module.source.data, splices)).original)
        outcome.file = outcome.file.with_data(apply_splices(module.source.data, splices))
        return model_of(outcome.file, self.facts, self.plan, self.original)

    def discard(self, module: Module | None) -> None:
        """Give up the model of a round that is over; that of the file as it was given is needed to the end."""
        if module is not None and module is not self.original:
            module.dissolve()

    def tidied(self, outcome: _Outcome, module: Module) -> _Outcome:
        """Drop the imports that the rewrites left without use, and break the lines that they made too long."""
        outcome.module = module
        splices = fitted(self.original, module)
        if outcome.drops:
            splices += unused_imports.removals(
                module, unused_imports.unread_imports(self.original), frozenset(outcome.drops)
            )
        if splices:
            outcome.file = outcome.file.with_data(apply_splices(outcome.file.data, splices))
        if outcome.file.data != self.file.data and (gaps := spaced(self.file, self.original.tree, outcome.file)):
            outcome.file = outcome.file.with_data(apply_splices(outcome.file.data, gaps))
        newline = self.file.newline.encode()
        if outcome.file.data.endswith(newline) and not self.file.data.endswith(newline):
            # What stood on the last line has been taken away.
            outcome.file = outcome.file.with_data(outcome.file.data.removesuffix(newline))
        return outcome


def _given_up(codemod: str) -> Finding:
    return Finding(codemod, 1, 0, 1, 0, "does not look at the file", code=TOO_LARGE.code, reason=str.__str__(TOO_LARGE))


def _failure(codemod: str, message: str, detail: str = "") -> Finding:
    return Finding(codemod, 1, 0, 1, 0, message, code="rejected", status=Status.REJECTED, detail=detail)
