"""How code reads what argparse gives: the variable of the namespace, and its attributes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgvUses
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

_NAMES = ("args", "arguments", "options", "namespace")


@dataclass(frozen=True)
class Namespace:
    """The namespace of one command line.

    Attributes:
        argv: what the script does with its arguments.
        variable: what holds the namespace.
        names: of the positional arguments, by their number.
        rest: the number of the first argument that belongs to a list, None if there is no list.
    """

    argv: ArgvUses
    variable: str
    names: Mapping[int, str]
    rest: int | None

    def attribute(self, name: str) -> str:
        """The source that reads an attribute."""
        return f"{self.variable}.{name}"

    def argument(self, place: int) -> str:
        """The source that reads one argument, or the program's name."""
        if place < 0:
            return f"{self._sys}.argv[0]"
        if self.rest is not None and place >= self.rest:
            return f"{self.attribute(self.names[self.rest])}[{place - self.rest}]"
        return self.attribute(self.names[place])

    def arguments(self, place: int) -> str:
        """The source that reads all arguments from some place on."""
        if self.rest is None:
            raise NotPlain("a list of arguments is asked for where there is none", self.argv.here)
        name = self.attribute(self.names[self.rest])
        return name if place == self.rest else f"{name}[{place - self.rest}:]"

    @property
    def _sys(self) -> str:
        """How the module names ``sys``."""
        found = self.argv.module.names.imported.get("sys", ())
        if not found:
            raise NotPlain("the program's name is asked for by another name", self.argv.here)
        return found[0][0]


def free_variable(module: Module, argv: ArgvUses) -> str:
    """A name for the variable that holds the namespace.

    Args:
        module: the module.
        argv: what it does with its arguments.

    Raises:
        NotPlain: there is none.
    """
    frame = argv.frame or module.tree
    going = {_bound(item) for item in argv.aliases}
    leaving = {*argv.aliases, *(loop.statement for loop in argv.loops)}
    name = module.fresh.local_name(
        _NAMES,
        "namespace",
        bound=frame.body[0],
        inside=frame,
        reads=(),
        goes=lambda item: item.name in going and module.statement(item.node) in leaving,
    )
    if name is None:
        raise NotPlain("every name for the namespace is taken", argv.here)
    return name


def _bound(statement: ast.stmt) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""
