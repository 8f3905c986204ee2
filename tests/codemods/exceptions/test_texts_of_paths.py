"""Which texts the system can take as names of files, and that it says what is wrong with these by OSError."""

from __future__ import annotations

import inspect
import os
import pathlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_analysis import types_of

from pymodernize.semantics.library.exceptions import OBJECT, Row, knowledge

ROWS = [row for row in knowledge().rows.values() if row.paths]

# Each text in `name` may be anything that is typed: a null character, too.
NOT_TAKEN = [
    "name = input()",
    "name = 'a\\0b'",
    "name = 'caf\\xe9'  # not in every encoding of file names",
    "name = 'x' if n else input()",
    "name = 'x'\nif n:\n    name = input()",
    "name = 'x'\nname += input()",
    "name = 'x' * n",
    "name = f'{input()}.txt'",
    "name = f'{n:c}.txt'",
    "name = '%c.txt' % n",
    "name = 'file%3c' % n",
    "name = '%s.txt' % input()",
    "name = os.path.join('a', input())",
    "name = pathlib.Path('a') / input()",
    "name = pathlib.Path(input()).parent",
    "name = open('list').read()",
    "name = os.environ.get('x', input())",
    "name = sys.argv[1].replace('a', input())",
    "name = sys.argv[1].format(input())",
    "names = ['a']\nnames.append(input())\nname = names[0]",
    "names = ['a']\nnames[0] = input()\nname = names[0]",
    "names = []\nnames.append(input())\nfor name in names: pass",
    "names = ['a']\nother = names\nother.append(input())\nname = names[0]",
    "name = [text for text in input().split()][0]",
    "for name in glob.glob(input()): pass",
    "for root, folders, files in os.walk(input()):\n    name = root",
    "sys.argv = input().split()\nname = sys.argv[1]",
    "def make(part): return part + '.txt'\nname = make(input())",
    "first = 'x'\nsecond = 'y'\nfor _ in range(3):\n    first = second\n    second = first + input()\nname = first",
    "first = 'x'\nsecond = 'y'\nthird = 'z'\nfor _ in range(3):\n    third = first\n    second = third\n"
    "    first = second + input()\nname = third",
    "def sorted(names): return [input()]\nname = sorted(['a'])[0]",
]
TAKEN = [
    "name = 'x'",
    "name = sys.argv[1]",
    "name = sys.argv[1] if len(sys.argv) > 1 else '.'",
    "name = sys.argv[1].strip().split('.')[0] + '.txt'",
    "for name in sys.argv[1:]: pass",
    "for name in os.listdir(sys.argv[1]): pass",
    "for name in sorted(os.listdir('.')): pass",
    "names = [text for text in os.listdir('.') if text.endswith('.txt')]\nfor name in names: pass",
    "names = glob.glob('*.txt')\nname = names[-1]",
    "for root, folders, files in os.walk('.'):\n    for file in files:\n        name = os.path.join(root, file)",
    "name = os.path.splitext(os.path.basename(sys.argv[1]))[0]",
    "name = pathlib.Path(sys.argv[1]).with_suffix('.txt')",
    "name = pathlib.Path.home() / 'x' / f'{n}.txt'",
    "for name in pathlib.Path('.').glob('*.txt'): pass",
    "name = os.path.expanduser('~/x')",
    "name = os.environ['HOME']",
    "name = os.environ.get('HOME', '/')",
    "name = '%s_%d.txt' % (sys.argv[1], n)",
    "name = 'archive_%s' % sys.argv[1]",
    "name = 'x'\nname += '.txt'",
    "def make(part): return part + '.txt'\nname = make('x')",
    "first = 'x'\nsecond = 'y'\nthird = 'z'\nfor _ in range(3):\n    third = first\n    second = third\n"
    "    first = second + 'a'\nname = third",
    "name = 'a/b/c'\nwhile os.path.dirname(name):\n    name = os.path.dirname(name)",
]
BEFORE = "import glob, os, pathlib, sys\nn = len(sys.argv)\n"


@pytest.mark.parametrize("code", NOT_TAKEN)
def test_a_text_that_the_system_may_not_take(code: str) -> None:
    assert "ValueError" in types_of("os.remove(name)", f"{BEFORE}{code}").split()


@pytest.mark.parametrize("code", TAKEN)
@pytest.mark.parametrize("use", ["os.remove(name)", "x = open(name, 'w')", "pathlib.Path(name).unlink()"])
def test_a_text_that_it_takes(code: str, use: str) -> None:
    assert "ValueError" not in types_of(use, f"{BEFORE}{code}").split()


# Names of files as they come: empty, too long, that of a folder, not of the encoding, not there.
ODD = ["", "x" * 5000, ".", "..", "text.txt/x", "missing", "\udcff", "/", "~", "*"]
_FURTHER = {"chmod": [0o600], "chown": [-1, -1], "truncate": [0], "write_bytes": [b"x"]}


def _called(row: Row, folder: Path) -> Callable[[str], object]:
    """A call of what a row is about with one name for each of its paths."""
    home, _, last = row.name.rpartition(".")
    further = _FURTHER.get(last, [])

    def call(name: str) -> object:
        paths = [name if number == 0 else str(folder / "new") for number in range(len(row.paths))]
        if OBJECT in row.paths:
            target = getattr(pathlib.Path(paths[0]), last)
            made = target(*paths[1:], *further)
        else:
            owner = {"os": os, "os.path": os.path, "shutil": shutil, "builtins": __builtins__, "io": __import__("io")}
            found = owner[home]
            target = found[last] if isinstance(found, dict) else getattr(found, last)
            made = target(*paths, *further)
        return list(made) if inspect.isgenerator(made) else made

    return call


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_wrong_with_such_a_name_is_told_by_oserror(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = _called(row, tmp_path)
    for number, name in enumerate(ODD):
        here = tmp_path / str(number) / "inner"
        here.mkdir(parents=True)
        monkeypatch.chdir(here)
        Path("text.txt").write_text("x", encoding="utf-8")
        if name == "/" or name == ".." and "rm" in row.name:
            continue  # not to be worked on
        try:
            made = call(name)
        except OSError:
            continue
        if hasattr(made, "close"):
            made.close()  # type: ignore[union-attr]
