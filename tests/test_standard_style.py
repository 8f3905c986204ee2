"""Whole scripts in the standard's own style: rewritten by all codemods, and executed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import make_plan

from pymodernize.transformation.engine import transform

SCRIPT = """\
#!/usr/bin/env python
# Moves reports that are older than some days into a folder.

import os, sys, time

def old_files(folder, days):
    found = []
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if time.time() - os.path.getmtime(path) >= days * 86400:
            found.append(name)
    return found

if len(sys.argv) != 3:
    print("usage: sweep.py FOLDER DAYS")
    sys.exit(2)
folder = sys.argv[1]
if not os.path.isdir(folder):
    print("Error: no such folder")
    sys.exit(1)
target = os.path.join(folder, "old")
if not os.path.exists(target):
    os.mkdir(target)
if sys.argv[2] == "9":
    raise KeyboardInterrupt
if sys.argv[2] == "8":
    print("waiting")
    time.sleep(20)
for name in sorted(old_files(folder, int(sys.argv[2]))):
    if name == "broken":
        raise ValueError("a broken name")
    print("found %s" % name)
print("done")
"""
COUNT = """\
# Counts the words of a file, and writes them to another one.
import sys

if len(sys.argv) != 3:
    print("usage: count.py SOURCE TARGET")
    sys.exit(2)
counts = {}
with open(sys.argv[1]) as source:
    for word in source.read().split():
        counts[word] = counts.get(word, 0) + 1
print("words: %d" % len(counts))
with open(sys.argv[2], "w") as target:
    for word in sorted(counts):
        target.write("%s %d\\n" % (word, counts[word]))
print("done")
print("see " + sys.argv[2])
"""
ASSUMED = ("usual", "surplus-arguments", "changes-behaviour")


@pytest.fixture(scope="module")
def rewritten() -> str:
    """The script as all codemods leave it."""
    output = transform(SCRIPT.encode(), make_plan(assume=ASSUMED, style="standard")).output
    assert output is not None
    assert transform(output, make_plan(assume=ASSUMED, style="standard")).output is None
    return output.decode()


def run(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "sweep.py").write_text(source)
    (folder / "reports" / "old").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "sweep.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_frame_of_the_template(rewritten: str):
    names = (
        '"""Moves reports that are older than some days into a folder.',
        "EXIT_SUCCESS = 0\nEXIT_FAILURE = 1\nEXIT_INTERRUPTED = 130\n",
        "EXECUTION_ID = ",
        "logger = logging.getLogger(__name__)",
        "def configure_logging() -> None:",
        "def exit_on_signal(signum: int, _frame: object) -> None:",
        "def parse_arguments() -> argparse.Namespace:",
        "def main() -> int:",
        "    configure_logging()\n    signal.signal(signal.SIGTERM, exit_on_signal)\n",
        '    logger.info("Started")\n    try:\n        args = parse_arguments()\n',
        "    except KeyboardInterrupt:\n",
        "    except Exception:\n",
        "    finally:\n",
        "    sys.exit(main())\n",
    )
    places = [rewritten.index(name) for name in names]
    assert places == sorted(places)


def test_one_codemod_after_the_other_ends_in_the_same(rewritten: str):
    order = ("argparse-skeleton", "exit-codes", "main-guard", "module-docstring", "print-to-logging", "signal-handlers")
    plans = [make_plan([name], assume=ASSUMED, style="standard") for name in (*order, "os-path-to-pathlib")]
    text, before = SCRIPT.encode(), b""
    while text != before:
        before = text
        for plan in plans:
            text = transform(text, plan).output or text
    assert text.decode() == rewritten


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [(["0"], 0, "done"), (["9"], 130, "WARNING - Interrupted"), ([], 2, "Ended after")],
)
def test_how_it_ends(arguments: list[str], status: int, said: str, rewritten: str, tmp_path: Path):
    done = run(tmp_path, rewritten, "reports", *arguments)
    assert done.returncode == status, done.stderr
    assert said in done.stdout
    assert " UTC - exec_" in done.stdout
    (log,) = tmp_path.glob("script_exec_*.log")
    assert log.read_text() == done.stdout


def test_an_error_is_logged_with_its_traceback(rewritten: str, tmp_path: Path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "broken").touch()
    done = run(tmp_path, rewritten, "reports", "0")
    assert done.returncode == 1
    assert "ERROR - Unexpected error\nTraceback" in done.stdout
    assert "ValueError: a broken name" in done.stdout
    assert "Ended after" in done.stdout.splitlines()[-1]


