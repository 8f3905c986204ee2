"""Patterns as in .gitignore: held against git itself, and matched in bounded time."""

from __future__ import annotations

import os
import random
import re
import subprocess
import time
from pathlib import Path

import pytest
from randomised import examples

from pymodernize.gitignore import Patterns

ATOMS = (
    "* ** / a b .py ? [ab] [!a] [z-a] [[:alpha:]] [[:digit:]] [^[:upper:]] [a- [] []a] [a-c] [[:x:]] [[:] \\ \\* ! #"
    " \\  é [é] - [a/b] [--0] [\\]] [a-\\c] **/ /** /**/ *** [[a] [:a] c B 1 ab a/b da e db da/"
).split(" ") + [" "]
FOLDERS = ("", "da/", "da/e/", "da/e/c1/", "db/", "db/f/")
NAMES = ("a", "b", "ab", "c", "a.py", "b.py", "B", "1", "*", "é", "ab.py", "[", "-", "a b", "\\", "a ", "]", "!a", "#a")
# Where git before 2.52 is wrong (it takes the "**" of "a**/b" for a name of its own), and where a slash has a backslash
# in front of it behind "**", which it takes for one more folder.
SET_ASIDE = re.compile(r"[^*/!\n][*]{2,}(?:/|$)|\*\\/", re.MULTILINE)


def _texts(count: int) -> list[str]:
    """Files of patterns, the same in each run."""
    rng = random.Random(os.environ.get("SIGNAL_SEED", "20"))  # noqa: S311 - it gives test cases
    texts = []
    while len(texts) < count:
        lines = ["".join(rng.choices(ATOMS, k=rng.randint(1, 6))) for _ in range(rng.choice((1, 1, 2, 3)))]
        text = "\n".join(lines) + "\n"
        if not SET_ASIDE.search(text):
            texts.append(text)
    return texts


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", root], check=True)
    for folder in FOLDERS:
        (root / folder).mkdir(exist_ok=True)
        for name in NAMES:
            (root / folder / name).touch()
    return root


def test_patterns_mean_what_they_mean_to_git(repository: Path) -> None:
    places = [(folder.strip("/"), True) for folder in FOLDERS if folder]
    places += [(folder + name, False) for folder in FOLDERS for name in NAMES]
    asked = b"\0".join(os.fsencode(name) for name, _ in places) + b"\0"
    command = ["git", "check-ignore", "--no-index", "-z", "--stdin"]
    count = examples(120)
    ignored = 0
    for text in _texts(count):
        (repository / ".gitignore").write_text(text)
        done = subprocess.run(command, cwd=repository, input=asked, stdout=subprocess.PIPE, check=False)
        theirs = {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}
        patterns = Patterns.of_file(text.encode())
        ours = {
            name
            for name, is_folder in places
            if patterns.leaves_out([os.fsencode(step) for step in name.split("/")], is_folder=is_folder)
        }
        assert ours == theirs, f"{text!r}: {ours ^ theirs}"
        ignored += len(ours)
    assert ignored > 10 * count


HARD = {
    "stars": ("*a" * 500 + "b", "a" * 5000),
    "stars and any": ("*a?" * 300 + "b", "a" * 3000),
    "stars and brackets": ("*[a-z]" * 300 + "[!a]", "a" * 3000),
    "stars alone": ("*" * 5000 + "b", "a" * 5000),
    "folders": ("**/a/" * 400 + "b", "a/" * 2000 + "a"),
    "folders of stars": ("**/*a*/" * 300 + "b", "aa/" * 1300 + "a"),
    "both": ("/**/*a*a*a*/*a*a*" * 60 + "b", "aaaaaaaaaaaa/" * 300 + "a"),
    "brackets without an end": ("[" * 20_000, "["),
    "classes without an end": ("[[:" * 8_000, "["),
    "many": ("\n".join(f"*a*{number}*b" for number in range(30_000)), "a" * 250),
}


@pytest.mark.parametrize("case", HARD)
def test_no_pattern_takes_long(case: str) -> None:
    text, path = HARD[case]
    began = time.process_time()
    Patterns.of_file(text.encode()).leaves_out(
        [path.encode()] if "/" not in path else path.encode().split(b"/"), is_folder=False
    )
    assert time.process_time() - began < 3
