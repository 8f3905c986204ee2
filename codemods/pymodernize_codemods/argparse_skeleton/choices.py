"""The words that an argument must be one of: interpreted with any other word, the script fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.arity import NOTHING, Interpreter, State
from pymodernize_codemods.argparse_skeleton.command_line import CommandLine, Kind
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.options import HELP

_WORD = re.compile(r"\w[\w.+:-]*")


class _Otherwise(Interpreter):
    """One way through the frame, on which an argument is none of the words that it is compared with.

    Args:
        outcomes: of each such comparison, what it comes to then.
    """

    def __init__(
        self, module: Module, line: CommandLine, early_exits: EarlyExits, outcomes: dict[ast.expr, bool]
    ) -> None:
        super().__init__(module, line, early_exits)
        self.outcomes = outcomes

    def test(self, test: ast.expr, state: State) -> tuple[State, State]:
        outcome = self.outcomes.get(test)
        if outcome is None:
            return super().test(test, state)
        after = self.expression(test, state)
        return (after, NOTHING) if outcome else (NOTHING, after)


@dataclass(frozen=True)
class Choices:
    """The words that an argument must be one of.

    Attributes:
        words: in the order of the text.
        checks: comparisons with all of them, and what each comes to.
    """

    words: tuple[str, ...]
    checks: dict[ast.expr, bool]


def choices_of(module: Module, line: CommandLine, early_exits: EarlyExits, place: int, states: State) -> Choices | None:
    """The words with which alone a script can succeed.

    Args:
        module: the module.
        line: its command line.
        early_exits: where its frame ends.
        place: the number of an argument that is always there.
        states: the numbers of arguments that fit.

    Returns:
        None if others are taken, too, or if that is not certain.
    """
    words: dict[str, None] = {}
    compared: dict[ast.expr, list[str]] = {}
    outcomes: dict[ast.expr, bool] = {}
    for read in _reads(module, line, place):
        compare = module.parent(read)
        found = _compared(compare, read) if isinstance(compare, ast.Compare) else None
        if found is not None and isinstance(compare, ast.Compare):
            words |= dict.fromkeys(found)
            compared[compare] = found
            outcomes[compare] = isinstance(compare.ops[0], (ast.NotEq, ast.NotIn))
    known = tuple(word for word in words if word not in HELP)
    if len(known) < 2 or not all(_WORD.fullmatch(word) for word in known) or _is_caught_above(module, line):
        return None
    if _Otherwise(module, line, early_exits, outcomes).run(states).succeeded:
        return None
    checks = {test: not outcomes[test] for test, found in compared.items() if set(known) <= set(found)}
    return Choices(known, checks)


def _reads(module: Module, line: CommandLine, place: int) -> Iterator[ast.expr]:
    """The expressions that stand for an argument: its reads, and those of a variable that never holds anything else."""
    for use in line.uses.values():
        parent = module.parent(use.node)
        target: ast.expr | None = None
        if use.kind is Kind.ITEM and use.place == place:
            yield use.node
            target = _target(module, use.node)
        elif use.kind is Kind.UNPACK and use.place <= place < use.place + use.count and isinstance(parent, ast.Assign):
            targets = parent.targets[0]
            target = targets.elts[place - use.place] if isinstance(targets, (ast.Tuple, ast.List)) else None
        found = module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
        if found is not None and len(found[1]) == 1:
            yield from (read for read in module.uses(found[1][0]) if module.function(read) is line.frame)


def _target(module: Module, read: ast.expr) -> ast.expr | None:
    """What a value is assigned to, alone or as one of several."""
    parent = module.parent(read)
    around = module.parent(parent) if isinstance(parent, ast.Tuple) else None
    match around or parent:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if read in values:
            return targets[values.index(read)] if len(targets) == len(values) else None
        case ast.Assign(targets=[target], value=value) if value is read:
            return target
    return None


def _compared(test: ast.Compare, read: ast.expr) -> list[str] | None:
    """The texts that a comparison has an argument with, None for another comparison."""
    if len(test.ops) != 1:
        return None
    other = test.comparators[0] if test.left is read else test.left
    match test.ops[0]:
        case ast.Eq() | ast.NotEq():
            items = [other]
        case ast.In() | ast.NotIn() if test.left is read and isinstance(other, (ast.Tuple, ast.List, ast.Set)):
            items = other.elts
        case _:
            return None
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return texts if len(texts) == len(items) else None


def _is_caught_above(module: Module, line: CommandLine) -> bool:
    """Whether what ends the frame with an error may be taken for success by those that call it."""
    if line.frame is None:
        return False
    calls = module.every_call(line.frame)
    if not calls or any(module.function(call) is not None for call in calls):
        return True
    around = [item for call in calls for item in module.ancestors(call)]
    return any(isinstance(item, (ast.Try, ast.With)) for item in around)
