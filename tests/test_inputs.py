"""Inputs that have once been broken, and their cousins: under the defaults each script does what it did."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import locale
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from inputs import Input, outcome
from inputs.command_lines import COMMAND_LINES
from inputs.names import NAMES
from inputs.texts import EXCEPTIONS, TEXTS
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.engine import transform
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts

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


# --- a verdict does not depend on which codemods run together -----------------------------------------------------

# Which reasons of one codemod another one does away with, and why.
GONE = {
    ("argparse-skeleton", "main-guard"): "runs above the place for parse_arguments",  # it moves into main
    ("print-to-logging", "main-guard"): "logging",  # what runs before its set-up moves into main, too
    ("module-docstring", "argparse-skeleton"): "nothing in the file says what it is for",  # the parser does
}
# The others are for the long run.
PAIRED = ("surplus", "success", "early")
LONG = "PYMODERNIZE_EVIDENCE" in os.environ


def verdicts(source: str, names: tuple[str, ...]) -> dict[tuple[str, int], list[tuple[bool, str]]]:
    """For each codemod and line whether its findings there are carried out, and their reasons."""
    found: dict[tuple[str, int], list[tuple[bool, str]]] = {}
    for item in transform(source.encode(), plan_of(names), ProjectFacts(path="script.py")).findings:
        found.setdefault((item.codemod, item.line), []).append((item.status is Status.APPLIED, item.reason))
    return found


@pytest.mark.parametrize(
    "case", [case for case in CASES if LONG or case.name.startswith(PAIRED)], ids=lambda case: case.name
)
def test_what_is_withheld_alone_is_not_made_beside_another_codemod(case: Input):
    alone = {key: items for name in entries() for key, items in verdicts(case.source, (name,)).items()}
    for pair in itertools.combinations(sorted({codemod for codemod, _ in alone}), 2):
        for (codemod, line), items in verdicts(case.source, pair).items():
            before = alone.get((codemod, line), [])
            if any(made for made, _ in items) and before and not any(made for made, _ in before):
                (other,) = set(pair) - {codemod}
                reasons = [reason for _, reason in before]
                assert GONE.get((codemod, other), "\0") in reasons[0], (codemod, other, line, reasons)
