from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pymodernize.moves import Moves

OLD = b"import os\n\nprint(1)\ndef f():\n    pass\nprint(1)\nprint(2)\n"
NEW = b"import os\n\ndef f():\n    pass\n\ndef main():\n    print(1)\n    print(1)\n    print(2)\n\nmain()\n"


def where(text: bytes, part: bytes, number: int = 0) -> int:
    start = -1
    for _ in range(number + 1):
        start = text.index(part, start + 1)
    return start


def test_lines_that_moved_and_were_indented():
    moves = Moves(OLD, NEW)
    for part, number in ((b"import", 0), (b"def f", 0), (b"pass", 0), (b"print(1)", 0), (b"print(1)", 1), (b"2)", 0)):
        assert moves.original(where(NEW, part, number)) == where(OLD, part, number), part


def test_new_lines_are_where_the_line_above_was():
    moves = Moves(OLD, NEW)
    assert moves.original(where(NEW, b"def main")) == where(OLD, b"pass")
    assert moves.original(where(NEW, b"()", 2)) == where(OLD, b"print(2)")
    assert Moves(b"", b"a\nb\n").original(3) == 0
    assert Moves(b"a\n", b"").original(0) == 0


@given(st.lists(st.sampled_from([b"a\n", b"  a\n", b"b b\n", b"\n", b"c"])).map(b"".join))
def test_a_text_that_stays_keeps_its_offsets(text: bytes):
    moves = Moves(text, text)
    for offset in range(len(text)):
        line = text[: text.find(b"\n", offset)].rpartition(b"\n")[2]
        if line.strip() and offset >= text.rfind(b"\n", 0, offset) + 1 + len(line) - len(line.lstrip()):
            assert moves.original(offset) == offset
