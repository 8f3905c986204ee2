"""How a script starts: the guard, and the function that it calls."""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass

from pymodernize.rewriting.frame import reads_command_line
from pymodernize.semantics.library.control_flow import RAISES_EXIT, SYSTEM_EXIT
from pymodernize.semantics.module import Module

MAINS = frozenset({"main", "_main", "Main", "do_main", "run_main", "real_main"})
"""Names of a function that is all of a script."""
_SET_UPS = frozenset({"logging.basicConfig", "signal.signal"})
_OF_LOGGERS = frozenset({"addFilter", "addHandler", "setLevel"})
_CONFIGURE = "configure_logging"


@dataclass(frozen=True)
class Entry:
    """The function that a script's guard calls.

    Attributes:
        guard: the ``if __name__ == "__main__"``.
        main: the function.
        call: its call in the guard, the only one.
        exits: whether the guard ends in ``sys.exit(main())`` or ``raise
            SystemExit(main())``, so that what the function returns is the exit
            status.
    """

    guard: ast.If
    main: ast.FunctionDef
    call: ast.Call
    exits: bool


def entry(module: Module) -> Entry | None:
    """Find the function that a script consists of when it is run.

    Args:
        module: the module.

    Returns:
        The entry of a file whose guard has one statement, the call of a
        function of this file, as it is or handed to ``sys.exit`` or
        ``SystemExit``, below the set-ups of other codemods if there are any; None for a
        file that starts in any other way.
    """
    guard = module.guard
    if guard is None or guard.orelse or not all(sets_up(module, item) for item in guard.body[:-1]):
        return None
    statement = guard.body[-1]
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(statement, ast.Raise) and statement.cause is None:
        call = statement.exc
    if not isinstance(call, ast.Call):
        return None
    ending = "sys.exit" if isinstance(statement, ast.Expr) else "builtins.SystemExit"
    exits = module.qualified_name(call.func) == ending and len(call.args) == 1 and not call.keywords
    if isinstance(statement, ast.Raise) and not exits:
        return None
    inner = call.args[0] if exits else call
    function = module.local_function(inner.func) if isinstance(inner, ast.Call) else None
    if not isinstance(inner, ast.Call) or not isinstance(function, ast.FunctionDef):
        return None
    return Entry(guard, function, inner, exits)


def sets_up(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement sets up logging or signals, and does nothing else.

    Args:
        module: a script.
        statement: in the guard, or at the top level.
    """
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=func)):
            return module.qualified_name(func) == "logging.StreamHandler"
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=attr))) if attr in _OF_LOGGERS:
            return _is_of_logging(module, owner)
        case ast.Expr(value=ast.Call(func=func, args=args)):
            function = module.local_function(func)
            own = function is not None and function.name == _CONFIGURE and not args
            # Where a star import leaves names uncertain, it is the text that counts.
            return own or (module.qualified_name(func) or module.text(func)) in _SET_UPS
    return False


def opens(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement is one of those that a main begins with: it sets up logging or signals, or reads arguments.

    Args:
        module: a script.
        statement: any of its statements.
    """
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=func, args=[], keywords=[])):
            function = module.local_function(func)
            if isinstance(function, ast.FunctionDef) and reads_command_line(function):
                return True
    return sets_up(module, statement)


def begins(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement is the first of a function or a guard, below what these begin with.

    Args:
        module: a script.
        statement: any of its statements.
    """
    if isinstance(module.parent(statement), ast.Module):
        return False
    above = itertools.takewhile(lambda item: item is not statement, module.block(statement))
    return all(
        opens(module, item) or isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) for item in above
    )


def shows_messages(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement sets up that records are shown as their bare text, as print-to-logging does; or signals.

    Args:
        module: a script.
        statement: any of its statements.
    """
    if not sets_up(module, statement):
        return False
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not module.text(call.func).endswith("basicConfig"):
        return True
    formats = [item.value for item in call.keywords if item.arg == "format"]
    return any(isinstance(item, ast.Constant) and item.value == "%(message)s" for item in formats)


def _is_of_logging(module: Module, name: ast.Name) -> bool:
    """Whether a name is bound to a logger or a handler, and to nothing else."""
    bindings = module.index.scope.bindings.get(name.id, [])
    value = getattr(module.parent(bindings[0].node), "value", None) if len(bindings) == 1 else None
    made = module.qualified_name(value.func) if isinstance(value, ast.Call) else None
    return made in {"logging.getLogger", "logging.StreamHandler"}


def main_call(module: Module, statement: ast.stmt) -> ast.Call | None:
    """The call of the script's own ``main`` that a statement consists of, None for another statement.

    Args:
        module: the module.
        statement: in the guard, or at the top level.

    Returns:
        The call, also where it is handed to ``sys.exit``.
    """
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(statement, ast.Raise) and isinstance(statement.exc, ast.Call) and statement.cause is None:
        call = statement.exc if is_exit(module, statement.exc) else None
    if isinstance(call, ast.Call) and is_exit(module, call):
        inner = call.args[0]
        call = inner if isinstance(inner, ast.Call) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAINS:
        return call
    return None


def is_exit(module: Module, call: ast.Call) -> bool:
    """Whether a call ends the script with one given status.

    Args:
        module: the module.
        call: any call.
    """
    known = module.library_name(call.func) in RAISES_EXIT | {SYSTEM_EXIT}
    return known and len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)
