"""Exceptions for programs that fail: who may see which command they name, or that one is missing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize_codemods._checks.values import keyword

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_RAISING = frozenset({"subprocess.check_call", "subprocess.check_output"})
_FAILURES = frozenset(f"subprocess.{name}" for name in ("CalledProcessError", "TimeoutExpired", "SubprocessError"))
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_MISSING = frozenset(f"builtins.{name}" for name in ("OSError", "IOError", "EnvironmentError", "FileNotFoundError"))
# What an exception says of a failed program without the command.
_OUTCOME = frozenset({"returncode", "output", "stdout", "stderr"})


def may_raise(call: ast.Call, name: str) -> bool:
    """Whether a call raises an exception, which names the command, for a program that fails or takes too long.

    Args:
        call: the call.
        name: the qualified name of what is called.
    """
    check = keyword(call, "check")
    checks = check is not None and not (isinstance(check, ast.Constant) and not check.value)
    return name in _RAISING or checks or keyword(call, "timeout") is not None


def shows_command(module: Module) -> bool:
    """Whether a handler of a file may show which command has failed."""
    for handler in module.nodes(ast.ExceptHandler):
        if handler.name and _types(module, handler) & (_FAILURES | _BROAD):
            names = (node for item in handler.body for node in ast.walk(item) if isinstance(node, ast.Name))
            for name in names:
                parent = module.parent(name)
                if name.id == handler.name and not (isinstance(parent, ast.Attribute) and parent.attr in _OUTCOME):
                    return True
    return False


def takes_missing_for_failed(module: Module) -> bool:
    """Whether a handler of a file catches that a program has failed, and its statement not that one is missing."""
    for statement in module.nodes(ast.Try):
        types = [_types(module, handler) for handler in statement.handlers]
        if any(item & _FAILURES for item in types) and not any(item & (_BROAD | _MISSING) for item in types):
            return True
    return False


def _types(module: Module, handler: ast.ExceptHandler) -> set[str | None]:
    if handler.type is None:
        return {"builtins.BaseException"}
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    # What cannot be told may be any of them.
    return {module.qualified_name(item) or "subprocess.SubprocessError" for item in types}
