"""What a script cleans up at its end, which SIGTERM would skip."""

from __future__ import annotations

import ast

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.saying import is_said

# With these something is left behind where nobody ends them; a file or an archive that is half-written stays so anyway.
_LEAVE_SOMETHING = frozenset(
    "tempfile.TemporaryDirectory tempfile.NamedTemporaryFile shelve.open subprocess.Popen".split()
)
# What the system does by itself for a process that dies.
_CLOSING = frozenset({"close", "quit", "disconnect"})


def cleans_up(module: Module) -> bool:
    """Whether a script has clean-up that does not run where Python dies of a signal.

    That is a ``finally`` that does more than to close things and to say
    something, a ``with`` of something that leaves files or child processes
    behind or that the file defines itself, and functions for ``atexit``.

    Args:
        module: the module.
    """
    if module.calls("atexit.register") or any(module.names.naming("atexit.register")):
        return True
    if any(_does_more_than_close(module, statement.finalbody) for statement in module.nodes(ast.Try)):
        return True
    items = (item.context_expr for statement in module.nodes(ast.With) for item in statement.items)
    return any(_leaves_something(module, item) for item in items)


def _does_more_than_close(module: Module, body: list[ast.stmt]) -> bool:
    nodes = (node for item in body if not _only_says(module, item) for node in own_nodes(item))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return any(not isinstance(call.func, ast.Attribute) or call.func.attr not in _CLOSING for call in calls)


def _only_says(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement says something, such as a farewell: nobody waits for it where a signal ends the script."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and is_said(module, call)


def _leaves_something(module: Module, manager: ast.expr) -> bool:
    """Whether the end of a ``with`` does something that others see."""
    if not isinstance(manager, ast.Call):
        return False
    if module.qualified_name(manager.func) in _LEAVE_SOMETHING:
        return True
    return module.local_function(manager.func) is not None or _own_manager(module, manager)


def _own_manager(module: Module, call: ast.Call) -> bool:
    """Whether a call makes an object of a class, or runs a decorated function, of this file."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    bindings = module.index.scope.bindings.get(name, [])
    return any(isinstance(binding.node, (ast.ClassDef, ast.FunctionDef)) for binding in bindings)
