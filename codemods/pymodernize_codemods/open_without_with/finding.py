"""Which files are opened without a ``with`` statement, and what is done about each."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding
from pymodernize.semantics.module import Module
from pymodernize_codemods.open_without_with.connections import connections
from pymodernize_codemods.open_without_with.expressions import Expression, of_expression
from pymodernize_codemods.open_without_with.following import Left
from pymodernize_codemods.open_without_with.lifetimes import Lifetime, of_variable
from pymodernize_codemods.open_without_with.meanwhile import is_quiet
from pymodernize_codemods.open_without_with.openers import Opened, opened
from pymodernize_codemods.open_without_with.rewrites import Made, around_expression, around_unit
from pymodernize_codemods.open_without_with.same_time import is_plain, is_plain_expression
from pymodernize_codemods.open_without_with.units import units

_MESSAGE = "a file is opened without a with statement"
_MANAGED = frozenset({"contextlib.closing", "contextlib.suppress"})
_FUNCTIONS = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)


def findings(codemod: Codemod, module: Module, most: int) -> Iterator[Finding]:
    """Every file that is opened without a ``with`` statement.

    Args:
        codemod: in whose name.
        module: the module.
        most: the most lines that may move to the right for one.
    """
    named: dict[int, list[Lifetime]] = {}
    for item in opened(module):
        if _is_managed(module, item.call):
            continue
        try:
            found = _lifetime(module, item)
            if isinstance(found, Lifetime):
                named.setdefault(id(found.block), []).append(found)
            else:
                made = around_expression(module, found, most)
                yield _finding(codemod, module, item, made, plain=is_plain_expression(module, found))
        except Left as exc:
            yield codemod.finding(module, item.call, _MESSAGE, reason=exc.reason)
    for files in named.values():
        together, left = units(module, sorted(files, key=lambda item: item.first))
        for unit in together:
            try:
                rewrite = around_unit(module, unit, most)
            except Left as exc:
                left.update(dict.fromkeys(unit.files, exc.reason))
            else:
                for lifetime in unit.files:
                    yield _finding(codemod, module, lifetime.opened, rewrite, plain=is_plain(module, unit))
        for lifetime, reason in left.items():
            yield codemod.finding(module, lifetime.opened.call, _MESSAGE, reason=reason)
    yield from connections(codemod, module, most)


def _finding(codemod: Codemod, module: Module, item: Opened, made: Made, *, plain: bool) -> Finding:
    message = f"{_MESSAGE}; a comment about closing it goes" if made.rewrite.drops_comments else _MESSAGE
    assumed = made.assumptions if plain else {*made.assumptions, CHANGES_BEHAVIOUR.name}
    reason = "" if plain else "it is closed at another time than before, which other code may see"
    return codemod.finding(module, item.call, message, made.rewrite, assumptions=assumed, reason=reason)


def _is_managed(module: Module, call: ast.Call) -> bool:
    """Whether something else sees to it that the file is closed, at once or at an end."""
    parent = module.parent(call)
    if isinstance(parent, ast.withitem):
        return True
    if isinstance(parent, ast.Call):
        entered = isinstance(parent.func, ast.Attribute) and parent.func.attr in {"enter_context", "callback"}
        return entered or module.library_name(parent.func) in _MANAGED
    if isinstance(parent, ast.Attribute):
        return parent.attr == "close"
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        found = module.scope(parent).lookup(parent.targets[0].id)
        reads = module.uses(found[1][0]) if found is not None else []
        return any(isinstance(module.parent(read), ast.withitem) for read in reads)
    return False


def _lifetime(module: Module, item: Opened) -> Lifetime | Expression:
    """How long a file is needed.

    Raises:
        Left: that cannot be told, or is no matter of a block.
    """
    statement = module.statement(item.call)
    if isinstance(statement, ast.Assign) and module.parent(item.call) is statement:
        if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
            raise Left("stored", "it is kept elsewhere")
        found = of_variable(module, item, statement, statement.targets[0])
        _close_in_time(module, found)
        return found
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        raise Left("stored", "it is kept as a default")
    for around in module.ancestors(item.call):
        if around is statement:
            break
        if isinstance(around, _FUNCTIONS):
            raise Left("returned", "a function gives it to its caller")
    return of_expression(module, item, statement)


def _close_in_time(module: Module, found: Lifetime) -> None:
    """Let what is written be seen no earlier than it was, if somebody might look."""
    ends = [number for number, item in enumerate(found.block) if item in found.closes]
    if found.opened.is_read or not found.is_closed or not ends:
        return
    if not is_quiet(module, found.block[found.last + 1 : min(ends)]):
        found.last = min(ends) - 1
