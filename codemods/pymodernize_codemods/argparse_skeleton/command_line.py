"""What a script does with its command line: one use at each place, all in one frame.

Arguments are counted from 0, as a person counts them: ``sys.argv[1]`` is
argument 0, the program's name is argument -1.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.loops import Loop
from pymodernize_codemods.argparse_skeleton.membership import Membership

PROGRAM = -1


class Kind(Enum):
    """What is done with the command line at one place."""

    ITEM = "item"
    """One argument is read."""
    LENGTH = "length"
    """The arguments are counted."""
    TRUTH = "truth"
    """It is asked whether there are any."""
    REST = "rest"
    """All arguments from some place on are used as a list."""
    UNPACK = "unpack"
    """As many arguments as there are names are read."""
    FLAG = "flag"
    """It is asked whether an option is among them."""


@dataclass(frozen=True, eq=False)
class Use:
    """One place that uses the command line.

    Attributes:
        kind: what is done.
        node: the expression, from the vector to what is taken from it.
        place: of an item the argument's number; else where the vector starts.
        kept: whether the expression stays as it is: it is about a variable
            that goes on holding the arguments.
        count: of an unpacking, how many arguments it takes.
        exact: whether there may not be more.
        raw: whether options are still among the arguments here.
        added: of a variable that holds their number, what was added to it.
    """

    kind: Kind
    node: ast.expr
    place: int
    kept: bool = False
    count: int = 0
    exact: bool = False
    raw: bool = False
    added: int = 0


@dataclass
class CommandLine:
    """All that a script does with its command line, in one frame.

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
        calls: of the frame, if it has such a parameter.
        checks: that there is any argument, options among them.
        first: the first place that has to do with it.
    """

    module: Module
    frame: ast.FunctionDef | None = None
    uses: dict[ast.expr, Use] = field(default_factory=dict)
    aliases: list[ast.stmt] = field(default_factory=list)
    kept: dict[ast.expr, str] = field(default_factory=dict)
    loops: list[Loop] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    parameter: ast.arg | None = None
    offset: int = PROGRAM
    calls: list[ast.Call] = field(default_factory=list)
    checks: list[ast.If] = field(default_factory=list)
    first: ast.AST | None = None

    def nodes(self) -> list[ast.AST]:
        """Everything that has to do with the command line."""
        return [
            *self.uses,
            *self.aliases,
            *self.kept,
            *(loop.statement for loop in self.loops),
            *(item.statement for item in self.memberships),
        ]


def is_truth(module: Module, node: ast.expr) -> bool:
    """Whether only the truth of an expression is asked for."""
    parent = module.parent(node)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
        return parent.test is node
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    return isinstance(parent, ast.BoolOp) and is_truth(module, parent)
