"""Loops that try again what has failed, without a wait."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module

# Modules whose functions ask something of another machine or program.
_ASKING = (
    "boto3. ftplib. http.client. httpx. imaplib. mysql.connector. paramiko. poplib. psycopg2. pymongo. pymysql. "
    "pyodbc. redis. requests. smtplib. socket. subprocess. telnetlib. urllib.request. urllib2. urllib3."
).split()
_CONNECTING = frozenset({"connect", "create_connection", "urlopen", "login"})
_WAITING = frozenset("sleep wait backoff delay pause throttle input acquire select poll".split())
_COUNTING = frozenset({"builtins.range", "itertools.count", "itertools.repeat"})


def retry_loops(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The loops of a module that try again at once.

    Args:
        module: the module.
    """
    for attempt in module.nodes(ast.Try):
        loop = module.parent(attempt)
        if isinstance(loop, (ast.For, ast.While)) and attempt in loop.body and _is_retry(module, loop, attempt):
            yield loop, "a loop tries again"


def _is_retry(module: Module, loop: ast.For | ast.While, attempt: ast.Try) -> bool:
    if isinstance(loop, ast.For) and not _only_counts(module, loop, attempt):
        return False
    asks = any(_asks(module, node) for statement in attempt.body for node in own_nodes(statement))
    waits = any(_waits(node) for statement in loop.body for node in own_nodes(statement))
    if not asks or waits or not attempt.handlers:
        return False
    after = loop.body[loop.body.index(attempt) + 1 :]
    succeeds = any(_leaves(block) for block in (attempt.body, attempt.orelse, after))
    goes_on = any(not _ends(module, handler.body) for handler in attempt.handlers)
    return succeeds and goes_on and not any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(loop))


def _only_counts(module: Module, loop: ast.For, attempt: ast.Try) -> bool:
    """Whether a loop runs over numbers that the attempt does not use: over attempts, not over what there is to do."""
    counted = loop.iter
    if not isinstance(counted, ast.Call) or module.qualified_name(counted.func) not in _COUNTING:
        return False
    names = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    used = {node.id for item in attempt.body for node in ast.walk(item) if isinstance(node, ast.Name)}
    return names.isdisjoint(used)


def _asks(module: Module, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = module.qualified_name(node.func) or ""
    if name.startswith("sqlite3."):
        return False  # a file, and sqlite waits for it by itself
    return name.startswith(tuple(_ASKING)) or isinstance(node.func, ast.Attribute) and node.func.attr in _CONNECTING


def _waits(node: ast.AST) -> bool:
    name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
    return any(word in str(name).lower() for word in _WAITING)


def _leaves(block: list[ast.stmt]) -> bool:
    """Whether the loop is left from the end of a block."""
    return bool(block) and isinstance(block[-1], (ast.Break, ast.Return))


def _ends(module: Module, block: list[ast.stmt]) -> bool:
    """Whether a handler ends the attempts."""
    return _leaves(block) or not module.completions.completes(block) and not isinstance(block[-1], ast.Continue)
