"""How scripts end after exit-codes: with the codes that they had, and quietly where that is meant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import FIXTURES, execute, load_toml, make_plan, work_on

CASES = [
    path.parent
    for path in sorted((FIXTURES / "exit-codes").glob("*/case.toml"))
    if "run" in load_toml(path) and (path.parent / "after.py").exists()
]

SCRIPT = """\
import sys
import time


def main():
    wish = sys.argv[1]
    if wish == "fail":
        raise ValueError("no such thing")
    if wish == "wait":
        sys.stdout.write("ready\\n")
        sys.stdout.flush()
        time.sleep(60)
    if wish == "much":
        sys.stdout.write("line\\n" * 1000000)
    if wish == "little":
        sys.stdout.write("line\\n")
        time.sleep(0.5)
    if wish.isdigit():
        sys.exit(int(wish))
    return 0


if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script as the codemod leaves it."""
    folder = tmp_path_factory.mktemp("exits")
    path = folder / "script.py"
    path.write_text(SCRIPT)
    output = work_on(folder, make_plan(["exit-codes"]))["script.py"].result.output
    assert output is not None and b"BrokenPipeError" in output
    path.write_bytes(output)
    return path


def run(script: Path, wish: str, **settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, wish], text=True, check=False, timeout=30, **settings)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_code_is_the_one_that_it_was(folder: Path, tmp_path: Path):
    case = load_toml(folder / "case.toml")["run"]
    codes = []
    for name in ("before.py", "after.py"):
        source = tmp_path / name.removesuffix(".py")
        source.mkdir()
        (source / "script.py").write_bytes((folder / name).read_bytes())
        codes.append(execute(source, tmp_path / f"run-{name}", case, "script.py").status)
    assert codes[0] == codes[1]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 77, 130, 255])
def test_a_code_that_is_computed(code: int, script: Path):
    assert run(script, str(code)).returncode == code


def test_a_failure_is_logged_with_its_traceback(script: Path):
    done = run(script, "fail", capture_output=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("the script failed\nTraceback")
    assert done.stderr.endswith("ValueError: no such thing\n")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
def test_an_interruption_ends_with_130(script: Path):
    process = subprocess.Popen(
        [sys.executable, script, "wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 130


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way there")
@pytest.mark.parametrize("wish", ["much", "little"])
def test_a_reader_that_goes_away_is_no_drama(wish: str, script: Path):
    process = subprocess.Popen(
        [sys.executable, script, wish], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=20) == 1
    assert complaint == ""


@pytest.mark.skipif(os.name == "nt", reason="file descriptors are closed in another way there")
def test_a_stdout_that_is_closed_from_the_start(script: Path):
    assert run(script, "0", preexec_fn=lambda: os.close(1)).returncode == 0
    assert run(script, "nothing", preexec_fn=lambda: os.close(1)).returncode == 0
