"""What is reached in a graph: the same as by walking it again for each node."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from pymodernize.semantics.reaching import Reach, Walk, first_two, reached


def graph(seed: int) -> Mapping[str, list[str]]:
    """Some nodes, some of which lead to others, in circles too."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    names = [f"n{number}" for number in range(chance.randint(1, 12))]
    return {name: chance.sample(names, chance.randint(0, min(3, len(names)))) for name in names}


@pytest.mark.parametrize("seed", range(60))
def test_what_is_reached(seed: int) -> None:
    steps = graph(seed)
    every = {name: reached([name], steps.__getitem__) for name in steps}
    reach, walk = Reach(steps.__getitem__), Walk(steps.__getitem__)
    two = first_two(sorted(steps), steps.__getitem__)
    passed: set[str] = set()
    for name, found in every.items():
        assert reach.of(name) == sorted(found - {name})
        assert walk.further([name]) == {name, *found} - passed
        passed |= {name, *found}
        assert two.get(name, []) == [start for start in sorted(steps) if name in every[start]][:2]


def test_no_node_is_passed_again() -> None:
    names = [f"n{number:03}" for number in range(200)]
    asked: list[str] = []

    def steps(name: str) -> list[str]:
        asked.append(name)
        return names

    reach, walk = Reach(steps), Walk(steps)
    assert all(len(reach.of(name)) == 199 for name in names)
    assert [len(walk.further([name])) for name in names] == [200] + 199 * [0]
    assert set(first_two(names, steps)) == set(names)
    assert len(asked) <= 6 * len(names)
