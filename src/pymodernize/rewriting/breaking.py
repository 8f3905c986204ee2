"""A line that is too long, broken as formatters break it: behind an opening bracket, then at commas or operators."""

from __future__ import annotations

from dataclasses import dataclass, field

from pymodernize.rewriting.tokens import Level, Token, delimiters, matching, tokens_of

TAB = 4
"""The columns of a tab, as linters count them."""
_WITH_VALUE = frozenset({"return", "if", "elif", "while", "assert"})
_ASSIGNS = frozenset("= += -= *= /= //= %= @= &= |= ^= >>= <<= **=".split())
_LEFT_ALONE = frozenset("@ async class def from global import lambda match nonlocal".split())
_BLOCKS = frozenset("elif else except finally for if try while with".split())


def columns(line: str) -> int:
    """How wide a line is.

    Args:
        line: without its end.
    """
    return len(line.expandtabs(TAB))


def broken(line: str, width: int, unit: str, *, groups_with: bool = True) -> list[str] | None:
    """The lines that a formatter makes of a statement, or the header of one, that stands on one line.

    Args:
        line: the line, with its indentation and without its end.
        width: the most columns of a line.
        unit: one level of indentation.
        groups_with: whether the items of a ``with`` may stand in brackets, as from ``GROUPED_WITH`` on.

    Returns:
        Lines that fit; None if that is no way to have them, or the line has a comment or more than one statement.
    """
    code = line.strip(" \t\f")
    tokens = tokens_of(code)
    if not tokens or tokens[0].text in _LEFT_ALONE:
        return None
    lines = _Statement(code, tokens, width, unit, groups_with).lines(line[: len(line) - len(line.lstrip())])
    return lines if lines is not None and all(columns(item) <= width for item in lines) else None


@dataclass
class _Statement:
    """A statement on one line.

    Attributes:
        code: the line without its indentation.
        tokens: of the line.
        width: the most columns.
        unit: one level of indentation.
        groups_with: whether the items of a ``with`` may stand in brackets.
        pairs: the brackets, by their tokens' numbers.
    """

    code: str
    tokens: list[Token]
    width: int
    unit: str
    groups_with: bool
    pairs: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = matching(self.tokens)

    def lines(self, indent: str) -> list[str] | None:
        """The statement on several lines; None if it cannot be broken."""
        end = len(self.tokens)
        if self.tokens[0].text in _BLOCKS:
            if self.tokens[-1].text != ":":
                return None  # a block on the same line
            end -= 1
        if self.tokens[0].text == "with":
            return self._with(end, indent)
        start = self._value(end)
        level, places = delimiters(self.tokens, self.pairs, start, end)
        many = level > Level.NONE and (len(places) > 1 or level in {Level.COMMA, Level.LOGIC})
        at_bracket = self._at_bracket(0, end, start, indent, self._text(end, len(self.tokens)))
        if at_bracket is not None and not many:
            return at_bracket
        if start and level is not Level.COMMA and (level or end - start == 1):
            inner = self._content(start, end, indent + self.unit, "")
            if inner is not None:
                head, tail = self._text(0, start), self._text(end, len(self.tokens))
                return [f"{indent}{head} (", *inner, f"{indent}){tail}"]
        return at_bracket

    def _with(self, end: int, indent: str) -> list[str] | None:
        """The header of a ``with``: broken in the call of its only item, or with a line for each of several."""
        level, places = delimiters(self.tokens, self.pairs, 1, end)
        if level is not Level.COMMA:
            return self._at_bracket(0, end, 1, indent, ":")
        inner = self._items(1, end, places, indent + self.unit) if self.groups_with else None
        return [f"{indent}with (", *inner, f"{indent}):"] if inner is not None else None

    def _text(self, start: int, end: int) -> str:
        return self.code[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def _value(self, end: int) -> int:
        """Where the value of a statement begins, which may get brackets of its own; 0 if there is none."""
        found = 1 if self.tokens[0].text in _WITH_VALUE else 0
        number = 0
        while number < end:
            text = self.tokens[number].text
            if text in _ASSIGNS or text == "in" and self.tokens[0].text == "for" and not found:
                found = number + 1
            number = self.pairs[number] + 1 if self.pairs.get(number, -1) > number else number + 1
        return found

    def _at_bracket(self, start: int, end: int, value: int, indent: str, suffix: str) -> list[str] | None:
        """Tokens broken behind the last opening bracket that fits, behind which only trailers follow."""
        number = end
        while number > value:
            number -= 1
            token, opening = self.tokens[number], self.pairs.get(number, -1)
            if token.kind == "NAME" or token.text == ".":
                continue
            if opening < value or opening > number or self.tokens[opening - 1].text == "as":
                return None
            head = indent + self._text(start, opening + 1)
            is_index = token.text == "]" and opening > value and self.tokens[opening - 1].is_operand
            if opening + 1 < number and not is_index and columns(head) <= self.width:
                inner = self._content(opening + 1, number, indent + self.unit, "")
                if inner is not None:
                    return [head, *inner, f"{indent}{self._text(number, end)}{suffix}"]
            number = opening
        return None

    def _content(self, start: int, end: int, indent: str, suffix: str) -> list[str] | None:
        """What stands in brackets, or is a part of that: on one line if it fits, else broken at its delimiters."""
        level, places = delimiters(self.tokens, self.pairs, start, end)
        whole = indent + self._text(start, end) + suffix
        listed = level is Level.COMMA and places[-1] == end - 1
        if columns(whole) <= self.width and not listed:
            return [whole]
        if level is Level.NONE:
            return self._at_bracket(start, end, self._keyword(start, end), indent, suffix)
        if level is Level.COMMA:
            return self._items(start, end, places, indent)
        edges = [start, *places, end]
        lines: list[str] = []
        for number, (first, last) in enumerate(zip(edges, edges[1:], strict=False), start=2):
            part = self._content(first, last, indent, suffix if number == len(edges) else "")
            if part is None:
                return None
            lines += part
        return lines

    def _items(self, start: int, end: int, commas: list[int], indent: str) -> list[str] | None:
        """One line for each item of a list with commas."""
        lines: list[str] = []
        for place in [*commas, end]:
            if start < place:
                item = self._content(start, place, indent, ",")
                if item is None:
                    return None
                lines += item
            start = place + 1
        return lines

    def _keyword(self, start: int, end: int) -> int:
        """Where the value of ``name=value`` or ``key: value`` begins."""
        return start + 2 if start + 2 < end and self.tokens[start + 1].text in {"=", ":"} else start
