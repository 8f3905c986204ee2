"""Run scripts before and after, and compare what a person or a pipe would see."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from randomised import FACTOR

from pymodernize.assumptions import accept
from pymodernize.codemod import Codemod
from pymodernize.commands.authoring.cases import work_on
from pymodernize.commands.authoring.runs import Seen, execute, snapshot
from pymodernize.execution.execute import FileReport
from pymodernize.plan import Plan
from pymodernize.registry import entries
from pymodernize.settings import make_options, parse_target
from pymodernize.settings.planning import known_assumptions

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["Seen", "execute", "snapshot", "work_on"]  # and what is defined here

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
SCRIPTS = FIXTURES / "_scripts"
# Those that a run over a whole folder is tried on: the shortest few in the suite, all of them for ``make evidence``.
WHOLE = sorted(SCRIPTS.rglob("*.py"), key=lambda path: path.stat().st_size)[: 4 * FACTOR]


def load_toml(path: Path) -> dict:
    """A TOML file as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def installed() -> dict[str, type[Codemod]]:
    """The installed codemods by name, found and loaded once: to find them reads the metadata of all distributions."""
    return {name: entry.load() for name, entry in entries().items()}


# Scripts of tests say as little as they can: one record is enough for them.
_OF_SMALL_SCRIPTS = {"print-to-logging": {"fewest": 1}}


def make_plan(
    select: Sequence[str] | None = None,
    options: Mapping | None = None,
    *,
    assume: Sequence[str] = ("usual",),
    unsafe: bool = False,
    style: str = "plain",
    target: str = "",
) -> Plan:
    """A plan of installed codemods, with options by codemod name, under assumptions as ``--assume`` takes them.

    Without any options those of small scripts hold.
    """
    given = _OF_SMALL_SCRIPTS if options is None else options
    codemods = [
        codemod(make_options(codemod, given.get(name, {}), "the case"))
        for name, codemod in installed().items()
        if select is None or name in select
    ]
    accepted = accept(["all"] if unsafe else assume, known_assumptions(installed().values()))
    plan = Plan(tuple(codemods), accepted.everywhere, accepted_in_scripts=accepted.in_scripts, style=style)
    return replace(plan, target_version=parse_target(target, "the case")) if target else plan


def apply_to(folder: Path, plan: Plan) -> dict[str, FileReport]:
    """Work on a folder and write the changes."""
    reports = work_on(folder, plan)
    for report in reports.values():
        if report.result.output is not None:
            report.path.write_bytes(report.result.output)
    return reports
