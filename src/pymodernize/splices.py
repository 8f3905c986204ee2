"""New bytes for places of a text, and where a place was before."""

from __future__ import annotations

import os.path
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


def original_offset(offset: int, splices: Sequence[Splice]) -> int:
    """Where an offset of the text after the splices was before them; inside new text, where it was put."""
    shift = 0
    for splice in sorted(splices, key=lambda item: (item.start, item.end)):
        start = splice.start + shift
        if offset < start:
            break
        if offset < start + len(splice.text):
            return splice.start
        shift += len(splice.text) - (splice.end - splice.start)
    return offset - shift
