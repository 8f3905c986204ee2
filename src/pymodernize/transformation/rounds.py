"""One round of a file: which of the rewrites that were found are carried out, and the splices that this takes."""

from __future__ import annotations

import ast
import traceback
from bisect import bisect_left, insort
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pymodernize.codemod import Definition, Edit, Finding, Insertion, Rewrite, Status
from pymodernize.plan import Plan
from pymodernize.rewriting import imports
from pymodernize.rewriting.fragments import (
    CannotPlace,
    Splice,
    is_too_large,
    keep_blocks,
    make_insertion,
    make_insertions,
    make_splice,
    span_of_edit,
)
from pymodernize.rewriting.frame import mentions, names_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.tree import TooLarge
from pymodernize.transformation.changes import Made
from pymodernize.transformation.moved_lines import by_lines

Span = tuple[int, int]


class CodemodFailed(Exception):
    """An exception came out of a codemod's own code."""

    def __init__(self, codemod: str, error: Exception) -> None:
        super().__init__(str(error))
        self.codemod = codemod
        self.message = f"the codemod failed: {type(error).__name__}: {error}"
        self.detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))


class CodemodGaveUp(Exception):
    """A codemod took more steps than a file of the size may take."""

    def __init__(self, codemod: str) -> None:
        super().__init__(codemod)
        self.codemod = codemod


