"""Checks that there is any argument at all, where options are among those that are counted."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgvUses, EmptyTest, OptionTest, Use
from pymodernize_codemods.argparse_skeleton.comparisons import number_test
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.options import ComparedOption
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


def without_raw_checks(
    module: Module, argv: ArgvUses, options: Sequence[ComparedOption], early_exits: EarlyExits
) -> ArgvUses:
    """The uses of the command line without those checks, which are told apart.

    Args:
        module: the module.
        argv: what it does with its arguments.
        options: those that it looks for.
        early_exits: where the script ends.

    Raises:
        NotPlain: arguments are counted with the options among them, to another end.
    """
    checks: list[ast.If] = []
    uses = dict(argv.uses)
    for use in argv.uses.values() if options else ():
        if isinstance(use, OptionTest) or not _counts_options(module, argv, use):
            continue
        statement = module.statement(use.node)
        plain = isinstance(statement, ast.If) and _asks_for_none(statement.test, uses)
        if not isinstance(statement, ast.If) or not plain or not early_exits.fails(statement.body):
            raise NotPlain("arguments are counted while options are still among them", use.node)
        checks.append(statement)
        del uses[use.node]
    return replace(argv, uses=uses, checks=checks)


def _asks_for_none(test: ast.expr, uses: dict[ast.expr, Use]) -> bool:
    """Whether a test holds if there is no argument, and only then."""
    holds = number_test(test, uses)
    if holds is not None:
        return holds(0) and not any(holds(number) for number in range(1, 20))
    operand = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    use = uses.get(operand) if operand is not None else None
    return isinstance(use, EmptyTest) and use.place == 0


def _counts_options(module: Module, argv: ArgvUses, use: Use) -> bool:
    if not use.raw or not argv.memberships:
        return use.raw
    last = max(item.statement.end_lineno or 0 for item in argv.memberships)
    bases = {_base(module, node) for item in argv.memberships for node in ast.walk(item.statement.test)}
    return use.node.lineno < last or _base(module, use.node) not in bases


def _base(module: Module, node: ast.AST) -> str:
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
    return module.text(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
