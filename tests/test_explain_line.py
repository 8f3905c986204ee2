"""``--explain-line FILE:LINE``: what the codemods say about one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import MORE, invoke

SCRIPT = """\
import json
import sys


def load(path):
    try:
        with open(path) as file:
            return json.load(file)["level"]
    except:
        return None


print(load(sys.argv[1]))
try:
    undecided()
except ValueError:
    pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "job.py").write_text(SCRIPT)
    return tmp_path


def test_the_operations_with_the_types_that_each_contributes(folder: Path):
    outcome = invoke("--explain-line", "job.py:9", "--select", "bare-except", cwd=folder)
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "line 9: bare-except rewrites it: bare except; the body raises IndexError, KeyError, OSError, TypeError, "
        "ValueError",
        "try at line 6, what its body raises:",
        "  line 7: open() -> OSError",
        "  line 7: with open(path) -> OSError, ValueError",
        "  line 8: reading of file -> OSError, ValueError",
        "  line 8: json.load() -> OSError, ValueError",
        '  line 8: json.load(file)["level"] -> TypeError',
        '  line 8: json.load(file)["level"] -> IndexError',
        '  line 8: json.load(file)["level"] -> KeyError',
        "The set is closed: IndexError, KeyError, OSError, TypeError, ValueError",
    ]
    inside = invoke("--explain-line", "job.py:7", "--select", "bare-except", cwd=folder)
    assert inside.out.splitlines() == outcome.out.splitlines()[1:], "the handler is what is rewritten"


def test_why_a_set_is_open(folder: Path):
    outcome = invoke("--explain-line", "job.py:15", cwd=folder)
    assert "  line 15: undecided -> NameError" in outcome.out
    assert "open: what it calls is not known" in outcome.out
    assert outcome.out.splitlines()[-1] == "The set is open: NameError"


def test_what_a_documentation_says_is_said_with_its_release(tmp_path: Path) -> None:
    source = "import yaml\n\ntry:\n    yaml.safe_load(input())\nexcept:\n    print('no YAML')\n"
    (tmp_path / "job.py").write_text(source, encoding="utf-8")
    said = invoke("--explain-line", "job.py:4", "--select", "bare-except", cwd=tmp_path).out
    assert "as PyYAML 6.0.4 documents" in said


def test_only_the_selected_codemods_are_asked(folder: Path):
    outcome = invoke("--select", "print-to-logging", "--explain-line", "job.py:9", cwd=folder)
    assert (outcome.code, outcome.out) == (0, "")
    assert "job.py:9: no codemod finds anything there" in outcome.stderr


def test_a_line_without_a_finding(folder: Path):
    outcome = invoke("--explain-line", "job.py:1", "--select", "bare-except", cwd=folder)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.stderr == "job.py:1: no codemod finds anything there\n"


def test_what_is_decided_about_each_finding_and_why(folder: Path):
    (folder / "say.py").write_text(
        'import logging\n\nlogging.basicConfig()\nprint("it begins")\nprint("it goes on")\nx = 1\n'
    )
    select = ("--select", "print-to-logging")

    def said(line: int, *options: str) -> str:
        return invoke("--explain-line", f"say.py:{line}", *select, *options, cwd=folder).out

    withheld = said(4)
    assert withheld.startswith("line 4: print-to-logging withholds a rewrite: print that says something at")
    assert withheld.endswith(" - this file has logging of its own, whose level and format decide what is seen\n")
    assert said(4, "--unsafe").startswith("line 4: print-to-logging rewrites it: print that says something at")
    (folder / "data.py").write_text("print(3)\n")
    data = invoke("--explain-line", "data.py:1", *select, cwd=folder).out
    assert data.startswith("line 1: print-to-logging leaves it: print - data: ")
    assert said(6) == ""


def test_programs_are_told_the_same(folder: Path):
    for options in ((), ("--select", "bare-except")):
        lines = invoke("--explain-line", "job.py:9", *options, cwd=folder).out.splitlines()
        outcome = invoke("--explain-line", "job.py:9", "--format", "json", *options, cwd=folder)
        document = json.loads(outcome.out)
        assert (outcome.code, document["path"], document["line"]) == (0, "job.py", 9)
        assert document.keys() == {"version", "path", "line", "findings", "notes"}
        assert {note["codemod"] for note in document["notes"]} == {"bare-except"}
        said = [f"line {item['line']}: {item['codemod']} " for item in document["findings"]]
        assert all(line.startswith(start) for line, start in zip(lines, said, strict=False))
        assert lines[len(said) :] == [note["text"] for note in document["notes"]]
    whole = json.loads(invoke("--format", "json", "job.py", cwd=folder).out)["files"][0]["findings"]
    assert [item for item in whole if item["line"] <= 9 <= item["end_line"]] == json.loads(
        invoke("--explain-line", "job.py:9", "--format", "json", cwd=folder).out
    )["findings"]
    outcome = invoke("--explain-line", "job.py:9", "--format", "junit", cwd=folder)
    assert outcome.code == 2
    assert "--explain-line has no --format junit; it has text and json" in outcome.stderr


