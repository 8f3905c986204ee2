"""Put a docstring at the top of a file, or more into the one that is there."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst

# A line that does not go on from the one above: indented, of a list, a label.
_IS_ITEM = re.compile(r"\s|[-*+@$>|]|\(?\d+[.)]|\w+:\s")
# A command is to be copied as it is, however long.
_IS_COMMAND = re.compile(r"\s*(?:[$>]|python|\S+\.(?:py|sh)\s)|\s*\S+\s+\S+\.py\s+\S")
SHEBANG = "#!/usr/bin/env python3"


def wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Lines that are no longer than others of the file may be.

    Sentences of prose with a longer line are filled anew; of anything else,
    such as a list, the longer lines are broken.

    Args:
        lines: of a docstring; the first one follows its quotes.
        width: the most columns of a line.
    """
    found: list[str] = []
    for is_blank, group in groupby(lines, key=lambda line: not line.strip()):
        paragraph = list(group)
        # A line alone has the quotes that close the text behind it, too.
        quotes = 0 if found else 6 if len(lines) == 1 else 3
        if is_blank or all(len(line) + quotes * (not number) <= width for number, line in enumerate(paragraph)):
            found += paragraph
            continue
        is_prose = not any(_IS_ITEM.match(line) or _IS_COMMAND.match(line) for line in paragraph)
        # The quotes take the room of some columns of the first line.
        for line in _joined(paragraph, width, quotes) if is_prose else paragraph:
            if _IS_COMMAND.match(line):
                found.append(line)
                continue
            indent = line[: len(line) - len(line.lstrip())]
            # The quotes take the place of an indentation, which is dropped again.
            first = indent if found else " " * 3
            found += (
                textwrap.fill(
                    line.strip(),
                    width,
                    initial_indent=first,
                    subsequent_indent=indent + " " * 2 * line.lstrip().startswith(("- ", "* ", "+ ")),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                .removeprefix("" if found else first)
                .split("\n")
            )
    return found


def _joined(paragraph: Sequence[str], width: int, quotes: int) -> list[str]:
    """Lines of prose, those from one beginning of a sentence to the next joined if one of them is too long."""
    starts = [number for number, line in enumerate(paragraph) if not number or _begins(paragraph[number - 1], line)]
    found: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(paragraph)], strict=True):
        lines = paragraph[start:end]
        fits = all(len(line) + quotes * (not start and not number) <= width for number, line in enumerate(lines))
        found += lines if fits else [" ".join(line.strip() for line in lines)]
    return found


def _begins(above: str, line: str) -> bool:
    """Whether a line begins a sentence that the one above it does not go on in."""
    return above.rstrip().endswith((".", "!", "?", ":", '"')) and line.lstrip()[:1].isupper()


def literal(lines: Sequence[str], newline: str, width: int) -> str | None:
    """A docstring's source.

    Args:
        lines: the text; the first one is the summary.
        newline: the file's.
        width: the most columns of a line.

    Returns:
        None for a text that a triple-quoted literal cannot hold as it is.
    """
    text = newline.join(lines)
    if text.startswith('"'):
        text = f" {text}"  # four quotes in a row would be read as an error
    closing = newline if len(lines) > 1 or len(text) + 6 > width else ""
    if '"""' in text or not closing and text.endswith(('"', "\\")):
        return None
    prefix = "r" if "\\" in text else ""
    return f'{prefix}"""{text}{closing}"""'


def placed(
    node: cst.Module, *, at: int, start: int, end: int, docstring: str | None = None, shebang: str | None = None
) -> cst.Module:
    """The module with another docstring or shebang at its top.

    Args:
        node: the module.
        at: how many lines stay above the docstring.
        start: the first line to be taken out, from 0; not above them.
        end: the line behind the last one.
        docstring: what is put in, with a blank line behind it, two above a definition; None for nothing.
        shebang: a new first line; None for none.
    """
    import libcst as cst

    newline = node.default_newline
    lines = node.code.splitlines(keepends=True)
    rest = lines[at:start] + _closed(lines[at:start], lines[end:])
    new = [f"{shebang}{newline}"] if shebang else []
    new += lines[:at]
    if docstring is not None:
        while rest and not rest[0].strip():
            rest.pop(0)
        blank = (2 if rest[0].startswith(_DEFINITIONS) else 1) if rest else 0
        new += [f"{docstring}{newline}", *[newline] * blank]
    return cst.parse_module("".join([*new, *rest]), node.config_for_parsing)


def _closed(above: Sequence[str], below: list[str]) -> list[str]:
    """Lines with the blank ones at their top that they need below others: the most of both, two for a definition."""
    ending = len(list(takewhile(_is_blank, reversed(above))))
    leading = len(list(takewhile(_is_blank, below)))
    rest = below[leading:]
    wanted = max(ending, leading)
    if ending < len(above) and rest and rest[0].startswith(_DEFINITIONS):
        wanted = max(wanted, 2)
    missing = wanted - ending
    newline = "\r\n" if rest and rest[0].endswith("\r\n") else "\n"
    return [*below[leading - min(leading, missing) : leading], *[newline] * (missing - leading), *rest]


_DEFINITIONS = ("def ", "async def ", "class ", "@")


def _is_blank(line: str) -> bool:
    return not line.strip()


def extended(node: cst.SimpleString, *, sections: Sequence[str], newline: str) -> cst.SimpleString:
    """A triple-quoted docstring with more at its end.

    Args:
        node: the literal.
        sections: the lines to add, after a blank one.
        newline: the file's.
    """
    quote = node.quote
    body = node.value[: -len(quote)].rstrip()
    return node.with_changes(value=newline.join([body, "", *sections, quote]))
