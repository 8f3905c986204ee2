"""Answers that may rest on each other: the least ones that fit together, found by asking until nothing is added."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard

# A value that follows more steps than this is not worth it.
_LIMIT = 60


class Answers:
    """What is known so far.

    A question that is asked again while it is being answered, as for a
    variable that is put together of itself, gets what was found up to then. If
    more is found later, all that rested on it is asked once more. What is
    found only ever grows, and there is an end to what can be found.

    Args:
        unknown: the answer where it takes too many steps.
    """

    def __init__(self, unknown: Hazard = ANY) -> None:
        self._unknown = unknown
        self._known: dict[Hashable, Hazard] = {}
        # For the time of one question from outside: what was found, also in earlier rounds.
        self._found: dict[Hashable, Hazard] = {}
        self._met: set[Hashable] = set()
        self._open: set[Hashable] = set()
        self._relied: set[Hashable] = set()
        self._is_stale = False

    def to(self, question: Hashable, answer: Callable[[], Hazard]) -> Hazard:
        """The answer to a question.

        Args:
            question: what is asked.
            answer: works it out; it may ask further questions, this one too.

        Returns:
            What the answer comes to; everything, where that takes too many steps.
        """
        if question in self._known:
            return self._known[question]
        if self._open:
            return self._ask(question, answer)
        try:
            while True:
                self._is_stale = False
                self._met.clear()
                self._relied.clear()
                found = self._ask(question, answer)
                if not self._is_stale:
                    break
            self._known |= {met: self._found[met] for met in self._met}
            return found
        finally:
            self._found.clear()
            self._open.clear()

    def _ask(self, question: Hashable, answer: Callable[[], Hazard]) -> Hazard:
        """The answer of this round."""
        before = self._found.get(question, NONE)
        if question in self._met:
            if question in self._open:
                self._relied.add(question)
            return before
        if len(self._open) > _LIMIT:
            return self._unknown
        self._met.add(question)
        self._open.add(question)
        found = answer() | before
        self._open.discard(question)
        self._found[question] = found
        self._is_stale |= found != before and question in self._relied
        return found
