"""How much processor time it takes to start, over that of ``import click``: ``--version``, and a file without findings.

The commands take turns, so that what else the machine does falls on all of them alike. The ratios of the medians go
into benchmarks/README.md.
"""

from __future__ import annotations

import logging
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from page import write

RUNS = 60
MOST = 1.2
NAMES = ("import click", "--version", "a file without findings")

logger = logging.getLogger(__name__)


def commands(folder: Path) -> tuple[list[str], ...]:
    """What is measured, in the order of :data:`NAMES`.

    Args:
        folder: for the file.
    """
    file = folder / "nothing.py"
    file.write_text("value = 1\n", encoding="utf-8")
    program = str(Path(sys.executable).with_name("pymodernize"))
    return (
        [sys.executable, "-c", "import click"],
        [program, "--version"],
        [program, "--check", "--quiet", "--no-cache", str(file)],
    )


def seconds(command: list[str]) -> float:
    """The processor time of a command, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(medians: list[float], runs: int) -> str:
    """The part of README.md.

    Args:
        medians: the seconds of the commands.
        runs: of each.
    """
    lines = [
        f"Measured with `make start-up`: Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"processor time, medians of {runs} runs in turn.",
        "",
        "| | seconds | over `import click` |",
        "|---|---|---|",
    ]
    for name, taken in zip(NAMES, medians, strict=True):
        lines.append(f"| {name} | {taken:.3f} | {taken / medians[0]:.2f} |")
    return "\n".join(lines)


def main() -> int:
    """Measure in turn, and write the page.

    Returns:
        The exit code: 1 if ``--version`` takes more than it may.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    with tempfile.TemporaryDirectory() as folder:
        measured = commands(Path(folder))
        for command in measured:
            seconds(command)  # writes what Python keeps of its modules
        rounds = [[seconds(command) for command in measured] for _ in range(RUNS)]
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    text = table(medians, RUNS)
    write("start-up", text)
    logger.info("%s", text)
    return 0 if medians[1] <= MOST * medians[0] else 1


if __name__ == "__main__":
    sys.exit(main())
