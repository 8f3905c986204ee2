"""Random scripts that hold locks: what they print, and which locks are held then, is the same by ``with``."""

from __future__ import annotations

import contextlib
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

FACTS = ProjectFacts(path="script.py")
# The thread that holds such a lock never waits for it.
START = """\
import threading

lock = threading.RLock()
other = threading.RLock()
number = 0
def raising(value):
    raise KeyError(value)
def script(given):
    global number
    for turn in given:
"""
END = """
    return number
for given in ([], [0], [1, 0], [0, 2, 1]):
    try:
        print(script(given))
    except Exception as exc:
        print(type(exc).__name__)
    print(lock._is_owned(), other._is_owned(), number)
"""


def outcome(source: str) -> str:
    """What a script prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue()


SIMPLE = st.sampled_from(
    """number += 1|number = turn|print(number)|raising(turn)|if turn: break|if turn: return turn|if not turn: continue
    |pass|number //= turn|other.release()|given = [turn]|x = (turn, number)|lock = threading.RLock()""".replace(
        "\n    ", ""
    ).split("|")
)


def held(lines: list[str], lock: str, in_try: bool) -> list[str]:
    """Some lines during which a lock is held."""
    if in_try:
        lines = ["try:", *(f"    {line}" for line in lines), "finally:", f"    {lock}.release()"]
        return [f"{lock}.acquire()", *lines]
    return [f"{lock}.acquire()", *lines, f"{lock}.release()"]


LOCKS = st.sampled_from(["lock", "other"])
BLOCKS = st.recursive(
    st.lists(SIMPLE, min_size=1, max_size=2),
    lambda inner: st.one_of(
        st.builds(held, inner, LOCKS, st.booleans()), st.builds(lambda one, two: one + two, inner, inner)
    ),
    max_leaves=4,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(BLOCKS, LOCKS, st.booleans())
def test_random_scripts(lines: list[str], lock: str, in_try: bool):
    source = START + "\n".join(f"        {line}" for line in held(lines, lock, in_try)) + END
    result = transform(source.encode(), make_plan(["lock-without-with"], assume=["none"]), FACTS)
    assert not any(item.status is Status.REJECTED for item in result.findings), result.findings
    if result.output is not None:
        assert outcome(result.output.decode()) == outcome(source), result.output.decode()
