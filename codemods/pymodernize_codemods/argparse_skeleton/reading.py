"""Which arguments there are: what they are called, what converts them, where they are read."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize_codemods.argparse_skeleton.arity import NOTHING
from pymodernize_codemods.argparse_skeleton.choices import choices_of
from pymodernize_codemods.argparse_skeleton.command_line import Kind, Use
from pymodernize_codemods.argparse_skeleton.positionals import (
    CONVERSIONS,
    alive,
    conversion,
)
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.rewrite_context import RewriteContext
from pymodernize_codemods.argparse_skeleton.usage import identifier


class Reading(RewriteContext):
    """Which arguments there are: what they are called, what converts them, where they are read."""

    def _read_types(self) -> list[ast.Try]:
        """Decide which arguments argparse converts; gives the ``try`` statements that are of no use then."""
        tries = [node for node in self.module.nodes(ast.Try) if self._is_about_arguments(node)]
        while True:
            reads = self._reads(tries)
            self.types = {place: self._type(place, nodes) for place, nodes in reads.items()}
            kept = [node for node in tries if all(self._is_settled(call) for call in self._conversions(node))]
            if len(kept) == len(tries):
                return tries
            tries = kept

    def _reads(self, tries: Sequence[ast.Try] = ()) -> dict[int, list[ast.expr]]:
        """The reads of each argument, without those in handlers that go."""
        gone = {item for node in tries for handler in node.handlers for item in ast.walk(handler)}
        found: dict[int, list[ast.expr]] = {}
        for use in alive(self.flow, self.line, Kind.ITEM):
            if use.node not in gone and use.place >= 0:
                found.setdefault(use.place, []).append(use.node)
        return found

    def _is_about_arguments(self, statement: ast.Try) -> bool:
        """Whether a ``try`` holds nothing but reads of arguments, and each handler fails or cannot be reached."""
        if self.module.function(statement) is not self.line.frame or statement.finalbody or statement.orelse:
            return False
        reached = self.flow.reached
        if not reached.get(statement) or not all(self._only_reads(item) for item in statement.body):
            return False
        return all(not reached.get(item.body[0]) or self.early_exits.fails(item.body) for item in statement.handlers)

    def _only_reads(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If):
            counted = self._verdict(statement.test) is not None or statement.test in self.flow.tests
            return counted and all(self._only_reads(item) for item in (*statement.body, *statement.orelse))
        if not isinstance(statement, ast.Assign):
            return False
        values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
        for value in values:
            if isinstance(value, ast.IfExp):
                chosen = [item for item in (value.body, value.orelse) if not isinstance(item, ast.Constant)]
                if value.test not in self.flow.tests or not all(self._is_plain_read(item) for item in chosen):
                    return False
                continue
            if not self._is_plain_read(value):
                return False
        return True

    def _is_plain_read(self, value: ast.expr) -> bool:
        """Whether an expression is an argument, or a conversion of one."""
        inner = value.args[0] if isinstance(value, ast.Call) and len(value.args) == 1 else value
        use = self.line.uses.get(inner)
        if use is None or use.kind not in {Kind.ITEM, Kind.UNPACK, Kind.REST}:
            return False
        return inner is value or conversion(self.module, inner) is not None

    def _conversions(self, statement: ast.Try) -> list[ast.Call]:
        calls = [node for item in statement.body for node in ast.walk(item) if isinstance(node, ast.Call)]
        return [call for call in calls if call.args and conversion(self.module, call.args[0]) is call]

    def _is_settled(self, call: ast.Call) -> bool:
        use = self.line.uses.get(call.args[0])
        return use is not None and bool(self.types.get(use.place))

    def _type(self, place: int, reads: list[ast.expr]) -> str:
        """The type by which argparse converts an argument, empty if the script goes on doing so itself."""
        if self.range.rest is not None and place >= self.range.rest:
            return ""
        calls = [conversion(self.module, read) for read in reads]
        kinds = {self.module.qualified_name(call.func) if call is not None else None for call in calls}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is None:
            return ""
        if kind == "pathlib.Path":
            return CONVERSIONS[kind]
        given = frozenset(number for number in self.range.states if number > place)
        for call in calls:
            if call in self.flow.certain and given <= self.flow.reads.get(call.args[0], NOTHING):
                return CONVERSIONS[kind]
        return ""

    def _read_choices(self) -> None:
        """Find the arguments that must be one of some words."""
        for place in range(min(self.range.singles, self.range.least)):
            if not self.types.get(place):
                found = choices_of(self.module, self.line, self.early_exits, place, self.range.states)
                if found is not None:
                    self.choices[place] = found.words
                    self.checks |= found.checks

    def _name(self) -> None:
        reads = self._reads()
        for use in alive(self.flow, self.line, Kind.UNPACK):
            self._name_unpacked(use)
        only = self.range.singles == 1 and self.range.rest is None
        for place in range(self.range.singles):
            if place not in self.names:
                chosen = place in self.choices
                self.names[place] = self.naming.positional(place, reads.get(place, []), only=only, chosen=chosen)
        if self.range.rest is not None:
            nodes = [use.node for use in alive(self.flow, self.line, Kind.REST) if use.place == self.range.rest]
            kept = next((self.line.kept[node] for node in nodes if node in self.line.kept), "")
            self.names[self.range.rest] = self.naming.rest(self.range.rest, nodes, kept)

    def _name_unpacked(self, use: Use) -> None:
        assign = self.module.statement(use.node)
        targets = assign.targets[0] if isinstance(assign, ast.Assign) else None
        for number, target in enumerate(targets.elts if isinstance(targets, (ast.Tuple, ast.List)) else ()):
            place = use.place + number
            if place >= 0 and place not in self.names:
                name = identifier(target.id) if isinstance(target, ast.Name) else ""
                self.names[place] = self.naming.take(name, self.naming.placeholder(place), f"argument{place + 1}")

    def _check_optional(self, tries: Sequence[ast.Try]) -> None:
        """An argument that may be missing must not be read where its absence would raise."""
        gone = {item for node in tries for handler in node.handlers for item in ast.walk(handler)}
        for use in (*alive(self.flow, self.line, Kind.ITEM), *alive(self.flow, self.line, Kind.UNPACK)):
            rest = self.range.rest
            if use.kept or use.node in gone or rest is not None and use.place >= rest and use.kind is Kind.ITEM:
                continue
            wanted = use.place + max(use.count, 1)
            state = self.flow.reads[use.node]
            if any(number < wanted or use.exact and number > wanted for number in state) and not self._in_lookup(use):
                raise NotPlain("an argument is read that may be missing: the script fails there only then", use.node)

    def _in_lookup(self, use: Use) -> bool:
        """Whether a missing argument is dealt with by ``try: x = sys.argv[1] except IndexError: x = default``."""
        statement = self.module.statement(use.node)
        around = self.module.parent(statement)
        return isinstance(around, ast.Try) and self._lookup(around) is not None
