"""Whether a script outputs its own line numbers or source lines, so that a rewrite changes its output."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_SIGNS = (b"_getframe", b"dis.", b"from dis", b"inspect", b"lineno", b"traceback")
_FRAMES = tuple(f"inspect.{name}" for name in "getframeinfo getinnerframes getouterframes stack trace".split())
_TRACEBACKS = tuple(
    f"traceback.{name}"
    for name in """extract_stack extract_tb format_exc format_exception format_list format_stack format_tb
    StackSummary.extract StackSummary.from_list TracebackException TracebackException.from_exception""".split()
)
_PRINTED = tuple(f"traceback.{name}" for name in "print_exc print_exception print_last print_stack print_tb".split())
_LINES = frozenset("co_firstlineno f_lineno tb_lineno co_lines co_positions".split())
_LOGGED = frozenset("critical debug error exception fatal info log warn warning".split())


def shows_own_lines(module: Module) -> str:
    """Why a script outputs its line numbers to stdout or files, with the line of the code; empty if it does not.

    Args:
        module: the module.
    """
    if not module.has_text(*_SIGNS):
        return ""
    node = _line_told(module)
    if node is None:
        return ""
    return f"the file shows line numbers of its own (line {node.lineno}), which the rewrite changes"


def _line_told(module: Module) -> ast.expr | None:
    """The expression by which line numbers or source lines of the script go to stdout or files; None if none does."""
    for call in module.calls(*_TRACEBACKS):
        if not _goes_to_stderr(module, call):
            return call
    for call in module.calls(*_PRINTED):
        target = next((item.value for item in call.keywords if item.arg == "file"), None)
        if target is not None and module.qualified_name(target) not in {"sys.stderr", "sys.__stderr__"}:
            return call
    for call in module.calls(*_FRAMES):
        if not _is_name_taken(module, call):
            return call
    for node in module.nodes(ast.Attribute):
        if node.attr in _LINES and isinstance(node.ctx, ast.Load) and not _goes_to_stderr(module, node):
            return node
    for node in module.nodes(ast.Constant):
        if isinstance(node.value, str) and "%(lineno)" in node.value:
            return node
    return next(iter(module.calls("dis.dis", "dis.show_code", "dis.code_info")), None)


def _goes_to_stderr(module: Module, node: ast.expr) -> bool:
    """Whether a text is only an argument of a call that writes to stderr or logs."""
    for around in module.ancestors(node):
        if isinstance(around, ast.stmt):
            return False
        if isinstance(around, ast.Call):
            name = module.qualified_name(around.func)
            streams = {module.qualified_name(item.value) for item in around.keywords if item.arg == "file"}
            if name in {"sys.stderr.write", "warnings.warn"} or name == "builtins.print" and "sys.stderr" in streams:
                return True
            if isinstance(around.func, ast.Attribute) and around.func.attr in _LOGGED:
                return True
    return False


def _is_name_taken(module: Module, call: ast.expr) -> bool:
    """Whether only the name of the function or file of a frame is read: ``stack()[1][3]``, ``.function``."""
    node: ast.AST = call
    while isinstance(parent := module.parent(node), (ast.Subscript, ast.Attribute)):
        node = parent
    match node:
        case ast.Attribute(attr="function" | "filename") | ast.Subscript(slice=ast.Constant(value=1 | 3)):
            return node is not call
    return False
