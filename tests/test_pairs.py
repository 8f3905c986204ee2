"""What becomes of a finding does not depend on which codemods run beside its own, but for what is listed here.

Inputs that have once been broken, whole scripts, and in the long run the texts of all fixtures.
"""

from __future__ import annotations

import functools
import itertools
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from inputs.command_lines import COMMAND_LINES
from inputs.names import NAMES
from inputs.texts import TEXTS
from running import FIXTURES, SCRIPTS, make_plan

from pymodernize.codemod import Status
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

# Slow under a tracer; what it runs is covered by other tests.
pytestmark = pytest.mark.no_cover

LONG = "PYMODERNIZE_EVIDENCE" in os.environ
# What keeps a rewrite of one codemod, and is gone once another one has made its own; and why. A star is any codemod.
GONE = (
    ("argparse-skeleton", "main-guard", "runs above the place for parse_arguments"),  # it moves into main
    ("print-to-logging", "main-guard", "logging"),  # what runs before its set-up moves into main, too
    ("module-docstring", "argparse-skeleton", "nothing in the file says what it is for"),  # the parser does
    # The comment stands above imports now, and no longer right above what runs.
    ("module-docstring", "print-to-logging", "nothing in the file says what it is for"),
    ("*", "argparse-skeleton", "reads its own text"),  # to show its usage, which the parser does
    ("print-to-logging", "argparse-skeleton", "usage"),  # the parser shows it
    ("main-guard", "signal-handlers", "main stands on one line"),  # it has several now
    ("main-guard", "print-to-logging", "main stands on one line"),
    ("signal-handlers", "bare-except", "may catch the end of the script"),  # it catches what it names
    ("raise-without-from", "bare-except", "the handler has no types"),  # it has some
    ("shell-command", "percent-to-fstring", "the text is not in sight"),  # an f-string says what is put in where
    ("*", "*", "[style]"),  # where one writes a Path the other does so, too
)
plan_of = functools.cache(make_plan)


def verdicts(source: bytes, names: Sequence[str]) -> dict[tuple[str, int], list[tuple[bool, str]]]:
    """For each codemod and line whether its findings there are carried out, and their reasons."""
    found: dict[tuple[str, int], list[tuple[bool, str]]] = {}
    for item in transform(source, plan_of(tuple(names)), ProjectFacts(path="script.py")).findings:
        told = item.status is Status.APPLIED, f"{item.reason} [{item.code}]"
        found.setdefault((item.codemod, item.line), []).append(told)
    return found


def differences(source: bytes, most: int | None = None) -> Iterator[tuple[str, str, int, str]]:
    """The codemods with another one and a line, where what is kept alone is rewritten beside it, and the reason.

    Args:
        source: a script.
        most: how many pairs are drawn; all if it is None.
    """
    alone = {key: items for name in entries() for key, items in verdicts(source, (name,)).items()}
    pairs = list(itertools.combinations(sorted({codemod for codemod, _ in alone}), 2))
    if most is not None:
        pairs = random.Random(source).sample(pairs, min(most, len(pairs)))  # noqa: S311 - the same each time
    for pair in pairs:
        for (codemod, line), items in verdicts(source, pair).items():
            before = alone.get((codemod, line), [])
            if any(made for made, _ in items) and before and not any(made for made, _ in before):
                (other,) = set(pair) - {codemod}
                reason = before[0][1]
                if not any(one in (codemod, "*") and by in (other, "*") and why in reason for one, by, why in GONE):
                    yield codemod, other, line, reason


INPUTS = [
    case
    for case in (*NAMES, *COMMAND_LINES, *TEXTS)
    if LONG or case.name.startswith(("surplus", "success", "early"))  # the others are for the long run
]


@pytest.mark.parametrize("case", INPUTS, ids=lambda case: case.name)
def test_inputs(case):
    assert not list(differences(case.source.encode()))


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*/*.py")), ids=lambda path: path.stem)
def test_scripts(path: Path):
    assert not list(differences(path.read_bytes(), None if LONG else 2))


@pytest.mark.parametrize(
    "path",
    sorted(path for path in FIXTURES.glob("[!_]*/*/before.py") if LONG),
    ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}",
)
def test_fixtures(path: Path):
    assert not list(differences(path.read_bytes()))
