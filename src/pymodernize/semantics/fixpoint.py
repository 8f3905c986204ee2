"""The least fixpoint of questions that may depend on each other, by iteration from the bottom of a lattice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Fixpoint(Generic[V]):
    """Memoised answers to questions that may depend on each other.

    A question that is asked again while it is being answered (an open one)
    gets the answer so far; if that grows, it is computed again. An answer
    that depends on an open question is not cached, as it may grow with it.

    Args:
        bottom: the bottom of the lattice, the first approximation.
        grown: the join (or widening) of the answer so far and a new one; None
            for the top of the lattice, at which iteration ends.
    """

    def __init__(self, bottom: V, grown: Callable[[V, V], V]) -> None:
        self._bottom = bottom
        self._grown = grown
        self._known: dict[Hashable, V] = {}
        self._assumed: dict[Hashable, V] = {}
        self._relied: set[Hashable] = set()
        self._cuts = 0

    @property
    def depth(self) -> int:
        """How many questions are open."""
        return len(self._assumed)

    @property
    def relies(self) -> bool:
        """Whether the current computation depends on the answer so far of an open question."""
        return bool(self._relied)

    def has(self, question: Hashable) -> bool:
        """Whether there is an answer to a question, also one so far."""
        return question in self._known or question in self._assumed

    def cut(self) -> None:
        """Note that a part was given up, so that the current answers are imprecise and not cached."""
        self._cuts += 1

    def begin(self) -> set[Hashable]:
        """Begin to track what a part of the computation depends on; returns the state for :meth:`end`."""
        before, self._relied = self._relied, set()
        return before

    def end(self, before: set[Hashable]) -> bool:
        """End such a part; returns whether it depends on no open question, so that its answer may be cached.

        Args:
            before: the state that :meth:`begin` returned.
        """
        is_alone = not self._relied
        self._relied |= before
        return is_alone

    def of(self, question: Hashable, answer: Callable[[], V]) -> V:
        """The answer to a question.

        Args:
            question: what is asked.
            answer: works it out; it may ask further questions, this one too.
        """
        if question in self._assumed:
            self._relied.add(question)
            return self._assumed[question]
        if question in self._known:
            return self._known[question]
        before, cuts = self.begin(), self._cuts
        try:
            found = self._iterated(question, answer)
        finally:
            is_alone = self.end(before)
        if is_alone and cuts == self._cuts:
            self._known[question] = found
        return found

    def _iterated(self, question: Hashable, answer: Callable[[], V]) -> V:
        """The least fixpoint of a question, given the answers so far of those that are open."""
        assumed = self._bottom
        while True:
            self._assumed[question] = assumed
            try:
                found = answer()
            finally:
                del self._assumed[question]
                is_relied = question in self._relied
                self._relied.discard(question)
            if found is None or not is_relied:
                return found
            more = self._grown(assumed, found)
            if more is None or more == assumed:
                return found if more == assumed else more
            assumed = more
