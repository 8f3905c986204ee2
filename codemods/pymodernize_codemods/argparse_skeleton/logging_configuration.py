"""Which records the script's own configuration of :mod:`logging` does not show."""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind

_METHODS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "warn": logging.WARNING}
_LEVELS = {
    "NOTSET": logging.NOTSET,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARNING": logging.WARNING,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "CRITICAL": logging.CRITICAL,
    "FATAL": logging.FATAL,
}
_HANDLERS = frozenset({"logging.StreamHandler", "logging.FileHandler"})
# What may be used of logging without another level, handler or filter coming into it.
_PLAIN = _HANDLERS | {
    f"logging.{name}"
    for name in (*_METHODS, *_LEVELS, *"basicConfig getLogger Logger LogRecord Formatter".split())
    + ("error", "critical", "fatal", "exception", "log", "shutdown")
}
# Methods and attributes that decide what a logger or a handler lets through.
_DECIDE = frozenset("setLevel addHandler removeHandler addFilter removeFilter handlers propagate".split())
_SET = frozenset({"level", "disabled"})


@dataclass(frozen=True)
class Configuration:
    """How a script says which records are shown.

    Attributes:
        statement: the call of ``logging.basicConfig``, a statement of its own.
        level: what it gives as the level, None if it leaves the default.
        least: the lowest level that is shown, as a number of :mod:`logging`.
    """

    statement: ast.Expr
    level: ast.expr | None
    least: int


def configuration(module: Module) -> Configuration | None:
    """The only place at which a script decides which records are shown.

    Args:
        module: the module.

    Returns:
        None if there is no such place, more than one, or if the level is no
        literal, or a handler or logger may have a level of its own.
    """
    calls = module.calls("logging.basicConfig") if b"basicConfig" in module.source.data else []
    if len(calls) != 1 or not _is_plain(module):
        return None
    call, statement = calls[0], module.parent(calls[0])
    if not isinstance(statement, ast.Expr) or call.args or any(item.arg is None for item in call.keywords):
        return None
    given = {item.arg: item.value for item in call.keywords}
    if not _are_plain_handlers(module, given.get("handlers")):
        return None
    least = _level(module, given["level"]) if "level" in given else logging.WARNING
    return Configuration(statement, given.get("level"), least) if least is not None else None


def _is_plain(module: Module) -> bool:
    """Whether nothing but ``basicConfig`` decides which records are shown."""
    for node in module.nodes(ast.Attribute, ast.Name):
        if isinstance(node, ast.Attribute):
            if node.attr in _DECIDE or node.attr in _SET and isinstance(node.ctx, ast.Store):
                return False
        name = module.qualified_name(node) or ""
        if name == "logging" and not isinstance(module.parent(node), ast.Attribute):
            return False
        if name.startswith("logging.") and name not in _PLAIN:
            return False
        if name in _HANDLERS and not _is_given_to_basic_config(module, node):
            return False
    # ``logging.config``, or names of logging that are not seen through.
    imports = (alias.name for node in module.nodes(ast.Import, ast.ImportFrom) for alias in node.names)
    return not any(name.startswith("logging.") for name in imports) and not any(
        (node.module or "").startswith("logging") and (node.module != "logging" or node.names[0].name == "*")
        for node in module.nodes(ast.ImportFrom)
    )


def _is_given_to_basic_config(module: Module, node: ast.AST) -> bool:
    for around in module.ancestors(node):
        if isinstance(around, ast.Call) and module.qualified_name(around.func) == "logging.basicConfig":
            return True
        if isinstance(around, ast.stmt):
            break
    return False


def _are_plain_handlers(module: Module, given: ast.expr | None) -> bool:
    """Whether handlers are made where they are given, by classes that set no level."""
    if given is None:
        return True
    return isinstance(given, (ast.List, ast.Tuple)) and all(
        isinstance(item, ast.Call) and module.qualified_name(item.func) in _HANDLERS for item in given.elts
    )


