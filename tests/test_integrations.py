"""The same codemods through LibCST's runner and through Fixit: the same decisions."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import libcst as cst
import pytest
from commands import CLEAN, HELPER, PROJECT, SCRIPT, USER, invoke, script
from fixit.engine import LintRunner
from fixit.ftypes import Config
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from pymodernize.integrations.libcst_tool import command
from pymodernize.registry import entries

COMMAND = "pymodernize_codemods.print_to_logging.Command"
UNSAFE = 'import logging\n\nlogging.basicConfig(level=logging.ERROR)\n\nprint("Hello %s" % 1)\n'

FILES = {
    "lf.py": SCRIPT.encode(),
    "crlf.py": SCRIPT.replace("\n", "\r\n").encode(),
    "latin1.py": b'# coding: latin-1\n"""Caf\xe9."""\n' + SCRIPT.replace("Hello", "caf\u00e9").encode("latin-1"),
    "tabs.py": SCRIPT.replace("    ", "\t").encode(),
    "bom.py": b"\xef\xbb\xbf" + SCRIPT.encode(),
    "bom_crlf.py": b"\xef\xbb\xbf# coding: utf-8\r\n" + SCRIPT.replace("\n", "\r\n").encode(),
    "unended.py": SCRIPT.rstrip("\n").encode(),
    "comments.py": b"#!/usr/bin/env python3\n# one\n\n\n" + SCRIPT.encode() + b"# end\n\n\n",
    "formfeed.py": b"x = 1\n\x0c\n" + SCRIPT.encode(),
    "unsafe.py": UNSAFE.encode(),
    "clean.py": CLEAN.encode(),
    "empty.py": b"",
}


def _lay_out(folder: Path) -> None:
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def _libcst(folder: Path, *arguments: str, plain: bool = False) -> subprocess.CompletedProcess[str]:
    options = ["-x"] if plain else ["--no-format", "-x"]
    return subprocess.run(
        [sys.executable, "-m", "libcst.tool", "codemod", *options, COMMAND, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_libcst_gives_the_same_bytes(tmp_path: Path, jobs: str) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    _lay_out(ours)
    _lay_out(theirs)
    for name in FILES:
        assert invoke("--apply", "-q", "--select", "print-to-logging", name, cwd=ours).code == 0, name
    done = _libcst(theirs, "-j", jobs, *FILES)
    assert done.returncode == 0, done.stderr
    after = _contents(theirs)
    for name, content in _contents(ours).items():
        assert after[name] == content, name
    changed = {name for name, content in FILES.items() if after[name] != content}
    assert changed == set(FILES) - {"unsafe.py", "clean.py", "empty.py"}


@pytest.mark.skipif(os.name == "nt", reason="the settings name a program of POSIX")
def test_the_settings_of_this_repository_keep_libcst_from_formatting(tmp_path: Path) -> None:
    shutil.copy(PROJECT / ".libcst.codemod.yaml", tmp_path)
    (tmp_path / "ours").mkdir()
    ours, theirs = script(tmp_path, "ours/job.py"), script(tmp_path)
    done = _libcst(tmp_path, "job.py", plain=True)
    assert done.returncode == 0, done.stderr
    assert invoke("--select", "print-to-logging", "--apply", "-q", "job.py", cwd=ours.parent).code == 0
    assert theirs.read_bytes() == ours.read_bytes() != SCRIPT.encode()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_libcst_knows_of_importers(tmp_path: Path, jobs: str) -> None:
    (tmp_path / ".git").mkdir()
    helper, user = script(tmp_path, "lib/helper.py", HELPER), script(tmp_path, "bin/user.py", USER)
    # Five files, for a process gets four of them at a time.
    more = [script(tmp_path, f"job{number}.py") for number in range(5)]
    done = _libcst(tmp_path, "-j", jobs, "lib/helper.py", "bin/user.py", *(path.name for path in more))
    assert done.returncode == 0, done.stderr
    assert helper.read_text() == HELPER
    assert "other files import this one" in done.stderr
    assert all("print(" not in path.read_text() for path in (user, *more))
    for path in (helper, user):
        before = path.read_text()
        assert invoke("--apply", "-q", "--select", "print-to-logging", str(path), cwd=tmp_path).code == 0
        assert path.read_text() == before, "we decide the same on a file by itself"


def test_libcst_skips_what_we_cannot_work_on(tmp_path: Path) -> None:
    mixed = script(tmp_path, "a.py", SCRIPT + "x = 1\ry = 2\n")
    before = mixed.read_bytes()
    done = _libcst(tmp_path, "a.py")
    assert mixed.read_bytes() == before
    assert "carriage return without a line feed" in done.stderr


def test_every_codemod_is_a_command_that_can_be_pickled() -> None:
    for entry in entries().values():
        codemod = entry.load()
        made = getattr(sys.modules[codemod.__module__], "Command")  # noqa: B009 - made when asked for
        assert pickle.loads(pickle.dumps(made)) is made  # noqa: S301
        assert made.DESCRIPTION == (codemod.__doc__ or "").strip().splitlines()[0]


# --- Fixit --------------------------------------------------------------------------------------------------------

FIXIT = '[tool.fixit]\nroot = true\nenable = ["pymodernize.integrations.fixit_rules"]\ndisable = ["fixit.rules"]\n'
LINE = re.compile(r"^(?P<path>\S+)@(?P<line>\d+):(?P<column>\d+) (?P<rule>\w+): (?P<message>.*)$", re.MULTILINE)

MANY = '''# a comment first
import sys, time


def main(values):
    """Greet."""
    print("Hello %s" % values)
    if values:
        caf\u00e9 = "\u4f60\u597d"; print("Hello again (%s)" % values)
    else:
        print(
            "nothing"
            " to greet"
        )
    print(values)
    time.sleep(0)
    print("to the other stream", file=sys.stderr)


def load():
    print("loading", end="")


if __name__ == "__main__":
    main([1])
'''


def _fixit(folder: Path, *paths: str) -> set[tuple[str, int, int, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "fixit", "lint", *paths], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert "EXCEPTION" not in done.stdout + done.stderr, done.stdout + done.stderr
    return {
        (found["path"], int(found["line"]), int(found["column"]) + 1, found["message"])
        for found in LINE.finditer(done.stdout + done.stderr)
    }


def _ours(folder: Path, *names: str) -> set[tuple[str, int, int, str]]:
    """What we find with a safe rewrite, each file and each codemod by itself."""
    found = set()
    for name, codemod in product(names, entries()):
        document = json.loads(invoke("--format", "json", "--select", codemod, name, cwd=folder).stdout)
        found |= {
            (name, item["line"], item["column"], item["message"])
            for item in document["files"][0]["findings"]
            if item["status"] == "applied"
        }
    return found


def test_fixit_reports_what_we_would_rewrite(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(FIXIT)
    (tmp_path / ".git").mkdir()
    names = ["many.py", "helper.py", "user.py", "unsafe.py", "clean.py", "empty.py", "crlf.py", "bom.py", "latin1.py"]
    for name, text in zip(names, (MANY, HELPER, USER, UNSAFE, CLEAN), strict=False):
        script(tmp_path, name, text)
    for name in names[5:]:
        (tmp_path / name).write_bytes(FILES[name])
    ours = _ours(tmp_path, *names)
    assert {(path, line) for path, line, *_ in ours} >= {("many.py", 7), ("many.py", 9), ("user.py", 4), ("bom.py", 5)}
    assert "helper.py" not in {path for path, *_ in ours}
    assert _fixit(tmp_path, ".") == ours


def test_fixit_comments_keep_a_rule_quiet(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(FIXIT)
    script(
        tmp_path,
        "a.py",
        "# lint-ignore\n"
        'print("one")\n'
        'print("two")  # lint-ignore\n'
        'print("three")  # lint-fixme: PrintToLogging\n'
        "# lint-ignore: PrintToLogging because\n"
        'print("four")\n'
        'print("five")  # lint-ignore: OtherRule\n'
        "if True:\n"
        "    # lint-fixme\n"
        '    print("six")\n'
        '    print("seven")\n'
        'print("eight")  # pymodernize: ignore\n'
        'print("nine")  # noqa: T201\n'
        "import time\n"
        "time.sleep(0)\n",
    )
    assert {line for _, line, *_ in _fixit(tmp_path, "a.py")} == {7, 11}


def test_fixit_has_one_rule_for_each_codemod() -> None:
    from fixit.config import find_rules
    from fixit.ftypes import QualifiedRule

    rules = {rule.__name__: rule for rule in find_rules(QualifiedRule("pymodernize.integrations.fixit_rules"))}
    expected = {"".join(part.capitalize() for part in name.split("-")): entry for name, entry in entries().items()}
    assert set(rules) == set(expected)
    for name, entry in expected.items():
        codemod = entry.load()
        assert rules[name].__doc__ == codemod.__doc__
        assert getattr(rules[name], "MESSAGE", None) == (codemod.__doc__ or "").strip().splitlines()[0]
        assert str(rules[name]()) == f"pymodernize.integrations.fixit_rules:{name}"


def test_fixit_can_turn_off_a_single_rule(tmp_path: Path) -> None:
    off = FIXIT.replace('"fixit.rules"', '"fixit.rules", "pymodernize.integrations.fixit_rules:PrintToLogging"')
    script(tmp_path)
    for settings, said in ((FIXIT, True), (off, False)):
        (tmp_path / "pyproject.toml").write_text(settings)
        assert any(message.startswith("print ") for *_, message in _fixit(tmp_path, ".")) is said


# --- in this process ----------------------------------------------------------------------------------------------


def _command() -> type[CodemodCommand]:
    return command(entries()["print-to-logging"].load())


@pytest.mark.parametrize("name", FILES)
def test_the_libcst_command_by_itself(tmp_path: Path, name: str) -> None:
    made = _command()
    (tmp_path / name).write_bytes(FILES[name])
    for filename in (str(tmp_path / name), None):
        tree = made(CodemodContext(filename=filename)).transform_module(cst.parse_module(FILES[name]))
        assert (
            tree.bytes == invoke("--apply", "--select", "print-to-logging", "-", cwd=tmp_path, stdin=FILES[name]).stdout
        )


def test_the_libcst_command_skips_what_we_refuse() -> None:
    with pytest.raises(SkipFile, match="carriage return"):
        _command()(CodemodContext()).transform_module(cst.parse_module(f"{SCRIPT}x = 1\ry = 2\n".encode()))


def test_the_fixit_rule_by_itself(tmp_path: Path) -> None:
    from pymodernize.integrations import fixit_rules

    path = script(tmp_path, "many.py", MANY)
    rules = [fixit_rules.rule(entry.load())() for entry in entries().values()]
    found = LintRunner(path, path.read_bytes()).collect_violations(rules, Config(path=path, root=tmp_path))
    places = {("many.py", item.range.start.line, item.range.start.column + 1, item.message) for item in found}
    assert places == _ours(tmp_path, "many.py")
    clean = script(tmp_path, "clean.py", CLEAN)
    rules = [fixit_rules.rule(entry.load())() for entry in entries().values()]
    assert not list(LintRunner(clean, CLEAN.encode()).collect_violations(rules, Config(path=clean, root=tmp_path)))
