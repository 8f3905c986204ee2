"""Findings of later rounds, and the lines that their reasons name, are those of the file as it was given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import make_plan
from toys import model

from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.changes import Relaid
from pymodernize.transformation.engine import transform
from pymodernize.transformation.original_places import Trail

OLD = "import os\n\nprint(1)\ndef f():\n    pass\nprint(1)\nprint(2); print(33)\n"
NEW = "import os\n\ndef f():\n    pass\n\ndef main():\n    print(1)\n    print(1)\n    print(2)\n"
NEW += "    print(33)\n\nmain()\n"


def where(text: str, part: str, number: int = 0) -> int:
    return [found.start() for found in re.finditer(re.escape(part), text)][number]


def relaid(old: str, new: str) -> Relaid:
    return Relaid(model(old), model(new), frozenset())


def test_lines_that_moved_and_were_indented():
    layout = relaid(OLD, NEW)
    for part, number in (("import", 0), ("def f", 0), ("pass", 0), ("print(1)", 0), ("print(1)", 1), ("2)", 0)):
        assert layout.nearest(where(NEW, part, number)) == where(OLD, part, number), part


def test_a_statement_that_has_a_line_for_itself_now():
    assert relaid(OLD, NEW).nearest(where(NEW, "print(33)")) == where(OLD, "print(33)")


def test_new_lines_are_where_the_line_above_was():
    layout = relaid(OLD, NEW)
    assert layout.nearest(where(NEW, "def main")) == where(OLD, "pass")
    assert relaid("", "a\nb\n").nearest(3) == 0
    assert relaid("a\n", "").nearest(0) == 0


@given(st.lists(st.sampled_from(["a\n", "b; b\n", "\n", "if a:\n  b\n", "#c\n"])).map("".join))
def test_a_text_that_stays_keeps_its_offsets(text: str):
    layout = relaid(text, text)
    for offset, sign in enumerate(text):
        if sign not in " \n":
            assert layout.nearest(offset) == offset


def test_a_line_of_another_file_stays():
    module = model("a\nb\nc\n")
    trail = Trail(module.source)
    trail.add(lambda offset: max(0, offset - 2))
    assert trail._told("line 3 runs above it (other.py, line 3)", module) == "line 2 runs above it (other.py, line 3)"


SCRIPTS = {
    "a thread": (
        "import threading\nimport tempfile\ndef main():\n    with tempfile.TemporaryDirectory() as folder:\n"
        "        print('works in a folder')\nif __name__ == '__main__':\n"
        "    runner = threading.Thread(target=main)\n    runner.start()\n    print('done')\n"
    ),
    "work on the docstring's line": (
        '"""Doc."""; print("doc is %s" % __doc__)\nimport sys\nprint("words: %d" % len(sys.argv))\n'
    ),
    "a file at work": (
        "import os, sys\nfor name in os.listdir('.'):\n    print('found ' + name)\n    try:\n"
        "        size = os.path.getsize(name)\n    except:\n        print('no size of ' + name)\n        sys.exit(1)\n"
    ),
    "a parameter that is called like a module": (
        "import os\ndef tell(logging, main=None):\n    print('told %s' % logging)\n"
        "    return os.path.join('a', logging)\n"
        "print('made ' + tell('b')) if tell else None\nprint('end')\n"
    ),
    "two loops, one in a function": (
        "import os, sys\ndef walk(top):\n    for name in os.listdir(top):\n"
        "        print('in ' + os.path.join(top, name))\n"
        "if len(sys.argv) > 2: print('one, please'); sys.exit(1)\nfor name in sys.argv[1:]: walk(name); print('left')\n"
    ),
}
MARKS = {
    "print-to-logging": ("print",),
    "os-path-to-pathlib": ("os.", "name", "open"),
    "bare-except": ("except",),
    "argparse-skeleton": ("sys.argv",),
}


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_findings_are_at_lines_of_the_file_as_it_was_given(source: str):
    lines = ["", *source.splitlines()]
    findings = transform(source.encode(), make_plan(), ProjectFacts(path="script.py")).findings
    for finding in findings:
        marks = MARKS.get(finding.codemod, ("",))
        assert any(mark in lines[finding.line] for mark in marks), finding
        for number in re.findall(r"\bline (\d+)", finding.reason):
            assert int(number) < len(lines), finding
            if "thread" in finding.reason:
                assert "Thread" in lines[int(number)]
