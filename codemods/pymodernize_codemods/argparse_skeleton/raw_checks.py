"""Checks that there is any argument at all, where options are among those that are counted."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.command_line import CommandLine, Kind, Use
from pymodernize_codemods.argparse_skeleton.comparisons import number_test
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.options import Option
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


class RawChecks:
    """The search for them.

    Args:
        module: the module.
        line: its command line, which loses the uses that the checks are.
        found: the options that it looks for.
        early_exits: where the script ends.
    """

    def __init__(self, module: Module, line: CommandLine, found: list[Option], early_exits: EarlyExits) -> None:
        self.module = module
        self.line = line
        self.found = found
        self.early_exits = early_exits

    def find(self) -> list[ast.If]:
        """The checks that there is any argument at all, where options are among those that are counted."""
        checks: list[ast.If] = []
        if not self.found:
            return checks
        for use in list(self.line.uses.values()):
            if use.kind is Kind.FLAG or not self._counts_options(use):
                continue
            statement = self.module.statement(use.node)
            if not isinstance(statement, ast.If) or not self._asks_for_none(statement.test):
                raise NotPlain("arguments are counted while options are still among them", use.node)
            if not self.early_exits.fails(statement.body):
                raise NotPlain("arguments are counted while options are still among them", use.node)
            checks.append(statement)
            self.line.uses.pop(use.node)
        self.line.checks = checks
        return checks

    def _asks_for_none(self, test: ast.expr) -> bool:
        """Whether a test holds if there is no argument, and only then."""
        holds = number_test(test, self.line.uses)
        if holds is not None:
            return holds(0) and not any(holds(number) for number in range(1, 20))
        operand = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
        use = self.line.uses.get(operand) if operand is not None else None
        return use is not None and use.kind is Kind.TRUTH and use.place == 0

    def _counts_options(self, use: Use) -> bool:
        if not use.raw:
            return False
        if not self.line.memberships:
            return True
        last = max(item.statement.end_lineno or 0 for item in self.line.memberships)
        bases = {self._base(node) for item in self.line.memberships for node in ast.walk(item.statement.test)}
        base = self._base(use.node)
        if use.node.lineno < last:
            return True
        return base not in bases and not any(self._base(item) in bases for item in [use.node])

    def _base(self, node: ast.AST) -> str:
        """The variable that an expression about the arguments starts from."""
        while True:
            if isinstance(node, ast.Subscript):
                node = node.value
            elif isinstance(node, ast.Call) and node.args:
                node = node.args[0]
            elif isinstance(node, ast.Compare):
                node = node.comparators[0]
            else:
                break
        return self.module.text(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
