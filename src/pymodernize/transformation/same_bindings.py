"""Whether names mean after a round of rewrites what they meant before it.

What is left as it was must read the same variables, and a name that rewrites
bring must be new wherever it is seen. Both are one question: the occurrences of
names that stand in both texts pair the variables of the old one with those of
the new one, and the pairs must be one to one.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from pymodernize.semantics.call_binding import given
from pymodernize.semantics.certain_bindings import last_binding
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, Scope, ScopeKind
from pymodernize.transformation.changes import Changes, Makers
from pymodernize.transformation.occurrences import Occurrence, Variable, occurrences

OTHER = "a name would mean something else"
TAKEN = "a new name takes the place of another"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a round.

    Attributes:
        message: for a person.
        makers: the rewrites that have to do with it, by number; none if that
            cannot be told.
    """

    message: str
    makers: Makers = frozenset()


class _Found(Exception):
    """The first problem is enough."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def problem(old: Module, new: Module, changes: Changes, sets: frozenset[str] = frozenset()) -> Problem | None:
    """Compare the names of a module before and after a round of rewrites.

    Args:
        old: the module before.
        new: the module after.
        changes: what the round did.
        sets: variables of the file's own that new text sets on purpose.

    Returns:
        The first thing that is wrong, None if nothing is.
    """
    try:
        _Comparison(old, new, changes, sets).check()
    except _Found as exc:
        return exc.problem
    return None


_Label = Hashable
"""What a new occurrence stands for: a variable of the old text, or one of some rewrites' own; None if unknown."""


