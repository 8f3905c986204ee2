"""The layout of scripts: the same whatever codemods run, in whatever order."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from running import FIXTURES, SCRIPTS, apply_to, execute, make_plan

from pymodernize.transformation.engine import transform

# Slow under a tracer; what it runs is covered by other tests.
pytestmark = pytest.mark.no_cover

STRICT = ("usual", "surplus-arguments")
SHAPING = ("argparse-skeleton", "exit-codes", "main-guard", "module-docstring", "print-to-logging", "signal-handlers")

WORK = """\
#!/usr/bin/env python
# moves old files into a folder
import sys, os
import atexit

LIMIT = 3

def tidy():
    os.remove("lock")

if len(sys.argv) != 2:
    print("usage: mover.py FOLDER")
    sys.exit(2)
folder = sys.argv[1]
atexit.register(tidy)
open("lock", "w").close()
for name in os.listdir(folder)[:LIMIT]:
    print("moving %s" % name)
if not os.listdir(folder):
    print("nothing is left")
    sys.exit(1)
"""
GUARDED = '''\
"""Tell what a file has."""
import os
import sys

DEBUG = False


def tell(name):
    print("reading %s" % name)
    return os.path.getsize(name)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("usage: tell.py FILE")
        exit(1)
    print("%d bytes" % tell(sys.argv[1]))

# an older way
# print(os.stat(sys.argv[1]))
'''
WITH_MAIN = """\
import sys

LEVEL = 1


def first(words):
    try:
        return words[0]
    finally:
        print("looked at %d words" % len(words))


def main():
    if len(sys.argv) == 1:
        print("no words")
        sys.exit(1)
    print("first: %s" % first(sys.argv[1:]))


def unused():
    return LEVEL


main()
"""
STEPS = """\
import sys


def tell(name):
    print("reading: %s" % name)
    return len(name)


if __name__ == "__main__":
    # first of all

    size = tell(sys.argv[1])
    print("size: %d" % size)
"""
CALLS = """\
def tell(name):
    print("reading: %s" % name)

# now
tell("abc")
print("done: %d" % 4)
"""
SHORT = """\
import os

names = os.listdir(".")
try:
    print("there are %d" % len(names))
finally:
    os.remove("lock")
"""
APART = """\
import sys
# the rows of a file

path = sys.argv[1]
rows = {}
unread = {}

for line in open(path):
    rows[line] = line


print("found: %d" % len(rows))
"""
ENDS_WELL = """\
import os

word = os.environ.get("WORD", "")
if not word:
    print("no word")
    quit()
os.environ["WORD"] = word.upper()
for letter in word:
    print(letter)
if len(word) > 3:
    raise SystemExit
print("a short one")
if word.isdigit():
    exit("a number")
