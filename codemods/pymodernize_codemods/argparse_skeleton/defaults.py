"""The values of arguments that may be missing, where the script plainly has one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.exit_status import constant_of
from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, Unpacking
from pymodernize_codemods.argparse_skeleton.catching import LOOKUP_ERRORS, catches
from pymodernize_codemods.argparse_skeleton.conversions import converted_type
from pymodernize_codemods.argparse_skeleton.initial_values import SupersededValues, initial_value_of
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


def check_missing(analysis: Analysis, handlers: Collection[ast.AST]) -> None:
    """Make sure that no argument that may be missing is read where its absence would raise.

    Args:
        analysis: what is known of the script.
        handlers: nodes that do not count.

    Raises:
        NotPlain: one is.
    """
    rest = analysis.arity.rest
    for use in (*analysis.alive(ArgumentRead), *analysis.alive(Unpacking)):
        listed = rest is not None and use.place >= rest and isinstance(use, ArgumentRead)
        if use.kept or use.node in handlers or listed or all(map(use.fits, analysis.flow.reads[use.node])):
            continue
        if _fallback_around(analysis, use) is None:
            raise NotPlain("an argument is read that may be missing: the script fails there only then", use.node)


_Fallback = tuple[ast.Assign, ast.Assign | None]


def _fallback(analysis: Analysis, node: ast.Try) -> _Fallback | None:
    """``try: x = sys.argv[1] except IndexError: x = default``: both assignments, the second if there is one."""
    match node:
        case ast.Try(
            body=[ast.Assign(targets=[target]) as stored],
            handlers=[ast.ExceptHandler(body=[other]) as handler],
            orelse=[],
            finalbody=[],
        ):
            pass
        case _:
            return None
    if not catches(analysis.module, handler, LOOKUP_ERRORS) or analysis.argument(stored.value) is None:
        return None
    if isinstance(other, ast.Pass):
        return stored, None
    if not isinstance(other, ast.Assign) or ast.dump(other.targets[0]) != ast.dump(target):
        return None
    return stored, other


def _fallback_around(analysis: Analysis, use: ArgumentRead | Unpacking) -> ast.Try | None:
    """The ``try`` of that kind that a use is in."""
    around = analysis.module.parent(analysis.module.statement(use.node))
    return around if isinstance(around, ast.Try) and _fallback(analysis, around) is not None else None


@dataclass(frozen=True)
class Defaults:
    """Works them out.

    Attributes:
        analysis: what is known of the script.
        types: what argparse converts, by the argument's number.
        known: what comparisons of arguments with words come to.
        namespace: what argparse gives.
        patch: gets the code in the place of what looks for missing arguments.
        superseded: gets the initial values that become defaults.
        sources: of the defaults, by the argument's number.
    """

    analysis: Analysis
    types: Mapping[int, str]
    known: Mapping[ast.expr, bool]
    namespace: Namespace
    patch: Patch
    superseded: SupersededValues
    sources: dict[int, str] = field(default_factory=dict, init=False)

    @property
    def module(self) -> Module:
        """The module."""
        return self.analysis.module

    def run(self) -> dict[int, str]:
        """The sources of the defaults by the argument's number, where the script plainly has one for it."""
        arity, flow = self.analysis.arity, self.analysis.flow
        for place in range(arity.least, arity.singles):
            tests = [test for test in flow.tests if self._boundary(test) == place]
            if not tests:
                self._by_fallback(place)
            elif len(tests) == 1:
                self._by_test(place, tests[0])
        for use in self.analysis.alive(ArgumentRead):
            around = _fallback_around(self.analysis, use)
            if around is not None and around not in self.patch.statements:
                raise NotPlain("an argument that is missing is dealt with in several ways", use.node)
        return self.sources

    def _boundary(self, test: ast.expr) -> int | None:
        """The argument that a test asks for, None if it is settled or asks for anything else."""
        yes, no = self.analysis.flow.tests[test]
        if not yes or not no:
            return None
        high, low = (yes, no) if max(yes) > max(no) else (no, yes)
        return min(high) - 1 if min(high) > max(low) else None

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
                self.sources[place] = default
                self.patch.expressions[parent] = self.namespace.argument(place)
            return
        with_, without = (parent.body, parent.orelse) if held else (parent.orelse, parent.body)
        stored = self._stored(self._left(with_), place)
        default = self._without(stored, without, parent, place) if stored is not None else None
        if stored is not None and default is not None:
            self.sources[place] = default
            self.patch.statements[parent] = (stored,)

    def _holds_with(self, test: ast.expr) -> bool:
        """Whether a test on the number of arguments holds with more of them."""
        if isinstance(test, ast.UnaryOp):
            return not self._holds_with(test.operand)
        yes, no = self.analysis.flow.tests[test]
        return max(yes) > max(no)

    def _left(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block without those that go, and with what is left of the others."""
        found: list[ast.stmt] = []
        for item in body:
            never = isinstance(item, ast.If) and self.analysis.verdict(item.test, self.known) is False
            if isinstance(item, ast.Pass) or isinstance(item, ast.If) and never and not item.orelse:
                continue
            becomes = self.patch.statements.get(item)
            if isinstance(item, ast.Try) and becomes is not None:
                found += [part for part in becomes if isinstance(part, ast.stmt)]
            else:
                found.append(item)
        return found

    def _stored(self, body: Sequence[ast.stmt], place: int) -> ast.Assign | None:
        """The statement, if a block is one, that stores an argument in a variable."""
        match body:
            case [ast.Assign(targets=[_], value=value) as assign] if self._is_read(value, place):
                return assign
        return None

    def _without(self, stored: ast.Assign, body: Sequence[ast.stmt], statement: ast.stmt, place: int) -> str | None:
        """The default by what is done without the argument: another value is stored in the variable, or nothing is."""
        if not body:
            return self._initial(stored, statement, place)
        match self._left(body):
            case [ast.Assign(targets=targets, value=value)]:
                same = [ast.dump(item) for item in targets] == [ast.dump(item) for item in stored.targets]
                return self._default(value, place) if same else None
        return None

    def _is_read(self, value: ast.expr, place: int) -> bool:
        read = value.args[0] if isinstance(value, ast.Call) and self.types.get(place) and value.args else value
        use = self.analysis.argument(read)
        return use is not None and use.place == place

    def _default(self, value: ast.expr, place: int) -> str | None:
        """A default's source, None if it is no literal of the argument's type."""
        type_ = self.types.get(place)
        if isinstance(value, ast.Call) and len(value.args) == 1 and type_ == "pathlib.Path":
            if converted_type(self.module, value) == type_:
                return self.module.text(value)
        literal = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
        if not isinstance(literal, ast.Constant) or isinstance(literal.value, bytes):
            return self._named(value, place) if isinstance(value, ast.Name) else None
        if type_ and isinstance(literal.value, str) or value.lineno != value.end_lineno:
            return None
        return self.module.text(value)

    def _named(self, value: ast.Name, place: int) -> str | None:
        """The source of a constant of the module as a default."""
        constant = constant_of(self.module, value)
        if constant is None or self.types.get(place) and isinstance(constant.value, str):
            return None
        found = self.module.scope(value).lookup(value.id)
        if found is None or found[0] is not self.module.index.scope:
            return None
        assign, argv = self.module.parent(found[1][0].node), self.analysis.argv
        at_top = isinstance(assign, ast.stmt) and isinstance(self.module.parent(assign), ast.Module)
        if not isinstance(assign, ast.stmt) or not at_top:
            return None
        early = argv.frame is not None or argv.first is not None and assign.lineno < argv.first.lineno
        return value.id if early else None

    def _initial(self, stored: ast.Assign, statement: ast.stmt, place: int) -> str | None:
        """The default of an argument whose variable has an initial value already."""
        target = stored.targets[0]
        start = initial_value_of(self.module, target, statement) if isinstance(target, ast.Name) else None
        if start is None or not isinstance(target, ast.Name):
            return None
        if self.types.get(place) and isinstance(start.value, str):
            return None
        if start.source == target.id and self._is_set_later(target):
            return None
        self.superseded.add(start, target)
        return start.source

    def _is_set_later(self, target: ast.Name) -> bool:
        """Whether a variable of the module is first set after the command line is read."""
        found, argv = self.module.scope(target).lookup(target.id), self.analysis.argv
        if argv.frame is not None or found is None or argv.first is None:
            return False
        return getattr(found[1][0].node, "lineno", 0) > argv.first.lineno

    def _by_fallback(self, place: int) -> None:
        for node in self.module.nodes(ast.Try):
            found = _fallback(self.analysis, node) if self.analysis.flow.reached.get(node) else None
            if found is None or not self._is_read(found[0].value, place):
                continue
            stored, other = found
            default = self._initial(stored, node, place) if other is None else self._default(other.value, place)
            if default is None:
                raise NotPlain("the default of an argument is worked out", node)
            if place in self.sources:
                raise NotPlain("an argument has two defaults", node)
            self.sources[place] = default
            self.patch.statements[node] = (stored,)
