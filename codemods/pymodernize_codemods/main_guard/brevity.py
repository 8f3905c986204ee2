"""What needs no main: work so short, or of so little consequence, that one would only be a frame around it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.brevity import exits, gives_number, is_lean, without_openings
from pymodernize_codemods._script.entry import main_call
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods._script.statements import DEFINITIONS, does_work

_FEW = 4
"""So many calls read well under a guard."""
_STEPS = 2
"""So often work follows a definition and is followed by another, and the file is read from top to bottom."""


def is_short_guard(module: Module, guard: ast.If) -> bool:
    """Whether the only guard of a file may stay as it is: nothing in it ends the script with a failure.

    Whoever imports the file is spared its work already, so that a main would be one more name for it.

    Args:
        module: a script that works nowhere else.
        guard: its guard.
    """
    others = any(is_guard(item) for item in module.tree.body if item is not guard)
    if guard.orelse or others or not is_lean(module):
        return False
    call = main_call(module, guard.body[-1])
    if call is not None:
        return always_succeeds(module, call)
    return not any(gives_number(module, exit_) for exit_ in exits(module, guard))


def is_plain_call(module: Module, moved: Iterable[ast.stmt]) -> bool:
    """Whether work that stands at the top level is a few calls of the script's own functions, and what it says.

    Args:
        module: a script without a guard.
        moved: the statements that are its work.
    """
    if not is_lean(module):
        return False
    work = list(without_openings(module, moved))
    if not 0 < len(work) <= _FEW or not all(_is_own_call(module, item) for item in work):
        return False
    call = main_call(module, work[-1])
    if call is not None and not always_succeeds(module, call):
        return False
    return not any(exit_ for item in work for exit_ in exits(module, item))


def goes_step_by_step(module: Module, moved: Collection[ast.stmt]) -> bool:
    """Whether a file defines something, tries it out, and goes on to the next, more than once.

    In main the trials would stand together, far from what they show.

    Args:
        module: a script without a guard.
        moved: the statements that are its work.
    """
    steps, is_defined, is_tried = 0, False, False
    for statement in module.tree.body:
        if isinstance(statement, DEFINITIONS):
            steps += is_tried
            is_defined, is_tried = True, False
        elif is_defined and statement in moved:
            is_tried = is_tried or does_work(statement)
    return steps >= _STEPS


def always_succeeds(module: Module, call: ast.Call) -> bool:
    """Whether a function gives the status 0 if it comes back: it returns no value, and ends the script with no number.

    Args:
        module: the module.
        call: of the function; what it returns is dropped.
    """
    function = module.local_function(call.func)
    if not isinstance(function, ast.FunctionDef) or isinstance(module.parent(call), ast.Call):
        return False
    returned = [item.value for item in returns_of(function) if isinstance(item, ast.Return) and item.value is not None]
    if any(not isinstance(value, ast.Constant) or value.value is not None for value in returned):
        return False
    own = (exit_ for exit_ in exits(module, function) if module.function(exit_) is function)
    return not any(gives_number(module, exit_) for exit_ in own)


def needs_no_status(module: Module, moved: Iterable[ast.stmt]) -> bool:
    """Whether a main of some statements would give the status 0 if it comes back, and is given no other to return.

    Args:
        module: a script.
        moved: the statements that are its work.
    """
    found = (exit_ for item in moved for exit_ in exits(module, item))
    return is_lean(module) and not any(gives_number(module, exit_) for exit_ in found)


def _is_own_call(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement only calls a function or class of this file, or says something, and binds no name."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or any(isinstance(node, ast.NamedExpr) for node in ast.walk(call)):
        return False
    return is_said(module, call) or _is_own(module, call.func)


def _is_own(module: Module, func: ast.expr) -> bool:
    """Whether what is called is defined in this file: a function, a class, a method of a new object of one."""
    while isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call):
        func = func.value.func
    return module.local_function(func) is not None or module.local_class(func) is not None
