"""What a script does with its command line: one use at each place, all in one function.

Arguments are counted from 0, as a person counts them: ``sys.argv[1]`` is
argument 0, the program's name is argument -1.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.loops import OptionLoop
from pymodernize_codemods.argparse_skeleton.membership import Membership

PROGRAM = -1


@dataclass(frozen=True, eq=False)
class Use:
    """One place that uses the command line.

    Attributes:
        node: the expression, from the vector to what is taken from it.
        place: of an argument its number; else where the vector starts.
        kept: whether the expression stays as it is: it is about a variable
            that goes on holding the arguments.
        raw: whether options are still among the arguments here.
    """

    node: ast.expr
    place: int
    kept: bool = field(default=False, kw_only=True)
    raw: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, eq=False)
class ArgumentRead(Use):
    """One argument is read."""

    def fits(self, number: int) -> bool:
        """Whether that does not raise with a number of arguments."""
        return number > self.place


@dataclass(frozen=True, eq=False)
class CountRead(Use):
    """The arguments are counted.

    Attributes:
        added: of a variable that holds their number, what was added to it.
    """

    added: int = 0


@dataclass(frozen=True, eq=False)
class EmptyTest(Use):
    """It is asked whether there are any."""


@dataclass(frozen=True, eq=False)
class ListRead(Use):
    """All arguments from some place on are used as a list."""


@dataclass(frozen=True, eq=False)
class Unpacking(Use):
    """As many arguments as there are names are read.

    Attributes:
        statement: the assignment.
        targets: what it assigns them to.
        exact: whether there may not be more.
    """

    statement: ast.Assign
    targets: list[ast.expr]
    exact: bool

    @property
    def end(self) -> int:
        """The number of the first argument that it does not take."""
        return self.place + len(self.targets)

    def fits(self, number: int) -> bool:
        """Whether it does not raise with a number of arguments."""
        return number == self.end or not self.exact and number > self.end


@dataclass(frozen=True, eq=False)
class OptionTest(Use):
    """It is asked whether an option is among them.

    Attributes:
        option: its spelling.
        wanted: whether the expression holds if it is.
    """

    option: str
    wanted: bool


@dataclass
class ArgvUses:
    """All that a script does with its command line, in one function.

    Attributes:
        frame: the function that reads it, None for the module's own code.
        uses: by the expression.
        aliases: assignments that go, because nothing reads their name any more.
        kept: assignments whose variable goes on holding a list of arguments,
            by the expression that is assigned.
        loops: loops that look for options.
        memberships: statements that look for one option.
        parameter: the parameter by which the frame gets the vector.
        offset: the number of the first argument that the parameter holds.
        checks: that there is any argument, options among them.
        first: the first place that has to do with it.
    """

    module: Module
    frame: ast.FunctionDef | None = None
    uses: dict[ast.expr, Use] = field(default_factory=dict)
    aliases: list[ast.stmt] = field(default_factory=list)
    kept: dict[ast.expr, str] = field(default_factory=dict)
    loops: list[OptionLoop] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    parameter: ast.arg | None = None
    offset: int = PROGRAM
    checks: list[ast.If] = field(default_factory=list)
    first: ast.expr | ast.stmt | None = None

    def nodes(self) -> list[ast.expr | ast.stmt]:
        """Everything that has to do with the command line."""
        return [
            *self.uses,
            *self.aliases,
            *self.kept,
            *(loop.statement for loop in self.loops),
            *(item.statement for item in self.memberships),
        ]

    @property
    def here(self) -> ast.expr | ast.stmt:
        """Where a person is shown what is wrong with all of it."""
        return self.first or self.module.tree.body[0]


def is_truth(module: Module, node: ast.expr) -> bool:
    """Whether only the truth of an expression is asked for."""
    parent = module.parent(node)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
        return parent.test is node
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    return isinstance(parent, ast.BoolOp) and is_truth(module, parent)
