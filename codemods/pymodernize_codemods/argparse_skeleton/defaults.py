"""The values of arguments that may be missing, where the script plainly has one."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.exit_status import constant_of
from pymodernize_codemods.argparse_skeleton.command_line import Kind
from pymodernize_codemods.argparse_skeleton.initial_values import initial_value_of
from pymodernize_codemods.argparse_skeleton.positionals import (
    alive,
)
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.rewrite_context import RewriteContext, line_of


class Defaults(RewriteContext):
    """The values of arguments that may be missing, where the script plainly has one."""

    def _defaults(self) -> None:
        """Give an argument that may be missing its default, where the script plainly has one for it."""
        for place in range(self.range.least, self.range.singles):
            tests = [test for test in self.flow.tests if self._boundary(test) == place]
            if not tests:
                self._by_lookup(place)
            elif len(tests) == 1:
                self._by_test(place, tests[0])
        for use in alive(self.flow, self.line, Kind.ITEM):
            around = self.module.parent(self.module.statement(use.node))
            if isinstance(around, ast.Try) and self._lookup(around) is not None and around not in self.patch.statements:
                raise NotPlain("an argument that is missing is dealt with in several ways", use.node)

    def _by_test(self, place: int, test: ast.expr) -> None:
        parent = self.module.parent(test)
        while isinstance(parent, ast.UnaryOp):
            test, parent = parent, self.module.parent(parent)
        if not isinstance(parent, (ast.If, ast.IfExp)) or parent.test is not test:
            return
        if any(isinstance(around, ast.JoinedStr) for around in self.module.ancestors(parent)):
            return
        held = self._holds_with(parent.test)
        if isinstance(parent, ast.IfExp):
            present, missing = (parent.body, parent.orelse) if held else (parent.orelse, parent.body)
            default = self._default(missing, place) if self._is_read(present, place) else None
            if default is not None:
                self._give(place, default)
                self.patch.expressions[parent] = self._read(place)
            return
        present_, missing_ = (parent.body, parent.orelse) if held else (parent.orelse, parent.body)
        stored = self._stored(self._left(present_), place)
        if stored is None:
            return
        if missing_:
            other = self._left(missing_)
            assign = other[0] if len(other) == 1 and isinstance(other[0], ast.Assign) else None
            if assign is None or [ast.dump(item) for item in assign.targets] != [
                ast.dump(item) for item in stored.targets
            ]:
                return
            default = self._default(assign.value, place)
            if default is not None:
                self._give(place, default)
                self.patch.statements[parent] = (stored,)
            return
        start = self._start(stored, parent, place)
        if start is not None:
            self._give(place, start)
            self.patch.statements[parent] = (stored,)

    def _holds_with(self, test: ast.expr) -> bool:
        """Whether a test on the number of arguments holds with more of them."""
        if isinstance(test, ast.UnaryOp):
            return not self._holds_with(test.operand)
        yes, no = self.flow.tests[test]
        return max(yes) > max(no)

    def _left(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block without those that go, and with what is left of the others."""
        found: list[ast.stmt] = []
        for item in body:
            if (
                isinstance(item, ast.Pass)
                or isinstance(item, ast.If)
                and self._verdict(item.test) is False
                and not item.orelse
            ):
                continue
            becomes = self.patch.statements.get(item)
            if isinstance(item, ast.Try) and isinstance(becomes, tuple):
                found += [part for part in becomes if isinstance(part, ast.stmt)]
            else:
                found.append(item)
        return found

    def _stored(self, body: Sequence[ast.stmt], place: int) -> ast.Assign | None:
        """The statement, if a block is one, that stores an argument in a variable."""
        assign = body[0] if len(body) == 1 else None
        plain = isinstance(assign, ast.Assign) and len(assign.targets) == 1 and self._is_read(assign.value, place)
        return assign if plain and isinstance(assign, ast.Assign) else None

    def _is_read(self, value: ast.expr, place: int) -> bool:
        call = value.args[0] if isinstance(value, ast.Call) and self.types.get(place) and value.args else value
        use = self.line.uses.get(call)
        return use is not None and use.kind is Kind.ITEM and use.place == place and not use.kept

    def _default(self, value: ast.expr, place: int) -> str | None:
        """A default's source, None if it is no literal of the argument's type."""
        if isinstance(value, ast.Call) and len(value.args) == 1 and self._converter(value) == self.types.get(place):
            if self.types.get(place) == "pathlib.Path":
                return self.module.text(value)
        literal = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
        if not isinstance(literal, ast.Constant) or isinstance(literal.value, bytes):
            return self._named(value, place)
        if self.types.get(place) and isinstance(literal.value, str) or value.lineno != value.end_lineno:
            return None
        return self.module.text(value)

    def _named(self, value: ast.expr, place: int) -> str | None:
        """The source of a constant of the module as a default."""
        constant = constant_of(self.module, value) if isinstance(value, ast.Name) else None
        if constant is None or self.types.get(place) and isinstance(constant.value, str):
            return None
        found = self.module.scope(value).lookup(value.id)  # type: ignore[attr-defined]
        if found is None or found[0] is not self.module.index.scope:
            return None
        assign = self.module.parent(found[1][0].node)
        first = self.line.first
        at_top = assign is not None and isinstance(self.module.parent(assign), ast.Module)
        early = self.line.frame is not None or first is not None and line_of(assign) < line_of(first)
        return value.id if at_top and early else None  # type: ignore[attr-defined]

    def _start(self, stored: ast.Assign, statement: ast.stmt, place: int) -> str | None:
        """The default of an argument whose variable has a first value already."""
        target = stored.targets[0]
        start = initial_value_of(self.module, target, statement) if isinstance(target, ast.Name) else None
        if start is None or not isinstance(target, ast.Name):
            return None
        if self.types.get(place) and isinstance(start.value, str):
            return None
        if start.source == target.id and self._runs_late(target):
            return None
        self._take_over(start, target)
        return start.source

    def _runs_late(self, target: ast.Name) -> bool:
        """Whether a variable of the module is first set after the command line is read."""
        found = self.module.scope(target).lookup(target.id)
        first = self.line.first
        return (
            self.line.frame is None
            and found is not None
            and first is not None
            and line_of(found[1][0].node) > line_of(first)
        )

    def _by_lookup(self, place: int) -> None:
        for node in self.module.nodes(ast.Try):
            found = self._lookup(node) if self.flow.reached.get(node) else None
            if found is None:
                continue
            stored, other = found
            if not self._is_read(stored.value, place):
                continue
            if other is None:
                default = self._start(stored, node, place)
            else:
                default = self._default(other.value, place)
            if default is None:
                raise NotPlain("the default of an argument is worked out", node)
            if place in self.defaults:
                raise NotPlain("an argument has two defaults", node)
            self._give(place, default)
            self.patch.statements[node] = (stored,)

    def _give(self, place: int, default: str) -> None:
        self.defaults[place] = default
