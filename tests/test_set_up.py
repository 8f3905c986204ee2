"""Records that come before the guard, or without it, are shown: small scripts, run before and after."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from running import apply_to, make_plan

WORK = """
def work():
    print("Working on it")
    open("done.txt", "w").close()

"""
GUARD = """

if __name__ == "__main__":
    print("The script itself")
    open("done.txt", "w").close()
"""
CALL = "    logging.basicConfig("

EARLY = {
    "called": WORK + "work()",
    "by alias": WORK + "also = work\nalso()",
    "from a table": WORK + 'TABLE = {"work": work}\nTABLE["work"]()',
    "from a loop": WORK + "for each in [work]:\n    each()",
    "by a lambda": WORK + "later = lambda: work()\nlater()",
    "passed on": WORK + "import functools\nfunctools.partial(work)()",
    "by its name": WORK + 'globals()["work"]()',
    "through sys.modules": WORK + "import sys\nsys.modules[__name__].work()",
    "by exec": WORK + 'exec("work()")',
    "static method": 'class Tool:\n    @staticmethod\n    def work():\n        print("Working on it")\n\nTool.work()',
    "metaclass": """
        class Meta(type):
            def __init__(cls, name, bases, namespace):
                print("Making %s" % name)

        class Made(metaclass=Meta):
            pass
        """,
    "subclass": """
        class Base:
            def __init_subclass__(cls):
                print("One more of us")

        class Derived(Base):
            pass
        """,
    "field": """
        class Field:
            def __set_name__(self, owner, name):
                print("Naming the field %s" % name)

        make = Field

        class Owner:
            field = make()
        """,
    "class body": """
        class Tool:
            def work(count):
                print("Working on it")
                return count

            count = work(3)
        """,
    "decorator": 'def said(function):\n    print("Seen a function")\n    return function\n\n@said\ndef work(): pass',
}

LATE = {
    "only defined": WORK,
    "in a table": WORK + 'TABLE = {"work": work, "again": lambda: work()}',
    "an exception": WORK + "class Broken(Exception):\n    pass\n\nclass Worse(Broken):\n    pass",
    "caught": WORK + "class Broken(Exception):\n    pass\n\ntry:\n    import sys\nexcept (Broken, OSError):\n    pass",
    "annotated": WORK + "class Tool:\n    pass\n\ntool: Tool = None",
    "library calls": WORK + 'import os\nHERE = os.path.join(os.getcwd(), "x")',
}


def runs(folder: Path, source: str, command: list[str]) -> tuple[str, list[str]]:
    """The rewritten script, and what the command shows before and after."""
    folder.joinpath("script.py").write_text(source)
    shown = [output(folder, command)]
    apply_to(folder, make_plan(["print-to-logging"]))
    return folder.joinpath("script.py").read_text(), [*shown, output(folder, command)]


def output(folder: Path, command: list[str]) -> str:
    return subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    ).stdout


@pytest.mark.parametrize("name", EARLY)
def test_own_code_that_runs_early(name: str, tmp_path: Path):
    after, (old, new) = runs(tmp_path, textwrap.dedent(EARLY[name]) + GUARD, ["script.py"])
    assert CALL not in after
    assert new == old
    assert len(old.splitlines()) == 2


@pytest.mark.parametrize("name", LATE)
def test_own_code_that_waits(name: str, tmp_path: Path):
    after, (old, new) = runs(tmp_path, LATE[name] + GUARD, ["script.py"])
    assert CALL in after
    assert new == old


@pytest.mark.parametrize(
    "load",
    [
        "import script",
        "from script import work",
        'import importlib\n    script = importlib.import_module("".join("script"))',
        'import runpy\n    runpy.run_path("script.py", run_name="again")',
    ],
)
def test_a_script_that_loads_itself(load: str, tmp_path: Path):
    source = f'print("Loading %s" % 1)\n{WORK}\nif __name__ == "__main__":\n    {load}\n    work()\n'
    later = (
        source.replace('print("Loading %s" % 1)\n', "").replace("    work()\n", "").replace(load, f"{load}\n    work()")
    )
    assert runs(tmp_path, source, ["script.py"])[1][0].count("Loading") == 2
    after, (old, new) = runs(tmp_path, later, ["script.py"])
    assert CALL not in after
    assert new == old


def test_a_guard_with_an_else(tmp_path: Path):
    source = WORK + 'if __name__ == "__main__":\n    work()\nelse:\n    work()\n'
    after, (old, new) = runs(tmp_path, source, ["-c", "import script"])
    assert CALL not in after
    assert new == old == "Working on it\n"


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
def test_closed_streams(closed: str, tmp_path: Path):
    source = 'import sys\n\nopen("done.txt", "w").close()\nprint("To stdout")\nprint("To stderr", file=sys.stderr)\n'
    path = tmp_path / "script.py"
    shown = []
    for text in (source, None):
        if text is not None:
            path.write_text(text)
        else:
            apply_to(tmp_path, make_plan(["print-to-logging"], assume=["none"]))
        done = subprocess.run(  # noqa: S602 - the shell alone closes streams
            f"'{sys.executable}' script.py {closed}", shell=True, cwd=tmp_path, capture_output=True, check=False
        )
        shown.append((done.stdout, done.stderr, done.returncode))
    assert "logger.warning(" in path.read_text()
    assert shown[0] == shown[1]