class _Comparison:
    """The variables of two texts, paired."""

    def __init__(self, old: Module, new: Module, changes: Changes, sets: frozenset[str]) -> None:
        self.sets = sets
        self.old, self.new = old, new
        self.changes = changes
        self.kept: list[tuple[Occurrence, Occurrence]] = []
        self.brought: list[Occurrence] = []
        self.gone: list[Occurrence] = []
        lines_before, lines = changes.lines(old, new)
        self.compare(occurrences(old, lines_before), occurrences(new, lines))
        if lines is not None:
            # What stands elsewhere concerns only the names that have to do with the round.
            changed = {item.name for item in (*self.brought, *self.gone)}
            for declared in (*old.nodes(*_DECLARING), *new.nodes(*_DECLARING)):
                changed.update(declared.names)
            self.compare(occurrences(old, (), changed), occurrences(new, (), changed))
        self.before: dict[Occurrence, Occurrence] = {}
        self.labels: dict[Occurrence, _Label] = {}
        self.after: dict[Variable, dict[Variable, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
        """For each old variable the new ones that its occurrences mean."""
        self.members: dict[Variable, list[Occurrence]] = defaultdict(list)

    def check(self) -> None:
        """Check all variables that the round touches.

        Raises:
            _Found: something is wrong.
        """
        for before, item in self.kept:
            self.before[item] = before
            self.pair(item, before.variable)
        self.label()
        for old, found in self.after.items():
            self.check_same(old, found)
        for variable, members in self.members.items():
            self.check_own(variable, members)
        for item in self.brought:
            self.check_seen(item)

    def compare(self, before: list[Occurrence], after: list[Occurrence]) -> None:
        """Sort occurrences into those that stand in both texts, those that are new, and those that are gone."""
        known = {(item.offset, *item.key): item for item in before}
        found: set[Occurrence] = set()
        self.kept, self.brought = [], []
        for item in after:
            offset = self.changes.original(item.offset)
            origin = known.get((offset, *item.key)) if offset is not None else None
            if origin is None:
                self.brought.append(item)
            else:
                self.kept.append((origin, item))
                found.add(origin)
        self.gone = [item for item in known.values() if item not in found]

    # --- pairs -------------------------------------------------------------------------------------------------

    def pair(self, item: Occurrence, old: Variable) -> None:
        """Record which old variable a new occurrence refers to."""
        self.labels[item] = old
        self.members[item.variable].append(item)
        self.after[old][item.variable].append(item)

    def label(self) -> None:
        """Resolve the occurrences in new text."""
        places = _Gone(self.gone, self.changes)
        by_name: dict[str, set[Variable]] = defaultdict(set)
        later: list[Occurrence] = []
        names: dict[Hashable, set[str]] = defaultdict(set)
        pieces = self.pieces = {item: self.changes.new_piece(item.offset) for item in self.brought}
        for item, piece in pieces.items():
            if item.kind is not None:
                names[piece].add(item.name)
        for item, piece in pieces.items():
            found = self.same_name(item, piece, places)
            if found is None and item.kind is not None:
                found = places.renamed(piece, names[piece])
                if found is not None and piece != "whole":
                    by_name[item.name].add(found)
                else:
                    found = None
            if found is not None:
                self.pair(item, found)
            else:
                later.append(item)
        for item in later:
            piece = pieces[item]
            # A read of the new name may mean another variable than the one that was given it.
            found = [old for old in by_name[item.name] if places.has(piece, old)]
            if len(found) == 1:
                self.pair(item, found[0])
            else:
                self.labels[item] = self.changes.makers(piece)
        self.label_parameters([item for item in later if item.kind is BindingKind.PARAMETER])
        for item in later:
            if not isinstance(self.labels[item], tuple):
                self.members[item.variable].append(item)

    def label_parameters(self, parameters: list[Occurrence]) -> None:
        """Find out for new parameters what is passed for them, which may be another one."""
        before = len(parameters) + 1
        nodes = {item.node: item for item in self.brought} if parameters else {}
        while len(parameters) < before:
            before = len(parameters)
            for item in parameters:
                if (passed := self.passed(item, nodes)) is not None:
                    self.pair(item, passed)
            parameters = [item for item in parameters if not isinstance(self.labels[item], tuple)]

    def stands_for(self, item: Occurrence) -> Variable | None:
        """The one old variable that an occurrence refers to: if it is new, by the other occurrences of its variable."""
        label = self.labels[item]
        if isinstance(label, tuple):
            return label
        found = {other for other in map(self.labels.get, self.members[item.variable]) if isinstance(other, tuple)}
        return found.pop() if len(found) == 1 else None

    def same_name(self, item: Occurrence, piece: Hashable, places: _Gone) -> Variable | None:
        """The old variable of the same name that stood where the new text is, or elsewhere in the same rewrite."""
        if item.name in self.sets and item.kind is not None:
            known = {found for found, after in self.after.items() if item.variable in after}
            return known.pop() if len(known) == 1 else None
        for candidates in places.candidates(item, piece, self.changes.makers(piece)):
            if item.kind is BindingKind.PARAMETER:
                candidates = {found for found in candidates if found[0] and found[0].kind is ScopeKind.FUNCTION}
            if len(candidates) > 1:
                candidates = {found for found in candidates if item.variable in self.after.get(found, ())}
            if candidates:
                return next(iter(candidates)) if len(candidates) == 1 else None
        return None

    def passed(self, item: Occurrence, nodes: dict[ast.AST, Occurrence]) -> Variable | None:
        """The old variable that every call passes for a new parameter of the same name."""
        scope = item.variable[0]
        function = scope.node if scope is not None else None
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or not isinstance(item.node, ast.arg):
            return None
        values = {given(function, call, item.node) for call in self.new.every_call(function) or ()}
        found = {self.stands_for(nodes[value]) if value in nodes else None for value in values}
        return found.pop() if len(found) == 1 else None

    # --- questions ---------------------------------------------------------------------------------------------

    def check_same(self, old: Variable, found: dict[Variable, list[Occurrence]]) -> None:
        """Check that one old variable is still one, or that no read can tell the difference."""
        scope, name = old
        for variable, members in found.items():
            if (variable[0] is None) != (scope is None):
                read = next((item for item in members if item.kind is None), None)
                if read is not None:
                    self.fail(f"{OTHER}: {name}, line {{line}}, {_meant(old)} before", read)
        moved = [item for item in found if item[0] is not None and item[0].kind is ScopeKind.FUNCTION]
        outside = scope is not None and scope.kind is ScopeKind.MODULE
        if len(found) > 1 or outside and moved and hasattr(builtins, name):
            for variable, members in found.items():
                for item in members:
                    if item.kind is None and not self.is_sure(item, old, members):
                        others = [other for other in found if other != variable] or [variable]
                        text = f"{_meant(variable)} here, {_meant(others[0])} elsewhere; it was one variable before"
                        self.fail(f"{OTHER}: {name}, line {{line}}: {text}", item, *found[others[0]])

    def check_own(self, variable: Variable, members: list[Occurrence]) -> None:
        """Check that several old variables are not one now, or that no read can tell the difference."""
        bound = [item for item in members if item.kind is not None]
        labels = {self.labels[item] for item in bound}
        rewrites = [item for item in bound if not isinstance(self.labels[item], tuple)]
        if _is_one_import(bound) or len(bound) < 2 or not rewrites and len(labels) < 2:
            return
        scope, name = variable
        if scope is not None and scope.kind is ScopeKind.MODULE:
            definitions = [item for item in rewrites if item.kind in _DEFINING]
            if definitions and len(bound) > 1:
                self.fail(f"{TAKEN}: {name}, line {{line}}, is bound elsewhere in the file", definitions[0])
            if len(self.definitions(rewrites)) > 1:
                self.fail(f"{TAKEN}: {name}, line {{line}}, is brought twice", rewrites[0])
            if rewrites and len(rewrites) < len(bound):
                self.fail(f"{TAKEN}: {name}, line {{line}}, is a variable of the file's own", rewrites[0])
        for item in members if len(labels) > 1 else ():
            label = self.labels[item]
            if item.kind is not None or not isinstance(label, tuple) and label not in labels:
                continue
            shield = self.shield(item)
            if shield is None or self.labels[shield] != label:
                self.fail(f"{TAKEN}: {name}, line {{line}}, may be that of another", item, *bound)

    def definitions(self, bound: list[Occurrence]) -> list[Occurrence]:
        """Those of some bindings that stand in the module's own body and belong to no fragment: made once each."""
        return [
            item
            for item in bound
            if not self.labels[item] and isinstance(self.new.parent(self.new.statement(item.node)), ast.Module)
        ]

    def check_seen(self, item: Occurrence) -> None:
        """A name that is brought for the module is not hidden where it is read."""
        owner, name = item.variable
        if item.kind is not None or owner is None or owner.kind is ScopeKind.MODULE:
            return
        if isinstance(self.labels.get(item), tuple):
            return
        outer = (self.new.index.scope, name)
        if any(_is_brought(other, self.labels) for other in self.members.get(outer, ())) or self.is_import(name):
            if not any(_is_brought(other, self.labels) for other in self.members.get(item.variable, ())):
                self.fail(f"{TAKEN}: {name}, line {{line}}, is {_meant(item.variable)} there", item)

    def is_import(self, name: str) -> bool:
        """Whether the module imports something of this name."""
        bindings = self.new.index.scope.bindings.get(name, ())
        return any(binding.kind is BindingKind.IMPORT for binding in bindings)

    def is_sure(self, item: Occurrence, old: Variable, members: list[Occurrence]) -> bool:
        """Whether a read sees for certain what it saw before: one of some bindings of an old variable.

        A parameter that takes the place of a variable has been passed that.
        """
        shield = self.shield(item)
        if shield is None or self.labels[shield] != old:
            return False
        before = self.before.get(item)
        if before is None or shield.kind is BindingKind.PARAMETER and shield not in self.before:
            return True
        scope, name = before.variable
        if scope is None:
            return False
        found = last_binding(self.old, before.node, scope, [binding.node for binding in scope.bindings.get(name, ())])
        return any(self.before[other].node is found for other in members if other in self.before)

    def shield(self, item: Occurrence) -> Occurrence | None:
        """The binding that a read is certain to see, None if there is none."""
        scope, name = item.variable
        if scope is None:
            return None
        found = last_binding(self.new, item.node, scope, [binding.node for binding in scope.bindings.get(name, ())])
        return next((other for other in self.members[item.variable] if other.node is found), None)

    def fail(self, message: str, item: Occurrence, *others: Occurrence) -> None:
        """Give up, with the rewrites that have to do with some occurrences.

        Raises:
            _Found: always.
        """
        line = self.new.source.position(item.offset)[0]
        makers: set[int] = set()
        for one in (item, *others):
            makers |= self.changes.makers(self.changes.new_piece(one.offset))
        raise _Found(Problem(message.format(line=line), frozenset(makers)))


_DECLARING = (ast.Global, ast.Nonlocal)
_DEFINING = (BindingKind.FUNCTION, BindingKind.CLASS, BindingKind.IMPORT)


_NONE: dict[str, set[Variable]] = {}


class _Gone:
    """The occurrences of the old text that are not in the new one, by piece."""

    def __init__(self, gone: Iterable[Occurrence], changes: Changes) -> None:
        self.by_piece: dict[Hashable, dict[str, set[Variable]]] = defaultdict(lambda: defaultdict(set))
        self.bound: dict[Hashable, set[Variable]] = defaultdict(set)
        self.by_maker: dict[int, dict[str, set[Variable]]] = defaultdict(lambda: defaultdict(set))
        self.anywhere: dict[str, set[Variable]] = defaultdict(set)
        for item in gone:
            piece = changes.old_piece(item.offset)
            self.by_piece[piece][item.name].add(item.variable)
            if item.kind is not None:
                self.bound[piece].add(item.variable)
                self.anywhere[item.name].add(item.variable)
                for maker in changes.makers(piece):
                    self.by_maker[maker][item.name].add(item.variable)

    def candidates(self, item: Occurrence, piece: Hashable, makers: Makers) -> Iterable[set[Variable]]:
        """The old variables of its name that a new occurrence may refer to, the most likely first."""
        yield self.by_piece.get(piece, _NONE).get(item.name, set())
        for maker in sorted(makers):
            yield self.by_maker.get(maker, _NONE).get(item.name, set())
        if not makers:
            yield self.anywhere.get(item.name, set())

    def renamed(self, piece: Hashable, names: set[str]) -> Variable | None:
        """The one variable that a piece bound and does not any more, if the piece binds one new name."""
        gone = [item for item in self.bound.get(piece, ()) if item[1] not in names]
        return gone[0] if len(gone) == len(names) == 1 else None

    def has(self, piece: Hashable, variable: Variable) -> bool:
        """Whether a variable stood in a piece."""
        return piece in self.by_piece and variable in self.by_piece[piece][variable[1]]


def _is_brought(item: Occurrence, labels: dict[Occurrence, _Label]) -> bool:
    return item.kind is not None and not isinstance(labels[item], tuple)


def _is_one_import(bound: list[Occurrence]) -> bool:
    """Whether all bindings import the same thing."""
    targets = {item.target for item in bound}
    return len(targets) == 1 and None not in targets


def _meant(variable: Variable) -> str:
    """Whose variable it is, for a person."""
    scope = variable[0]
    if scope is None:
        return "a builtin" if hasattr(builtins, variable[1]) else "nothing"
    return "the module's" if scope.kind is ScopeKind.MODULE else f"that of {_named(scope)}"


def _named(scope: Scope) -> str:
    return getattr(scope.node, "name", None) or f"a {scope.kind.value}"
