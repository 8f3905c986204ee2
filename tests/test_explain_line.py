"""``--explain-line FILE:LINE``: what the codemods say about one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import invoke

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
    outcome = invoke("--explain-line", "job.py:9", cwd=folder)
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "try at line 6, what its body raises:",
        "  line 7: open() -> OSError, ValueError",
        "  line 7: with open(path) -> OSError, ValueError",
        "  line 8: reading of file -> OSError, ValueError",
        "  line 8: json.load() -> OSError, ValueError",
        '  line 8: json.load(file)["level"] -> IndexError, KeyError, TypeError',
        "The set is closed: IndexError, KeyError, OSError, TypeError, ValueError",
    ]
    assert invoke("--explain-line", "job.py:7", cwd=folder) == outcome


def test_why_a_set_is_open(folder: Path):
    outcome = invoke("--explain-line", "job.py:15", cwd=folder)
    assert "  line 15: undecided -> NameError" in outcome.out
    assert "open: what it calls is not known" in outcome.out
    assert outcome.out.splitlines()[-1] == "The set is open: NameError"


def test_only_the_selected_codemods_are_asked(folder: Path):
    outcome = invoke("--select", "print-to-logging", "--explain-line", "job.py:9", cwd=folder)
    assert (outcome.code, outcome.out) == (0, "")
    assert "job.py:9: no codemod has anything to explain there" in outcome.stderr


def test_a_line_without_a_try(folder: Path):
    assert "nothing to explain" not in invoke("--explain-line", "job.py:1", cwd=folder).out
    assert invoke("--explain-line", "job.py:1", cwd=folder).out == ""


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

    from pymodernize import runner
    from pymodernize.codemod import Codemod
    from pymodernize.semantics.module import Module

    class Failing(Codemod):
        def explain(self, module: Module, line: int):
            raise LookupError("no way")

    assert runner._explained(Failing(), model(""), 1) == ["test-explain-line failed: LookupError: no way"]
