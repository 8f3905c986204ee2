"""Each assumption excludes something: a script that differs before and after its rewrite, exactly as said."""

from __future__ import annotations

from pathlib import Path

import pytest
from counterexamples import outcome
from running import installed, make_plan

from pymodernize.assumptions import Assumption
from pymodernize.codemod import Status
from pymodernize.commands.authoring.counterexamples import check
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings.planning import known_assumptions
from pymodernize.transformation.engine import transform

KNOWN = known_assumptions(entry.load() for entry in entries().values())
WITH_EXAMPLE = [item for item in KNOWN.values() if item.example is not None]
each = pytest.mark.parametrize("assumption", WITH_EXAMPLE, ids=lambda item: item.name)


@each
def test_before_and_after_differ_as_said(assumption: Assumption, tmp_path: Path) -> None:
    check(assumption, installed(), tmp_path)


def test_there_are_few_enough_to_remember() -> None:
    assert len(KNOWN) <= 15
    without = {name for name, item in KNOWN.items() if item.example is None}
    assert without <= {"changes-behaviour", "documented-exceptions", "unshared-stdout"}


def test_each_says_what_has_been_measured() -> None:
    default = Assumption("name", "sentence").measured
    assert not [name for name, item in KNOWN.items() if item.measured == default]


@each
def test_without_the_assumption_the_script_stays_as_it_does(assumption: Assumption, tmp_path: Path) -> None:
    """With everything assumed but this, its example comes to what it came to before."""
    example = assumption.example
    assert example is not None
    facts = ProjectFacts(path="script.py")
    plan = make_plan([example.codemod], assume=["all", f"-{assumption.name}"])
    result = transform(example.before.encode(), plan, facts)
    source = example.before if result.output is None else result.output.decode()
    assert not any(
        assumption.name in finding.assumptions for finding in result.findings if finding.status is Status.APPLIED
    )
    assert outcome(example, source, tmp_path) == example.gives
