"""``--count-types``: what the project's own type checker counts in each file, before and after."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from commands import invoke
from repositories import migrate, repository

from pymodernize.receipts import type_counts
from pymodernize.receipts.type_counts import NoTypes, checker_of

ALIAS = "try:\n    f()\nexcept IOError:\n    pass\n"
# They see an error in each file that still has the old name.
PYRIGHT = """\
import json, pathlib, sys
assert sys.argv[1] == "--outputjson", sys.argv
files = [str(path) for path in pathlib.Path(sys.argv[2]).rglob("*.py") if "IOError" in path.read_text()]
found = [{"file": name, "severity": severity} for name in files for severity in ("error", "warning")]
print(json.dumps({"generalDiagnostics": found}))
sys.exit(1 if found else 0)
"""
MYPY = """\
print("a.py:1: error: No")
print("a.py:2:4: error: No")
print("a.py:2: note: See")
raise SystemExit(1)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is found in place of any type checker."""
    path = tmp_path / "checker"
    monkeypatch.setattr(type_counts, "find_program", lambda name: str(path))
    return path


def write(path: Path, code: str) -> None:
    path.write_text(f"#!{sys.executable}\n{code}")
    path.chmod(0o755)


def types(receipts: Path, name: str) -> object:
    return json.loads((receipts / "files" / f"{name}.json").read_text())["types"]


def test_errors_are_counted_before_and_after(tmp_path: Path, program: Path) -> None:
    folder = repository(tmp_path / "r", {"a.py": ALIAS, "b.py": "x = 1\n", "pyproject.toml": "[tool.pyright]\n"})
    write(program, PYRIGHT)
    options = ("--select", "oserror-alias", "--count-types", "--receipts", str(tmp_path / "receipts"))
    outcome = migrate(folder, "--apply", *options)
    assert outcome.code == 0, outcome.stderr
    assert types(tmp_path / "receipts", "a.py") == {"program": "pyright", "before": 1, "after": 0}
    assert invoke("verify", str(tmp_path / "receipts"), cwd=folder).code == 0


def test_mypy_tells_lines(tmp_path: Path, program: Path) -> None:
    (tmp_path / "mypy.ini").write_text("[mypy]\n")
    write(program, MYPY)
    assert checker_of(tmp_path, ["."]).count() == {"a.py": 2}


def test_one_that_fails_is_said(tmp_path: Path, program: Path) -> None:
    (tmp_path / "mypy.ini").write_text("[mypy]\n")
    write(program, "raise SystemExit(2)")
    with pytest.raises(NoTypes, match="mypy ended with 2"):
        checker_of(tmp_path, ["."]).count()
    (tmp_path / "pyproject.toml").write_text("[tool.pyright]\n")
    write(program, "print('no json')")
    with pytest.raises(NoTypes, match="pyright cannot be asked"):
        checker_of(tmp_path, ["."]).count()


def test_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(ALIAS)
    arguments = ("--apply", "--receipts", "r", "--count-types", "a.py")
    outcome = invoke(*arguments, cwd=tmp_path)
    assert (outcome.code, "neither pyright nor mypy is configured in" in outcome.stderr) == (2, True)
    (tmp_path / "mypy.ini").write_text("")
    monkeypatch.setattr(type_counts, "find_program", lambda name: None)
    outcome = invoke(*arguments, cwd=tmp_path)
    assert (outcome.code, "mypy is configured and not installed" in outcome.stderr) == (2, True)
    for command in (["--count-types", "a.py"], ["migrate", "--apply", "--count-types", "a.py"]):
        assert "--count-types needs --receipts" in invoke(*command, cwd=tmp_path).stderr
