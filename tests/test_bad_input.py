"""Whatever lies in a folder: one line for each file that cannot be worked on, and the others are done."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import MORE, SCRIPT, invoke, script, spawn

from pymodernize.execution.known_files import Memory
from pymodernize.files import reading

LIMIT = 300_000
HELLO = 'print("hello %s" % 1)\n'

# Content, and how the line about it starts. Each has a print, so that a codemod wants to see it.
BAD: dict[str, tuple[bytes, str]] = {
    "not_utf8.py": (HELLO.replace("hello", "caf\u00e9").encode("latin-1"), "is not UTF-8 in line 1"),
    "wrong_cookie.py": (b"# coding: ascii\n# caf\xc3\xa9\n" + HELLO.encode(), "is not ascii, which it declares"),
    "unknown_cookie.py": (b"# coding: klingon\n" + HELLO.encode(), "declares the unknown encoding 'klingon'"),
    "no_text.py": (b"# coding: rot13\n" + HELLO.encode(), "declares 'rot13', which is no text encoding"),
    "utf16.py": (HELLO.encode("utf-16"), "is UTF-16, which Python does not read"),
    "nul.py": (HELLO.encode() + b"\0\n", "has a NUL byte in line 2"),
    "python2_by_its_first_line.py": (
        b"#! /usr/bin/env python2.7\nprint('hello %s' % 1)\n",
        "is run by Python 2, as its first line says",
    ),
    "python27_by_its_first_line.py": (b"#! python27\nprint('hello %s' % 1)\n", "is run by Python 2"),
    "python2.py": (b"x = 1\nprint 'hello'\n", "looks like Python 2, line 2"),
    "python2_except.py": (
        b"print('a')\ntry:\n    pass\nexcept ValueError, exc:\n    pass\n",
        "looks like Python 2, line 4",
    ),
    "syntax.py": (HELLO.encode() + b"def f(:\n", "does not parse: invalid syntax, line 2"),
    "indent.py": (HELLO.encode() + b"  x = 1\n", "does not parse: unexpected indent, line 2"),
    "unclosed.py": (b"x = (1,\nprint('hello')\n", "does not parse: "),
    "parentheses.py": (HELLO.encode() + b"x = " + b"(" * 3000 + b"1" + b")" * 3000 + b"\n", "is nested too deeply"),
    "not.py": (HELLO.encode() + b"x = " + b"not " * 20_000 + b"1\n", "is nested too deeply"),
    "words.py": (HELLO.encode() + b"a;" * 140_000 + b"\n", "has more than 130,000 words"),
    "large.py": (HELLO.encode() + b"#" * LIMIT, f"is larger than the limit of {LIMIT} bytes"),
    "carriage.py": (HELLO.encode() + b"x = 1\ry = 2\n", "has a carriage return without a line feed in line 2"),
}
# Whether these are too deep depends on the version of Python; those that can take them do.
DEEP = {
    "sum.py": HELLO.encode() + b"x = " + b"+".join([b"1"] * 20_000) + b"\n",
    "attributes.py": HELLO.encode() + b"x = y" + b".a" * 5_000 + b"\n",
}
SPECIAL = {
    "broken.py": "is a broken symbolic link",
    "loop.py": "is a broken symbolic link",
    "pipe.py": "is a FIFO, not a file",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\nmax-file-size = {LIMIT}\n")
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "broken.py").symlink_to("none.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    script(tmp_path, "good.py")
    return tmp_path


def _held(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in BAD}


@pytest.mark.parametrize("name", ["words.py", "parentheses.py"])
def test_what_has_too_much_in_it_may_be_python(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name][0])
    outcome = invoke("--check", "--unparsable", "warn", ".", cwd=tmp_path)
    assert (outcome.code, "not Python 3" in outcome.stderr) == (3, False)


@pytest.mark.parametrize("name", DEEP)
def test_depths_that_some_versions_of_python_can_take(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(DEEP[name])
    script(tmp_path, "zzz.py")
    outcome = spawn("-q", "--apply", ".", cwd=tmp_path)
    if outcome.code == 3:
        assert outcome.stderr == f"{name}: is nested too deeply to be parsed\n"
        assert (tmp_path / name).read_bytes() == DEEP[name]
    else:
        assert (outcome.code, outcome.stderr) == (0, "")
        assert DEEP[name].partition(b"x = ")[2] in (tmp_path / name).read_bytes()
    assert (tmp_path / "zzz.py").read_text() != SCRIPT


def _check_lines(lines: list[str], expected: dict[str, str]) -> None:
    said: dict[str, str] = {}
    for line in lines:
        name, _, message = line.partition(": ")
        assert name not in said, f"two lines: {line}"
        said[name] = message
    assert set(said) == set(expected)
    for name, start in expected.items():
        assert said[name].startswith(start), (name, said[name])


EXPECTED = {**{name: start for name, (_, start) in BAD.items()}, **SPECIAL}


@pytest.mark.parametrize("mode", ["--dry-run", "--apply", "--check"])
def test_a_folder_of_all_at_once(folder: Path, mode: str) -> None:
    before = _held(folder)
    outcome = spawn("-q", mode, ".", cwd=folder)
    assert outcome.code == 3
    assert outcome.stdout == b""
    _check_lines(outcome.stderr.splitlines(), EXPECTED)
    assert _held(folder) == before
    assert ((folder / "good.py").read_text() != SCRIPT) is (mode == "--apply")


def test_the_good_file_is_shown_among_the_bad_ones(folder: Path) -> None:
    outcome = spawn(".", cwd=folder)
    assert outcome.code == 3
    assert outcome.stdout.startswith(b"--- a/good.py\n")
    assert outcome.stdout.count(b"--- a/") == 1
    figures = re.search(
        r"(\d+) files: 1 would change \u00b7 (\d+) are not Python 3 \u00b7 (\d+) could not be", outcome.stderr
    )
    assert figures is not None
    assert int(figures[1]) == len(EXPECTED) + 1
    assert int(figures[2]) + int(figures[3]) == len(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_by_its_name(folder: Path, name: str) -> None:
    outcome = invoke("-q", "--apply", name, cwd=folder)
    assert outcome.code == 3
    _check_lines(outcome.stderr.splitlines(), {name: EXPECTED[name]})


@pytest.mark.parametrize("name", BAD)
def test_each_through_stdin(folder: Path, name: str) -> None:
    content, start = BAD[name]
    outcome = invoke("-q", "--apply", "-", "--stdin-filename", name, cwd=folder, stdin=content)
    assert (outcome.code, outcome.stdout) == (3, content)
    _check_lines(outcome.stderr.splitlines(), {name: start})


def test_a_broken_file_in_a_project_keeps_no_other_from_its_facts(folder: Path) -> None:
    script(folder, "user.py", "import good\n\ngood.main()\nprint('hello there')\n" + MORE)
    outcome = invoke("-q", "--apply", "good.py", "user.py", *BAD, cwd=folder)
    assert outcome.code == 3
    assert "print(" not in (folder / "user.py").read_text()


def _before_b_is_read(monkeypatch: pytest.MonkeyPatch, action: Callable[[Path], object]) -> None:
    """Do something to ``b.py`` after it was found and before it is read."""
    real = Memory.digest

    def digest(self: Memory, path: Path) -> bytes:
        if path.name == "b.py":
            action(path)
        return real(self, path)

    monkeypatch.setattr(Memory, "digest", digest)


def test_a_file_that_vanishes_between_discovery_and_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py", "c.py"):
        script(tmp_path, name)
    _before_b_is_read(monkeypatch, lambda path: path.unlink())
    outcome = invoke("-q", "--apply", ".", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (3, "b.py: is gone\n")
    assert (tmp_path / "c.py").read_text() != SCRIPT


def test_a_pipe_that_takes_the_place_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py"):
        script(tmp_path, name)
    _before_b_is_read(monkeypatch, lambda path: (path.unlink(), os.mkfifo(path)))
    outcome = invoke("-q", "--apply", ".", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (3, "b.py: is not a regular file\n")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py"):
        script(tmp_path, name)
    if os.geteuid() == 0:
        real = os.open

        def forbidden(path: object, *rest: int, **named: int) -> int:
            if str(path).endswith("a.py"):
                raise PermissionError(13, "Permission denied")
            return real(path, *rest, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(reading.os, "open", forbidden)
    else:
        (tmp_path / "a.py").chmod(0)
    outcome = invoke("-q", "--apply", "a.py", "b.py", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (3, "a.py: cannot be read: Permission denied\n")
    assert (tmp_path / "b.py").read_text() != SCRIPT


def test_a_disk_that_fails_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    script(tmp_path)
    monkeypatch.setattr(reading, "open", lambda *_, **__: Failing(), raising=False)
    outcome = invoke("-q", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stderr) == (3, "job.py: cannot be read: Input/output error\n")


def test_bad_files_that_no_codemod_wants_are_still_read_as_text(tmp_path: Path) -> None:
    """A file that does not decode is said to be bad; one that does not parse is not even parsed."""
    (tmp_path / "a.py").write_bytes(b"x = '\xff'\n")
    (tmp_path / "b.py").write_bytes(b"x = :\n")
    (tmp_path / "c.py").write_bytes(b"")
    outcome = invoke("-q", ".", cwd=tmp_path)
    assert outcome.code == 3
    _check_lines(outcome.stderr.splitlines(), {"a.py": "is not UTF-8"})
