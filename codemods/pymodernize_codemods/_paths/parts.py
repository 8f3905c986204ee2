"""Writes subscripts of ``os.path.splitext`` and ``os.path.split`` with ``parent``, ``name``, ``stem``, ``suffix``."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from pymodernize.semantics.module import Module
from pymodernize_codemods._paths.classes import is_path
from pymodernize_codemods._paths.form import Form
from pymodernize_codemods._paths.hazards import Hazard

if TYPE_CHECKING:
    from pymodernize_codemods._paths.forms import Forms

_SUFFIX = Hazard.TRAILING | Hazard.EMPTY | Hazard.DOT | Hazard.ROOT | Hazard.ODD


def stemmed(forms: Forms, expr: ast.Subscript, suffix: str) -> Form | None:
    """The form of ``os.path.splitext(p)[0]``, alone or with another suffix added to it.

    Args:
        expr: the subscript.
        suffix: the added suffix; may be empty.

    Returns:
        None if the subscript is something else.
    """
    found = split(forms.module, expr, "os.path.splitext")
    if found is None or found[1] != 0 or _named(forms.module, found[0]) is not None:
        return None
    receiver = found[0]
    whole = forms.path(receiver)
    doubts = forms.doubts(receiver, _SUFFIX & forms.hazards(receiver), as_text=True)
    made = whole.then(f'{whole.base}.with_suffix("{suffix}")').doubted(*doubts)
    return replace(made, bare=whole.bare and not suffix)


def head(forms: Forms, expr: ast.Subscript) -> Form | None:
    """The form of ``os.path.split(p)[0]``; None if the subscript is something else."""
    found = split(forms.module, expr, "os.path.split")
    if found is None or found[1] != 0:
        return None
    whole = forms.path(found[0])
    doubts = forms.doubts(found[0], Hazard.TRAILING & forms.hazards(found[0]), as_text=True)
    return whole.then(f"{whole.base}.parent").doubted(*doubts)


def split(module: Module, expr: ast.expr, function: str) -> tuple[ast.expr, int] | None:
    """The argument and the index of a subscript such as ``os.path.splitext(p)[0]``, the index as 0 or 1.

    Args:
        expr: any expression.
        function: the qualified name.

    Returns:
        None if the expression is something else.
    """
    if not isinstance(expr, ast.Subscript) or not isinstance(expr.value, ast.Call):
        return None
    call, index = expr.value, expr.slice
    if module.qualified_name(call.func) != function or len(call.args) != 1 or call.keywords:
        return None
    match index:
        case ast.Constant(value=0) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=2)):
            return call.args[0], 0
        case ast.Constant(value=1) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return call.args[0], 1
    return None


def _named(module: Module, expr: ast.expr) -> ast.expr | None:
    """The path whose name ``os.path.basename(path)`` or ``path.name`` gives; None for any other expression."""
    if isinstance(expr, ast.Attribute) and expr.attr == "name" and is_path(module, expr.value):
        return expr.value
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "os.path.basename":
        return expr.args[0] if len(expr.args) == 1 and not expr.keywords else None
    return None


def part(forms: Forms, expr: ast.Subscript) -> Form | None:
    """The form of a subscript that gives the suffix, stem or name of a path; None if it gives none of these."""
    found = split(forms.module, expr, "os.path.splitext")
    names, seen = ("stem", "suffix"), Hazard.TRAILING | Hazard.ODD
    if found is not None:
        receiver, place = found
        named = _named(forms.module, receiver)
        if named is not None:
            receiver = named
            seen |= Hazard.DOT
        elif place == 0:
            return None
    else:
        found = split(forms.module, expr, "os.path.split")
        if found is None or found[1] == 0:
            return None
        receiver, place = found
        names, seen = ("parent", "name"), Hazard.TRAILING | Hazard.DOT
    whole = forms.path(receiver)
    doubts = forms.doubts(receiver, seen & forms.hazards(receiver), as_text=True)
    made = whole.then(f"{whole.base}.{names[place]}").doubted(*doubts)
    return made if forms.dares(made) else None
