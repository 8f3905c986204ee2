"""The source of the list of arguments that a command becomes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pymodernize_codemods._paths.texts import quote_of, quoted
from pymodernize_codemods.shell_command.words import NeedsShell, Part, Value, Word

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# What an f-string cannot hold before Python 3.12, or reads in another way.
_NOT_IN_FIELDS = frozenset("'\"\\\n\r#{}!:")


def list_of(module: Module, found: Sequence[Word], built_by: ast.expr) -> str:
    """The source of a list with one item a word.

    Args:
        module: the module.
        found: the words.
        built_by: the expression that builds the command, in whose quotes literals are written.

    Raises:
        NeedsShell: a value cannot be written in an f-string.
    """
    quote = quote_of(module.text(built_by))
    return f"[{', '.join(_item(module, word, quote) for word in found)}]"


def _item(module: Module, word: Word, quote: str) -> str:
    if word.text is not None:
        return quoted(word.text, quote)
    parts = [part for part in word.parts if part]  # quotes that follow a value leave an empty literal
    if len(parts) == 1 and isinstance(value := parts[0], Value) and not value.spec:
        if isinstance(value.expr, (ast.Yield, ast.YieldFrom)):
            raise NeedsShell("value", "it waits for a value")
        source = module.text(value.expr)
        return source if value.is_text else f"str({source})"
    return f"f{quote}{''.join(_field(module, part, quote) for part in parts)}{quote}"


def _field(module: Module, part: Part, quote: str) -> str:
    if isinstance(part, str):
        return quoted(part, quote)[1:-1].replace("{", "{{").replace("}", "}}")
    source = module.text(part.expr)
    if _NOT_IN_FIELDS & set(source) or isinstance(part.expr, (ast.Yield, ast.YieldFrom, ast.Await)):
        raise NeedsShell("value", f"{' '.join(source.split())} has no place in an f-string")
    return f"{{{source}:{part.spec}}}" if part.spec else f"{{{source}}}"
