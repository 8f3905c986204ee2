"""Hostile repositories: settings, ignore files, sources, names and a cache that others have written.

The cases of a run follow from a seed, which a failure shows. ``make evidence`` has others, and many more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import random
import sqlite3
from pathlib import Path

import pytest
from commands import invoke
from crashing import quick_folder
from forging import snapshot
from randomised import examples
from running import make_plan
from test_stores import limit
from watching_commands import commands_run

from pymodernize.transformation.engine import transform
from pymodernize.transformation.result import Result

SEED = int(os.environ.get("SIGNAL_SEED", "20"))
CASES = examples(120)
GROUPS = 10
SECONDS = 20
CODES = {0, 1, 2, 3, 4}
COMMANDS = (
    ["--check", "."],
    ["--apply", "."],
    ["-v", "--statistics", "."],
    ["--format", "json", "."],
    ["--explain-line", "job.py:2"],
    ["history"],
)
HOSTILE = (
    "\x1b[2J",
    "\x1b]8;;x\x1b\\",
    "\u202e",
    "\n",
    "\x9b1m",
    "\x07",
    "é",
    "'",
    '"',
    "$(touch ran)",
    ";touch ran",
    "`",
)

# Each is repeated, cut off, and put beside others.
SETTINGS = (
    "[tool.pymodernize]\n",
    'extend-exclude = ["[z-a]", "*a*a*a*a*b", "[[:alpha:]].py", "["]\n',
    "extend-exclude = ['" + "*a" * 200 + "']\n",
    "unsafe = true\n",
    "max-file-size = 99999999999999999999\n",
    "max-file-size = " + "9" * 5000 + "\n",
    "x = " + "[" * 2000 + "]" * 2000 + "\n",
    "x = " + "{a=" * 2000 + "\n",
    "a" + ".a" * 30_000 + " = 1\n",
    '"\x1b[2J" = nan\n',
    "select = ['../../x', '\\u001b[2J']\n",
    'hard-links = "break"\n',
    "history-size = -1\n",
    "target-version = 3.10\n",
    '[tool.pymodernize.print-to-logging]\nlogger = \'x\\n__import__("os").mkdir("ran")\'\n',
    "[[tool.pymodernize]]\n",
    "\0\n",
    "\ufeff\r\n",
)
IGNORES = (
    "[z-a]\n",
    "[[:alpha:]].py\n",
    "*a" * 300 + "b\n",
    "**/" * 500 + "x\n",
    "[" * 3000 + "\n",
    "!\n",
    "!*\n",
    "/\n",
    "\\\n",
    "../../outside\n",
    "*.py\r\n",
    "\x1b[2J\n",
    "# " + "x" * 10_000 + "\n",
    "\udcff\udcfe\n",
    "?" * 3000 + "\n",
)
SOURCES = (
    "print('hello %s' % 1)\n",
    "import os\nprint(os.path.join('a', 'b'))\n",
    "from a import (\n" + "    b,  # c\n" * 12,
    "from \\\n" * 300,
    "exec(base64.b64decode('" + "A" * 5000 + "'))\n",
    "x = '" + '\\"' * 2000 + "\n",
    "print '\x1b[2J'\n",
    "# coding: \x1b[2J\n",
    "# \x1b]8;;http://x\x07\u202e\nprint('\x1b[2J')\n",
    "import os\nos.mkdir('ran')\nprint('x')\n",
    "p = '" + "/" * 40 + "x'\nimport os\nprint(os.path.basename(p))\n",
    "if True:\n" * 200 + "    pass\n",
    "x = " + "(" * 150 + "\n",
    "try:\n    print(1)\nexcept:\n    pass\n",
    "print(f'{'\n",
    "# pymodernize: ignore[" + "a, " * 1000 + "\nprint('x')\n",
    "# noqa: " + "A1 " * 1000 + "\nprint('x')\n",
    "\x0c\tprint('x')\n",
    "#!/usr/bin/env -S " + "a=b " * 60 + "x\n",
    "usage = '''usage: "
    + "[-a] " * 300
    + "'''\nimport sys\nif len(sys.argv) < 2:\n    print(usage)\n    sys.exit(1)\n",
)


class Repository:
    """A project that somebody else has filled, a cache that somebody else has filled, and what stands around both.

    Args:
        folder: where to build it.
        seed: of its dice.
    """

    def __init__(self, folder: Path, seed: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - it gives test cases
        self.outside = folder / "outside"
        self.project = folder / "project"
        self.cache = folder / "cache"
        for place in (self.outside, self.project, self.cache):
            place.mkdir(mode=0o700)
        (self.outside / "secret.py").write_text("print('secret')\n")

    def build(self) -> Repository:
        """Fill it."""
        (self.project / ".git").mkdir()
        self._write("job.py", self._mixed(SOURCES, 3))
        for _ in range(self.dice.randrange(3)):
            name = "".join(self.dice.choices((*HOSTILE, "a", "b"), k=self.dice.randint(1, 4))).replace("/", "")
            self._write(f"{name}.py", self._mixed(SOURCES, 2))
        if self.dice.random() < 0.6:
            self._write("pyproject.toml", self._mixed(SETTINGS, 4))
        if self.dice.random() < 0.6:
            self._write(".gitignore", self._mixed(IGNORES, 4))
        for name in self.dice.sample(["click.py", "shutil.py", "link.py", "folder.py", "deep"], 2):
            self._special(name)
        if self.dice.random() < 0.5:
            self._forge_cache()
        return self

    def _mixed(self, parts: tuple[str, ...], most: int) -> str:
        text = "".join(self.dice.choices(parts, k=self.dice.randint(1, most)))
        return text[: self.dice.randrange(len(text))] if self.dice.random() < 0.3 else text

    def _write(self, name: str, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a name that the system does not take
            (self.project / name).write_bytes(text.encode("utf-8", "surrogateescape"))

    def _special(self, name: str) -> None:
        path = self.project / name
        if name == "link.py":
            path.symlink_to(self.outside / "secret.py")
        elif name == "folder.py":
            path.mkdir()
        elif name == "deep":
            place = path
            for _ in range(30):
                place /= "d"
            place.mkdir(parents=True)
        else:
            path.write_text("open('ran', 'w')\n")

    def _forge_cache(self) -> None:
        base = sqlite3.connect(self.cache / "answers-2.sqlite")
        forged = (
            pickle.dumps(Result(output=b"import os\n")),
            b"cos\nmkdir\n(Vran\ntR.",
            b'[[],"import os\\n",null]',
            b"[" * 5000,
            b"",
        )
        with base:
            base.execute("CREATE TABLE answers (key BLOB PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)")
            base.execute(
                "CREATE TABLE files (path BLOB PRIMARY KEY, device INTEGER, inode INTEGER, size INTEGER,"
                " modified INTEGER, changed INTEGER, digest BLOB)"
            )
            for number in range(20):
                key = hashlib.sha256(str(number).encode()).digest()
                base.execute("INSERT INTO answers VALUES (?, ?, 0)", (key, self.dice.choice(forged)))
            for path in self.project.glob("*.py"):
                status = path.stat()
                base.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        os.fsencode(path),
                        status.st_dev,
                        status.st_ino,
                        status.st_size,
                        status.st_mtime_ns,
                        status.st_ctime_ns,
                        hashlib.sha256(b"").digest(),
                    ),
                )
        base.close()
        if self.dice.random() < 0.3:
            data = (self.cache / "answers-2.sqlite").read_bytes()
            (self.cache / "answers-2.sqlite").write_bytes(data[: self.dice.randrange(len(data))])


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What each worker would load for itself is there when it is forked."""
    transform(b"import os\nprint(os.path.join('a', 'b'))\ntry:\n    print(1)\nexcept:\n    pass\n", make_plan())


