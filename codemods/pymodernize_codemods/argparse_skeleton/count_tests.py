"""Tests on the number of arguments: those with a known outcome go, the others ask the namespace."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods.argparse_skeleton.analysis import Analysis, has_effect
from pymodernize_codemods.argparse_skeleton.comparisons import help_words
from pymodernize_codemods.argparse_skeleton.interpreter import State
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.options import HELP
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


@dataclass(frozen=True)
class CountTests:
    """Changes them.

    Attributes:
        analysis: what is known of the script.
        known: what comparisons of arguments with words come to.
        defaults: by the argument's number.
        namespace: what argparse gives.
        patch: gets the changes.
    """

    analysis: Analysis
    known: Mapping[ast.expr, bool]
    defaults: Mapping[int, str]
    namespace: Namespace
    patch: Patch

    @property
    def module(self) -> Module:
        """The module."""
        return self.analysis.module

    def run(self) -> None:
        """Do away with tests whose outcome is known, and have the others ask the namespace."""
        for node in (*self.module.nodes(ast.If), *self.module.nodes(ast.IfExp), *self.module.nodes(ast.While)):
            if node in self.patch.statements or node in self.patch.expressions:
                continue
            if is_guard(node) or isinstance(node, ast.stmt) and not self.analysis.flow.reached.get(node):
                continue
            verdict = self._verdict(node.test)
            if verdict is None or isinstance(node, ast.While):
                self._test(node.test)
            elif isinstance(node, ast.If):
                self._settled_if(node, verdict)
            else:
                self.patch.expressions[node] = self._source(node.body if verdict else node.orelse)
        for statement in self.module.nodes(ast.Assert):
            if self.analysis.flow.reached.get(statement) and self._verdict(statement.test) is True:
                self.patch.statements[statement] = ()
        self._other_tests()

    def _verdict(self, test: ast.expr) -> bool | None:
        return self.analysis.verdict(test, self.known)

    def _settled_if(self, statement: ast.If, verdict: bool) -> None:
        calls = [node for node in ast.walk(statement.test) if isinstance(node, ast.Call)]
        if any(has_effect(self.module, call) for call in calls if call not in self.analysis.argv.uses):
            raise NotPlain("a check of the arguments does other work, too", statement)
        self.patch.statements[statement] = tuple(statement.body if verdict else statement.orelse)

    def _other_tests(self) -> None:
        """Tests that are no condition of a statement: ``found = len(sys.argv) > 1``."""
        for test in self.analysis.flow.tests:
            if test in self.patch.expressions or self.patch.is_gone(test) or self._is_inside_done(test):
                continue
            yes, no = self.analysis.flow.tests[test]
            if yes or no:
                source = self._test_source(test)
                if isinstance(source, bool):
                    source = str(source)
                if source is not None:
                    self.patch.expressions[test] = source

    def _is_inside_done(self, test: ast.expr) -> bool:
        return any(
            around in self.patch.expressions for around in self.module.ancestors(test) if isinstance(around, ast.expr)
        )

    def _test(self, test: ast.expr) -> None:
        known = {*self.analysis.flow.tests, *self.known}
        if any(node in known for node in ast.walk(test)) or self._has_other_help(test):
            source = self._test_source(test)
            if isinstance(source, str):
                self.patch.expressions[test] = source

    def _has_other_help(self, test: ast.expr) -> bool:
        return any(
            isinstance(node, ast.Compare) and help_words(node, self.analysis.argv.uses) == (True, True)
            for node in ast.walk(test)
        )

    def _test_source(self, test: ast.expr) -> str | bool | None:
        """What a test becomes: source, or its outcome if that is known."""
        if isinstance(test, ast.BoolOp):
            stops = isinstance(test.op, ast.Or)
            found = [self._test_source(value) for value in test.values]
            if stops in found:
                return stops
            kept = [
                self._operand(item, value, test)
                for item, value in zip(found, test.values, strict=True)
                if not isinstance(item, bool)
            ]
            return (" or " if stops else " and ").join(kept) if kept else not stops
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            if test.operand in self.analysis.flow.tests:
                yes, no = self.analysis.flow.tests[test.operand]
                return self._asked(no, yes, test)
            inner = self._test_source(test.operand)
            if isinstance(inner, bool):
                return not inner
            return self.patch.text(test)
        if test in self.known:
            return self.known[test]
        if test in self.analysis.flow.tests:
            return self._asked(*self.analysis.flow.tests[test], test)
        if isinstance(test, ast.Compare) and help_words(test, self.analysis.argv.uses) == (True, True):
            return self._without_help(test)
        return self._source(test)

    def _operand(self, source: str | None, value: ast.expr, around: ast.BoolOp) -> str:
        text = source if source is not None else self._source(value)
        if isinstance(value, ast.BoolOp):
            looser = type(value.op) is not type(around.op)
        else:
            looser = isinstance(around.op, ast.And) and " or " in text and value in self.analysis.flow.tests
        return f"({text})" if looser and not text.startswith("(") else text

    def _source(self, expr: ast.expr) -> str:
        """An expression's source with the changes in it."""
        return self.patch.expressions.get(expr) or self.patch.text(expr)

    def _without_help(self, test: ast.Compare) -> str:
        """A test for help without the spellings that argparse answers."""
        other = test.comparators[0]
        texts = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
        left = [item for item in texts if not (isinstance(item, ast.Constant) and item.value in HELP)]
        value = self._source(test.left)
        if len(left) == 1:
            return f"{value} == {self.module.text(left[0])}"
        return f"{value} in ({', '.join(self.module.text(item) for item in left)})"

    def _asked(self, yes: State, no: State, test: ast.expr) -> str | bool | None:
        """The question to the namespace that tells two sets of numbers of arguments from one another."""
        if not yes or not no:
            return bool(yes) if yes or no else None
        uses = [
            self.analysis.argv.uses[node]
            for node in ast.walk(test)
            if isinstance(node, ast.expr) and node in self.analysis.argv.uses
        ]
        if any(use.kept for use in uses):
            return self.patch.text(test)
        if _is_a_row(yes):
            return " and ".join(self._bounds(yes, no, within=True))
        if _is_a_row(no):
            return " or ".join(self._bounds(no, yes, within=False))
        raise NotPlain("a test asks for numbers of arguments with gaps between them", test)

    def _bounds(self, row: State, others: State, *, within: bool) -> list[str]:
        """What a number of arguments in a row of them must have, or else one beside the row."""
        parts = []
        if min(others) < min(row):
            parts.append(self._has(min(row) - 1, present=within))
        if max(others) > max(row):
            parts.append(self._has(max(row), present=not within))
        return parts

    def _has(self, place: int, *, present: bool) -> str:
        """Whether an argument is there."""
        rest = self.namespace.rest
        if rest is not None and place >= rest:
            name = self.namespace.arguments(rest)
            if place == rest:
                return name if present else f"not {name}"
            return f"len({name}) {'>' if present else '<='} {place - rest}"
        if place in self.defaults:
            raise NotPlain("an argument with a default is asked for in another place, too", self.analysis.argv.here)
        return f"{self.namespace.argument(place)} is {'not ' if present else ''}None"


def _is_a_row(numbers: State) -> bool:
    return sorted(numbers) == list(range(min(numbers), max(numbers) + 1))
