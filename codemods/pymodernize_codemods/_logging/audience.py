"""Who a print speaks to: a person, or another program."""

from __future__ import annotations

import ast
import re

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
