"""The line that says how far a run has come, the figures of ``-v``, and ``--statistics``."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from commands import SCRIPT, invoke, script

CODE = (
    "import sys, time\nfrom pymodernize.transformation import engine\nfrom pymodernize.cli import main\n"
    "from pymodernize.report import progress\nprogress.PATIENCE = progress._PAUSE = 0.0\n"
    "real = engine.transform\n"
    "def slow(*rest):\n    time.sleep(0.01)\n    return real(*rest)\n"
    "engine.transform = slow\nmain(sys.argv[1:])\n"
)
BAR = re.compile(rb"(\d+)/20 files, (\d+) findings, (\d+) files/s")
COLOURS = re.compile(rb"\x1b\[[\d;]*m")


def _shown(arguments: list[str], cwd: Path, *, terminal: bool = True, term: str = "xterm-256color") -> bytes:
    """What a run writes to stderr, which is a terminal or a pipe."""
    leader, follower = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env={**os.environ, "TERM": term, "COLUMNS": "100"},
    )
    os.close(follower)
    shown = b""
    while select.select([leader], [], [], 60)[0]:
        try:
            part = os.read(leader, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        shown += part
    process.wait(timeout=60)
    os.close(leader)
    return shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(20):
        script(tmp_path, f"job{number:02}.py")
    return tmp_path


def _screen(shown: bytes) -> list[str]:
    """The lines that are left on a screen, as far as carriage returns, erased lines and steps up go."""
    lines, row = [""], 0
    text = shown.decode("utf-8").replace("\r\n", "\n")
    for part in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
        if part == "\n":
            row += 1
            if row == len(lines):
                lines.append("")
        elif part == "\r":
            lines[row] = lines[row] if lines[row].strip() == "" else "\r" + lines[row]
        elif part == "\x1b[2K":
            lines[row] = ""
        elif part == "\x1b[1A":
            row -= 1
        elif not part.startswith("\x1b"):
            lines[row] = part if lines[row].startswith("\r") else lines[row] + part
    return [line.strip("\r") for line in lines]


@pytest.mark.parametrize("mode", ["--apply", "--check", "--dry-run"])
def test_it_shows_on_a_terminal_and_is_gone_at_the_end(folder: Path, mode: str) -> None:
    shown = _shown([mode, "--select", "print-to-logging", "."], folder)
    found = [tuple(int(item) for item in match) for match in BAR.findall(COLOURS.sub(b"", shown))]
    assert found, shown
    assert found == sorted(found, key=lambda item: item[0])
    assert all(4 * files == findings for files, findings, _ in found)
    assert any(rate > 0 for *_, rate in found)
    left = _screen(shown)
    assert not [line for line in left if "files/s" in line], left
    assert any(line.startswith("20 files: 20 ") for line in left)
    if mode == "--check":
        assert sum("would be rewritten" in line for line in left) == 20
    assert shown.count(b"\x1b[?25h") >= 1, "the cursor is back"


@pytest.mark.parametrize(
    "options", [{"terminal": False}, {"term": "dumb"}, {"arguments": ["-q"]}], ids=["pipe", "dumb terminal", "quiet"]
)
def test_it_shows_nowhere_else(folder: Path, options: dict) -> None:
    arguments = options.pop("arguments", [])
    assert not BAR.search(COLOURS.sub(b"", _shown([*arguments, "--check", "."], folder, **options)))


def test_a_run_without_a_terminal_loads_nothing_for_it(folder: Path) -> None:
    code = CODE.replace(
        "main(sys.argv[1:])", "\ntry:\n    main(['-q', '.'])\nfinally:\n    print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_verbose_tells_the_time_and_the_rate(folder: Path) -> None:
    assert re.search(r"^\d+\.\d\d s, \d+ files per second\.$", invoke("-v", ".", cwd=folder).stderr, re.MULTILINE)
    assert "per second" not in invoke(".", cwd=folder).stderr


# --- statistics ---------------------------------------------------------------------------------------------------

MIXED = (
    'import logging\n\nlogging.basicConfig()\n\nprint("Hello %s" % 1)\nprint("x", 3, file=out)\nprint("other %s" % 1)\n'
)


def test_statistics_count_reasons_instead_of_showing_each(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "mixed.py", MIXED.replace("file=out", "end=''"))
    script(tmp_path, "two.py", 'print "x"\n')
    outcome = invoke("--statistics", "--select", "print-to-logging", ".", cwd=tmp_path)
    assert outcome.stdout == b""
    assert "two.py: looks like Python 2" in outcome.stderr, "what went wrong is shown"
    assert "mixed.py" not in outcome.stderr
    rows = [line.split("  ") for line in outcome.stderr.splitlines() if re.match(r"\s+\d+\s", line)]
    counts = [int(row[0] or row[1] or row[2]) for row in ([cell for cell in row if cell.strip()] for row in rows)]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 7
    assert "\n3 files: 1 would change \u00b7 " in outcome.stderr
    assert " \u00b7 1 is not Python 3\n" in outcome.stderr
    quiet = invoke("-q", "--statistics", ".", cwd=tmp_path)
    assert quiet.stderr == "two.py: looks like Python 2, line 1\n"


def test_statistics_in_json(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "mixed.py", MIXED)
    plain = json.loads(invoke("--format", "json", ".", cwd=tmp_path).stdout)
    document = json.loads(invoke("--format", "json", "--statistics", ".", cwd=tmp_path).stdout)
    rows = document.pop("statistics")
    assert document == plain
    assert [set(row) for row in rows] == [{"count", "codemod", "status", "reason"}] * len(rows)
    assert [row["count"] for row in rows] == sorted((row["count"] for row in rows), reverse=True)
    findings = [item for file in plain["files"] for item in file["findings"]]
    assert sum(row["count"] for row in rows) == len(findings)
    for row in rows:
        same = [
            item
            for item in findings
            if (item["codemod"], item["status"], item["reason"] or item["message"])
            == (row["codemod"], row["status"], row["reason"])
        ]
        assert len(same) == row["count"]


def test_statistics_with_apply_write_all_the_same(tmp_path: Path) -> None:
    path = script(tmp_path)
    assert "1 file: 1 rewritten\n" in invoke("--statistics", "--apply", ".", cwd=tmp_path).stderr
    assert path.read_text() != SCRIPT
