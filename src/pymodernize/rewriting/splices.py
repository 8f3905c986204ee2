"""New bytes for places of a text, and where a place was before."""

from __future__ import annotations

import os.path
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


class CannotPlace(ValueError):
    """A rewrite's result cannot stand where the fragment stood; the message says why."""


@dataclass(frozen=True)
class Splice:
    """New bytes (UTF-8) for the source's bytes from ``start`` to ``end``."""

    start: int
    end: int
    text: bytes


def apply_splices(data: bytes, splices: Sequence[Splice]) -> bytes:
    """The text with all splices made; they must not overlap. At one place, insertions keep their order."""
    parts: list[bytes] = []
    position = 0
    for splice in sorted(splices, key=lambda item: (item.start, item.end)):
        if splice.start < position:
            raise CannotPlace("two edits overlap")
        parts += [data[position : splice.start], splice.text]
        position = splice.end
    return b"".join([*parts, data[position:]])


def narrowed(data: bytes, splices: Sequence[Splice]) -> list[Splice]:
    """The same changes of a text without the bytes that each leaves as they were at both ends."""
    return [_narrowed(data, splice) for splice in sorted(splices, key=lambda item: (item.start, item.end))]


def _narrowed(data: bytes, splice: Splice) -> Splice:
    old, new = data[splice.start : splice.end], splice.text
    head = len(os.path.commonprefix([old, new]))
    tail = len(os.path.commonprefix([old[head:][::-1], new[head:][::-1]]))
    return Splice(splice.start + head, splice.end - tail, new[head : len(new) - tail])


class Origins:
    """Maps offsets of a text to where they were before some splices.

    Args:
        splices: what was done to the text before.
    """

    def __init__(self, splices: Sequence[Splice]) -> None:
        self._starts: list[int] = []
        self._known: list[tuple[int, int, int]] = []
        shift = 0
        for splice in sorted(splices, key=lambda item: (item.start, item.end)):
            start = splice.start + shift
            shift += len(splice.text) - (splice.end - splice.start)
            self._starts.append(start)
            self._known.append((start + len(splice.text), splice.start, shift))

    def original(self, offset: int) -> int:
        """Where an offset of the text after the splices was before them; inside new text, where it was put.

        Args:
            offset: of a byte, from 0.
        """
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return offset
        # Of several at one place, the first that the offset is in: those before it end where it begins.
        end, origin, shift = self._known[place]
        return origin if offset < end else offset - shift
