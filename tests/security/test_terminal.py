"""Nothing of a repository has an effect on a terminal: names, sources, settings and messages are shown as text."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
from pathlib import Path

import pytest
from commands import command, invoke

# A link, a cleared screen, a title, a return to the start of the line, letters from right to left, and C1 twins.
HOSTILE = "\x1b]8;;http://x.example\x1b\\", "\x1b[2J", "\x1b]0;title\x07", "\rsafe", "\u202e", "\x9b31m", "\u2066\x08"
SCRIPT = (
    "import time\n# {0}\nTEXT = '{0}'\nprint('hello {0} %s' % TEXT)\ntime.sleep(0)\n# {0}\n"
    "print('so far')\nprint('so good')\nprint('that is all')\n"
)
STYLES = re.compile(rb"\x1b\[[0-9;]*m")


def _hostile_tree(root: Path) -> list[str]:
    """A folder whose names and texts are hostile; the scripts in it."""
    names = []
    for number, text in enumerate(HOSTILE):
        name = f"{number}{text.replace('/', '')}\n.py"
        if os.name == "nt":
            name = f"{number}.py"
        # A return of its own is the end of a line for Python, and refused.
        (root / name).write_bytes(SCRIPT.format(text.replace("\r", "\x0c")).encode())
        names.append(name)
    (root / "return.py").write_bytes(b"print('hello')  # safe\rprint('other')\n")
    (root / "cookie.py").write_bytes(b"# coding: \x1b[2J\nprint('hello')\n")
    (root / "python2\x1b[2J.py").write_bytes(b"print 'hello \x1b[2J'\n")
    (root / "module.py").write_bytes(b"print('hello \x1b[2J%s' % __name__, file=open('\x1b[2J', 'w'))\n")
    return names


def _shown(arguments: list[str], cwd: Path, stdin: bytes = b"", **environment: str) -> tuple[bytes, bytes]:
    """What comes to a terminal, and what comes to stderr: the same with a terminal there, but for the progress."""
    leader, follower = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=follower,
        stderr=subprocess.PIPE,
        env={**kept, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(stdin)
    process.stdin.close()
    parts = {leader: b"", process.stderr.fileno(): b""}
    open_ones = set(parts)
    while open_ones:
        for descriptor in select.select(list(open_ones), [], [], 60)[0]:
            try:
                part = os.read(descriptor, 65536)
            except OSError:  # Linux: the other end is closed
                part = b""
            parts[descriptor] += part
            if not part:
                open_ones.discard(descriptor)
    process.wait(timeout=60)
    shown, said = parts[leader], parts[process.stderr.fileno()]
    process.stderr.close()
    os.close(leader)
    return shown, said


def _require_harmless(data: bytes) -> None:
    """Nothing but text, colours and the ends of lines."""
    text = STYLES.sub(b"", data).decode("utf-8").replace("\r\n", "\n")
    odd = {character for character in text if not (character.isprintable() or character in "\n\t")}
    assert not odd, f"{odd} in {text!r}"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["."], {}),
        (["."], {"NO_COLOR": "1"}),
        (["-v", "."], {"TERM": "dumb"}),
        (["--check", "."], {}),
        (["--statistics", "."], {}),
        (["--format", "json", "."], {}),
        (["--apply", "-v", "."], {}),
        (["--explain-line", "NAME:4"], {}),
        (["--explain-line", "NAME:400"], {}),
        (["--select", "\x1b[2J", "."], {}),
        (["\x1b[2J\u202e"], {}),
        (["--\x1b[2J", "."], {}),
    ],
)
def test_what_a_terminal_gets(tmp_path: Path, arguments: list[str], environment: dict[str, str]) -> None:
    name = _hostile_tree(tmp_path)[1]
    shown, said = _shown([item.replace("NAME", name) for item in arguments], tmp_path, **environment)
    _require_harmless(shown)
    _require_harmless(said)
    assert re.search(rb"\\(?:x1b|u001b)", shown + said) or arguments[-1] == "NAME:4", "it is shown"


def test_each_name_keeps_to_its_line(tmp_path: Path) -> None:
    (tmp_path / "a\nb.py: rewritten\n.py").write_text("print 'x'\n")
    outcome = invoke("--check", ".", cwd=tmp_path)
    assert outcome.stderr.splitlines()[0] == "a\\nb.py: rewritten\\n.py: looks like Python 2, line 1"


@pytest.mark.parametrize("mode", ["--dry-run", "--apply"])
def test_stdin_that_comes_back_to_a_terminal(tmp_path: Path, mode: str) -> None:
    shown, said = _shown([mode, "-"], tmp_path, SCRIPT.format("\x1b[2J").encode())
    _require_harmless(shown)
    _require_harmless(said)
    assert b"\\x1b[2J" in shown


def test_a_pipe_gets_the_bytes(tmp_path: Path) -> None:
    source = SCRIPT.format(HOSTILE[0] + "\u202e").encode()
    (tmp_path / "job.py").write_bytes(source)
    diff = invoke("job.py", cwd=tmp_path).stdout
    assert b"# " + HOSTILE[0].encode() + "\u202e".encode() in diff
    assert HOSTILE[0].encode() in invoke("--apply", "-", cwd=tmp_path, stdin=source).stdout


@pytest.mark.parametrize(
    "text",
    [
        '"\\u001b[2J" = 1',
        'select = ["\\u001b[2J"]',
        'target-version = "\\u001b]0;x\\u0007"',
        "x = \x1b[2J",
        "a\x1b = 1",
    ],
)
def test_settings_in_a_hostile_folder(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "a\x1b[2J\nError: none\u202e"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(f"[tool.pymodernize]\n{text}\n")
    (folder / "job.py").write_text("print('x')\n")
    outcome = invoke("job.py", cwd=folder)
    assert outcome.code == 2
    _require_harmless(outcome.stderr.encode())
    assert outcome.stderr.count("\nError: ") == 1
    assert "\\u202e" in outcome.stderr
