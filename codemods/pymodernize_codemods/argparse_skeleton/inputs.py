"""Which arguments are paths of files or folders that every run reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import opens
from pymodernize_codemods._script.saying import is_said

_READS = frozenset("iterdir glob rglob read_text read_bytes stat".split())


def certain_inputs(
    module: Module, parser: ast.FunctionDef, block: Sequence[ast.stmt], read: ast.stmt, space: str
) -> dict[str, bool]:
    """The arguments, by name, that name a file or folder which a script reads before it does anything else.

    Args:
        module: the module.
        parser: the function that reads the command line.
        block: the statements of ``main``, or of the ``try`` around its work.
        read: the statement that calls that function.
        space: the variable for what it gives.

    Returns:
        For each whether it is a path already, and not a text.
    """
    arguments = dict(_arguments(module, parser))
    known: dict[str, str] = {}
    found: dict[str, bool] = {}
    for statement in block[list(block).index(read) + 1 :]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(value=ast.Name(id=owner), attr=attr)):
                if owner == space and len(module.scope(statement).bindings.get(name, ())) == 1:
                    known[name] = attr
                continue
            case ast.Expr(value=ast.Call() as call) if is_said(module, call) or opens(module, statement):
                continue
            case _ if sets_level(statement):
                continue
        for call in _first_calls(statement):
            path = _read_by(module, call)
            name = _argument(path, space, known) if path is not None else None
            if name is None or name not in arguments:
                return found
            found[name] = arguments[name]
        # What stands in a block may do anything.
        if not isinstance(statement, ast.Assign) or _calls_more(statement):
            return found
    return found


def sets_level(statement: ast.stmt) -> bool:
    """Whether a statement sets the level of a logger.

    Args:
        statement: any.
    """
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="setLevel"))):
            return True
    return False


def _calls_more(statement: ast.Assign) -> bool:
    """Whether a statement calls more than what it calls first."""
    return sum(isinstance(node, ast.Call) for node in ast.walk(statement)) > len(_first_calls(statement))


def _arguments(module: Module, parser: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """The arguments that are always given, with whether they become paths; no others than texts and paths."""
    for node in ast.walk(parser):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
            continue
        given = {item.arg: item.value for item in node.keywords}
        match node.func.attr, node.args[0]:
            case "add_argument", ast.Constant(value=str(name)) if not name.startswith("-") and "nargs" not in given:
                kind = module.qualified_name(given["type"]) if "type" in given else ""
                if kind in {"", "pathlib.Path"}:
                    yield name, bool(kind)


def _first_calls(statement: ast.stmt) -> list[ast.Call]:
    """The calls that a statement makes first, and in any case."""
    match statement:
        case ast.With(items=items):
            parts: list[ast.AST] = [item.context_expr for item in items]
        case ast.For(iter=expr):
            parts = [expr]
        case ast.Assign(value=expr) | ast.Expr(value=expr):
            parts = [expr]
        case _:
            parts = []
    return [part for part in parts if isinstance(part, ast.Call)]


def _read_by(module: Module, call: ast.Call) -> ast.expr | None:
    """The path that a call reads; None if it does something else."""
    mode = [*call.args, *(item.value for item in call.keywords if item.arg == "mode")]
    texts = [item.value for item in mode if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    reads = all(set(text) <= set("rbt") for text in texts[:1])
    if module.qualified_name(call.func) == "builtins.open":
        return call.args[0] if call.args and reads else None
    match call.func:
        case ast.Attribute(value=value, attr="open"):
            return value if reads else None
        case ast.Attribute(value=value, attr=attr) if attr in _READS:
            return value
    return None


def _argument(path: ast.expr, space: str, known: dict[str, str]) -> str | None:
    match path:
        case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner == space:
            return attr
        case ast.Name(id=name):
            return known.get(name)
    return None
