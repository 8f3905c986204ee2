"""What needs no main: work so short, or of so little consequence, that one would only be a frame around it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pymodernize.rewriting.frame import ends_on_signal, reads_command_line
from pymodernize.semantics.exit_status import ExitStatus, is_number, status_of_exit
from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._logging.configuration import is_exact_handler
from pymodernize_codemods._script.entry import main_call, sets_up
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods.main_guard.statements import DEFINITIONS, IMPORTS, inner_statements, is_text

_FEW = 4
"""So many statements read well under a guard."""
_SHORT = 8
"""So many, nested ones included, are a script that one takes in at a glance."""
_COMPOUND = (*DEFINITIONS, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_COMMAND_LINES = (
    "sys.argv",
    "argparse.ArgumentParser",
    "optparse.OptionParser",
    "getopt.getopt",
    "getopt.gnu_getopt",
)


def is_short_guard(module: Module, guard: ast.If) -> bool:
    """Whether the only guard of a file may stay as it is: it does a few plain things, or calls a main that cannot fail.

    Args:
        module: a script that works nowhere else.
        guard: its guard.
    """
    others = any(is_guard(item) for item in module.tree.body if item is not guard)
    if guard.orelse or others or not _is_lean(module):
        return False
    call = main_call(module, guard.body[-1])
    if call is not None:
        return always_succeeds(module, call)
    work = list(_without_openings(module, guard.body))
    plain = not any(isinstance(item, _COMPOUND) for item in work)
    return plain and len(work) <= _FEW and not any(_exits(module, guard))


def is_plain_call(module: Module, moved: Iterable[ast.stmt]) -> bool:
    """Whether work that stands at the top level is a few calls of the script's own functions, and what it says.

    Args:
        module: a script without a guard.
        moved: the statements that are its work.
    """
    if not _is_lean(module):
        return False
    work = list(_without_openings(module, moved))
    if not 0 < len(work) <= _FEW or not all(_is_own_call(module, item) for item in work):
        return False
    call = main_call(module, work[-1])
    if call is not None and not always_succeeds(module, call):
        return False
    return not any(exit_ for item in work for exit_ in _exits(module, item))


def is_short(module: Module, moved: Iterable[ast.stmt]) -> bool:
    """Whether a script defines nothing that others could import, and is short.

    One that takes arguments or ends with a status of its own is a command, however short.

    Args:
        module: a script without a guard.
        moved: the statements that are its work.
    """
    if not _is_lean(module) or any(module.names.naming(*_COMMAND_LINES)):
        return False
    if any(not _is_of_frame(module, item) for kind in DEFINITIONS for item in module.nodes(kind)):
        return False
    work = list(_without_openings(module, moved))
    if any(exit_ for item in work for exit_ in _exits(module, item)):
        return False
    return sum(1 + sum(1 for _ in inner_statements(item)) for item in work) <= _SHORT


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
    own = (exit_ for exit_ in _exits(module, function) if module.function(exit_) is function)
    return not any(_gives_number(module, exit_) for exit_ in own)


def needs_no_status(module: Module, moved: Iterable[ast.stmt]) -> bool:
    """Whether a main of some statements would give the status 0 if it comes back, and is given no other to return.

    Args:
        module: a script.
        moved: the statements that are its work.
    """
    exits = (exit_ for item in moved for exit_ in _exits(module, item))
    return _is_lean(module) and not any(_gives_number(module, exit_) for exit_ in exits)


def _gives_number(module: Module, exit_: ast.Call | ast.Raise) -> bool:
    """Whether the script ends with a number other than 0, which main can return: no text, and nothing unknown."""
    call = exit_.exc if isinstance(exit_, ast.Raise) else exit_
    args = call.args if isinstance(call, ast.Call) else ()
    if len(args) == 1 and _is_text(args[0]):
        return False
    meaning = status_of_exit(module, exit_)
    if meaning is ExitStatus.UNKNOWN:
        return len(args) != 1 or is_number(module, args[0])
    return meaning is not ExitStatus.SUCCESS


def _is_text(expr: ast.expr) -> bool:
    match expr:
        case ast.Constant(value=value):
            return isinstance(value, str)
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return _is_text(left) or isinstance(expr.op, ast.Add) and _is_text(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
    return isinstance(expr, ast.JoinedStr)


def _is_lean(module: Module) -> bool:
    """Whether the script may do with less than the whole frame: argparse, which it is given, ends it with a status."""
    parsers = (item for item in module.nodes(ast.FunctionDef) if reads_command_line(item))
    return module.style == "plain" and next(parsers, None) is None


def _without_openings(module: Module, statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements without set-ups, imports and texts: other rewrites may put those there."""
    for item in statements:
        if not sets_up(module, item) and not is_text(item) and not isinstance(item, IMPORTS):
            yield item


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


def _exits(module: Module, root: ast.AST) -> Iterator[ast.Call | ast.Raise]:
    """What ends the script in a piece of code, or may do so."""
    for node in ast.walk(root):
        if isinstance(node, (ast.Call, ast.Raise)) and status_of_exit(module, node) is not None:
            yield node


def _is_of_frame(module: Module, definition: ast.AST) -> bool:
    """Whether a definition is there for the script's frame alone, not for those who import it."""
    around = module.parent(definition)
    return ends_on_signal(definition) or any(_is_handler(module, item) for item in (definition, around))


def _is_handler(module: Module, node: ast.AST | None) -> bool:
    few = isinstance(node, ast.ClassDef) and len(node.body) == len(["docstring", "emit"])
    return few and is_exact_handler(module, node)
