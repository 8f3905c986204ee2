"""Whole commands beside their peers, interleaved, each on a fresh copy of the standard library."""

from __future__ import annotations

import argparse
import logging
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import page
from material import ROOT, WORK, Taken, copy_of_library, measure, python_files

PEERS = ROOT / ".venv" / "peers" / "bin"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tool:
    """A command and how it is shown.

    Attributes:
        name: the program.
        what: what it is asked to do.
        command: from the folder to the command line.
        slow: whether it runs in the first round only.
    """

    name: str
    what: str
    command: Callable[[Path], list[str]]
    slow: bool = False


def _files(folder: Path) -> list[str]:
    return [str(path) for path in python_files(folder)]


TOOLS = (
    Tool(
        "pymodernize",
        "`--apply --select print-to-logging`",
        lambda folder: [
            sys.executable,
            "-m",
            "pymodernize",
            "--apply",
            "-q",
            "--select",
            "print-to-logging",
            str(folder),
        ],
    ),
    Tool(
        "pyupgrade",
        "`--py310-plus`",
        lambda folder: [str(PEERS / "pyupgrade"), "--py310-plus", "--exit-zero-even-if-changed", *_files(folder)],
    ),
    Tool("flynt", "all its conversions", lambda folder: [str(PEERS / "flynt"), "--quiet", str(folder)]),
    Tool(
        "ruff",
        "fixes of `T201,G004`, no cache",
        lambda folder: [
            str(PEERS / "ruff"),
            *"check --isolated --no-cache --exit-zero --quiet --fix --unsafe-fixes --select T201,G004".split(),
            str(folder),
        ],
    ),
    Tool(
        "Fixit",
        "`fix` with `use_fstring` only",
        lambda folder: [
            str(PEERS / "fixit"),
            *"--quiet --rules fixit.rules.use_fstring fix --automatic".split(),
            str(folder),
        ],
        slow=True,
    ),
)


def run(tool: Tool) -> Taken:
    """One run on a fresh copy."""
    folder = copy_of_library("bench")
    taken = measure(tool.command(folder), folder)
    logger.info("%-12s %7.1f s CPU %7.1f s wall, exit status %d", tool.name, taken.cpu, taken.wall, taken.status)
    return taken


def table(results: dict[Tool, list[Taken]], rounds: int) -> str:
    """The table for benchmarks/README.md: ratios to our own time."""
    cpu = {tool: statistics.median(taken.cpu for taken in runs) for tool, runs in results.items()}
    wall = {tool: statistics.median(taken.wall for taken in runs) for tool, runs in results.items()}
    own = TOOLS[0]
    lines = [
        "| tool | version | what it does | CPU, ratio to ours | wall clock, ratio to ours | runs |",
        "|---|---|---|---|---|---|",
    ]
    for tool, runs in results.items():
        ratios = f"{cpu[tool] / cpu[own]:.2f} | {wall[tool] / wall[own]:.2f}"
        lines.append(f"| {tool.name} | {_version(tool)} | {tool.what} | {ratios} | {len(runs)} |")
    folder = WORK / "bench"
    size = len(python_files(folder))
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {size} files"
    return "\n".join([f"Measured with `make bench`: {where}; medians of {rounds} interleaved rounds.", "", *lines])


def _version(tool: Tool) -> str:
    if tool.name == "pymodernize":
        return version("pymodernize")
    pinned = (ROOT / "requirements" / "bench.txt").read_text(encoding="utf-8")
    return next(
        line.split("==")[1].split()[0] for line in pinned.splitlines() if line.startswith(f"{tool.name.lower()}==")
    )


def main() -> int:
    """Measure and write the table into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each quick tool runs (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    results: dict[Tool, list[Taken]] = {tool: [] for tool in TOOLS}
    for number in range(options.rounds):
        for tool in TOOLS:
            if number == 0 or not tool.slow:
                results[tool].append(run(tool))
    text = table(results, options.rounds)
    page.write("bench", text)
    logger.info("\n%s", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
