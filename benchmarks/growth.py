"""How time and memory grow with a file, and with a project: each row at four sizes, and the exponents that fit."""

from __future__ import annotations

import argparse
import logging
import math
import os
import platform
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import page
from growth_rows import PROJECTS, ROWS, Row
from materials import WORK, Taken, measure

from pymodernize.assumptions import accept
from pymodernize.execution.task import collect_less_often, prepare
from pymodernize.plan import Plan
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings import make_options
from pymodernize.settings.planning import known_assumptions
from pymodernize.transformation.engine import transform

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

STEPS = (1, 2, 4, 8)
AIM_TIME = 1.2
AIM_MEMORY = 1.1
MOST_MEGABYTES = 400.0
MOST_TIMES_FILE = 60
"""A run may take so many megabytes, and so many times the largest file that it works on."""
LEAST_SECONDS = 0.1
LEAST_MEGABYTES = 5.0
"""Less than this above what an empty run takes is noise."""
_NOTHING = "print(1)\n"
logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the rows, write the table."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--row", action="append", help="measure the rows whose names contain this, and write nothing")
    parser.add_argument("--smaller", type=int, default=1, help="measure at sizes so many times smaller")
    arguments = parser.parse_args(argv)
    rows = [row for row in (*ROWS, *PROJECTS) if not arguments.row or any(part in row.name for part in arguments.row)]
    alone = _worked_on(_NOTHING.encode())
    whole = taken({"job.py": _NOTHING, "other.py": _NOTHING}, WORK / "growth") if set(rows) & set(PROJECTS) else alone
    lines = [
        "| what grows | sizes | CPU, last over first | exponent, CPU | exponent, memory | MB, last | |",
        "|---|---|---|---|---|---|---|",
    ]
    missed = 0
    for row in rows:
        line, is_met = _line(row, whole if row in PROJECTS else alone, arguments.smaller)
        missed += not is_met
        lines.append(line)
        logger.info("%s", line)
    if not arguments.row:
        machine = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        heading = f"Measured with `make growth`: {machine}."
        page.write("growth", "\n".join([heading, "", *lines]))
    return EXIT_FAILURE if missed else EXIT_SUCCESS


def _line(row: Row, empty: Taken, smaller: int) -> tuple[str, bool]:
    sizes = [max(row.size // smaller, 2) * step for step in STEPS]
    made = [row.make(size) for size in sizes]
    costs = [cost(files) for files in made]
    seconds = [max(item.cpu - empty.cpu, 0.0) for item in costs]
    memory = [max(item.memory - empty.memory, 0.0) for item in costs]
    weights = [sum(map(len, files.values())) for files in made]
    time_exponent = exponent(weights, seconds, LEAST_SECONDS)
    memory_exponent = exponent(weights, memory, LEAST_MEGABYTES)
    is_met = (time_exponent or 0) <= AIM_TIME and (memory_exponent or 0) <= AIM_MEMORY
    is_met = is_met and all(item.memory <= allowed(files) for item, files in zip(costs, made, strict=True))
    ratio = f"{seconds[-1] / seconds[0]:.1f}" if seconds[0] > LEAST_SECONDS else "-"
    shown = " / ".join(map(str, sizes))
    verdict = "met" if is_met else "missed"
    return (
        f"| {row.name} | {shown} | {ratio} | {_shown(time_exponent)} | {_shown(memory_exponent)} "
        f"| {costs[-1].memory:.0f} | {verdict} |",
        is_met,
    )


def allowed(files: Mapping[str, str]) -> float:
    """The megabytes that a run over some files may take."""
    largest = max(len(text.encode()) for text in files.values())
    return MOST_MEGABYTES + MOST_TIMES_FILE * largest / 1e6


def exponent(sizes: Sequence[float], costs: Sequence[float], least: float) -> float | None:
    """The power of the size that the cost grows with, by least squares on a logarithmic scale.

    Args:
        sizes: of the inputs.
        costs: of each.
        least: smaller costs do not count.

    Returns:
        None where fewer than two costs count: there is nothing to grow.
    """
    points = [(math.log(size), math.log(cost)) for size, cost in zip(sizes, costs, strict=True) if cost >= least]
    if len(points) < 2:
        return None
    x, y = zip(*points, strict=True)
    return statistics.linear_regression(x, y).slope


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def cost(files: Mapping[str, str]) -> Taken:
    """What it takes to work on a file, in a process that has loaded what that takes; on several, by a whole command.

    Args:
        files: their texts, by their names.
    """
    if len(files) > 1:
        return taken(files, WORK / "growth")
    (text,) = files.values()
    return _worked_on(text.encode())


def _worked_on(source: bytes) -> Taken:
    """What it takes a process to work on a file, once it has loaded what that takes: as a run's own processes do."""
    plan = _plan()
    pid = os.fork()
    if not pid:
        collect_less_often()
        transform(source, plan, ProjectFacts(path="job.py"))
        os._exit(EXIT_SUCCESS)
    _, status, usage = os.wait4(pid, 0)
    return Taken(usage.ru_utime + usage.ru_stime, 0.0, status, usage.ru_maxrss * 1024 / 1e6)


@cache
def _plan() -> Plan:
    """All codemods, under the usual assumptions."""
    installed = [entry.load() for entry in entries().values()]
    accepted = accept(["usual"], known_assumptions(installed))
    codemods = tuple(codemod(make_options(codemod, {}, "the defaults")) for codemod in installed)
    plan = Plan(codemods, accepted.everywhere, accepted_in_scripts=accepted.in_scripts)
    prepare(plan)
    return plan


def taken(files: Mapping[str, str], folder: Path) -> Taken:
    """What a check of some files takes.

    Args:
        files: their texts, by their names.
        folder: where they are written; what is there is deleted.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pymodernize", "--check", "--quiet", "--no-cache", "--jobs", "1", "."]
    return measure(command, folder)


if __name__ == "__main__":
    sys.exit(main())
