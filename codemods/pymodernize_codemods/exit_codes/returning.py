"""Whether an exit in ``main`` is the same as a return to the guard, which exits with what it gets."""

from __future__ import annotations

import ast

from pymodernize.semantics.completion import JUMPS
from pymodernize.semantics.library.control_flow import INDIFFERENT
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of
from pymodernize_codemods._script.entry import Entry
from pymodernize_codemods._script.leaving import catches_exit

_FILES = frozenset({"io.TextIOWrapper", "io.BufferedIOBase"})
_LOOPS_AND_BRANCHES = (ast.If, ast.For, ast.While, ast.Match)


def reason_against(module: Module, entry: Entry, statement: ast.stmt) -> str:
    """Why an exit cannot be a return; empty if nothing notices the difference.

    Args:
        module: the module.
        entry: how the script starts; ``main`` gives the exit code.
        statement: the exit, in the body of ``main`` itself.
    """
    block = module.block(statement)
    if block[-1] is not statement:
        return "there is code behind it that nothing reaches"
    if any(statement.lineno <= comment.line < (statement.end_lineno or 0) for comment in module.comments):
        return "a comment in it would be lost"
    if module.has_text(b"__del__", b"exc_info"):
        return "the file may see that an exception is on its way"
    node: ast.AST = statement
    for around in module.ancestors(statement):
        if around is entry.main:
            return ""
        reason = _noticed(module, around, node)
        if reason:
            return reason
        node = around
    return "it is not in main"


def _noticed(module: Module, around: ast.AST, inner: ast.AST) -> str:
    """Why what is around a statement may notice whether it raises or returns."""
    if isinstance(around, _LOOPS_AND_BRANCHES) or type(around).__name__ in {"match_case", "ExceptHandler"}:
        return ""
    if isinstance(around, ast.Try):
        in_body = any(item is inner for item in around.body)
        if in_body and any(catches_exit(module, handler) for handler in around.handlers):
            return f"the try of line {around.lineno} catches it"
        if module.completions.of(around.finalbody) & JUMPS:
            return f"the finally of line {around.lineno} may go on with something else"
        return ""
    if isinstance(around, ast.With):
        if all(_is_indifferent(module, item.context_expr) for item in around.items):
            return ""
        return f"the with of line {around.lineno} may tell an exception from an orderly end"
    return f"the {type(around).__name__} of line {getattr(around, 'lineno', 0)} is around it"


def _is_indifferent(module: Module, expr: ast.expr) -> bool:
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) in INDIFFERENT:
        return True
    types = module.type_of(expr)
    return bool(types) and names_of(types or frozenset()) <= _FILES


def gives_a_code(module: Module, entry: Entry) -> bool:
    """Whether ``main`` may return numbers: it is no generator and promises nothing else.

    Args:
        module: the module.
        entry: how the script starts.
    """
    if any(module.function(node) is entry.main for node in module.nodes(ast.Yield, ast.YieldFrom)):
        return False
    annotation = entry.main.returns
    return annotation is None or _allows_int(annotation)


def returns_nothing(entry: Entry) -> bool:
    """Whether ``main`` is said to return nothing.

    Args:
        entry: how the script starts.
    """
    return isinstance(entry.main.returns, ast.Constant) and entry.main.returns.value is None


def _allows_int(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "int" for node in ast.walk(annotation))


def is_last_step(module: Module, function: ast.FunctionDef, statement: ast.stmt) -> bool:
    """Whether nothing of a function runs behind a statement: a return there would be the end that comes anyway.

    Args:
        module: the module.
        function: around the statement.
        statement: any of its statements.
    """
    node = statement
    while module.block(node)[-1] is node:
        around = module.parent(node)
        if around is function:
            return True
        if isinstance(around, ast.ExceptHandler):
            around = module.parent(around)
        elif isinstance(around, ast.Try) and node in around.body and around.orelse:
            return False
        if not isinstance(around, (ast.If, ast.Try, ast.With)):
            return False
        node = around
    return False
