"""Which lines of two versions of a text are the same, in time that grows little faster than their number.

difflib finds the longest run of equal lines, then the longest on either side of it, and so on: where every second line
of a file changes that takes the square of its length. Where it would take long, lines that stand once in either version
come first, in the longest order that both have (patience diff), and difflib is asked about what lies between.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

Block = tuple[int, int, int]
"""Where a run of equal lines begins in the one and in the other version, and how long it is."""

CHEAP = 3_000_000
"""As many comparisons take difflib some tenths of a second."""
_POPULAR = 200
"""From so many lines on, difflib passes over those that are more than one in a hundred."""


class Matcher(difflib.SequenceMatcher[str]):
    """The same as that of difflib for texts of ordinary length; for others it finds fewer equal lines.

    Args:
        old: the lines of one version.
        new: those of the other.
        budget: how many comparisons it may take.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: int = 10 * CHEAP) -> None:
        self._is_cheap = _cost(old, new) <= CHEAP
        super().__init__(None, old if self._is_cheap else (), new if self._is_cheap else ())
        self.a, self.b = old, new
        self._budget = budget

    def get_matching_blocks(self) -> list[difflib.Match]:
        """The runs of equal lines in order, with an empty one at the end."""
        if self._is_cheap:
            return super().get_matching_blocks()
        blocks = [*_joined(sorted(self._blocks())), (len(self.a), len(self.b), 0)]
        return [difflib.Match(*block) for block in blocks]

    def _blocks(self) -> Iterator[Block]:
        pending = [(0, len(self.a), 0, len(self.b))]
        while pending and self._budget > 0:
            low, high, start, end = pending.pop()
            self._budget -= high - low + end - start
            while low < high and start < end and self.a[low] == self.b[start]:
                yield low, start, 1
                low, start = low + 1, start + 1
            while low < high and start < end and self.a[high - 1] == self.b[end - 1]:
                high, end = high - 1, end - 1
                yield high, end, 1
            old, new = self.a[low:high], self.b[start:end]
            anchors = list(_anchors(old, new))
            for place, other in anchors:
                yield low + place, start + other, 1
            if anchors:
                edges = [(-1, -1), *anchors, (len(old), len(new))]
                pending += (
                    (low + above + 1, low + place, start + before + 1, start + other)
                    for (above, before), (place, other) in zip(edges, edges[1:], strict=False)
                    if above + 1 < place and before + 1 < other
                )
            elif old and new and (cost := _cost(old, new)) <= min(CHEAP, self._budget):
                self._budget -= cost
                for block in difflib.SequenceMatcher(None, old, new).get_matching_blocks():
                    yield low + block.a, start + block.b, block.size


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """How many comparisons difflib makes at most: all equal pairs, for each run of equal lines that there may be."""
    first, second = Counter(old), Counter(new)
    most = len(new) // 100 + 1 if len(new) >= _POPULAR else len(new)
    both = [(first[line], count) for line, count in second.items() if count <= most and line in first]
    return sum(one * other for one, other in both) * (1 + sum(min(pair) for pair in both))


def changed_lines(old: bytes, new: bytes) -> int:
    """How many lines one text lacks that the other has, and the other way round."""
    first, second = (text.decode("latin-1").split("\n") for text in (old, new))
    codes = Matcher(first, second).get_opcodes()
    return sum(high - low + end - start for tag, low, high, start, end in codes if tag != "equal")


def _anchors(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of lines that stand once in either, of which as many as possible are in order in both."""
    first, second = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new) if second[line] == 1}
    pairs = [(place, places[line]) for place, line in enumerate(old) if first[line] == 1 and line in places]
    # The longest increasing subsequence: for each length the pair that ends it lowest, and the one before each.
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        length = bisect_left(lowest, other)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [other]
        ends[length : length + 1] = [number]
    number = ends[-1] if ends else -1
    found: list[tuple[int, int]] = []
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    yield from reversed(found)


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Runs that follow each other as one."""
    low = start = size = 0
    for place, other, length in blocks:
        if (place, other) == (low + size, start + size):
            size += length
            continue
        if size:
            yield low, start, size
        low, start, size = place, other, length
    if size:
        yield low, start, size
