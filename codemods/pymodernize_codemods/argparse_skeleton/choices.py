"""The words that an argument must be one of: interpreted with any other word, the script fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ArgvUses, Unpacking
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.interpreter import NOTHING, Interpreter, State
from pymodernize_codemods.argparse_skeleton.options import HELP

_WORD = re.compile(r"\w[\w.+:-]*")


class _Otherwise(Interpreter):
    """One way through the frame, on which an argument is none of the words that it is compared with.

    Args:
        outcomes: of each such comparison, what it comes to then.
    """

    def __init__(self, module: Module, argv: ArgvUses, early_exits: EarlyExits, outcomes: dict[ast.expr, bool]) -> None:
        super().__init__(module, argv, early_exits)
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


def choices_by_place(analysis: Analysis, types: Mapping[int, str]) -> dict[int, Choices]:
    """The words that arguments must be one of, by the argument's number.

    Args:
        analysis: what is known of the script.
        types: what argparse converts, by the argument's number.
    """
    always = range(min(analysis.arity.singles, analysis.arity.least))
    found = {place: choices_of(analysis, place) for place in always if not types.get(place)}
    return {place: choices for place, choices in found.items() if choices is not None}


def choices_of(analysis: Analysis, place: int) -> Choices | None:
    """The words with which alone a script can succeed.

    Args:
        analysis: what is known of the script.
        place: the number of an argument that is always there.

    Returns:
        None if others are taken, too, or if that is not certain.
    """
    module, argv = analysis.module, analysis.argv
    words: dict[str, None] = {}
    compared: dict[ast.expr, list[str]] = {}
    outcomes: dict[ast.expr, bool] = {}
    for read in _reads(module, argv, place):
        compare = module.parent(read)
        found = _compared(compare, read) if isinstance(compare, ast.Compare) else None
        if found is not None and isinstance(compare, ast.Compare):
            words |= dict.fromkeys(found)
            compared[compare] = found
            outcomes[compare] = isinstance(compare.ops[0], (ast.NotEq, ast.NotIn))
    known = tuple(word for word in words if word not in HELP)
    if len(known) < 2 or not all(_WORD.fullmatch(word) for word in known) or _is_caught_above(module, argv):
        return None
    if _Otherwise(module, argv, analysis.early_exits, outcomes).run(analysis.arity.states).succeeded:
        return None
    checks = {test: not outcomes[test] for test, found in compared.items() if set(known) <= set(found)}
    return Choices(known, checks)


def _reads(module: Module, argv: ArgvUses, place: int) -> Iterator[ast.expr]:
    """The expressions that stand for an argument: its reads, and those of a variable that never holds anything else."""
    for use in argv.uses.values():
        target: ast.expr | None = None
        if isinstance(use, ArgumentRead) and use.place == place:
            yield use.node
            target = _target(module, use.node)
        elif isinstance(use, Unpacking) and use.place <= place < use.end:
            target = use.targets[place - use.place]
        found = module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
        if found is not None and len(found[1]) == 1:
            yield from (read for read in module.uses(found[1][0]) if module.function(read) is argv.frame)


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


def _is_caught_above(module: Module, argv: ArgvUses) -> bool:
    """Whether what ends the frame with an error may be taken for success by those that call it."""
    if argv.frame is None:
        return False
    calls = module.every_call(argv.frame)
    if not calls or any(module.function(call) is not None for call in calls):
        return True
    around = [item for call in calls for item in module.ancestors(call)]
    return any(isinstance(item, (ast.Try, ast.With)) for item in around)