"""
CASES = {
    "work": WORK,
    "guarded": GUARDED,
    "with_main": WITH_MAIN,
    "steps": STEPS,
    "calls": CALLS,
    "short": SHORT,
    "apart": APART,
    "ends_well": ENDS_WELL,
}


def one_after_the_other(folder: Path, codemods: Sequence[str]) -> dict[str, bytes]:
    """The files once each codemod has been applied alone, again and again until none has anything left to do."""
    while any(report.result.output for name in codemods for report in apply_to(folder, make_plan([name])).values()):
        pass
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def all_at_once(folder: Path, codemods: Sequence[str]) -> dict[str, bytes]:
    apply_to(folder, make_plan(list(codemods)))
    return contents(folder)


def laid_out(folder: Path, source: str) -> Path:
    folder.mkdir()
    (folder / "script.py").write_text(source)
    return folder


ORDERS = list(itertools.permutations(SHAPING))


@pytest.mark.parametrize("name", CASES)
def test_any_order_ends_in_the_same_text(name: str, tmp_path: Path):
    wanted = all_at_once(laid_out(tmp_path / "all", CASES[name]), SHAPING)
    seen: dict[tuple[bytes, str], bytes] = {}

    def step(text: bytes, codemod: str) -> bytes:
        """What one codemod makes of a text; many orders come by the same texts."""
        if (text, codemod) not in seen:
            folder = laid_out(tmp_path / str(len(seen)), "")
            (folder / "script.py").write_bytes(text)
            seen[text, codemod] = all_at_once(folder, [codemod])["script.py"]
        return seen[text, codemod]

    for order in ORDERS:
        text, before = CASES[name].encode(), b""
        while text != before:
            before = text
            for codemod in order:
                text = step(text, codemod)
        assert text.decode() == wanted["script.py"].decode(), order


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in SCRIPTS.glob("*/runs.toml")), ids=lambda path: path.name
)
def test_scripts_in_an_order_drawn_at_random(folder: Path, tmp_path: Path):
    names = sorted(SHAPING)
    random.Random(folder.name).shuffle(names)  # noqa: S311 - the same each time
    for target in ("all", "each"):
        (tmp_path / target).mkdir()
        for path in folder.glob("*.py"):
            (tmp_path / target / path.name).write_bytes(path.read_bytes())
    wanted = all_at_once(tmp_path / "all", names)
    assert one_after_the_other(tmp_path / "each", names) == wanted, names


# With arguments that may be surplus, more command lines are read by argparse, and leave gaps where they stood.
COMMAND_LINES = (
    "chain_of_counts",
    "checked_before_the_options",
    "flags_in_a_loop",
    "getopt_top_level",
    "required_one",
    "usage_text_variable",
)


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_command_lines_in_two_orders(name: str):
    source = (FIXTURES / "argparse-skeleton" / name / "before.py").read_bytes()
    plans = {item: make_plan([item], assume=STRICT) for item in SHAPING}
    wanted = transform(source, make_plan(list(SHAPING), assume=STRICT)).output
    assert wanted is not None
    for order in (SHAPING, SHAPING[::-1]):
        text, before = source, b""
        while text != before:
            before = text
            for codemod in order:
                text = transform(text, plans[codemod]).output or text
        assert text.decode() == wanted.decode(), order


# --- above every line that runs and uses it ------------------------------------------------------------------------

EARLY = [
    'import sys\nDEBUG = "-d" in sys.argv\nif DEBUG:\n    import pdb\nelse:\n    pdb = None\n'
    'from os.path import basename\nprint("debug: %s %s" % (DEBUG, basename("/a/b")))\n',
    'import sys\nWIDTH = int(sys.argv[1])\nimport textwrap\nprint("width: %s" % textwrap.fill("a b", WIDTH))\n',
    'import sys, time; print("start: one")\nprint("end: %d" % len(sys.argv))\n',
    '"""Greet."""; print("hello: one")\nprint("bye: two")\n',
    'from os.path import \\\n    basename; print("name: %s" % basename("/a/b"))\n',
]


@pytest.mark.parametrize("source", EARLY)
@pytest.mark.parametrize("codemods", [*([name] for name in SHAPING), list(SHAPING)], ids=lambda names: names[0])
def test_nothing_is_used_above_its_definition(source: str, codemods: list[str], tmp_path: Path):
    before, after = laid_out(tmp_path / "before", source), laid_out(tmp_path / "after", source)
    apply_to(after, make_plan(codemods, assume=STRICT))
    case = {"args": ["7"] if "argv[1]" in source else []}
    old = execute(before, tmp_path / "old", case, "script.py")
    new = execute(after, tmp_path / "new", case, "script.py")
    assert (new.stdout, new.status == 0) == (old.stdout, old.status == 0), new.stderr


def test_a_part_that_would_come_too_late_is_withheld(tmp_path: Path):
    reports = apply_to(laid_out(tmp_path / "early", EARLY[1]), make_plan(["argparse-skeleton"], assume=STRICT))
    (finding,) = reports["script.py"].result.findings
    assert finding.reason == "cannot be placed here: line 2 runs above the place for parse_arguments"
