"""Memoised data-flow questions that may depend on each other, solved on demand by iterating to the least fixpoint."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard

# Deeper chains of questions are given up: they cost time and are rarely precise.
_LIMIT = 60


class Answers:
    """A table of answers (abstract values), each the least fixpoint of the functions that work them out.

    A question that is asked again while it is being answered, as for a
    variable whose value depends on itself, gets the answer of the last round.
    If that grows later, the whole question is asked again. It ends, as answers
    only grow and the lattice of hazards is finite.

    Args:
        unknown: the answer to a question that is nested too deeply.
    """

    def __init__(self, unknown: Hazard = ANY) -> None:
        self._unknown = unknown
        self._known: dict[Hashable, Hazard] = {}
        # While one question from outside is answered: the answers of this round and of those before.
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
            The least fixpoint; :attr:`unknown` where questions are nested too deeply.
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
        """The answer to a question in this round, joined with that of the round before."""
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
