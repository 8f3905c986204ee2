"""Diffs of texts of any length: what they say is right, and they take no longer than their length allows."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymodernize.report.diff import unified_diff
from pymodernize.transformation import line_matching
from pymodernize.transformation.line_matching import Matcher

LINES = st.lists(st.sampled_from("abcdefg"), max_size=14)


def check(old: list[str], new: list[str]) -> None:
    """Runs of equal lines, in order in both, and none that follows the one before."""
    low = start = 0
    *blocks, last = Matcher(old, new).get_matching_blocks()
    for block in blocks:
        assert block.size
        assert (block.a, block.b) >= (low, start)
        assert block.a >= low
        assert block.b >= start
        assert old[block.a : block.a + block.size] == new[block.b : block.b + block.size]
        low, start = block.a + block.size, block.b + block.size
    assert tuple(last) == (len(old), len(new), 0)


@given(old=LINES, new=LINES)
def test_what_is_said_to_be_equal_is(old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_matching, "CHEAP", 5)
        check(old, new)


def _few(count: int) -> list[str]:
    dice = random.Random(3)  # noqa: S311 - it gives a test case
    return [f"{dice.randrange(count // 300)}\n" for _ in range(count)]


HARD = {
    "every second line changes": (
        [line for number in range(8_000) for line in (f"print({number})\n", f"x = {number}\n")],
        [line for number in range(8_000) for line in (f"log({number})\n", f"x = {number}\n")],
    ),
    "all lines change": ([f"print({n})\n" for n in range(20_000)], [f"log({n})\n" for n in range(20_000)]),
    "few lines, in another order": (_few(20_000), _few(20_000)[::-1]),
    "the other way round": ([f"{n}\n" for n in range(20_000)], [f"{n}\n" for n in reversed(range(20_000))]),
    "one line again and again": (["a\n"] * 20_000, ["b\n", *["a\n"] * 19_999, "c\n"]),
    "pairs that come apart": (
        [line for n in range(9_000) for line in (f"{n}\n", f"{n // 2}\n")],
        [line for n in range(9_000) for line in (f"{n // 2}\n", f"{n + 1}\n")],
    ),
}


@pytest.mark.parametrize(("old", "new"), HARD.values(), ids=HARD.keys())
def test_a_long_file_takes_no_longer_than_its_length_allows(old: list[str], new: list[str]) -> None:
    began = time.process_time()
    check(old, new)
    # The square of so many lines takes minutes.
    assert time.process_time() - began < 5


def test_a_line_that_stays_between_two_that_change_stays_in_the_diff() -> None:
    old, new = ("".join(lines) for lines in HARD["every second line changes"])
    lines = unified_diff("x.py", old.encode(), new.encode()).splitlines()
    assert lines[2] == b"@@ -1,16000 +1,16000 @@"
    assert [sum(line.startswith(mark) for line in lines[3:]) for mark in (b" ", b"-", b"+")] == [8_000] * 3
