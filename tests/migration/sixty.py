"""Sixty legacy scripts in twelve folders, with tests of their own: the team's repository of the tutorial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

AREAS = (
    *("backup", "billing", "cleanup", "export", "ingest", "inventory"),
    *("mail", "monitor", "report", "stock", "sync", "users"),
)

_COPY = """\
#!/usr/bin/env python
# Copies a {area} file to where the others are.
import shutil
import sys

try:
    shutil.copy(sys.argv[1], "/srv/{area}")
except IOError:
    print("ERROR: cannot copy " + sys.argv[1])
    sys.exit(1)
"""
_COUNT = """\
import sys


def number(text):
    try:
        return int(text)
    except:
        return {number}


def total(lines):
    found = 0
    for line in lines:
        found += number(line.split(":")[-1].strip())
    return found


if __name__ == "__main__":
    print("{area}: " + str(total(sys.stdin)))
"""
_CLEAN = """\
# Removes what {area} leaves behind.
import os

try:
    os.remove("/var/tmp/{area}.lock")
except EnvironmentError:
    print("{number}: nothing to remove")
"""
_TELL = """\
class {title}Error(Exception):
    pass


def load(path):
    try:
        with open(path) as handle:
            return handle.read().split()
    except IOError as error:
        raise {title}Error("no {area} in " + str(path))


if __name__ == "__main__":
    print("{area}: %d" % len(load("{area}.txt")))
"""
_LIST = """\
import os

folder = "/srv/{area}"


def largest():
    found = 0
    for name in os.listdir(folder):
        found = max(found, os.path.getsize(os.path.join(folder, name)))
    return found


if __name__ == "__main__":
    print("{area}: %d bytes" % largest())
"""
_TESTS = '''\
"""The team's own tests."""

import importlib.util
import unittest
from pathlib import Path

JOBS = Path(__file__).parent.parent / "jobs"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Jobs(unittest.TestCase):
    def test_numbers(self):
        for path in sorted(JOBS.glob("*/count_*.py")):
            self.assertEqual(load(path).total(["a: 3", "b: 4"]), 7, path)

    def test_all_compile(self):
        for path in sorted(JOBS.glob("*/*.py")):
            compile(path.read_bytes(), str(path), "exec")

    def test_whatever_is_no_number_counts_as_nothing(self):
        class Odd:
            def __int__(self):
                raise SystemExit("no number at all")

        self.assertEqual(load(JOBS / "stock" / "count_stock.py").number(Odd()), 9)
'''
TEMPLATES = {"copy": _COPY, "count": _COUNT, "clean": _CLEAN, "tell": _TELL, "list": _LIST}


def scripts() -> Iterator[tuple[str, str]]:
    """The paths of the repository's files, with their texts."""
    for number, area in enumerate(AREAS):
        for name, template in TEMPLATES.items():
            text = template.format(area=area, title=area.title(), number=number)
            yield f"jobs/{area}/{name}_{area}.py", text
    yield "tests/test_jobs.py", _TESTS


def write(folder: Path) -> None:
    """Write them below a folder."""
    for name, text in scripts():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