def test_a_comment_that_keeps_a_line_is_seen(folder: Path):
    (folder / "say.py").write_text(
        'print("it begins")\nprint("it goes on")  # noqa: T201\nopen("x", "w").close()\n' + MORE
    )
    assert "rewrites it" in invoke("--explain-line", "say.py:1", "--select", "print-to-logging", cwd=folder).out
    assert invoke("--explain-line", "say.py:2", "--select", "print-to-logging", cwd=folder).out == ""


@pytest.mark.parametrize("text", ["x = 1\n", "x = 1", ""])
def test_a_line_behind_the_last(folder: Path, text: str):
    (folder / "short.py").write_text(text)
    assert invoke("--explain-line", "short.py:1", cwd=folder).code == 0
    outcome = invoke("--explain-line", "short.py:2", cwd=folder)
    assert outcome.code == 2
    assert "--explain-line: the last line of short.py is 1" in outcome.stderr


def test_a_file_that_is_not_there(folder: Path):
    outcome = invoke("--explain-line", "none.py:1", cwd=folder)
    assert (outcome.code, outcome.stderr) == (3, "none.py: does not exist\n")


@pytest.mark.parametrize("mode", ["--apply", "--check"])
def test_nothing_is_written_by_an_explanation(folder: Path, mode: str):
    outcome = invoke("--explain-line", "job.py:9", mode, cwd=folder)
    assert outcome.code == 2
    assert f"--explain-line changes nothing and goes with no {mode}" in outcome.stderr
    assert (folder / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize("place", ["job.py", "job.py:", "job.py:x", "job.py:0", ":3", "job.py:-1"])
def test_what_is_no_place(folder: Path, place: str):
    outcome = invoke("--explain-line", place, cwd=folder)
    assert outcome.code == 2
    assert "is not FILE:LINE" in outcome.stderr


def test_no_path_goes_with_it(folder: Path):
    outcome = invoke("--explain-line", "job.py:3", "job.py", cwd=folder)
    assert outcome.code == 2
    assert "goes with no path" in outcome.stderr


def test_files_that_cannot_be_read_or_parsed(folder: Path):
    (folder / "old.py").write_text("print 'x'\n")
    for place in ("missing.py:1", "old.py:1"):
        outcome = invoke("--explain-line", place, cwd=folder)
        assert outcome.code == 3
        assert outcome.stderr.startswith(place.partition(":")[0])
        assert outcome.out == ""


def test_an_unknown_codemod_is_a_wrong_command_line(folder: Path):
    assert invoke("--select", "no-such", "--explain-line", "job.py:3", cwd=folder).code == 2


def test_a_codemod_that_fails_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch):
    from toys import model

    from pymodernize.codemod import Codemod
    from pymodernize.commands import explain
    from pymodernize.semantics.module import Module

    class Failing(Codemod):
        def explain(self, module: Module, line: int):
            raise LookupError("no way")

    assert explain._explained(Failing(), model(""), 1) == ["test-explain-line failed: LookupError: no way"]


def test_a_line_of_stdin(folder: Path):
    said = invoke("--explain-line", "job.py:9", cwd=folder).out
    outcome = invoke("--explain-line", "-:9", cwd=folder, stdin=SCRIPT.encode())
    assert (outcome.code, outcome.out) == (0, said)
    named = invoke("--explain-line", "-:9", "--stdin-filename", "job.py", cwd=folder, stdin=SCRIPT.encode())
    assert named.out == said
    assert (
        "goes with the file - (stdin)"
        in invoke("--explain-line", "job.py:9", "--stdin-filename", "x.py", cwd=folder).stderr
    )
    (folder / "pyproject.toml").write_text("[tool.pymodernize]\nmax-file-size = 20\n")
    large = invoke("--explain-line", "-:9", "--stdin-filename", "new.py", cwd=folder, stdin=SCRIPT.encode())
    assert (large.code, large.out) == (3, "")
    assert large.stderr == "new.py: is larger than the limit of 20 bytes (max-file-size)\n"