@pytest.mark.skipif(os.name == "nt", reason="Windows delivers no SIGTERM")
def test_a_signal_is_logged(rewritten: str, tmp_path: Path):
    (tmp_path / "sweep.py").write_text(rewritten)
    (tmp_path / "reports").mkdir()
    command = [sys.executable, "-u", "sweep.py", "reports", "8"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "waiting" not in process.stdout.readline():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 128 + signal.SIGTERM
    assert "Received signal 15" in rest
    assert "Ended after" in rest


@pytest.fixture(scope="module")
def counting() -> str:
    output = transform(COUNT.encode(), make_plan(assume=ASSUMED, style="standard")).output
    assert output is not None
    assert transform(output, make_plan(assume=ASSUMED, style="standard")).output is None
    return output.decode()


def test_what_is_read_is_looked_at_first(counting: str, tmp_path: Path):
    assert "[Path(args.source)]" in counting
    done = run(tmp_path, counting, "missing.txt", "target.txt")
    assert done.returncode == 2
    assert "ERROR - no such file or folder: missing.txt" in done.stdout
    assert "Traceback" not in done.stdout
    assert not (tmp_path / "target.txt").exists()


def test_verbosity(counting: str, tmp_path: Path):
    (tmp_path / "source.txt").write_text("b a b")
    done = run(
        tmp_path, counting.replace("counts = {}", 'counts = {}; logger.debug("more")'), "-v", "source.txt", "t.txt"
    )
    assert done.returncode == 0, done.stdout
    assert "DEBUG - more" in done.stdout
    assert (tmp_path / "t.txt").read_text() == "a 1\nb 2\n"


INPUTS = {
    "source = args.a\n    with open(source) as file:\n        print(file.read())": "Path(args.a)",
    "rows = args.p.read_text()\n    names = args.p.iterdir()\n    print(rows, *names)": "args.p",
    'logger.info("now")\n    with args.p.open("r") as file, open(args.a, mode="rb") as b:\n        print(file, b)': (
        "args.p, Path(args.a)"
    ),
}
NO_INPUTS = {
    "it may be written first": 'open(args.a, "w").close()\n    print(open(args.a).read())',
    "it is written": 'with open(args.a, "w") as file:\n        file.write("a")',
    "something may happen before": "sys.stdin.read()\n    print(open(args.a).read())",
    "it may be left out": "if sys.flags.optimize:\n        print(open(args.a).read())",
    "it is no path": "print(open(args.b).read())",
}


def checked(body: str) -> str:
    source = f"""\
import argparse
import logging
import sys
from pathlib import Path

logger = logging.getLogger(__name__)


def parse_arguments() -> argparse.Namespace:
    \"\"\"Read the command line.\"\"\"
    parser = argparse.ArgumentParser()
    parser.add_argument("a")
    parser.add_argument("p", type=Path)
    parser.add_argument("b", nargs="?")
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.INFO)
    args = parse_arguments()
    {body}
    return 0


if __name__ == "__main__":
    sys.exit(main())
"""
    output = transform(source.encode(), make_plan(["argparse-skeleton"], assume=ASSUMED, style="standard")).output
    assert output is not None and b"--verbose" in output
    return output.decode()


@pytest.mark.parametrize("body", INPUTS)
def test_what_is_certainly_read(body: str):
    assert f"for path in [{INPUTS[body]}] if not path.exists()" in checked(body)


@pytest.mark.parametrize("why", NO_INPUTS)
def test_what_may_not_be_read_is_not_looked_at(why: str):
    assert "validate_inputs" not in checked(NO_INPUTS[why])


NO_END = [
    # Its own last line of defence stands.
    "    try:\n        print('one')\n    except Exception:\n        print('two')\n        return 1\n",
    # Nothing is logged.
    "    return len(sys.argv) - 1\n",
]


@pytest.mark.parametrize("body", NO_END)
def test_a_main_that_needs_no_other_end(body: str):
    source = f"import sys\n\n\ndef main():\n{body}\n\nif __name__ == '__main__':\n    sys.exit(main())\n"
    output = transform(source.encode(), make_plan(assume=ASSUMED, style="standard")).output or source.encode()
    assert b"Ended after" not in output


def test_plain_style_has_none_of_it():
    output = transform(SCRIPT.encode(), make_plan(assume=ASSUMED)).output
    assert output is not None
    assert b"Ended after" not in output and b"signal" not in output
