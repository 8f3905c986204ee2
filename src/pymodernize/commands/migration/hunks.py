"""The hunks of a commit that tell most of what it does."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation.line_matching import Matcher

_CONTEXT = 2
_MOST_LINES = 24
"""A longer one is shown in part."""


@dataclass(frozen=True)
class Hunk:
    """Lines that change together, with some around them.

    Attributes:
        path: of the file.
        line: the number of its first line in the text before, from 1.
        lines: as in a diff: each begins with a blank, a minus or a plus.
        rewrites: how many of the commit's rewrites are in it.
    """

    path: Path
    line: int
    lines: tuple[str, ...]
    rewrites: int

    @property
    def removed(self) -> tuple[str, ...]:
        """What it takes out, without blanks around."""
        return tuple(line[1:].strip() for line in self.lines if line.startswith("-"))

    @property
    def worth(self) -> tuple[bool, bool, int]:
        """How much it tells: it shows a before and an after, can be seen as a whole, and has much of both."""
        changed = sum(line[0] != " " for line in self.lines)
        has_both = bool(self.removed) and any(line.startswith("+") for line in self.lines)
        is_short = len(self.lines) <= _MOST_LINES
        return has_both and self.rewrites > 0, is_short, changed if is_short else -changed

    @property
    def shown(self) -> tuple[str, ...]:
        """As many of its lines as a person reads."""
        if len(self.lines) <= _MOST_LINES:
            return self.lines
        return (*self.lines[:_MOST_LINES], f" … and {len(self.lines) - _MOST_LINES} more lines")


def most_telling(
    old: Mapping[Path, bytes],
    new: Mapping[Path, bytes],
    places: Mapping[Path, Collection[int]],
    number: int = 2,
    *,
    indented: bool = True,
) -> list[Hunk]:
    """The hunks that tell most; of those that take out the same, and of one file, only one if there are others.

    Args:
        old: the texts before, by file.
        new: the texts after.
        places: the lines at which there are rewrites, of the texts before.
        number: how many are wanted.
        indented: whether a line changes that is only indented anew.
    """
    pending = sorted(
        (
            hunk
            for path in new
            for hunk in hunks_of(path, old[path], new[path], places.get(path, ()), indented=indented)
        ),
        key=lambda hunk: hunk.worth,
        reverse=True,
    )
    found: list[Hunk] = []
    while pending and len(found) < number:
        fresh = [
            hunk
            for hunk in pending
            if hunk.path not in {item.path for item in found} and hunk.removed not in {item.removed for item in found}
        ]
        chosen = fresh[0] if fresh and fresh[0].worth[0] else pending[0]
        pending.remove(chosen)
        found.append(chosen)
    return found


def hunks_of(path: Path, old: bytes, new: bytes, places: Collection[int], *, indented: bool = True) -> Iterator[Hunk]:
    """The hunks of a file, in its order; lines around are as they are in the text after."""
    first, second = _lines(old), _lines(new)
    before, after = (lines if indented else [line.strip() for line in lines] for lines in (first, second))
    for group in Matcher(before, after).get_grouped_opcodes(_CONTEXT):
        lines: list[str] = []
        for tag, low, high, start, end in group:
            if tag == "equal":
                lines += [f" {line}" for line in second[start:end]]
            else:
                lines += [f"-{line}" for line in first[low:high]]
                lines += [f"+{line}" for line in second[start:end]]
        low, high = group[0][1], group[-1][2]
        yield Hunk(path, low + 1, tuple(lines), sum(low < place <= high for place in places))


def _lines(text: bytes) -> list[str]:
    try:
        return SourceFile.decode(text).text.lstrip(codecs.BOM_UTF8.decode("utf-8")).splitlines()
    except UnreadableSource:
        return text.decode("latin-1").splitlines()
