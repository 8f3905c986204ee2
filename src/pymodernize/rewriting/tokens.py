"""The tokens of a statement that stands on one line, with brackets and the places where a formatter may break."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_SKIPPED = frozenset({"NEWLINE", "ENDMARKER", "INDENT", "DEDENT"})
_UNFIT = frozenset({"COMMENT", "NL", "ERRORTOKEN"})
_OPERANDS = frozenset({"NAME", "NUMBER", "STRING"})
_KEYWORDS = frozenset("and assert await else if in is lambda not or return yield".split())


class Level(IntEnum):
    """How loosely what stands on both sides of a delimiter is held together: the loosest are broken first."""

    NONE = 0
    TERM = 1
    SUM = 2
    SHIFT = 3
    BITS = 4
    COMPARISON = 5
    LOGIC = 6
    STRINGS = 7
    TERNARY = 8
    COMMA = 9
    COMPREHENSION = 10


_OPERATORS = {
    **dict.fromkeys("* / // % @".split(), Level.TERM),
    **dict.fromkeys("+ -".split(), Level.SUM),
    **dict.fromkeys("<< >>".split(), Level.SHIFT),
    **dict.fromkeys("& ^ |".split(), Level.BITS),
    **dict.fromkeys("< > == != <= >= in is not".split(), Level.COMPARISON),
    **dict.fromkeys("and or".split(), Level.LOGIC),
    **dict.fromkeys("if else".split(), Level.TERNARY),
}


@dataclass(frozen=True)
class Token:
    """A token of a line.

    Attributes:
        text: as it is written.
        kind: the name of its kind.
        start: the column where it begins.
        end: the column behind it.
    """

    text: str
    kind: str
    start: int
    end: int

    @property
    def is_operand(self) -> bool:
        """Whether an operator behind it has two sides."""
        return self.kind in _OPERANDS and self.text not in _KEYWORDS or self.text in {")", "]", "}"}


def tokens_of(code: str) -> list[Token]:
    """The tokens of a line, a formatted string as one.

    Args:
        code: one line without indentation.

    Returns:
        None at all if the line has a comment, more than one statement, or a part of one.
    """
    found: list[Token] = []
    inside = 0  # formatted strings in one another, as new versions of Python give them
    try:
        for item in tokenize.generate_tokens(io.StringIO(code + "\n").readline):
            kind = tokenize.tok_name[item.type]
            if kind in _SKIPPED:
                continue
            if kind in _UNFIT or item.end[0] > 1 or item.string == ";":
                return []
            if inside:
                found[-1] = replace(found[-1], end=item.end[1])
            else:
                kind_of_all = "STRING" if kind.endswith("STRING_START") else kind
                found.append(Token(item.string, kind_of_all, item.start[1], item.end[1]))
            inside += kind.endswith("STRING_START") - kind.endswith("STRING_END")
    except (tokenize.TokenError, SyntaxError):
        return []
    return found


def matching(tokens: Sequence[Token]) -> dict[int, int]:
    """For each bracket the number of the one that it belongs with.

    Args:
        tokens: of a whole statement.
    """
    found: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.kind == "OP" and token.text in _BRACKETS:
            opened.append(number)
        elif token.kind == "OP" and token.text in _BRACKETS.values() and opened:
            found[number] = opened.pop()
            found[found[number]] = number
    return found


def delimiters(tokens: Sequence[Token], pairs: dict[int, int], start: int, end: int) -> tuple[Level, list[int]]:
    """The loosest delimiters of some tokens that stand in no brackets among them.

    Args:
        tokens: of a whole statement.
        pairs: their brackets.
        start: the number of the first.
        end: that behind the last.

    Returns:
        Their level, and the numbers of the tokens in front of which a line may
        begin; behind which, for commas.
    """
    levels: dict[int, Level] = {}
    number, loops, in_lambda = start, 0, False
    while number < end:
        token = tokens[number]
        before = tokens[number - 1] if number > start else None
        if token.text == ",":
            levels[number], in_lambda = Level.COMMA, False
        elif token.text == "lambda" or in_lambda:
            in_lambda = True  # its commas are taken for others: what is broken there must say the same
        elif token.text in {"for", "async"} and before is not None and before.text != "async":
            levels[number], loops = Level.COMPREHENSION, loops + 1
        elif token.text == "if" and loops:
            levels[number] = Level.COMPREHENSION
        elif token.text == "in" and loops:
            pass  # of the loop
        elif token.kind == "STRING" and before is not None and before.kind == "STRING":
            levels[number] = Level.STRINGS
        elif before is not None and before.is_operand and not (token.text == "not" and not _negates_in(tokens, number)):
            levels[number] = _OPERATORS.get(token.text, Level.NONE)
        number = pairs[number] + 1 if pairs.get(number, -1) > number else number + 1
    highest = max(levels.values(), default=Level.NONE)
    return highest, [place for place, level in levels.items() if level is highest and level]


def _negates_in(tokens: Sequence[Token], number: int) -> bool:
    return number + 1 < len(tokens) and tokens[number + 1].text == "in"