def _level(module: Module, given: ast.expr) -> int | None:
    """The number of a level that is written down, None for any other."""
    if isinstance(given, ast.Constant):
        if isinstance(given.value, str):
            return _LEVELS.get(given.value)
        return given.value if type(given.value) is int else None
    name = module.qualified_name(given) or ""
    return _LEVELS.get(name.removeprefix("logging.")) if name.startswith("logging.") else None


def shows_more(module: Module, least: int, after: ast.stmt, gone: Callable[[ast.AST], bool]) -> bool:
    """Whether a script emits records below a level once a statement has run.

    Args:
        module: the module, whose configuration is plain.
        least: the level.
        after: the statement.
        gone: whether a node goes with the rewrite.
    """
    hidden = [call for call, level in _records(module) if level < least and not gone(call)]
    points = _points(module, after) if hidden else []
    return any(_runs_after(module, call, point, frozenset()) for call in hidden for point in points)


@dataclass(frozen=True)
class _Point:
    """A place in the code of one function.

    Attributes:
        function: the function, None for the module's own code.
        offset: where code begins that runs later.
    """

    function: ast.AST | None
    offset: int


def _points(module: Module, after: ast.stmt) -> list[_Point]:
    """Where a statement begins, and where those end that call the function that it is in, and so on."""
    points = [_Point(module.function(after), module.span(after)[0])]
    for point in points:
        calls = module.every_call(point.function) if point.function is not None else None
        statements = [module.statement(call) for call in calls or ()]
        ends = [_Point(module.function(item), module.span(item)[1]) for item in statements]
        points += [item for item in ends if item not in points]
    return points


def _records(module: Module) -> Iterator[tuple[ast.Call, int]]:
    """The calls that emit a record, with its level."""
    for call in module.nodes(ast.Call):
        func = call.func
        name = module.qualified_name(func) or ""
        if name.startswith("logging."):
            method = name.removeprefix("logging.")
        elif isinstance(func, ast.Attribute) and _is_logger(module, func.value):
            method = func.attr
        else:
            continue
        level = _level(module, call.args[0]) if method == "log" and call.args else _METHODS.get(method)
        if level is not None:
            yield call, level


def _is_logger(module: Module, expr: ast.expr) -> bool:
    """Whether an expression is a logger of the script's own, whose records go to the root's handlers."""
    if isinstance(expr, ast.Name):
        found = module.scope(expr).lookup(expr.id)
        binding = found[1][0] if found is not None and len(found[1]) == 1 else None
        assign = module.parent(binding.node) if binding is not None and binding.kind is BindingKind.NAME else None
        return isinstance(assign, ast.Assign) and len(assign.targets) == 1 and _is_made(module, assign.value)
    return _is_made(module, expr)


def _is_made(module: Module, expr: ast.expr) -> bool:
    if not isinstance(expr, ast.Call) or module.qualified_name(expr.func) != "logging.getLogger" or expr.keywords:
        return False
    match expr.args:
        case []:
            return True
        case [ast.Name(id="__name__") | ast.Constant()]:
            return True
    return False


def _runs_after(module: Module, node: ast.AST, point: _Point, seen: frozenset[ast.AST]) -> bool:
    """Whether code can still run when a place is passed: it stands below, or in a function that is named below."""
    function = module.function(node)
    if function is point.function:
        return module.span(node)[0] >= point.offset
    if function is None or function in seen:
        return False
    seen |= {function}
    if isinstance(function, ast.Lambda):
        return _runs_after(module, function, point, seen)
    owner = module.parent(function)
    named = owner if isinstance(owner, ast.ClassDef) else function
    return any(_runs_after(module, read, point, seen) for read in _reads(module, named))


def _reads(module: Module, definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.Name]:
    """The places at which a function or a class is named, but those in itself."""
    found = module.scope(definition).lookup(definition.name)
    uses = [use for binding in found[1] if binding.node is definition for use in module.uses(binding)] if found else []
    return [use for use in uses if definition not in module.ancestors(use)]
