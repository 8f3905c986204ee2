"""What it takes for granted to close a file at the end of a ``with`` statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.flow import TRIES, own_nodes
from pymodernize.semantics.module import Module
from pymodernize_codemods._assumptions import OPEN_STDOUT, TEXT_PATHS
from pymodernize_codemods.open_without_with.following import Left
from pymodernize_codemods.open_without_with.lifetimes import Lifetime
from pymodernize_codemods.open_without_with.meanwhile import Meanwhile

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def assumed(module: Module, lifetime: Lifetime) -> frozenset[str]:
    """The names of the assumptions under which a file may be closed at the end of its ``with`` statement.

    Args:
        module: the module.
        lifetime: of the file.

    Raises:
        Left: something looks at the file before it was closed.
    """
    opened = lifetime.opened
    found = set()
    if not lifetime.is_closed and module.has_text(b"ResourceWarning"):
        raise Left("read-meanwhile", "the script looks for warnings about files that are not closed")
    if not opened.is_named and lifetime.final is None:
        found.add(TEXT_PATHS.name)
    if not opened.is_read and not opened.opener.is_completed and (lifetime.final is not None or not lifetime.is_closed):
        raise Left(
            "unfinished", "a with statement writes the end of an archive where nothing goes wrong, and only there"
        )
    if opened.is_read or lifetime.final is not None:
        return frozenset(found)
    meanwhile = Meanwhile(module, opened.path)
    seen = meanwhile.looking(_caught(module, lifetime))
    if seen is None and not lifetime.is_closed:
        seen = meanwhile.looking(_later(module, lifetime))
    if seen is not None:
        raise Left("read-meanwhile", f"line {seen.lineno} may look at the file before it is closed")  # type: ignore[attr-defined]
    if not lifetime.is_alone or not lifetime.is_closed or not module.is_closed or _may_go_on(module, lifetime):
        found.add(OPEN_STDOUT.name)
    return frozenset(found)


def _caught(module: Module, lifetime: Lifetime) -> Iterator[ast.AST]:
    """The code that handles exceptions of what uses a file, while nothing has closed it."""
    start = lifetime.block[lifetime.first]
    child: ast.AST = start
    for around in module.ancestors(start):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        if isinstance(around, TRIES) and child in around.body:
            yield from around.handlers
            yield from around.finalbody
        child = around


def _later(module: Module, lifetime: Lifetime) -> Iterator[ast.AST]:
    """The code that may run between the last use of a file that nothing closes and the end of its variable."""
    yield from lifetime.block[lifetime.last + 1 :]
    for call in module.calls("atexit.register"):
        function = module.local_function(call.args[0]) if call.args else None
        yield from function.body if function is not None else ()
    child: ast.AST = lifetime.block[lifetime.first]
    for around in module.ancestors(child):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        for name in ("body", "orelse", "finalbody"):
            block = getattr(around, name, None)
            if isinstance(block, list) and child in block:
                number = block.index(child)
                if isinstance(around, _LOOPS):
                    yield from block[: number + (block is not lifetime.block)]  # the next turn
                if block is not lifetime.block:
                    yield from block[number + 1 :]
        if isinstance(around, TRIES) and child in around.body:
            yield from (*around.orelse, *around.finalbody)
        child = around


def _may_go_on(module: Module, lifetime: Lifetime) -> bool:
    """Whether a run may go on although what uses the file was left before it was closed."""
    if any(module.nodes(ast.ExceptHandler)) or module.calls("contextlib.suppress"):
        return True
    for item in lifetime.inside:
        for node in own_nodes(item):
            if isinstance(node, (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom)):
                return True
            if isinstance(node, ast.Call) and not module.completions.comes_back(node):
                return True
    return False
