"""Files that stand beside those that are worked on: what they hold costs a run no more than its limits allow."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest
from commands import SCRIPT, invoke, script, spawn
from running import make_plan

from pymodernize.execution.known_files import Memory
from pymodernize.semantics.project import ANYTHING
from pymodernize.semantics.scanning import MOST_NAMES, MOST_PARTS, TooManyImports, scan_imports
from pymodernize.transformation import limits

SIZE = 500_000
STAR = "from beside import *\n" + SCRIPT


def _repeated(text: str, before: str = "", after: str = "\n") -> str:
    return before + text * (SIZE // len(text)) + after


# What a file of ordinary size can hold that asks for more than it is worth.
HOSTILE = {
    "imports without end": _repeated("a as b, ", "import "),
    "other imports in each line": "".join(f"import a{number:06}\n" for number in range(SIZE // 15)),
    "names without end": f"from a import {', '.join(f'n{number:06}' for number in range(SIZE // 10))}\n",
    "one name of many parts": _repeated("a.", "import ", "a\n"),
    "cut off in a bracket": _repeated("b,  # b ( ) name\n", "from a import ("),
    "cut off again and again": _repeated("from a import (\n"),
    "logging in one line": _repeated("logging import ", "from "),
    "starts processes in a comment": _repeated("multiprocessing ", "# "),
    "base64 that is run": _repeated("A", "exec(base64.b64decode('"),
    "loads what is not named": _repeated("import_module("),
    "quotes": _repeated('\\"', "x = '"),
    "slashes": _repeated("/"),
    "brackets": _repeated("("),
    "minus signs": _repeated("-", "x = ", "1\n"),
    "a sum": _repeated("1+", "x = ", "1\n"),
    "branches": "if x:\n  pass\n" + _repeated("elif x:\n  pass\n"),
    "blocks": "".join(f"{' ' * number}if x:\n" for number in range(1_900)),
    "names of a host": _repeated("aaa", "# coding: punycode\n" + "y" * 100_000 + "-"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_neighbour_that_is_not_named(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    script(tmp_path, "job.py", STAR)
    (tmp_path / "beside.py").write_text(text)
    before = resource.getrusage(resource.RUSAGE_SELF)
    outcome = invoke("-q", "job.py", cwd=tmp_path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert (outcome.code, outcome.stderr) == (0, "")
    # In this process alone; what is done by others has limits of its own.
    assert after.ru_utime - before.ru_utime < 5
    assert (after.ru_maxrss - before.ru_maxrss) / 1024 < 300


def test_to_parse_a_neighbour_is_the_business_of_a_process_with_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the names that a star brings cannot be had within the limits, they are not known."""
    (tmp_path / ".git").mkdir()
    script(tmp_path, "job.py", STAR)
    (tmp_path / "beside.py").write_text("".join(f"name{number} = [{number}]\n" for number in range(60_000)))
    monkeypatch.setattr(limits, "MOST_MEGABYTES", 30)
    outcome = invoke("-q", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (0, "")
    here = os.getpid()

    def only_elsewhere(*_: object) -> None:
        assert os.getpid() != here, "parsed by the process that nothing limits"

    monkeypatch.setattr("pymodernize.transformation.model.module_names", only_elsewhere)
    assert invoke("-q", "job.py", cwd=tmp_path).code == 0


def test_a_file_with_too_many_imports_counts_as_one_that_may_import_anything(tmp_path: Path) -> None:
    text = f"import {', '.join(f'm{number}' for number in range(MOST_NAMES))}, last\n"
    with pytest.raises(TooManyImports):
        scan_imports(text.encode())
    (tmp_path / ".git").mkdir()
    path = script(tmp_path, "beside.py", text)
    assert Memory(make_plan(), 2_000_000).scan(str(path)) is ANYTHING
    script(tmp_path, "job.py", "def main():\n    print('hello %s' % 1)\nmain()\n")
    outcome = invoke("-v", "--assume", "none", "job.py", cwd=tmp_path)
    assert "beside.py, line 1" in outcome.stderr


def test_a_name_of_many_parts_is_looked_for_as_far_as_folders_go() -> None:
    (found,) = scan_imports(b"import a" + b".a" * 50_000)
    assert found.module == ".".join("a" * MOST_PARTS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no FIFOs")
@pytest.mark.parametrize("name", ["ruff.toml", ".ruff.toml", "beside.py", "setup.cfg", "setup.py", ".gitignore"])
def test_a_fifo_beside_a_file_is_not_waited_for(name: str, tmp_path: Path) -> None:
    script(tmp_path, "job.py", STAR)
    os.mkfifo(tmp_path / name)
    began = time.monotonic()
    assert spawn("-q", "job.py", cwd=tmp_path).code == 0
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 100_000, "x = " + "9" * 10_000 + "\n", "a" + ".a" * 100_000 + " = 1\n", "x" * 3_000_000]
)
@pytest.mark.parametrize("name", ["ruff.toml", "setup.cfg"])
def test_hostile_settings_of_other_tools(name: str, text: str, tmp_path: Path) -> None:
    script(tmp_path, "job.py", STAR)
    (tmp_path / name).write_text(text)
    outcome = invoke("-q", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (0, "")
