"""Folders in which one file has once decided too much about another: what starts processes, settings, patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SCRIPT = (
    'print("hello %s" % 1)\nprint("I have")\nprint("four things")\nprint("to say")\n'
    "if not print:\n    raise SystemExit(1)\n"
)
BARE = 'import os\ntry:\n    os.remove("a")\nexcept:\n    pass\n'
BOTH = SCRIPT + BARE
ONLY_BARE = '[tool.pymodernize]\nselect = ["bare-except"]\n'
SLOW = "*a" * 40 + "*b"


@dataclass(frozen=True)
class Project:
    """A folder and what becomes of it.

    Attributes:
        name: of the fault's kind and of this example of it.
        files: names and texts.
        made: for each file the codemods that change it.
        kept: for some files a text that a reason there has.
        paths: what is named on the command line.
        start: the folder that it is called in.
    """

    name: str
    files: dict[str, str]
    made: dict[str, set[str]]
    kept: dict[str, str] = field(default_factory=dict)
    paths: Sequence[str] = (".",)
    start: str = "."


def _processes(name: str, files: dict[str, str], free: Sequence[str], kept: dict[str, str]) -> Project:
    """A folder with a file that starts processes: the others get a main, what is concerned does not.

    Args:
        name: of the example.
        files: with the one that starts processes.
        free: those that get a main.
        kept: those that do not, with what their reason names.
    """
    return Project(f"neighbour: {name}", files, {path: {"main-guard"} for path in free}, kept)


PROJECTS = (
    _processes(
        "starts processes, and nobody imports it",
        {"pool.py": "from multiprocessing import Pool\nPool().map(len, 'ab')\n", "job.py": SCRIPT, "x/b.py": SCRIPT},
        ("job.py", "x/b.py"),
        {"pool.py": "(line 1)"},
    ),
    _processes(
        "names joblib in a comment",
        {"a.py": SCRIPT + "# joblib would be faster\n", "b.py": SCRIPT, "c.py": "x = 1  # multiprocessing\n"},
        ("a.py", "b.py"),
        {},
    ),
    _processes(
        "starts processes under another name, in a folder further down",
        {
            "tools/fast.py": "import os\nimport multiprocessing as many\nrun = many.Pool\n",
            "tools/job.py": SCRIPT,
            "job.py": SCRIPT,
        },
        ("tools/job.py", "job.py"),
        {},
    ),
    _processes(
        "starts processes and imports one of two",
        {
            "run.py": "import shared\nfrom concurrent.futures import ProcessPoolExecutor as Pool\nwith Pool() as p:\n"
            "    p.map(len, shared.WORDS)\n",
            "shared.py": "WORDS = ['a']\n" + SCRIPT,
            "job.py": SCRIPT,
        },
        ("job.py",),
        {"shared.py": "other files import it", "run.py": "(line 2)"},
    ),
    _processes(
        "is imported by the one that starts processes by way of a third",
        {
            "run.py": "if __name__ == '__main__':\n    import multiprocessing\n    import first\n",
            "first.py": "import second\n",
            "second.py": SCRIPT,
            "third.py": SCRIPT,
        },
        ("third.py",),
        {"second.py": "other files import it"},
    ),
    Project(
        "settings: two files, of which one has settings beside it",
        {"a/old.py": BOTH, "b/old.py": BOTH, "b/pyproject.toml": ONLY_BARE},
        {"a/old.py": {"bare-except", "print-to-logging", "main-guard"}, "b/old.py": {"bare-except"}},
        paths=("a/old.py", "b/old.py"),
    ),
    Project(
        "settings: the same two from a folder of their own",
        {"a/old.py": BOTH, "b/old.py": BOTH, "b/pyproject.toml": ONLY_BARE},
        {"a/old.py": {"bare-except", "print-to-logging", "main-guard"}, "b/old.py": {"bare-except"}},
        paths=("../b/old.py", "old.py"),
        start="a",
    ),
    Project(
        "settings: beside the folder that is called in, and not above the file",
        {"a/old.py": BOTH, "b/x/old.py": BOTH, "b/pyproject.toml": ONLY_BARE},
        {"a/old.py": {"bare-except", "print-to-logging", "main-guard"}},
        paths=("../a/old.py",),
        start="b",
    ),
    Project(
        "settings: of a folder inside of another that has some",
        {
            "pyproject.toml": '[tool.pymodernize]\nselect = ["print-to-logging"]\nassume = ["all"]\n',
            "a/old.py": BOTH,
            "b/c/d/old.py": BOTH,
            "b/c/pyproject.toml": ONLY_BARE,
        },
        {"a/old.py": {"print-to-logging"}, "b/c/d/old.py": {"bare-except"}},
        paths=("b/c/../c/d/old.py", "a"),
    ),
    Project(
        "settings: of another tool are none",
        {
            "pyproject.toml": ONLY_BARE,
            "a/old.py": BOTH,
            "a/pyproject.toml": '[tool.other]\nselect = ["print-to-logging"]\n',
        },
        {"a/old.py": {"bare-except"}},
        paths=("a/old.py",),
    ),
    Project(
        "patterns: of many stars for one long name",
        {".gitignore": f"{SLOW}\n", "a" * 200 + ".py": BARE, "job.py": BARE},
        {"a" * 200 + ".py": {"bare-except"}, "job.py": {"bare-except"}},
    ),
    Project(
        "patterns: of many folders, further down",
        {"x/.gitignore": "**/a/" * 200 + "b\n", "x/" + "a/" * 60 + "job.py": BARE},
        {"x/" + "a/" * 60 + "job.py": {"bare-except"}},
    ),
    Project(
        "patterns: in settings",
        {
            "pyproject.toml": f"[tool.pymodernize]\nextend-exclude = ['{SLOW}']\n",
            "a" * 200 + ".py": BARE,
            "job.py": BARE,
        },
        {"a" * 200 + ".py": {"bare-except"}, "job.py": {"bare-except"}},
    ),
    Project(
        "patterns: of the settings of some files",
        {
            "pyproject.toml": f"[tool.pymodernize.per-file.'{SLOW}']\nignore = ['bare-except']\n",
            "a" * 200 + ".py": BARE,
            "job.py": BARE,
        },
        {"a" * 200 + ".py": {"bare-except"}, "job.py": {"bare-except"}},
    ),
)
