"""Statements that look for one option and take it off the list: ``if "-v" in args: args.remove("-v")``."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.early_exits import early_exits_of
from pymodernize_codemods.argparse_skeleton.options import ComparedOption, check_option, check_order
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


@dataclass(frozen=True, eq=False)
class Membership:
    """One such statement."""

    statement: ast.If | ast.While
    option: ComparedOption


def tested_flag(compare: ast.Compare) -> str | None:
    """The option that ``"-v" in args`` looks for."""
    left = compare.left
    if len(compare.ops) != 1 or not isinstance(compare.ops[0], (ast.In, ast.NotIn)):
        return None
    text = left.value if isinstance(left, ast.Constant) else None
    return text if isinstance(text, str) and text.startswith("-") and len(text.lstrip("-")) > 0 else None


def read_membership(module: Module, node: ast.Compare | ast.Attribute) -> Membership | None:
    """The statement that a test or a removal belongs to.

    Args:
        module: the module.
        node: ``"-v" in args``, or ``args.remove`` of a call.

    Returns:
        None if it belongs to none of that kind.

    Raises:
        NotPlain: it does, and cannot be said with argparse.
    """
    statement = module.statement(node)
    if isinstance(node, ast.Attribute):
        statement = module.parent(statement)
    if not isinstance(statement, (ast.If, ast.While)) or statement.orelse:
        return None
    names = _names(statement.test)
    if not names:
        return None
    removals = [item for item in statement.body if _removed(item) is not None]
    body = tuple(item for item in statement.body if item not in removals)
    option = ComparedOption(tuple(names), body, statement)
    early_exits = early_exits_of(module, module.function(statement))
    if not removals and not early_exits.certainly(statement.body):
        return None
    if removals and {_removed(item) for item in removals} != set(names):
        raise NotPlain("another option is taken off the arguments than is looked for", statement)
    checked = check_option(option, early_exits)
    if checked is None:
        raise NotPlain("an option is looked for to be refused", statement)
    if isinstance(statement, ast.While):
        check_order([checked], None)
    return Membership(statement, checked)


def _names(test: ast.expr) -> list[str]:
    """The options that a test asks for, none if it asks for anything else."""
    tests = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
    names = []
    for item in tests:
        name = tested_flag(item) if isinstance(item, ast.Compare) and isinstance(item.ops[0], ast.In) else None
        if name is None:
            return []
        names.append(name)
    return names


def _removed(statement: ast.stmt) -> str | None:
    """The option that ``args.remove("-v")`` takes off."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "remove":
        value = call.args[0].value if len(call.args) == 1 and isinstance(call.args[0], ast.Constant) else None
        return value if isinstance(value, str) else None
    return None
