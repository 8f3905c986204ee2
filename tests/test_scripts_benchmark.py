"""The run over collections of scripts: what it chooses, how it confines, and that it sees a difference."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.fixture
def bench(tmp_path):
    from box import Box, BoxError
    from situations import Bench

    try:
        box = Box(tmp_path / "box", sys.executable)
    except BoxError as exc:
        pytest.skip(str(exc))
    yield Bench(box)
    box.close()


def texts(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_scripts_that_need_other_packages_are_left_out(tmp_path):
    from collections_of_scripts import Collection

    folder = texts(
        tmp_path / "all",
        plain="print(1)\n",
        standard="import os, json.decoder\n",
        beside="import plain\n",
        circle="import other_half\n",
        other_half="import circle\n",
        other="def f():\n    import numpy\n",
        through="import other\n",
        package="from . import plain\n",
        broken="print 1\n",
    )
    scripts = Collection("all", folder).scripts()
    assert [path.stem for path in scripts] == ["beside", "circle", "other_half", "plain", "standard"]


def test_scripts_are_run_that_are_changed_or_import_what_is(tmp_path):
    from collections_of_scripts import Collection

    folder = texts(tmp_path / "all", low="x = 1\n", middle="import low\n", high="import middle\n", apart="import os\n")
    touched = Collection("all", folder).touched({Path("low.py")})
    assert [path.stem for path in touched] == ["high", "low", "middle"]


def test_a_script_is_confined(bench, tmp_path):
    from situations import Situation

    folder = texts(
        tmp_path / "all",
        tries=f"""
import os, socket, subprocess, sys
for path in ({str(tmp_path / "stolen")!r}, "/etc/stolen", "/var/stolen", "/stolen"):
    try:
        open(path, "w")
    except OSError as exc:
        print(type(exc).__name__)
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError as exc:
    print(exc.strerror)
subprocess.Popen([sys.executable, "-c", "import os\\nwhile True: os.getpid()"], start_new_session=True)
open("own.txt", "w").write(input())
open("/tmp/own.txt", "w").write("b")
print(sys.argv[1:], len([name for name in os.listdir("/proc") if name.isdigit()]))
""",
    )
    runs = [bench.run(folder, Path("tries.py"), Situation("", ("x",), "typed\n")) for _ in range(2)]
    assert runs[0] == runs[1]  # nothing is left of the first
    assert runs[0].files == (("/tmp/own.txt", b"b"), ("own.txt", b"typed"))
    lines = runs[0].outcome.stdout.decode().splitlines()
    assert lines[1:] == ["OSError"] * 3 + ["Network is unreachable", "['x'] 3"]
    assert not (tmp_path / "stolen").exists()
    assert not Path("/tmp/own.txt").exists()


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("print(1)", "print(2)", ["stdout"]),
        ("print(1)", "print(1); raise SystemExit(1)", ["success"]),
        ("raise SystemExit(1)", "print(1)", ["success", "stdout"]),
        ("open('a', 'w')", "open('b', 'w')", ["files"]),
        ("raise SystemExit(1)", "raise SystemExit(2)", None),
        ("import os; print(os.urandom(9))", "print(2)", None),
        ("import time\nwhile True: time.time()", "print(2)", None),
        ("import random; print(random.random())", "import random; print(random.random())", None),
        ("import time\nwhile True: time.sleep(9)", "import time\nwhile True: time.sleep(9)", None),
    ],
)
def test_a_difference_is_seen(bench, tmp_path, monkeypatch, before, after, kinds):
    import scripts
    import situations
    from collections_of_scripts import Collection

    monkeypatch.setattr(scripts, "SITUATIONS", situations.SITUATIONS[:1])
    monkeypatch.setattr(situations, "SECONDS", 1 if "time.time" in before else 60)
    old, new = texts(tmp_path / "old", x=before), texts(tmp_path / "new", x=after)
    tally = scripts.Tally(Counter())
    found = scripts.compared(bench, Collection("", old), new, Path("x.py"), tally)
    assert [difference.kinds() for difference in found] == ([kinds] if kinds else [])
    assert all(difference.lines() for difference in found)


def test_the_codemod_that_makes_a_difference_is_named(bench, tmp_path, monkeypatch):
    import causes
    import situations
    from collections_of_scripts import Collection
    from situations import Difference

    def rewrite(folder: Path, options: list[str]) -> None:
        if options[-1] == "bare-except":
            (folder / "x.py").write_text("print(2)")

    monkeypatch.setattr(causes, "rewrite", rewrite)
    old, new = texts(tmp_path / "old", x="print(1)"), texts(tmp_path / "new", x="print(2)")
    runs = [bench.run(folder, Path("x.py"), situations.SITUATIONS[0]) for folder in (old, new)]
    cause = causes.Causes(Collection("old", old), []).of(
        bench, Difference(Path("x.py"), situations.SITUATIONS[0], *runs)
    )
    assert cause == causes.Cause("stdout: bare-except", allowed=False)


def test_a_script_that_shows_its_own_size_is_told_apart(bench, tmp_path):
    import causes
    import situations
    from collections_of_scripts import Collection
    from situations import Difference

    folder = texts(tmp_path / "old", x="import os; print(os.path.getsize('x.py'))")
    new = {Path("x.py"): b"# \n" + (folder / "x.py").read_bytes()}
    situation = situations.SITUATIONS[0]
    runs = [bench.run(folder, Path("x.py"), situation, text) for text in ({}, new)]
    difference = Difference(Path("x.py"), situation, *runs)
    assert difference.kinds() == ["stdout"]
    assert causes.Causes(Collection("old", folder), []).of(bench, difference) is causes.SHOWS_ITSELF
