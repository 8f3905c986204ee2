"""From which statement to which an open file is needed, and where it is closed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from pymodernize.semantics.certain_bindings import last_binding
from pymodernize.semantics.completion import Completion
from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, Scope, ScopeKind
from pymodernize_codemods.open_without_with.following import Following, Left
from pymodernize_codemods.open_without_with.meanwhile import is_quiet
from pymodernize_codemods.open_without_with.openers import Opened

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(eq=False)
class Lifetime:
    """The statements of one block during which a file is open.

    Attributes:
        opened: the call.
        block: the statements.
        first: the number of the statement that opens it.
        last: that of the last statement that needs it.
        name: the variable that it is assigned to, empty if there is none.
        closes: the statements that close it, or look as if they did, and go.
        is_closed: whether the last of them really does.
        final: the ``try`` in whose ``finally`` it is closed.
        is_alone: whether it is certain that no other file that is written at the same time is the same one.
    """

    opened: Opened
    block: list[ast.stmt]
    first: int
    last: int
    name: str = ""
    closes: list[ast.stmt] = field(default_factory=list)
    is_closed: bool = False
    final: ast.Try | None = None
    is_alone: bool = True

    @property
    def inside(self) -> list[ast.stmt]:
        """The statements that need the file open, without the one that opens it."""
        return self.block[self.first + 1 : self.last + 1]


class Region:
    """The statements of a block in which a variable has the value that one of them has given it.

    Args:
        module: the module.
        statement: the one that gives it.

    Raises:
        Left: it is given in a class.
    """

    def __init__(self, module: Module, statement: ast.stmt) -> None:
        self.module = module
        self.block, self.first = module.place(statement)
        self.numbers = {item: number for number, item in enumerate(self.block)}
        self.function = module.function(statement)
        self.end = len(self.block)
        if module.scope(statement).kind is ScopeKind.CLASS:
            raise Left("stored", "it is kept in a class")

    def number(self, node: ast.AST) -> int | None:
        """The number of the statement of the block that a node is in; None if it is elsewhere."""
        if node in self.numbers:
            return self.numbers[node]  # type: ignore[index]
        return next((self.numbers[item] for item in self.module.ancestors(node) if item in self.numbers), None)  # type: ignore[index]

    def reads(self, target: ast.Name, *, whole: bool) -> list[ast.Name]:
        """The reads of a variable that see what one assignment gives it.

        Args:
            target: where it is assigned.
            whole: whether the assignment is that of the region itself.

        Raises:
            Left: some of them are not in the region.
        """
        owner, bindings = self._bindings(target)
        others = [self.number(item.node) for item in bindings if item.node is not target]
        own = [item for item in bindings if item.kind is not BindingKind.PARAMETER]
        if any(self.module.function(item.node) is not self.function for item in own):
            raise Left("shared", f"functions bind {target.id}, too")
        if whole:
            later = [number for number in others if number is not None and number > self.first]
            self.end = min([*later, len(self.block)])
        elif any(number is not None and self.first < number < self.end for number in others):
            raise Left("rebound", f"{target.id} is bound more than once meanwhile")
        nodes = [item.node for item in bindings]
        found = []
        for read in self.module.uses(bindings[0]):
            number = self.number(read)
            if number is not None and self.first <= number < self.end and (number > self.first or not whole):
                found.append(read)
            elif last_binding(self.module, read, owner, nodes) in {None, target}:
                self._refuse(target, read)
        return found

    def _bindings(self, target: ast.Name) -> tuple[Scope, list]:
        found = self.module.scope(target).lookup(target.id)
        assert found is not None  # noqa: S101 - it is bound here
        if found[0].kind is ScopeKind.MODULE and self.function is not None:
            raise Left("shared", f"{target.id} is a global variable")
        return found

    def _refuse(self, target: ast.Name, read: ast.Name) -> None:
        if self.module.function(read) is not self.function:
            raise Left("shared", f"a function reads {target.id} in line {read.lineno}")
        try_ = self.module.parent(self.module.statement(target))
        if isinstance(try_, TRIES) and self.block is try_.body and self.first == len(self.block) - 1:
            raise Left("caught-open", "its failure is handled apart from what is done with the file")
        if self.number(read) is None:
            raise Left("conditional", f"line {read.lineno} uses it outside of the block in which it is opened")
        raise Left("used-later", f"line {read.lineno} uses {target.id} where it may be another")


def of_variable(module: Module, opened: Opened, statement: ast.Assign, target: ast.Name) -> Lifetime:
    """The lifetime of a file that is assigned to a variable.

    Args:
        module: the module.
        opened: the call that opens it.
        statement: the assignment.
        target: the variable.

    Raises:
        Left: it cannot be told.
    """
    region = Region(module, statement)
    reads = region.reads(target, whole=True)
    following = Following(module, opened.opener, region.function, lambda further: region.reads(further, whole=False))
    closing = [read for read in reads if _closing(module, read) is not None]
    for read in reads:
        following.follow(read)
    found = Lifetime(opened, region.block, region.first, region.first, target.id)
    _place_closes(module, region, found, closing)
    skipped = {inner for item in found.closes for inner in ast.walk(item)}
    used = [region.number(node) for node in following.uses if node not in skipped]
    if not opened.is_read:  # what is written is seen no earlier than it was
        used += [region.number(item) for item in found.closes if item not in region.numbers]
    found.last = max([region.first, *(number for number in used if number is not None)])
    if found.last == region.first:
        raise Left("not-used", "nothing is read or written")
    ends = [region.numbers[item] for item in found.closes if item in region.numbers]
    ends += [region.numbers[found.final]] if found.final is not None else []
    if found.is_closed and ends and min(ends) < found.last:
        raise Left("used-later", f"it is used after line {found.block[min(ends)].lineno} has closed it")
    if found.final is not None:
        found.last = region.numbers[found.final]
    return found


# --- where it is closed ----------------------------------------------------------------------------------------


def _closing(module: Module, read: ast.Name) -> ast.Expr | None:
    """The statement ``file.close()``, or ``file.close``, that a read is in."""
    attribute = module.parent(read)
    if not isinstance(attribute, ast.Attribute) or attribute.attr != "close":
        return None
    call = module.parent(attribute)
    if isinstance(call, ast.Call) and not call.args and not call.keywords:
        statement = module.parent(call)
        return statement if isinstance(statement, ast.Expr) else None
    return call if isinstance(call, ast.Expr) else None


def _place_closes(module: Module, region: Region, found: Lifetime, closing: list[ast.Name]) -> None:
    """Find out which statements close the file, and that none of them is elsewhere than at an end."""
    for read in closing:
        statement = _closing(module, read)
        assert statement is not None  # noqa: S101 - only those were taken
        parent = module.parent(statement)
        if statement in region.numbers:
            found.is_closed |= isinstance(statement.value, ast.Call)
        elif isinstance(parent, TRIES) and statement in parent.finalbody and parent in region.numbers:
            if len(parent.finalbody) > 1 or not isinstance(parent, ast.Try):
                raise Left("finally", f"the finally of line {parent.lineno} does more than close it")
            if not isinstance(statement.value, ast.Call) or found.final is not None:
                raise Left("closed-elsewhere", f"line {statement.lineno} closes it in a part of the block")
            found.final, found.is_closed = parent, True
        elif not _ends_here(module, region, statement, is_read=found.opened.is_read):
            raise Left("closed-elsewhere", f"line {statement.lineno} closes it in a part of the block")
        found.closes.append(statement)
    if found.final is not None and any(item in region.numbers for item in found.closes):
        raise Left("closed-elsewhere", "it is closed in a finally and once more")


def _ends_here(module: Module, region: Region, statement: ast.stmt, *, is_read: bool) -> bool:
    """Whether control flow leaves the block behind a statement that closes the file, so that the ``with`` does it."""
    block, number = module.place(statement)
    rest = block[number + 1 :]
    if module.function(statement) is not region.function or not rest:
        return False
    found = module.completions.of(rest)
    if found & (Completion.NORMAL | Completion.RAISE):
        return False
    around = [item for item in module.ancestors(statement) if region.number(item) is not None]
    if found & (Completion.BREAK | Completion.CONTINUE) and any(isinstance(item, _LOOPS) for item in around):
        return False
    # What ends the process or raises may be caught, and the file be closed then.
    if any(isinstance(item, TRIES) and item.handlers for item in around) and found & Completion.EXIT:
        return False
    return is_read or is_quiet(module, rest)
