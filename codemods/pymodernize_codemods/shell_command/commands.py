"""The text of a command: the expression that builds it, and its pieces."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.types import names_of
from pymodernize.semantics.values import Way
from pymodernize_codemods._paths.texts import Field, is_plain_sum, pieces
from pymodernize_codemods.shell_command.programs import PYTHON
from pymodernize_codemods.shell_command.words import NeedsShell, Part, Value

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_QUOTE = frozenset({"shlex.quote", "pipes.quote"})
_INTEGERS = frozenset({"int"})
_NUMBERS = frozenset({"int", "bool", "float"})
_TEXT = frozenset({"str"})


def built_by(module: Module, expr: ast.expr) -> ast.expr:
    """The expression that builds a command's text: that itself, or what its variable is assigned.

    Args:
        module: the module.
        expr: the argument of a call.

    Raises:
        NeedsShell: the variable has other values, or is read for something else.
    """
    if not isinstance(expr, (ast.Name, ast.Attribute)):
        return expr
    cell = module.values.read_by(expr)
    contents = module.values.contents(cell) if cell is not None else None
    if contents is None:
        raise NeedsShell("unknown-text", "the text is not in sight")
    sources = [source.expr for source in contents.sources if source.way is Way.VALUE]
    assign = module.parent(sources[0]) if len(sources) == len(contents.sources) == 1 else None
    if not isinstance(assign, ast.Assign) or len(assign.targets) != 1 or isinstance(sources[0], ast.Name):
        raise NeedsShell("unknown-text", f"{module.text(expr)} may have several texts")
    if contents.reads != (expr,):
        raise NeedsShell("used-otherwise", f"{module.text(expr)} is used elsewhere, too")
    return sources[0]


def pieces_of(module: Module, expr: ast.expr) -> list[Part]:
    """The literals and values that a command's text is put together of.

    Args:
        module: the module.
        expr: the expression that builds it.

    Raises:
        NeedsShell: it is built in a way that is not understood.
    """
    found = pieces(module, expr)
    if found is None:
        raise NeedsShell("unknown-text", "the text is not in sight")
    if "#" in module.text(expr) and expr.lineno != expr.end_lineno:
        raise NeedsShell("comment", "a comment may stand in it")
    is_sum = is_plain_sum(module, expr)
    return [item if isinstance(item, str) else _value(module, item, is_sum=is_sum) for item in found]


def _value(module: Module, item: ast.expr | Field, *, is_sum: bool) -> Value:
    if isinstance(item, Field):
        # "%d" takes other numbers, too, and other widths are filled up with blanks.
        is_known = _is_among(module, item.expr, _INTEGERS if item.integer else _NUMBERS)
        is_plain = is_known and (item.spec[:1] == "0" or not item.spec[:1].isdigit())
        return Value(item.expr, "" if item.spec == "d" else item.spec, is_plain=is_plain)
    if module.qualified_name(item) == PYTHON and not module.names.is_replaced(PYTHON):
        return Value(item, is_text=True, is_plain=True, program=PYTHON)
    only = item.args[0] if isinstance(item, ast.Call) and len(item.args) == 1 and not item.keywords else None
    if isinstance(item, ast.Call) and only is not None and not isinstance(only, ast.Starred):
        name = module.qualified_name(item.func)
        if name in _QUOTE:
            return Value(only, is_text=True, is_plain=True, is_quoted=True)
        if name == "builtins.str" and _is_among(module, only, _NUMBERS):
            return Value(only, is_plain=True)
    return Value(item, is_text=is_sum or _is_among(module, item, _TEXT), is_plain=_is_among(module, item, _NUMBERS))


def _is_among(module: Module, expr: ast.expr, names: frozenset[str]) -> bool:
    """Whether a value is certain to be of one of some classes."""
    types = module.type_of(expr)
    return bool(types) and names_of(types) <= names
