"""The result of a transformation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from os.path import commonprefix
from typing import TypeAlias

from pymodernize.codemod import Finding
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation.line_matching import Matcher


@dataclass(frozen=True)
class TextEdit:
    """New text for a part of a file as it was given.

    Attributes:
        line: where the part begins, from 1.
        column: in characters, from 1.
        end_line: where the first character behind it is.
        end_column: the same.
        text: what takes its place, with the file's own line ends.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


Fix: TypeAlias = tuple[TextEdit, ...]
"""Edits that hold together, in the order of the file."""


def edits_between(source: bytes, output: bytes) -> Fix:
    """The edits that make one text of another: of lines that differ, without what they have in common at both ends.

    Args:
        source: the bytes of a file.
        output: what becomes of them, in the same encoding.
    """
    return edits_between_texts(SourceFile.decode(source).text, SourceFile.decode(output).text)


def edits_between_texts(old: str, new: str) -> Fix:
    """The same for what bytes say.

    Args:
        old: the text of a file.
        new: what becomes of it.
    """
    first, second = _lines(old), _lines(new)
    starts = list(accumulate(map(len, first), initial=0))
    others = list(accumulate(map(len, second), initial=0))
    # Behind a final newline there is a line, an empty one; behind a last line without there is none.
    lines = starts if old.endswith("\n") or not old else starts[:-1]
    edits = []
    for tag, low, high, start, end in Matcher(first, second).get_opcodes():
        if tag != "equal":
            part, text = old[starts[low] : starts[high]], new[others[start] : others[end]]
            head = len(commonprefix([part, text]))
            tail = len(commonprefix([part[head:][::-1], text[head:][::-1]]))
            begin, stop = starts[low] + head, starts[high] - tail
            edits.append(TextEdit(*_place(lines, begin), *_place(lines, stop), text[head : len(text) - tail]))
    return tuple(edits)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset into a text whose lines begin at some offsets."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


@dataclass(frozen=True)
class Result:
    """The result of transforming one file. Picklable.

    Attributes:
        findings: in the order of the file, each with its outcome.
        output: the new bytes, None if nothing changes.
        error: why the file could not be worked on, None if it could.
        fixes: for each finding the edits that deal with it, None if there are
            none; empty if that was not asked for.
        unparsable: whether the error is that the file is no Python 3: Python 2, or broken.
    """

    findings: tuple[Finding, ...] = ()
    output: bytes | None = None
    error: str | None = None
    unparsable: bool = False
    fixes: tuple[Fix | None, ...] = ()


def untriggered(source: bytes) -> Result:
    """The result for a file that contains no trigger: an encoding error counts all the same.

    Args:
        source: the file's bytes.
    """
    try:
        SourceFile.decode(source)
    except UnreadableSource as exc:
        return Result(error=str(exc), unparsable=True)
    return Result()
