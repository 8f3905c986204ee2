"""Where the lines of one text are in another."""

from __future__ import annotations

from pymodernize.transformation.line_matching import Matcher


class LineMap:
    """Leads from lines of a text to those of what became of it.

    Args:
        old: the text before.
        new: the text after.
    """

    def __init__(self, old: bytes, new: bytes) -> None:
        # Lines that are indented anew are still the same ones.
        first, second = ([line.strip() for line in text.decode("latin-1").split("\n")] for text in (old, new))
        self._codes = Matcher(first, second).get_opcodes()

    def after(self, first: int, last: int) -> tuple[int, int]:
        """The lines that stand where some stood.

        Args:
            first: the number of the first line before, from 1.
            last: that of the last.

        Returns:
            The same after; the last is the one in front of the first if none are left.
        """
        begin, end = self._bound(first - 1, is_end=False), self._bound(last, is_end=True)
        return begin + 1, max(begin, end)

    def _bound(self, place: int, *, is_end: bool) -> int:
        """Where what begins, or ends, in front of a line does so after."""
        for tag, low, high, start, end in self._codes:
            if low < place <= high if is_end else low <= place < high:
                if tag == "equal":
                    return start + place - low
                return end if is_end else start
        return self._codes[-1][-1] if self._codes else place
