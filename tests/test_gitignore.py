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

from pymodernize.files.discover import discover
from pymodernize.files.gitignore import MOST_WILD_BYTES, Patterns, TooManyPatterns
from pymodernize.settings import SettingsError, load_settings

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
    "many": ("\n".join(f"*a*{number}*b" for number in range(1_800)), "a" * 250),
    "many that are no patterns": ("\n".join(f"/a/{number}/" for number in range(15_000)), "a/" * 100 + "a"),
}


@pytest.mark.parametrize("case", HARD)
def test_no_pattern_takes_long(case: str) -> None:
    text, path = HARD[case]
    began = time.process_time()
    Patterns.of_file(text.encode()).leaves_out(
        [path.encode()] if "/" not in path else path.encode().split(b"/"), is_folder=False
    )
    assert time.process_time() - began < 3


def test_many_patterns_and_many_files_do_not_cost_their_product(tmp_path: Path) -> None:
    """Names and paths are looked up; of patterns with wildcards there are no more than can be tried on each path."""
    for number in range(300):
        (tmp_path / f"job{number}.py").write_text("x = 1\n")
    lines = [f"/folder/name{number}.py\nother{number}.py\nbuild{number}/" for number in range(8_000)]
    (tmp_path / ".gitignore").write_text("\n".join([*lines, "/job7.py", "job8.py"]))
    began = time.process_time()
    found = discover([str(tmp_path)])
    assert time.process_time() - began < 3
    assert len(found.files) == 298
    assert not found.problems


@pytest.mark.parametrize("pattern", ["*a*{}*b", "[ab]*[!c]{}", "**/a{}/**", "?{}"])
def test_more_patterns_than_can_be_tried_do_not_count(pattern: str, tmp_path: Path) -> None:
    text = "\n".join(pattern.format(number) for number in range(MOST_WILD_BYTES))
    with pytest.raises(TooManyPatterns):
        Patterns(text.split("\n"))
    (tmp_path / ".gitignore").write_text(text + "\njob.py\n")
    (tmp_path / "job.py").write_text("x = 1\n")
    found = discover([str(tmp_path)])
    assert [path.name for path in found.files] == ["job.py"]
    (problem,) = found.problems
    assert (
        problem.message
        == f"has more than {MOST_WILD_BYTES} bytes of patterns with wildcards: its patterns do not count"
    )
    (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\nextend-exclude = {text.split()!r}\n")
    with pytest.raises(SettingsError, match="extend-exclude: has more than"):
        load_settings(tmp_path / "pyproject.toml", ())


def test_what_is_looked_up_means_what_it_means_among_others() -> None:
    patterns = Patterns(["/a/b", "!*.py", "c/", "a/b/", "!/a/b", "d", "!d/"])
    answers = {
        ("a", "b", False): False,
        ("a", "b", True): False,
        ("c", False): None,
        ("c", True): True,
        ("x", "c", True): True,
        ("d", False): True,
        ("d", True): False,
        ("b.py", False): False,
        ("b", False): None,
    }
    for (*path, is_folder), expected in answers.items():
        assert patterns.verdict([name.encode() for name in path], is_folder=is_folder) is expected, (path, is_folder)
