"""Prints that belong to a conversation: what stands on the screen when ``input()`` asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.flow import blocks, own_nodes
from pymodernize.semantics.module import Module

_ASKS = {"input", "raw_input", "getpass"}


def dialogue(module: Module) -> frozenset[ast.Call]:
    """The calls of print that lead to an ``input()``.

    Those are the prints directly before a statement that asks, also in loops
    and branches that only print, and in functions that only print and are
    called there.
    """
    asking = _asking(module)
    found: set[ast.Call] = set()
    for block in _blocks_around(asking):
        leading: list[ast.stmt] = []
        for statement in block:
            if statement in asking and _asks_first(module, statement, asking):
                for item in (*leading, statement):
                    found |= set(_prints(module, item))
                leading = []
            elif _only_prints(module, statement, set()):
                leading.append(statement)
            else:
                leading = []
    return frozenset(found)


def _asking(module: Module) -> frozenset[ast.AST]:
    """The calls that ask, with all nodes around each up to its function."""
    if not any(word in module.source.data for word in (b"input", b"getpass")):
        return frozenset()
    found: set[ast.AST] = set()
    for call in asking_calls(module):
        found.add(call)
        for around in module.ancestors(call):
            found.add(around)
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
                break
    return frozenset(found)


def asking_calls(module: Module) -> list[ast.Call]:
    """The calls that ask for something, and read the answer.

    Args:
        module: the module.
    """
    return [
        call
        for call in module.nodes(ast.Call)
        if getattr(call.func, "id", None) in _ASKS or getattr(call.func, "attr", None) in _ASKS
    ]


def talking(module: Module) -> frozenset[ast.AST | None]:
    """The functions that ask for something, or call one that does; None for the main body.

    Args:
        module: the module.
    """
    found: set[ast.AST | None] = {module.function(call) for call in asking_calls(module)}
    fresh = set(found)
    while fresh:
        named = {item.name for item in fresh if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
        calls = [call for name in named for call in module.names.called(name)]
        fresh = {module.function(call) for call in calls} - found
        found |= fresh
    return frozenset(found)


def spoken_to(module: Module, talking: frozenset[ast.AST | None]) -> frozenset[ast.AST]:
    """The functions that are called, also by way of others, by those that talk with a person: what they print is said.

    A script that asks but once, for a confirmation, holds no conversation.

    Args:
        module: the module.
        talking: the functions that ask, and that call one that does; None for the main body.
    """
    if not talking or _only_confirms(module):
        return frozenset()
    named: dict[str, list[ast.AST]] = {}
    for item in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        named.setdefault(item.name, []).append(item)
    called: dict[ast.AST | None, set[str]] = {}
    for call in module.nodes(ast.Call):
        name = getattr(call.func, "id", None) or getattr(call.func, "attr", "")
        called.setdefault(module.function(call), set()).add(name)
    found: set[ast.AST] = set()
    fresh = set(talking)
    while fresh:
        names = set().union(*(called.get(item, set()) for item in fresh))
        # Whoever makes an object calls what prepares it.
        names |= {"__init__"} if any(item.name in names for item in module.nodes(ast.ClassDef)) else set()
        fresh = {item for name in names for item in named.get(name, ())} - found
        found |= fresh
    return frozenset(found - talking)


_YES_OR_NO = frozenset({"y", "n", "yes", "no"})


def _only_confirms(module: Module) -> bool:
    """Whether a script asks at one place only, and what it asks for is yes or no."""
    asking = asking_calls(module)
    if len(asking) != 1:
        return False
    around = module.function(asking[0]) or module.tree
    texts = {
        item.value.lower() for item in ast.walk(around) if isinstance(item, ast.Constant) and type(item.value) is str
    }
    return not _YES_OR_NO.isdisjoint(texts)


def _blocks_around(asking: frozenset[ast.AST]) -> Iterator[list[ast.stmt]]:
    """The suites that have a statement which asks."""
    for node in asking:
        for block in blocks(node):
            if not asking.isdisjoint(block):
                yield block


def _asks_first(module: Module, statement: ast.stmt, asking: frozenset[ast.AST]) -> bool:
    """Whether the first thing that a statement does, apart from printing, is to ask."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    header = (child for child in ast.iter_child_nodes(statement) if isinstance(child, (ast.expr, ast.withitem)))
    if any(child in asking for child in header):
        return True
    for block in blocks(statement):
        following = next((item for item in block if not _only_prints(module, item, set())), None)
        return following is not None and following in asking and _asks_first(module, following, asking)
    return False


def _is_print(module: Module, call: ast.Call) -> bool:
    return module.qualified_name(call.func) == "builtins.print"


def _only_prints(module: Module, statement: ast.stmt, seen: set[ast.AST]) -> bool:
    """Whether a statement does nothing but print, through functions of this module, too."""
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Constant):
            return True
        if not isinstance(statement.value, ast.Call):
            return False
        if _is_print(module, statement.value):
            return True
        function = module.local_function(statement.value.func)
        if function is None or function in seen:
            return False
        return all(_only_prints(module, item, seen | {function}) for item in function.body)
    if isinstance(statement, (ast.For, ast.If)):
        return all(_only_prints(module, item, seen) for block in blocks(statement) for item in block)
    return isinstance(statement, (ast.Pass, ast.Global))


def _prints(module: Module, statement: ast.stmt) -> Iterator[ast.Call]:
    """The prints of a statement that only prints; of one that asks, those that it starts with."""
    if not _only_prints(module, statement, set()):
        for block in blocks(statement):
            for item in block:
                if not _only_prints(module, item, set()):
                    break
                yield from _prints(module, item)
            break
        return
    for node in own_nodes(statement):
        if not isinstance(node, ast.Call):
            continue
        if _is_print(module, node):
            yield node
        else:
            function = module.local_function(node.func)
            for inner in function.body if function is not None else ():
                yield from _prints(module, inner)
