"""Operating systems: whether a file may be meant for Windows, and what runs elsewhere only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# The values by which Python names the systems.
_WINDOWS = frozenset({"nt", "win32", "Windows", "windows", "win"})
_OTHERS = frozenset({"posix", "linux", "linux2", "darwin", "Linux", "Darwin", "freebsd"})
_NAMES = frozenset({"os.name", "sys.platform"})
_FUNCTIONS = frozenset({"platform.system"})
# What only a file that is meant for Windows, too, has in it.
_SIGNS = re.compile(
    rb"""Windows|windows['"]|\bwin32|['"]nt['"]|\bmsvcrt\b|\bwinreg\b|\bwinsound\b|windll|startfile|STARTUPINFO
    |creationflags|CREATE_NO_WINDOW|\.(?:exe|bat|cmd)['"\s]|['"\s][A-Za-z]:\\|APPDATA|USERPROFILE|SystemRoot|netsh
    |taskkill|powershell|sys\.platform|os\.name\b|platform\.system""",
    re.VERBOSE,
)


def may_be_meant_for_windows(module: Module) -> bool:
    """Whether anything in a file, its comments included, speaks of Windows or asks for the system.

    Args:
        module: the module.
    """
    return module.once(_has_signs)


def _has_signs(module: Module) -> bool:
    return _SIGNS.search(module.source.data) is not None


def is_not_for_windows(module: Module, node: ast.AST) -> bool:
    """Whether code runs on other systems than Windows only: it stands below a test that says so.

    Args:
        module: the module.
        node: a statement or an expression.
    """
    child = node
    for around in module.ancestors(node):
        if isinstance(around, (ast.If, ast.IfExp)):
            body = around.body if isinstance(around.body, list) else [around.body]
            if child in body and _excludes(module, around.test, holds=True):
                return True
            if child not in body and child is not around.test and _excludes(module, around.test, holds=False):
                return True
        child = around
    return False


def _excludes(module: Module, test: ast.expr, *, holds: bool) -> bool:
    """Whether a condition that holds, or does not, says that the system is not Windows."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return _excludes(module, test.operand, holds=not holds)
        case ast.BoolOp(op=op, values=values):
            found = [_excludes(module, item, holds=holds) for item in values]
            # All parts of "and" hold if it does, and all parts of "or" fail if it does not.
            return any(found) if isinstance(op, ast.And) is holds else all(found)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, (ast.Eq, ast.NotEq)):
                return _compared(module, left, right, is_equal=isinstance(op, ast.Eq) is holds)
            if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
                given = set(_texts(right.elts))
                is_in = isinstance(op, ast.In) is holds
                known = _is_system(module, left) and len(given) == len(right.elts)
                return known and (given <= _OTHERS if is_in else bool(given & _WINDOWS))
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[ast.Constant(value=str(start))]):
            return _is_system(module, value) and start in (_OTHERS if holds else _WINDOWS)
    return False


def _compared(module: Module, left: ast.expr, right: ast.expr, *, is_equal: bool) -> bool:
    if isinstance(left, ast.Constant):
        left, right = right, left
    value = right.value if isinstance(right, ast.Constant) else None
    return _is_system(module, left) and value in (_OTHERS if is_equal else _WINDOWS)


def _is_system(module: Module, expr: ast.expr) -> bool:
    """Whether an expression is the name of the operating system."""
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr == "lower":
        expr = expr.func.value
    if isinstance(expr, ast.Call):
        return module.qualified_name(expr.func) in _FUNCTIONS
    return module.qualified_name(expr) in _NAMES


def _texts(items: list[ast.expr]) -> Iterator[str]:
    return (item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str))
