"""Statements of SQL that are put together from values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of
from pymodernize_codemods._checks.values import calls_of_methods, text_of, value_of

_METHODS = ("execute", "executemany", "executescript", "read_sql", "read_sql_query")
_SQL = re.compile(
    r"^\s*(?:\(\s*)?(?:select|insert\s+(?:or\s+\w+\s+)?into|update|delete\s+from|replace\s+into|create\s+\w+|drop\s+\w+|"
    r"alter\s+\w+|truncate|with\s+\w+\s+as|pragma|call|exec)\b",
    re.IGNORECASE,
)
# What is added to a statement that has begun elsewhere.
_CLAUSE = re.compile(r"\b(?:WHERE|FROM|VALUES|HAVING|INNER JOIN|LEFT JOIN|(?:ORDER|GROUP) BY|AND|OR|SET|LIMIT)\b\s*\S")
_NUMBERS = frozenset({"int", "float", "bool"})
_PLACEHOLDERS = re.compile(r"^[\s,?%s:$()]*$")
_PERCENT = re.compile(r"%(?:\(\w+\))?[sdrf]")
_BRACES = re.compile(r"\{[^{}]*\}")
_VALUE = re.compile(
    r"(?:[=<>]|\blike|\bin\s?\(|\bvalues\s?\(|\bvalues\s?\([^)]{0,200},)\s{0,9}[\"'%]{0,3}$", re.IGNORECASE
)
_NAME = re.compile(r"^\s*pragma\b|\$$", re.IGNORECASE)


def is_of_statement(text: str) -> bool:
    """Whether a text begins as a statement does, or has a clause of one in capitals.

    Args:
        text: any text, with values or places for them.
    """
    return _SQL.search(text) is not None or _CLAUSE.search(text) is not None


def built_statements(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The calls that execute a statement with a value in it.

    Args:
        module: the module.
    """
    for call, _ in calls_of_methods(module, _METHODS):
        text = ""
        for part in _parts(module, value_of(module, call.args[0])) if call.args else ():
            if isinstance(part, str):
                text += part
            elif _SQL.search(text) and _takes_value(text) and _is_free(module, part):
                yield call, f"{ast.unparse(part)} is put into SQL"
                break
            else:
                text += "x"


def _takes_value(text: str) -> bool:
    """Whether a value stands behind the beginning of a statement, and no name of a table or a column."""
    return _VALUE.search(text) is not None and _NAME.search(text) is None


def _parts(module: Module, expr: ast.expr) -> Iterator[str | ast.expr]:
    """The literals and expressions that a text is put together from, in order."""
    match expr:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for value in values:
                yield from _parts(module, value.value if isinstance(value, ast.FormattedValue) else value)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            yield from _parts(module, left)
            yield from _parts(module, right)
        case ast.BinOp(op=ast.Mod(), left=left, right=right):
            values = right.elts if isinstance(right, ast.Tuple) else [right]
            yield from _filled(_PERCENT, text_of(module, left), values)
        case ast.Call(func=ast.Attribute(value=template, attr="format"), args=args, keywords=keywords):
            yield from _filled(_BRACES, text_of(module, template), [*args, *(item.value for item in keywords)])
        case _:
            yield expr


def _filled(field: re.Pattern[str], template: str | None, values: list[ast.expr]) -> Iterator[str | ast.expr]:
    """The pieces of a template with the values between them, as they are given."""
    pieces = field.split(template or "")
    for number, piece in enumerate(pieces):
        yield piece
        if number < len(pieces) - 1 and values:
            yield values[min(number, len(values) - 1)]


def _is_free(module: Module, expr: ast.expr) -> bool:
    """Whether a value can be any text, as far as can be told."""
    value = value_of(module, expr)
    if isinstance(value, ast.Constant):
        return False
    types = module.type_of(expr)
    if types is not None and names_of(types) <= _NUMBERS:
        return False
    if isinstance(value, ast.Call):
        name = module.qualified_name(value.func)
        if name == "builtins.str" and len(value.args) == 1:
            return _is_free(module, value.args[0])
        if name in {"builtins.int", "builtins.float", "builtins.len", "builtins.round"}:
            return False
        texts = [
            node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        is_joined = isinstance(value.func, ast.Attribute) and value.func.attr == "join"
        return not (is_joined and len(texts) > 1 and all(map(_PLACEHOLDERS.match, texts)))
    return not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult))