class Round:
    """Choose the rewrites of one round and turn them into splices.

    Attributes:
        whole: whether an edit of the whole module was taken: nothing else is.
    """

    def __init__(self, module: Module, plan: Plan) -> None:
        self.module = module
        self.plan = plan
        self.whole = False
        self.rewrites: list[Rewrite] = []
        self.made: dict[Edit, Splice] = {}
        self.taken = _Spans()
        self.inserted = _Spans()
        self.imports: dict[str, str] = {}
        self.defined: dict[str, Definition] = {}

    def run(self, findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Take the rewrites in the order given, each whole or not at all; one of the whole module only if it is alone.

        Returns:
            The findings that are carried out, and those that are left, with
            their outcome.

        Raises:
            CodemodGaveUp: a rewrite is of the whole module, and that is too large.
        """
        applied: list[Finding] = []
        left: list[Finding] = []
        waiting: list[Finding] = []
        for finding in findings:
            if finding.rewrite is None:
                left.append(finding.settled(finding.status))
            elif missing := [name for name in sorted(finding.assumptions) if not self.module.accepts(name)]:
                code = finding.code if finding.code in missing else missing[0]
                left.append(finding.settled(Status.WITHHELD, withheld_for=tuple(missing), code=code))
            else:
                waiting.append(finding)
        last = [finding for finding in waiting if _rewrite(finding).waits]
        waiting = [finding for finding in waiting if not _rewrite(finding).waits]
        waiting.sort(key=_is_of_all)
        if waiting and _is_of_all(waiting[-1]) and is_too_large(self.module):
            raise CodemodGaveUp(waiting[-1].codemod)
        lacking = [set(_rewrite(finding).needs) for finding in waiting]
        needing: dict[Hashable, list[int]] = {}
        for number, needs in enumerate(lacking):
            for need in needs:
                needing.setdefault(need, []).append(number)
        ready = [number for number, needs in enumerate(lacking) if not needs]
        unmet = dict.fromkeys(range(len(waiting)))
        while ready:
            for number in ready:
                del unmet[number]
            provided = self.take_all([waiting[number] for number in ready], applied, left)
            ready = []
            for need in provided:
                for number in needing.pop(need, ()):
                    lacking[number].discard(need)
                    ready += [] if lacking[number] else [number]
            ready.sort()
        rest = [waiting[number] for number in unmet]
        self.take_all([replace(finding, rewrite=_rewrite(finding).otherwise) for finding in rest], applied, left)
        if applied:
            reason = "others change the file first"
            left += [item.settled(Status.FOUND, code="in-the-way", reason=reason) for item in last]
        else:
            self.take_all(last, applied, left)
        return applied, left

    def take_all(self, findings: Sequence[Finding], applied: list[Finding], left: list[Finding]) -> list[Hashable]:
        """Take the rewrites of some findings, and sort the findings by what becomes of them.

        Returns:
            What the rewrites that were taken provide for others.
        """
        provided: list[Hashable] = []
        for finding in findings:
            reason = "it rests on another rewrite, which is not made"
            if finding.rewrite is not None:
                reason = self.take(finding.codemod, finding.rewrite)
            if reason is None:
                applied.append(finding)
                self.rewrites.append(_rewrite(finding))
                provided.append(_rewrite(finding).provides)
            else:
                left.append(finding.settled(Status.FOUND, code="in-the-way", reason=reason))
        return provided

    @property
    def sets(self) -> frozenset[str]:
        """The variables of the file's own that the rewrites set as well."""
        return frozenset(name for rewrite in self.rewrites for name in rewrite.sets)

    def splices(self) -> list[Made]:
        """The splices of the rewrites that were taken; imports for a module that is replaced as a whole come later."""
        makers: dict[Edit, set[int]] = {edit: set() for edit in self.made}
        for number, rewrite in enumerate(self.rewrites):
            for edit in rewrite.edits:
                makers[edit].add(number)
        kept = zip(self.made, keep_blocks(self.module, self.made), strict=True)
        made = [
            Made(part, frozenset(makers[edit]))
            for edit, splice in kept
            for part in (by_lines(self.module.source.data, splice) if edit.until is not None else [splice])
        ]
        insertions = dict.fromkeys(item for rewrite in self.rewrites for item in rewrite.insertions)
        shared = [] if self.whole else self.additions(self.module)
        return made + [Made(item) for item in (*shared, *make_insertions(self.module, list(insertions)))]

    def additions(self, module: Module) -> list[Splice]:
        """The imports and definitions that the rewrites need."""
        references = [item for rewrite in self.rewrites for item in rewrite.references]
        definitions = [item for rewrite in self.rewrites for item in rewrite.definitions]
        first = None if self.whole else self.first_use()
        return imports.additions(module, references, definitions, first_use=first, first_run=self.first_run())

    def first_run(self) -> int | None:
        """Where the first change of code stands that runs with the module itself, and may call a new function.

        A rewrite calls what it brings, or what one that it needs has brought.
        """
        calling = [rewrite for rewrite in self.rewrites if rewrite.definitions or rewrite.needs]
        # What goes calls nothing.
        edits = [edit.node for rewrite in calling for edit in rewrite.edits if edit.node not in rewrite.removes]
        before = [item.before for rewrite in calling for item in rewrite.insertions]
        starts = [
            self.module.span(node)[0]
            for node in (*edits, *before)
            if not isinstance(node, ast.Module) and self.module.function(node) is None
        ]
        return 0 if self.whole else min(starts, default=None)

    def first_use(self) -> int | None:
        """Where the first edit that needs a new import runs with the module itself."""
        starts = [
            span_of_edit(self.module, edit)[0]
            for rewrite in self.rewrites
            if any(item.statement is not None for item in rewrite.references)
            for edit in rewrite.edits
            if self.module.function(edit.node) is None
        ]
        return min(starts, default=None)

    def take(self, codemod: str, rewrite: Rewrite) -> str | None:
        """Make the splices of a rewrite; if it cannot be done in this round, say why."""
        wanted = {item.expression: item.statement for item in rewrite.references if item.statement is not None}
        if any(self.imports.get(local, statement) != statement for local, statement in wanted.items()):
            return "it needs a name that another rewrite takes"
        defined = {name: item for item in rewrite.definitions for name in bound_names(item.source)}
        if any(self.defined.get(name, item) != item for name, item in defined.items()):
            return "it brings a name that another rewrite brings"
        try:
            refused = self.place(rewrite)
            if refused is None:
                self.imports.update(wanted)
                self.defined.update(defined)
            return refused
        except CannotPlace as exc:
            return f"cannot be placed here: {exc}"
        except MemoryError:
            raise
        except TooLarge:
            raise CodemodGaveUp(codemod) from None
        except Exception as exc:  # whatever a codemod raises costs the codemod, not the run
            raise CodemodFailed(codemod, exc) from exc

    def place(self, rewrite: Rewrite) -> str | None:
        """Make the splices of a rewrite unless it overlaps with what was taken, and say so if it does."""
        fresh = [edit for edit in dict.fromkeys(rewrite.edits) if edit not in self.made]
        whole = any(isinstance(edit.node, ast.Module) for edit in fresh)
        _refuse_insertions_beside(rewrite, whole)
        spans = [span_of_edit(self.module, edit) for edit in fresh]
        own = [_insertion_span(self.module, item) for item in rewrite.insertions]
        if self.whole or whole and self.rewrites:
            return "it overlaps with another rewrite"
        if any(self.taken.meet(span) for span in spans + own) or any(self.inserted.meet(span) for span in spans):
            return "it overlaps with another rewrite"
        among = _Spans()
        if not all(among.add(span) for span in spans) or any(among.meet(span) for span in own):
            raise CannotPlace("its own edits overlap")
        splices = [make_splice(self.module, edit) for edit in fresh]
        self.check_definitions(rewrite, dict(zip(fresh, splices, strict=True)))
        self.whole = whole
        self.made.update(zip(fresh, splices, strict=True))
        for span in spans:
            self.taken.add(span)
        for span in own:
            self.inserted.add(span)  # insertions in front of the same statement have the same span
        return None

    def check_definitions(self, rewrite: Rewrite, made: Mapping[Edit, Splice]) -> None:
        """See that what a rewrite defines stands above the code of its own that uses it as the module is loaded.

        Raises:
            CannotPlace: it does not.
        """
        names = names_of(rewrite.definitions)
        early = [(edit.node, splice.start, splice.text.decode("utf-8")) for edit, splice in made.items()]
        early += [(item.before, self.module.span(item.before)[0], item.source) for item in rewrite.insertions]
        uses = [
            start
            for node, start, text in early
            if not isinstance(node, ast.Module) and self.module.function(node) is None and mentions(text, names)
        ]
        for definition in rewrite.definitions if uses else ():
            if not imports.above_its_uses(self.module, definition, uses):
                line = self.module.source.position(min(uses))[0]
                name = min(names_of([definition]), default="it")
                raise CannotPlace(f"line {line} runs above the place for {name}")


def _is_of_all(finding: Finding) -> bool:
    """Whether a finding's rewrite takes the whole module as its fragment."""
    return any(isinstance(edit.node, ast.Module) for edit in _rewrite(finding).edits)


def _rewrite(finding: Finding) -> Rewrite:
    assert finding.rewrite is not None  # noqa: S101 - only those that have one are asked
    return finding.rewrite


@cache
def bound_names(source: str) -> frozenset[str]:
    """The names that the statements of a definition bind in the module."""
    tree = ast.parse(source)
    names = {item.name for item in tree.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    targets = [target for item in tree.body if isinstance(item, ast.Assign) for target in item.targets]
    return frozenset(names | {target.id for target in targets if isinstance(target, ast.Name)})


class _Spans:
    """Stretches of the file, none of which overlaps with another. A file may have thousands: they are kept in order."""

    def __init__(self) -> None:
        self._ordered: list[Span] = []

    def meet(self, span: Span) -> bool:
        """Whether a stretch has bytes in common with one of them, or one of the two is a place inside the other."""
        start, end = span
        place = bisect_left(self._ordered, span)
        before = place > 0 and self._ordered[place - 1][1] > start
        return before or place < len(self._ordered) and self._ordered[place][0] < end

    def add(self, span: Span) -> bool:
        """Put a stretch in, unless it meets one of them; say whether."""
        if self.meet(span):
            return False
        insort(self._ordered, span)
        return True


def _insertion_span(module: Module, insertion: Insertion) -> Span:
    splice = make_insertion(module, insertion)
    return splice.start, splice.end


def _refuse_insertions_beside(rewrite: Rewrite, whole: bool) -> None:
    """Refuse insertions beside an edit of the whole module."""
    if whole and rewrite.insertions:
        raise CannotPlace("an edit of the whole module places its statements itself")
