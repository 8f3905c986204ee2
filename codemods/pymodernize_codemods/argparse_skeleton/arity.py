"""How many arguments a script takes, and which of them belong to a list."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ArgvUses, ListRead, Unpacking
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.interpreter import NOTHING, Flow, Interpreter, State
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

_MOST = 12
"""A script that counts further than this has no positional arguments that can be named."""


@dataclass(frozen=True)
class Arity:
    """How many arguments there may be.

    Attributes:
        least: with fewer the script fails.
        most: with more it fails, or does not look at them; None if it takes any number.
        rest: the number of the first argument that belongs to a list, None if there is no list.
        exact: the number of arguments in the list, if there is but one.
        usage: whether fewer or more are answered with the usage, but with success.
        surplus: whether the script succeeds with more, which it does not look at.
        ignored: whether it does with more what it does with the most.
    """

    least: int
    most: int | None
    rest: int | None
    exact: int | None
    usage: bool
    states: State
    surplus: bool = False
    ignored: bool = False

    @property
    def singles(self) -> int:
        """How many arguments are not in the list."""
        return self.rest if self.rest is not None else self.most or 0

    def is_optional(self, place: int) -> bool:
        """Whether an argument may be missing."""
        return place >= self.least


def arity_of(module: Module, argv: ArgvUses, early_exits: EarlyExits) -> tuple[Arity, Flow]:
    """Find out how many arguments a script takes.

    Raises:
        NotPlain: argparse has no way to say it.
    """
    highest = _highest(argv)
    if highest > _MOST:
        raise NotPlain(f"more than {_MOST} arguments are told apart", argv.here)
    rests = [use.place for use in argv.uses.values() if isinstance(use, ListRead)]
    rest = min(rests) if rests else None
    top = max([highest, *(_compared(module)), rest or 0]) + 2
    flow = Interpreter(module, argv, early_exits).run(frozenset(range(top + 1)))
    numbers = sorted(flow.succeeded)
    here = argv.here
    if not numbers:
        raise NotPlain("there is no number of arguments with which the script certainly can succeed", here)
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise NotPlain("the numbers of arguments that it takes have gaps", here)
    least, most = numbers[0], numbers[-1] if numbers[-1] < top else None
    if rest is None:
        surplus = most is None
        most = max(highest, least) if most is None else most
        ignored = surplus and _is_uniform(flow, frozenset(range(most, top + 1)))
        found = Arity(least, most, None, None, bool(flow.usage), frozenset(range(least, most + 1)), surplus, ignored)
    else:
        found = _with_rest(least, most, rest, top, bool(flow.usage))
    return found, Interpreter(module, argv, early_exits).run(found.states)


def _is_uniform(flow: Flow, numbers: State) -> bool:
    """Whether the script goes the same way with each of some numbers of arguments."""
    tests = (state for both in flow.tests.values() for state in both)
    return all(
        state & numbers in (NOTHING, numbers) for state in (*flow.reached.values(), *flow.reads.values(), *tests)
    )


def _with_rest(least: int, most: int | None, rest: int, top: int, usage: bool) -> Arity:
    exact = least - rest if most == least and least > rest else None
    if exact is not None:
        return Arity(least, most, rest, exact, usage, frozenset({least}))
    least = min(least, rest + 1)
    return Arity(least, None, rest, None, usage, frozenset(range(least, top + 1)))


def _highest(argv: ArgvUses) -> int:
    """How many arguments are looked at one by one."""
    found = [0]
    for use in argv.uses.values():
        if isinstance(use, ArgumentRead):
            found.append(use.place + 1)
        elif isinstance(use, Unpacking):
            found.append(use.end)
    return max(found)


def _compared(module: Module) -> list[int]:
    """The small numbers of the script: those that arguments may be counted up to."""
    return [
        node.value for node in module.nodes(ast.Constant) if type(node.value) is int and 0 <= node.value <= _MOST + 2
    ]
