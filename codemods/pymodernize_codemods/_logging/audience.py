"""Who a print speaks to: a person, or another program."""

from __future__ import annotations

import ast
import re

from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.messages import Part
from pymodernize_codemods._logging.specs import PERCENT_FIELD

# Separators of tables that other programs read.
_COLUMNS = frozenset({"\t", ",", ";", "|"})
# Two letters in a row, or a word that has one and ends in a blank; each word is looked at once, from its start.
_LETTERS = re.compile(r"[^\W\d_]{2,}|\b[\d_]*[^\W\d_]\w*\s")
_RULE = re.compile(r"\s*(\S)\1{2,}\s*|[\s\-=*#~_+.|]{3,}")
_CODE = re.compile(
    r"\s*(?:(?:def|class|if|for|while|try|with)\b.*:|import [\w., ]+|from \S+ import\b.*|return\b.*|#include\b.*|#!/.*"
    r"|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)\s.*|</?\w+.*>)\s*$",
    re.DOTALL,
)
_DELIMITED = re.compile(r"%[-#0 +\d.]*[a-z][\t,;|]%")
_BULLET = re.compile(r"\s*[-*+>!#]+ +%[sr]")
_MARKUP = re.compile(
    r"\s*(?:<[!/?\w].*>\s*$|content-type\s*:|[{\[]\s*[\"'].*[}\]]\s*,?\s*$|[{}\[\]()]\s*,?\s*$)", re.I | re.S
)
# A line drawn at an end of a text.
_DRAWN = re.compile(r"([-=*#~_+])\1{3}")
# "s = ...": what a variable holds, shown to whoever follows the program.
_NAMED_VALUE = re.compile(r"[^=%]*=\s*%[-#0 +\d.]*[a-z]\s*", re.IGNORECASE)
# What gives text of many lines, and libraries whose values are shown as tables.
_LINES = frozenset({"pformat", "to_string", "to_markdown", "tabulate", "get_string"})
_TABLES = frozenset("numpy pandas polars prettytable sympy tabulate tensorflow texttable torch xarray".split())


def is_laid_out(parts: list[Part], separator: str) -> bool:
    """Whether a print lays out what it shows: empty lines, line breaks or tabs in its text, drawn lines.

    Args:
        parts: for each argument of print.
        separator: the text between them.
    """
    text = separator.join(part.text for part in parts)
    if not text.strip() or any(char in text for char in "\n\t"):
        return True
    bare = text.strip()
    return bool(_RULE.fullmatch(text) or _DRAWN.match(bare) or _DRAWN.match(bare[::-1]))


def names_a_value(parts: list[Part], separator: str) -> bool:
    """Whether a print shows nothing but the name of a variable and what it holds.

    Args:
        parts: for each argument of print.
        separator: the text between them.
    """
    return bool(_NAMED_VALUE.fullmatch(separator.join(part.text for part in parts)))


def shows_lines(module: Module, parts: list[Part]) -> bool:
    """Whether a print shows a value by itself that may take many lines: a table, a matrix, joined lines.

    Args:
        module: the module.
        parts: for each argument of print.
    """
    values = [value for part in parts for value in part.values]
    if any(_gives_lines(value) for value in values):
        return True
    if any(part.literal for part in parts) or not values or not module.once(_loads_tables):
        return False
    return any(module.type_of(value) is None for value in values)


def _gives_lines(expr: ast.expr) -> bool:
    if not isinstance(expr, ast.Call):
        return False
    if getattr(expr.func, "attr", getattr(expr.func, "id", "")) in _LINES:
        return True
    joins = isinstance(expr.func, ast.Attribute) and expr.func.attr == "join"
    separator = expr.func.value if joins and isinstance(expr.func, ast.Attribute) else None
    return isinstance(separator, ast.Constant) and "\n" in str(separator.value)


def _loads_tables(module: Module) -> bool:
    """Whether a file loads a library whose values are tables or matrices."""
    names = {alias.name for node in module.nodes(ast.Import) for alias in node.names}
    names |= {node.module or "" for node in module.nodes(ast.ImportFrom) if not node.level}
    return not _TABLES.isdisjoint(name.partition(".")[0] for name in names)


def is_for_a_program(parts: list[Part], separator: str) -> bool:
    """Whether a print writes what another program reads: columns, markup, code.

    Args:
        parts: for each argument of print.
        separator: the text between them.
    """
    text = separator.join(part.text for part in parts)
    if _is_formatted(text, parts, separator):
        return True
    if any(_is_dumped(value) for part in parts for value in part.values):
        return True
    plain = _without_fields(text)
    return bool(plain.strip(" ")) and not _LETTERS.search(plain) and bool(_DELIMITED.search(text))


def _is_formatted(text: str, parts: list[Part], separator: str) -> bool:
    """Whether a text is markup, code, or columns by its separator."""
    return bool(_MARKUP.match(text) or _CODE.match(text)) or len(parts) > 1 and separator in _COLUMNS


def _without_fields(text: str) -> str:
    return PERCENT_FIELD.sub("", text.replace("%%", ""))


def _is_dumped(expr: ast.expr) -> bool:
    """Whether an expression is a record of columns or JSON as text."""
    if not isinstance(expr, ast.Call) or not isinstance(expr.func, ast.Attribute):
        return False
    if expr.func.attr == "join" and isinstance(expr.func.value, ast.Constant):
        return expr.func.value.value in _COLUMNS
    return expr.func.attr in {"dumps", "to_csv", "to_json", "tostring"}


def is_message(parts: list[Part], separator: str) -> bool:
    """Whether a print carries words for a person, rather than data for a program.

    Words are letters in literal text beyond separators and units; a rule of
    dashes counts and so does a bullet; markup, code and single brackets do not.
    """
    if not any(part.literal for part in parts):
        return False
    text = separator.join(part.text for part in parts)
    if _is_formatted(text, parts, separator):
        return False
    plain = _without_fields(text)
    return bool(_LETTERS.search(plain) or _RULE.fullmatch(text) or _BULLET.match(text))
