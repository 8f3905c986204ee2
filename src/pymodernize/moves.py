"""Where the lines of a text were before it was laid out anew as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque


class Moves:
    """The lines that two texts have in common, whatever their order and indentation.

    Lines that occur several times are taken in order: the first of the new
    text was the first of the old one.

    Args:
        old: the text before.
        new: the text after.
    """

    def __init__(self, old: bytes, new: bytes) -> None:
        places: dict[bytes, deque[int]] = defaultdict(deque)
        for start, line in _lines(old):
            places[line.strip()].append(start + _indent(line))
        self._starts: list[int] = []
        self._places: list[tuple[int, int | None]] = []
        for start, line in _lines(new):
            body = line.strip()
            known = places[body].popleft() if body and places[body] else None
            self._starts.append(start)
            self._places.append((start + _indent(line), known))

    def original(self, offset: int) -> int:
        """Where an offset of the new text was in the old one.

        Args:
            offset: of a byte, from 0.

        Returns:
            The offset; in a line that is new, that of the nearest line above
            which is not.
        """
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and self._places[number][1] is None:
            offset = 0  # as there is nothing of this line, its columns do not count
        while number >= 0:
            start, known = self._places[number]
            if known is not None:
                return known + max(0, offset - start)
            number -= 1
        return 0


def _lines(text: bytes) -> list[tuple[int, bytes]]:
    found = []
    position = 0
    for line in text.splitlines(keepends=True):
        found.append((position, line))
        position += len(line)
    return found


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip())
