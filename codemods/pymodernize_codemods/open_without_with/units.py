"""Which files are opened by one ``with`` statement, and how far it goes where lifetimes overlap."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods.open_without_with.following import Left
from pymodernize_codemods.open_without_with.lifetimes import Lifetime
from pymodernize_codemods.open_without_with.meanwhile import is_quiet, removes


@dataclass(frozen=True, eq=False)
class Unit:
    """Files that one ``with`` statement opens.

    Attributes:
        files: their lifetimes, all with the same end.
    """

    files: tuple[Lifetime, ...]

    @property
    def statements(self) -> list[ast.stmt]:
        """What becomes the ``with`` statement: what opens the files, and what uses them."""
        return self.files[0].block[self.files[0].first : self.files[0].last + 1]


def units(module: Module, files: Sequence[Lifetime]) -> tuple[list[Unit], dict[Lifetime, Reason]]:
    """Put lifetimes of one block together.

    Args:
        module: the module.
        files: the lifetimes, in the order of the block; ends change where one has to enclose another.

    Returns:
        The units, and for each file that cannot be closed where it would have to be the reason.
    """
    left: dict[Lifetime, Reason] = {}
    rest = [item for item in files if not _crosses(module, item, files, left)]
    found: list[list[Lifetime]] = []
    for item in rest:
        if found and _joins(module, found[-1], item):
            found[-1].append(item)
        else:
            found.append([item])
    return [Unit(tuple(group)) for group in found], left


def _crosses(module: Module, item: Lifetime, files: Sequence[Lifetime], left: dict[Lifetime, Reason]) -> bool:
    """Whether a lifetime begins in another one and ends behind it, which the other one cannot be made to enclose."""
    if item in left:
        return True
    for other in _inside(item, files):
        if other.last > item.last and other not in left:
            try:
                _check_order(item, other)
                _extend(module, item, other.last, files)
            except Left as exc:
                left[item] = left[other] = exc.reason
                return True
    return False


def _inside(item: Lifetime, files: Sequence[Lifetime]) -> list[Lifetime]:
    """The lifetimes that begin in another one, also as it grows."""
    found = []
    last = item.last
    for other in files:
        if item.first < other.first <= last:
            found.append(other)
            last = max(last, other.last)
    return found


def _extend(module: Module, item: Lifetime, last: int, files: Sequence[Lifetime]) -> None:
    """Close a file later.

    Raises:
        Left: something might see that.
    """
    closes = {statement for other in files for statement in other.closes}
    meanwhile = [statement for statement in item.block[item.last + 1 : last + 1] if statement not in closes]
    names = frozenset(other.name for other in files if other.name)
    harmless = not removes(module, meanwhile) if item.opened.is_read else is_quiet(module, meanwhile, names)
    if item.final is not None or not harmless:
        line = item.opened.call.lineno
        raise Left("crossing", f"the file of line {line} would be closed later than it is")
    item.last = last


def _joins(module: Module, group: list[Lifetime], item: Lifetime) -> bool:
    """Whether a file may be opened by the same ``with`` statement as those that are opened right before it."""
    before = group[-1]
    if not before.name or not item.name or before.final is not None or item.final is not None:
        return False
    if item.first != before.first + 1 or item.last > before.last:
        return False
    try:
        for other in group:
            _check_order(other, item)
        if item.last < before.last:
            _extend(module, item, before.last, [*group, item])
    except Left:
        return False
    return True


def _check_order(first: Lifetime, second: Lifetime) -> None:
    """See that it makes no difference which of two files is written out first: the second one is closed first now.

    Raises:
        Left: they are the same file.
    """
    if first.opened.is_read or second.opened.is_read:
        return
    paths = [item.opened.path for item in (first, second)]
    if None in paths or paths[0] is not None and paths[1] is not None and ast.dump(paths[0]) == ast.dump(paths[1]):
        raise Left("crossing", f"the file of line {first.opened.call.lineno} may be written twice at a time")
    if not all(isinstance(path, ast.Constant) for path in paths):
        first.is_alone = second.is_alone = False
