"""The source of a call that gets a list instead of a text for a shell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pymodernize_codemods._script.call_source import CallChange, Unforeseen, changed_call

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def without_shell(module: Module, call: ast.Call, replaced: Mapping[ast.AST, str]) -> str:
    """The source of a call of subprocess without ``shell=True``.

    Args:
        module: the module.
        call: the call.
        replaced: new sources of values of its arguments.

    Raises:
        Unforeseen: it has a layout that is not foreseen.
    """
    shell = next(item for item in call.keywords if item.arg == "shell")
    if call.lineno != call.end_lineno and (shell.end_lineno or 0) in module.comments_by_line:
        raise Unforeseen("a comment stands beside shell=True")
    named = {item: f"{item.arg}={replaced[item.value]}" for item in call.keywords if item.value in replaced}
    return called(module, call, CallChange(None, {**replaced, **named}, frozenset({shell})))


def called(module: Module, call: ast.Call, change: CallChange) -> str:
    """The source of a call after a change; one that stands on one line stays there, and is broken where it is too long.

    Args:
        module: the module.
        call: the call.
        change: what becomes of it.

    Raises:
        Unforeseen: it has a layout that is not foreseen.
    """
    if call.lineno != call.end_lineno:
        return changed_call(module, call, change)
    arguments = sorted([*call.args, *call.keywords], key=module.span)
    texts = [change.replaced.get(item, module.text(item)) for item in arguments if item not in change.dropped]
    func = change.func or module.text(call.func)
    return f"{func}({', '.join([*texts, *change.added])})"
