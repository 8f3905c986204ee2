"""Exceptions for programs that fail: who may see which command they name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize_codemods._checks.values import keyword

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_RAISING = frozenset({"subprocess.check_call", "subprocess.check_output"})
_FAILURES = frozenset(f"subprocess.{name}" for name in ("CalledProcessError", "TimeoutExpired", "SubprocessError"))
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_OF_FAILED = _FAILURES | _BROAD
# By which a handler gets at an exception that it gives no name.
_OF_HANDLED = (b"exc_info", b"format_exc", b"print_exc", b".exception(")
# What an exception says of a failed program without the command.
_OUTCOME = frozenset({"returncode", "output", "stdout", "stderr"})


def may_raise(call: ast.Call, name: str) -> bool:
    """Whether a call raises an exception, which names the command, for a program that fails or takes too long.

    Args:
        call: the call.
        name: the qualified name of what is called.
    """
    check = keyword(call, "check")
    may_check = check is not None and not (isinstance(check, ast.Constant) and not check.value)
    return name in _RAISING or may_check or keyword(call, "timeout") is not None


def shows_command(module: Module) -> bool:
    """Whether a handler of a file may show which command has failed."""
    if module.has_text(*_OF_HANDLED):
        return True
    for handler in module.nodes(ast.ExceptHandler):
        # What a type is may not be in sight.
        if handler.name and _types(module, handler) & {*_OF_FAILED, None}:
            names = (node for item in handler.body for node in ast.walk(item) if isinstance(node, ast.Name))
            for name in names:
                parent = module.parent(name)
                if name.id == handler.name and not (isinstance(parent, ast.Attribute) and parent.attr in _OUTCOME):
                    return True
    return False


def _types(module: Module, handler: ast.ExceptHandler) -> set[str | None]:
    """The qualified names of what a handler catches; None for what is not known."""
    if handler.type is None:
        return {"builtins.BaseException"}
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {module.qualified_name(item) for item in types}
