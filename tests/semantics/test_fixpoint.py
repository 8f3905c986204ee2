"""The least fixpoint of answers that rest on each other, whichever is asked for first."""

from __future__ import annotations

import itertools

import pytest

from pymodernize.semantics.fixpoint import Fixpoint

# What each gives by itself, and on what it rests.
GRAPH = {
    "a": ({1}, ("b",)),
    "b": ({2}, ("c", "a")),
    "c": (set(), ("b", "d")),
    "d": ({4}, ()),
    "e": ({5}, ("e", "f")),
    "f": (set(), ("f",)),
}


def solver():
    found: Fixpoint[frozenset | None] = Fixpoint(frozenset(), lambda old, new: old | new)
    asked = []

    def of(name):
        def answer():
            asked.append(name)
            own, others = GRAPH[name]
            return frozenset(own).union(*map(of, others))

        return found.of(name, answer)

    return found, of, asked


def reached(name):
    seen, pending = set(), [name]
    while pending:
        if (item := pending.pop()) not in seen:
            seen.add(item)
            pending += GRAPH[item][1]
    return frozenset().union(*(GRAPH[item][0] for item in seen))


@pytest.mark.parametrize("order", list(itertools.permutations("abce")), ids="".join)
def test_every_order_gives_the_least_answers(order):
    _, of, _ = solver()
    assert {name: of(name) for name in order} == {name: reached(name) for name in order}


def test_an_answer_that_rests_on_nothing_open_is_worked_out_once():
    found, of, asked = solver()
    assert of("d") == of("d") == {4}
    assert asked == ["d"]
    assert found.has("d") and not found.has("a")
    of("c")
    assert asked.count("d") == 1
    assert not found.depth and not found.relies


def test_what_grows_too_far_is_unknown():
    found: Fixpoint[int | None] = Fixpoint(0, lambda old, new: new if new < 5 else None)
    assert found.of("x", lambda: (found.of("x", int) or 0) + 1) is None
    assert found.of("x", int) is None, "it is kept"


def test_what_was_given_up_is_not_kept():
    found: Fixpoint[int] = Fixpoint(0, max)
    assert found.of("x", lambda: found.cut() or 1) == 1
    assert found.of("x", lambda: 2) == 2
    assert found.of("x", lambda: 3) == 2


def test_after_an_error_nothing_is_open():
    found: Fixpoint[int] = Fixpoint(0, max)
    with pytest.raises(ZeroDivisionError):
        found.of("x", lambda: found.of("x", int) + 1 // 0)
    assert not found.depth and not found.relies and not found.has("x")