@pytest.mark.parametrize("group", range(GROUPS))
def test_nothing_outside_changes_whatever_a_repository_holds(group: int) -> None:
    for number in range(group, CASES, GROUPS):
        with quick_folder() as folder:
            _attack(Repository(folder, f"{SEED}-{number}").build(), number)


def _attack(case: Repository, number: int) -> None:
    before = snapshot(case.outside)
    own = snapshot(case.project)
    arguments = case.dice.choice(COMMANDS)
    told = f"SIGNAL_SEED={SEED}, case {number}: {arguments}"
    first, *rest = arguments
    jobs = [] if first == "history" else ["--jobs", "1"]
    with limit(SECONDS), commands_run() as ran:
        outcome = invoke(first, *jobs, *rest, cwd=case.project, PYMODERNIZE_CACHE_DIR=str(case.cache))
    # Workers of our own are forked; what one of them would run leaves its mark.
    assert {item for item in ran if not item.startswith("os.fork(")} == set(), told
    assert not (case.project / "ran").exists(), told
    assert outcome.code in CODES, (told, outcome)
    assert "Traceback" not in outcome.stderr, (told, outcome.stderr)
    assert not set(outcome.stderr) & set("\x1b\x9b\x07\u202e"), (told, "a terminal would obey it")
    assert snapshot(case.outside) == before, told
    if arguments[0] != "--apply":
        assert snapshot(case.project) == own, told
