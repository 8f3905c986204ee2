"""How a script starts: the guard, and the function that it calls."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module

MAINS = frozenset({"main", "_main", "Main", "do_main", "run_main", "real_main"})
"""Names of a function that is all of a script."""
# Functions of other codemods that a guard calls first.
_SET_UPS = frozenset(
    """_configure_logging _setup_signal_handlers configure_logging script_configure_logging
    setup_signal_handlers""".split()
)


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
    """Whether a statement calls a set-up that print-to-logging or signal-handlers writes.

    Args:
        module: a script.
        statement: in the guard, or at the top level.
    """
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.args or call.keywords:
        return False
    function = module.local_function(call.func)
    return function is not None and function.name in _SET_UPS
