"""Ctrl-C and sys.exit() get out of what was a bare except, and failures still reach its handler."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import make_plan

from pymodernize.transformation.engine import transform

WAITS = """\
import sys
import time


def wait(seconds):
    print("ready", flush=True)
    time.sleep(seconds)
    return int("x")


try:
    wait(float(sys.argv[1]))
except:
    print("handled", flush=True)
print("after", flush=True)
"""
OPEN = WAITS.replace('return int("x")', "return [].no_such_thing.at_all")
LEAVES = """\
import sys

try:
    if len(sys.argv) > 1:
        sys.exit(5)
    value = int("x")
except:
    print("handled")
print("after")
"""


def rewritten(source: str, *, unsafe: bool = False) -> str:
    result = transform(source.encode(), make_plan(["bare-except"], unsafe=unsafe))
    assert result.output is not None, result
    assert b"except:" not in result.output
    return result.output.decode()


def run(source: str, folder: Path, *arguments: str) -> tuple[int, str]:
    script = folder / "script.py"
    script.write_text(source)
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout


def interrupted(source: str, folder: Path) -> tuple[int, str]:
    """Run a script, press Ctrl-C when it says that it is ready."""
    script = folder / "script.py"
    script.write_text(source)
    process = subprocess.Popen(
        [sys.executable, script, "20"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=15)[0]
    return process.returncode, rest


@pytest.mark.skipif(os.name == "nt", reason="signals are sent to groups there")
@pytest.mark.parametrize("source", [WAITS, OPEN], ids=["types", "Exception"])
def test_ctrl_c_gets_out(source: str, tmp_path: Path):
    assert interrupted(source, tmp_path) == (0, "handled\nafter\n")
    assert interrupted(rewritten(source), tmp_path) == (-signal.SIGINT, "")


@pytest.mark.parametrize("source", [WAITS, OPEN], ids=["types", "Exception"])
def test_a_failure_still_reaches_the_handler(source: str, tmp_path: Path):
    wanted = (0, "ready\nhandled\nafter\n")
    assert run(source, tmp_path, "0") == wanted
    assert run(rewritten(source), tmp_path, "0") == wanted


def test_exit_gets_out_where_that_was_asked_for(tmp_path: Path):
    assert transform(LEAVES.encode(), make_plan(["bare-except"])).output is None
    assert run(LEAVES, tmp_path, "leave") == (0, "handled\nafter\n")
    new = rewritten(LEAVES, unsafe=True)
    assert run(new, tmp_path, "leave") == (5, "")
    assert run(new, tmp_path) == (0, "handled\nafter\n")


def test_exit_gets_out_of_a_handler_that_is_above_it(tmp_path: Path):
    source = 'import sys\n\n\ndef f():\n    try:\n        return int("x")\n    except:\n        sys.exit(4)\n\n\nf()\n'
    assert run(source, tmp_path) == run(rewritten(source), tmp_path) == (4, "")
