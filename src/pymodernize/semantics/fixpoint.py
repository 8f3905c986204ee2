"""The least fixpoint of questions whose answers may rest on each other, by iteration from the bottom of a lattice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Fixpoint(Generic[V]):
    """The answers that are known, and those that are being worked out.

    A question that is asked again while it is being answered gets what it is
    taken to have as its answer so far; when more is found, it is worked out
    once more. An answer that rests on a question which is still open is not
    kept: with that it may grow.

    Args:
        bottom: what an answer is taken to be at first.
        grown: puts an answer so far and the one that was found together; None
            for the top of the lattice, to which nothing can be added.
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
        """Whether what is being worked out rests on an open question's answer so far."""
        return bool(self._relied)

    def has(self, question: Hashable) -> bool:
        """Whether there is an answer to a question, if only one so far."""
        return question in self._known or question in self._assumed

    def cut(self) -> None:
        """Note that a part was given up: what is being worked out may be better when it is asked for by itself."""
        self._cuts += 1

    def begin(self) -> set[Hashable]:
        """Begin a part of its own; gives what :meth:`end` has to be given."""
        before, self._relied = self._relied, set()
        return before

    def end(self, before: set[Hashable]) -> bool:
        """End a part; whether it rests on no open question, and so may be kept.

        Args:
            before: what :meth:`begin` gave.
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
        """The least answer that a question has when it is taken to have that."""
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
