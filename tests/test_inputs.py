"""Inputs that have once been broken, and their cousins: under the defaults each script does what it did."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import locale
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import invoke
from inputs import Input, outcome
from inputs.command_lines import COMMAND_LINES
from inputs.names import NAMES
from inputs.projects import PROJECTS, Project
from inputs.texts import EXCEPTIONS, TEXTS
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

CASES = (*NAMES, *COMMAND_LINES, *TEXTS)
plan_of = functools.cache(make_plan)


def rewritten(case: Input, *assume: str) -> str:
    """What becomes of a script, after two passes that end in the same."""
    beside = frozenset(name.removesuffix(".py") for name in case.files if name.endswith(".py"))
    facts = ProjectFacts(path="script.py", beside=beside)
    plan = plan_of(None, assume=assume or ("usual",))
    result = transform(case.source.encode(), plan, facts)
    assert not [finding.message for finding in result.findings if finding.status is Status.REJECTED]
    if result.output is None:
        return case.source
    assert transform(result.output, plan, facts).output is None
    return result.output.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_does_the_same(case: Input, tmp_path: Path):
    text = rewritten(case)
    assert not [item for item in case.never if item in text]
    assert not [item for item in case.stays if item not in text]
    for number, call in enumerate(case.calls if text != case.source else ()):
        if not call.beyond:
            old = outcome(case, call, tmp_path / f"old{number}", case.source)
            assert outcome(case, call, tmp_path / f"new{number}", text) == old, call


EXCLUDED = [case for case in CASES if any(call.beyond for call in case.calls)]


@pytest.mark.parametrize("case", EXCLUDED, ids=lambda case: case.name)
def test_does_the_same_without_the_assumption(case: Input, tmp_path: Path):
    beyond = sorted({call.beyond for call in case.calls} - {""})
    text = rewritten(case, "usual", *(f"-{name}" for name in beyond))
    for number, call in enumerate(case.calls if text != case.source else ()):
        if call.beyond:
            old = outcome(case, call, tmp_path / f"old{number}", case.source)
            assert outcome(case, call, tmp_path / f"new{number}", text) == old, call


@pytest.mark.parametrize("case", EXCEPTIONS, ids=lambda case: case.name)
def test_raises_nothing_else(case: Input, monkeypatch: pytest.MonkeyPatch):
    output = transform(case.source.encode(), plan_of(("bare-except",)), ProjectFacts(path="script.py")).output
    if output is None:
        return
    for call in case.calls:
        monkeypatch.setattr(sys, "argv", ["script.py", *call.arguments])
        assert shown(output.decode()) == shown(case.source)


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """What scripts set in this process is set back: the locale and the level of the root logger."""
    name, level = locale.setlocale(locale.LC_ALL), logging.getLogger().level
    yield
    locale.setlocale(locale.LC_ALL, name)
    logging.getLogger().setLevel(level)


def shown(source: str) -> str:
    """The stdout of a script that is run in this process."""
    with contextlib.redirect_stdout(io.StringIO()) as stdout:
        exec(compile(source, "script.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own text
    return stdout.getvalue()


@pytest.mark.parametrize("case", PROJECTS, ids=lambda case: case.name)
def test_a_file_decides_about_itself(case: Project, tmp_path: Path):
    for name, text in case.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    began = time.process_time()
    shown = invoke("--format", "json", "--no-cache", "--jobs", "1", *case.paths, cwd=tmp_path / case.start)
    assert time.process_time() - began < 10
    assert shown.code == 0
    made: dict[str, set[str]] = {}
    reasons: dict[str, str] = {}
    for item in json.loads(shown.out)["files"]:
        path = os.path.relpath(tmp_path / case.start / item["path"], tmp_path)
        for finding in item["findings"]:
            if finding["status"] == "applied":
                made.setdefault(path, set()).add(finding["codemod"])
            reasons[path] = reasons.get(path, "") + str(finding.get("reason"))
    chosen = set().union(*case.made.values())
    assert {path: found & chosen for path, found in made.items() if found & chosen} == case.made
    for path, text in case.kept.items():
        assert text in reasons[path], reasons
