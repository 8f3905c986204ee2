"""Whole commands beside their peers, interleaved, on copies of the standard library; and the aims as ratios."""

from __future__ import annotations

import argparse
import logging
import platform
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import page
from materials import ROOT, WORK, Taken, copy_of_library, measure, python_files, scaled_copy

EXIT_SUCCESS = 0

PEERS = ROOT / ".venv" / "peers" / "bin"
CACHE = WORK / "cache"
FEW, MANY = 1_000, 10_000
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tool:
    """A command and how it is shown.

    Attributes:
        name: the program.
        what: what it is asked to do.
        command: from the folder to the command line.
        prepare: what happens to the folder before, and is not measured.
        slow: whether it runs in the first round only.
        keeps: whether it leaves the folder as it was, so that no fresh copy is needed.
    """

    name: str
    what: str
    command: Callable[[Path], list[str]]
    prepare: Callable[[Path], object] = field(default=lambda folder: None)
    slow: bool = False
    keeps: bool = False


def _ours(*arguments: str, path: str = ".") -> Callable[[Path], list[str]]:
    return lambda folder: [sys.executable, "-m", "pymodernize", "--apply", "-q", *arguments, str(folder / path)]


def _peer(name: str, *arguments: str) -> Callable[[Path], list[str]]:
    return lambda folder: [str(PEERS / name), *arguments, str(folder)]


def _warm(folder: Path) -> None:
    """The runs before the one that is measured: one rewrites, the next one remembers what it left."""
    for _ in range(2):
        measure(_ours()(folder), folder, CACHE)


def _changed(folder: Path) -> None:
    """One file of the tree gets another text after the last run."""
    _warm(folder)
    with (folder / ONE).open("ab") as file:
        file.write(b"# changed\n")


def _forgotten(folder: Path) -> None:
    shutil.rmtree(CACHE, ignore_errors=True)


ONE = "pdb.py"
COLD = Tool("pymodernize", "cold, 1 job", _ours("--no-cache", "--jobs", "1"))
COLD_2 = Tool("pymodernize", "cold, 2 jobs", _ours("--no-cache", "--jobs", "2"))
FILLING = Tool("pymodernize", "cold, 2 jobs, filling the cache", _ours("--jobs", "2"), _forgotten)
WARM = Tool("pymodernize", "warm", _ours(), _warm, keeps=True)
CHANGED = Tool("pymodernize", "warm, one file changed", _ours(), _changed, keeps=True)
SINGLE = Tool("pymodernize", f"`{ONE}` alone, no cache", _ours("--no-cache", path=ONE))
SINGLE_WARM = Tool("pymodernize", f"`{ONE}` alone, warm", _ours(path=ONE), _warm, keeps=True)
PYUPGRADE = Tool(
    "pyupgrade",
    "`--py310-plus`",
    lambda folder: [
        str(PEERS / "pyupgrade"),
        "--py310-plus",
        "--exit-zero-even-if-changed",
        *(str(path) for path in python_files(folder)),
    ],
)
FLYNT = Tool("flynt", "all its conversions", _peer("flynt", "--quiet"))
RUFF_FIX = Tool(
    "ruff",
    "fixes of `T201,G004`, no cache",
    _peer("ruff", *"check --isolated --no-cache --exit-zero --quiet --fix --unsafe-fixes --select T201,G004".split()),
)
RUFF = Tool(
    "ruff",
    "`check --no-cache`",
    _peer("ruff", *"check --isolated --no-cache --exit-zero --quiet".split()),
    keeps=True,
)
FIXIT = Tool(
    "Fixit",
    "`fix` with `use_fstring` only",
    _peer("fixit", *"--quiet --rules fixit.rules.use_fstring fix --automatic".split()),
    slow=True,
)
TOOLS = (COLD, COLD_2, FILLING, WARM, CHANGED, SINGLE, SINGLE_WARM, PYUPGRADE, FLYNT, RUFF, RUFF_FIX, FIXIT)


@dataclass(frozen=True)
class Medians:
    """What a tool took, over its runs."""

    cpu: float
    wall: float
    memory: float
    runs: int

    @classmethod
    def of(cls, runs: list[Taken]) -> Medians:
        """Of each figure the one in the middle."""
        return cls(
            statistics.median(run.cpu for run in runs),
            statistics.median(run.wall for run in runs),
            statistics.median(run.memory for run in runs),
            len(runs),
        )


