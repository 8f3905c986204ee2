"""Where Ctrl-C may be the usual way to leave a ``try`` body, so that a bare except clause handles it on purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from pymodernize.semantics.completion import Completion
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module

_SPOKEN_OF = re.compile(r"ctrl|control.c|\^c\b|keyboard|interrupt|sigint|\bbye\b", re.IGNORECASE)
# Methods that run until they are interrupted.
_ENDLESS = frozenset("serve_forever run_forever mainloop main_loop handle_forever loop_forever start_consuming".split())
_ORDERLY = Completion.RETURN | Completion.BREAK | Completion.EXIT
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def handled_by_hand(module: Module, statement: ast.Try, handler: ast.ExceptHandler) -> str:
    """Why a handler may be there for Ctrl-C; empty if there is no sign of it.

    Args:
        module: the module.
        statement: the ``try`` statement.
        handler: its handler.
    """
    if _is_spoken_of(module, handler):
        return "the handler speaks of an interruption: Ctrl-C may be the usual way into it"
    for node in (item for inner in statement.body for item in own_nodes(inner)):
        if isinstance(node, ast.While) and _is_true(node.test) and not _leaves(module, node.body):
            return f"the loop of line {node.lineno} has no other end: Ctrl-C may be the usual one"
        if isinstance(node, ast.Call) and _goes_on(module, node):
            return f"line {node.lineno} goes on for ever: Ctrl-C may be the usual end"
    loop = _loop_around(module, statement)
    if isinstance(loop, ast.While) and _is_true(loop.test) and _leaves(module, handler.body):
        others = [item for item in loop.body if item is not statement]
        within = [*statement.body, *statement.orelse, *(inner for item in statement.handlers for inner in item.body)]
        rest = [item for item in within if item not in handler.body]
        if not _leaves(module, [*others, *rest]):
            return f"the handler is the only way out of the loop of line {loop.lineno}: Ctrl-C may be the usual one"
    return ""


def _is_spoken_of(module: Module, handler: ast.ExceptHandler) -> bool:
    end = handler.end_lineno or handler.lineno
    comments = (comment.text for comment in module.comments if handler.lineno <= comment.line <= end)
    strings = (
        node.value
        for item in handler.body
        for node in ast.walk(item)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return any(_SPOKEN_OF.search(text) for text in (*comments, *strings))


def _goes_on(module: Module, call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr in _ENDLESS:
        return True
    return module.qualified_name(call.func) in {"signal.pause", "asyncore.loop", "asyncio.run"}


def _is_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _leaves(module: Module, statements: Sequence[ast.stmt]) -> bool:
    """Whether statements in a loop may leave it by ``return`` or ``break``, or by a call of anything named exit."""
    ways = (module.completions.of_statement(statement) for statement in statements)
    if any(way & _ORDERLY for way in ways):
        return True
    nodes = (node for statement in statements for node in own_nodes(statement) if isinstance(node, ast.Call))
    return any(getattr(call.func, "attr", getattr(call.func, "id", "")) == "exit" for call in nodes)


def _loop_around(module: Module, node: ast.AST) -> ast.AST | None:
    for around in module.ancestors(node):
        if isinstance(around, _FUNCTIONS):
            return None
        if isinstance(around, (ast.While, ast.For, ast.AsyncFor)):
            return around
    return None
