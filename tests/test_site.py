"""The documentation site: it builds strictly, and what its pages tell a reader to type does what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import PROJECT, confines, invoke

import pymodernize
from pymodernize.registry import entries

DOCS = PROJECT / "docs"
BIN = Path(sys.executable).parent
PAGES = sorted((*DOCS.glob("tutorials/*.md"), *DOCS.glob("how-to/*.md"), DOCS / "editors.md"))
_BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
# What a page names but a test has no use for: it installs, or wants a file of the reader's.
LEFT = {"pipx", "pip", "python", "eval", "_PYMODERNIZE_COMPLETE=fish_source"}
LEFT |= {"multi-gitter", "turbolift", "src"}  # which ask services
SCRIPT = """import os


def read(path):
    try:
        return open(path).read()
    except IOError:
        return os.sep


read("x")
"""
THERE = ("jobs/old.py", "report.py")
"""Files that the README takes to be there, each with that script."""
OWN = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass
class _Step:
    """A command, with the lines that it shows."""

    words: list[str]
    shown: list[str] = field(default_factory=list)


def _steps(page: Path) -> Iterator[tuple[str, str] | _Step]:
    """What a page has one do, in its order: files to write, and commands."""
    for name, kind, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if name:
            yield name, text
        elif kind == "console":
            steps: list[_Step] = []
            for line in text.splitlines():
                if line.startswith("$ "):
                    steps.append(_Step(shlex.split(line[2:], comments=True)))
                else:
                    steps[-1].shown.append(line)
            yield from steps


def _said(step: _Step, folder: Path) -> str:
    """What a command shows."""
    program, *arguments = step.words
    if program == "pymodernize":
        outcome = invoke(*arguments, cwd=folder, COLUMNS="120", **OWN)
        assert outcome.code in (0, 1, 3), outcome.stderr
        assert outcome.code != 3 or "Python 2" in outcome.stderr, outcome.stderr
        return outcome.out + outcome.stderr
    own = BIN / program
    start = [str(own) if own.exists() else program, *arguments]
    if program == "git":
        start[1:1] = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run(start, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_is_so(tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page.stem == "try" and not confines():
        pytest.skip("nothing here keeps scripts within a copy")
    monkeypatch.setenv("PATH", os.pathsep.join([str(BIN), os.environ["PATH"]]))
    tmp_path = tmp_path / "project"
    tmp_path.mkdir()
    for step in _steps(page):
        if isinstance(step, tuple):
            (tmp_path / step[0]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / step[0]).write_text(step[1], encoding="utf-8")
        elif step.words[0] not in LEFT:
            said = _said(step, tmp_path)
            for line in step.shown:
                assert line.strip() in said, f"{shlex.join(step.words)}:\n{said}"


def test_what_the_readme_says_is_so(tmp_path: Path) -> None:
    for name in THERE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SCRIPT, encoding="utf-8")
    steps = [step for step in _steps(PROJECT / "README.md") if isinstance(step, _Step) and step.words[0] not in LEFT]
    assert len(steps) == 5
    for step in steps:
        _said(step, tmp_path)


def test_every_page_with_commands_is_followed() -> None:
    followed = {page for page in PAGES if any(isinstance(step, _Step) for step in _steps(page))}
    with_commands = {page for page in DOCS.rglob("*.md") if "```console" in page.read_text(encoding="utf-8")}
    assert with_commands - followed == {DOCS / "json.md", DOCS / "migrate.md"}, "which have tests of their own"


def test_the_page_about_ruff_has_every_rule_that_marks_what_we_rewrite() -> None:
    text = (DOCS / "how-to" / "ruff.md").read_text(encoding="utf-8")
    rows = {line for line in text.splitlines() if line.startswith("| `")}
    for name, entry in entries().items():
        for code in entry.load().noqa:
            assert any(f"`{code}`" in row and f"`{name}`" in row for row in rows), (code, name)


def test_the_table_of_tools_names_tests_and_sources() -> None:
    page = (DOCS / "explanation" / "other-tools.md").read_text(encoding="utf-8")
    sources = dict(re.findall(r"^\* \[(\w+)\]: (.+)$", page, re.MULTILINE))
    head, _, *rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("|")]
    assert len(rows) > 20
    tests = re.findall(r"^\d+\. `(tests/\S+)`$", page, re.MULTILINE)
    assert len(tests) == len(rows)
    named = set()
    for feature, ours, *others in rows:
        assert len(others) == len(head) - 1, feature
        (number,) = re.findall(r" \[(\d+)\]$", ours)
        place = tests[int(number) - 1]
        path, _, test = place.partition("::")
        text = (PROJECT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {test}\(", text, re.MULTILINE), place
        for cell in others:
            (source,) = re.findall(r" \[(\w+)\]$", cell)
            named.add(source)
    assert named == set(sources)


def test_what_the_table_says_of_ruff_is_in_its_help() -> None:
    page = (DOCS / "explanation" / "other-tools.md").read_text(encoding="utf-8")
    runs = (
        subprocess.run([BIN / "ruff", *words, "--help"], capture_output=True, text=True) for words in ((), ("check",))
    )
    said = "".join(done.stdout for done in runs)
    for cell in re.findall(r"\| ([^|]*) \[(?:check|ruff)\] ", page):
        for word in re.findall(r"`([^`]+)`", cell):
            assert word in said, cell


def test_the_example_of_the_python_interface_runs() -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    names = {"source": b"raise IOError\n", "codemod": entries()["oserror-alias"].load()()}
    exec(code, names)
    assert names["source"] == b"raise OSError\n"
    told = set(re.findall(r"^## (\w+)$", page, re.MULTILINE))
    assert told > set(pymodernize.__all__) - {"__version__"}


def test_generated_pages_are_up_to_date() -> None:
    command = [sys.executable, PROJECT / "tools" / "reference_pages.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "index.html").exists()
    told = (tmp_path / "explanation" / "other-tools.html").read_text(encoding="utf-8")
    assert "The benchmarks (<code>benchmarks/README.md</code>)" in " ".join(told.split()), (
        "what is no page of the site is no link"
    )
    page = (tmp_path / "reference" / "codemods.html").read_text(encoding="utf-8")
    assert "print-to-logging" in page
    assert not re.search(r'(?:src|href)="https?://[^"]*(?:fonts|cdn|unpkg)', page), "nothing is loaded from elsewhere"