def run(tool: Tool, kept: Path) -> Taken:
    """One run; on a fresh copy if the tool changes it."""
    folder = kept if tool.keeps else copy_of_library("bench-fresh")
    tool.prepare(folder)
    taken = measure(tool.command(folder), folder, CACHE)
    logger.info(
        "%-12s %-32s %7.2f s CPU %7.2f s wall %5.0f MB, exit status %d",
        tool.name,
        tool.what,
        taken.cpu,
        taken.wall,
        taken.memory,
        taken.status,
    )
    return taken


def growth() -> float:
    """What a file costs among many, over what it costs among few: processor time of cold runs with two jobs."""
    costs = []
    for number in (FEW, MANY):
        taken = measure(COLD_2.command(scaled_copy("bench-scaled", number)), WORK, CACHE)
        logger.info("%-12s %d files: %.2f s CPU, %.0f MB", "pymodernize", number, taken.cpu, taken.memory)
        costs.append(taken.cpu / number)
    return costs[1] / costs[0]


def aims(found: dict[Tool, Medians], grown: float | None) -> Iterator[str]:
    """Each aim with what came of it. Ratios are of wall clock."""
    shown = [
        ("cold with 2 jobs, over pyupgrade", found[COLD_2].wall / found[PYUPGRADE].wall, "at most", 1.5),
        ("warm, over `ruff check --no-cache`", found[WARM].wall / found[RUFF].wall, "at most", 3.0),
        ("memory of all processes, cold with 2 jobs, MB", found[COLD_2].memory, "at most", 400.0),
    ]
    if FIXIT in found:
        shown.append(("Fixit, over cold with 2 jobs", found[FIXIT].wall / found[COLD_2].wall, "at least", 50.0))
    if grown is not None:
        shown.append((f"cost of a file among {MANY:,}, over {FEW:,}", grown, "at most", 1.2))
    for what, value, sense, aim in shown:
        met = value <= aim if sense == "at most" else value >= aim
        digits = 0 if aim >= 50 else 2
        yield f"| {what} | {value:.{digits}f} | {sense} {aim:g} | {'met' if met else 'missed'} |"


def table(found: dict[Tool, Medians], grown: float | None, rounds: int) -> str:
    """The tables for benchmarks/README.md: ratios to our own cold run in one process, and the aims."""
    lines = [
        "| tool | version | what it does | CPU, ratio | wall clock, ratio | memory, MB | runs |",
        "|---|---|---|---|---|---|---|",
    ]
    own = found[COLD]
    for tool, taken in found.items():
        ratios = f"{taken.cpu / own.cpu:.2f} | {taken.wall / own.wall:.2f}"
        lines.append(f"| {tool.name} | {_version(tool)} | {tool.what} | {ratios} | {taken.memory:.0f} | {taken.runs} |")
    size = len(python_files(WORK / "bench"))
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {size} files"
    head = f"Measured with `make bench`: {where}; medians of {rounds} interleaved rounds."
    goals = ["| aim | measured | wanted | |", "|---|---|---|---|", *aims(found, grown)]
    return "\n".join([head, "", *lines, "", *goals])


def _version(tool: Tool) -> str:
    if tool.name == "pymodernize":
        return version("pymodernize")
    pinned = (ROOT / "requirements" / "bench.txt").read_text(encoding="utf-8")
    return next(
        line.split("==")[1].split()[0] for line in pinned.splitlines() if line.startswith(f"{tool.name.lower()}==")
    )


def main() -> int:
    """Measure and write the tables into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each quick tool runs (default: %(default)s)")
    parser.add_argument("--without-slow", action="store_true", help="leave Fixit out, which takes minutes")
    parser.add_argument("--without-growth", action="store_true", help=f"leave the run over {MANY:,} files out")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    tools = [tool for tool in TOOLS if not (tool.slow and options.without_slow)]
    results: dict[Tool, list[Taken]] = {tool: [] for tool in tools}
    kept = copy_of_library("bench")
    for number in range(options.rounds):
        for tool in tools:
            if number == 0 or not tool.slow:
                results[tool].append(run(tool, kept))
    grown = None if options.without_growth else growth()
    text = table({tool: Medians.of(runs) for tool, runs in results.items()}, grown, options.rounds)
    page.write("bench", text)
    logger.info("\n%s", text)
    return EXIT_SUCCESS


if __name__ == "__main__":
    sys.exit(main())
