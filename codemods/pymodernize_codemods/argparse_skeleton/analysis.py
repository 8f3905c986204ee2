"""What is known of a script that reads ``sys.argv``, before anything of its rewrite is decided."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ArgvUses, Use
from pymodernize_codemods.argparse_skeleton.arity import Arity, arity_of
from pymodernize_codemods.argparse_skeleton.catching import EXIT_ERRORS, is_rescued
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits, early_exits_of
from pymodernize_codemods.argparse_skeleton.interpreter import NOTHING, Flow
from pymodernize_codemods.argparse_skeleton.options import ComparedOption
from pymodernize_codemods.argparse_skeleton.raw_checks import without_raw_checks
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.skeleton_options import SkeletonOptions
from pymodernize_codemods.argparse_skeleton.usage import Usage, read_usage

_Kind = TypeVar("_Kind", bound=Use)


@dataclass(frozen=True)
class Analysis:
    """What is known; every step of the rewrite reads it, and none changes it.

    Attributes:
        module: the module.
        argv: what it does with its arguments.
        settings: the codemod's.
        early_exits: where the script ends.
        usage: what the script says of itself.
        options: the options that it looks for, but those that argparse's own help does.
        arity: how many arguments there may be.
        flow: with which of these numbers each place is reached.
    """

    module: Module
    argv: ArgvUses
    settings: SkeletonOptions
    early_exits: EarlyExits
    usage: Usage
    options: tuple[ComparedOption, ...]
    arity: Arity
    flow: Flow

    def alive(self, kind: type[_Kind]) -> list[_Kind]:
        """The uses of a kind that a run with a number of arguments that fits can come to, in document order."""
        found = [use for use in self.argv.uses.values() if isinstance(use, kind) and self.flow.reads.get(use.node)]
        return sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset))

    def reads(self, without: Collection[ast.AST] = ()) -> dict[int, list[ast.expr]]:
        """The reads of each argument by its number.

        Args:
            without: nodes that do not count.
        """
        found: dict[int, list[ast.expr]] = {}
        for use in self.alive(ArgumentRead):
            if use.node not in without and use.place >= 0:
                found.setdefault(use.place, []).append(use.node)
        return found

    def argument(self, value: ast.expr) -> ArgumentRead | None:
        """The argument that an expression is, None if it is anything else or stays as it is."""
        use = self.argv.uses.get(value)
        return use if isinstance(use, ArgumentRead) and not use.kept else None

    def verdict(self, test: ast.expr, known: Mapping[ast.expr, bool]) -> bool | None:
        """Whether a test always holds, or never, with a number of arguments that fits.

        Args:
            test: the test.
            known: what comparisons of arguments with words come to.
        """
        if isinstance(test, ast.BoolOp):
            found = [self.verdict(value, known) for value in test.values]
            stops = isinstance(test.op, ast.Or)
            if stops in found:
                return stops
            return (not stops) if all(item is (not stops) for item in found) else None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.verdict(test.operand, known)
            return None if inner is None else not inner
        if test in known:
            return known[test]
        yes, no = self.flow.tests.get(test, (NOTHING, NOTHING))
        return None if bool(yes) == bool(no) else bool(yes)


def analyse(module: Module, argv: ArgvUses, settings: SkeletonOptions) -> Analysis:
    """Find out all that the rewrite needs to know.

    Args:
        module: the module.
        argv: what it does with its arguments.
        settings: the codemod's.

    Raises:
        NotPlain: argparse cannot say it.
    """
    if is_rescued(module, argv.frame, EXIT_ERRORS):
        raise NotPlain("what calls the function catches SystemExit, and would go on after argparse's", argv.here)
    early_exits = early_exits_of(module, argv.frame)
    options = tuple(option for option in _looked_for(argv) if not option.is_shown_help)
    counted = without_raw_checks(module, argv, options, early_exits)
    arity, flow = arity_of(module, counted, early_exits)
    return Analysis(module, counted, settings, early_exits, read_usage(module), options, arity, flow)


def _looked_for(argv: ArgvUses) -> Iterator[ComparedOption]:
    for loop in argv.loops:
        yield from loop.options
    yield from (item.option for item in argv.memberships)


def has_effect(module: Module, call: ast.Call) -> bool:
    """Whether a call may do more than to give a value."""
    name = module.qualified_name(call.func) or ""
    return not (name.startswith(("os.path.", "builtins.")) or isinstance(call.func, ast.Attribute) and not name)
