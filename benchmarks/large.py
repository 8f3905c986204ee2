"""Generated inputs that once had no end: the CPU time and the memory of a check of each, as it is now."""

from __future__ import annotations

import argparse
import logging
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import growth
import page
from growth_rows import PROJECTS, ROWS

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

_MAKE = {row.name: row.make for row in (*ROWS, *PROJECTS)}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Input:
    """A kind of file, or of project.

    Attributes:
        name: what it is.
        sizes: how large.
        make: from a size to files by their names.
        before: what was seen once, size by size.
    """

    name: str
    sizes: Sequence[int]
    make: Callable[[int], Mapping[str, str]]
    before: str


INPUTS = (
    Input(
        "blank continuation lines", (10_000, 20_000, 40_000), _MAKE["blank continuation lines"], "2.3 / 8.0 / 31.6 s"
    ),
    Input("`lambda (` again and again, 560 kB", (70_000,), _MAKE["what does not parse"], "no end in 60 s"),
    Input(
        "a pattern of forty `*a` in `.gitignore`, and a long name",
        (1,),
        _MAKE["patterns of forty stars each in `.gitignore`, beside a long name"],
        "over twenty minutes",
    ),
    Input("packages in each other", (25, 50, 100), _MAKE["depth of packages"], "0.6 / 1.0 / 3.4 s"),
    Input(
        "files that all import each other",
        (30, 60, 120),
        _MAKE["files that all import each other"],
        "0.9 / 2.4 / 14.1 s",
    ),
    Input(
        "files that all import each other by star",
        (30, 60, 120),
        _MAKE["files that all import each other by star"],
        "0.4 / 1.1 / 9.3 s",
    ),
    Input("branches of getopt's loop", (400,), _MAKE["branches of getopt's loop"], "RecursionError"),
    Input("classes that inherit in a chain", (1_000,), _MAKE["classes that inherit in a chain"], "RecursionError"),
    Input("blank lines, 1.9 MB", (1_900_000,), _MAKE["blank lines"], "28 s, 565 MB"),
    Input("names in full-width letters", (20_000,), _MAKE["names in full-width letters"], "17 s, 971 MB"),
    Input("lines `x = 1`", (12_500,), _MAKE["lines that bind one name anew"], "no end in 120 s"),
    Input("lines `x = x + y`", (12_500, 25_000), _MAKE["lines that add to one name"], "66 s / no end in 120 s"),
    Input(
        "names, one assignment each", (20_000, 40_000), _MAKE["names, one assignment each"], "38 s / no end in 100 s"
    ),
    Input(
        "prints",
        (12_500, 25_000, 50_000),
        _MAKE["prints"],
        "15 s, 451 MB / 30 s, 871 MB / no end in 120 s",
    ),
    Input("files that import one module", (250, 500, 1_000), _MAKE["files that import one module"], "10 / 21 / 44 s"),
    Input("`x = 1;` on one line, 1.9 MB", (316_000,), _MAKE["statements on one line"], "no end in 60 s"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the inputs, write the table."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--input", action="append", help="measure those whose names contain this, and write nothing")
    arguments = parser.parse_args(argv)
    lines = ["| input | sizes | before | now |", "|---|---|---|---|"]
    failed = False
    for item in INPUTS:
        if arguments.input and not any(part in item.name for part in arguments.input):
            continue
        shown = []
        for size in item.sizes:
            files = item.make(size)
            taken = growth.cost(files)
            failed |= taken.memory > growth.allowed(files)
            shown.append(f"{taken.cpu:.1f} s, {taken.memory:.0f} MB")
        sizes = " / ".join(f"{size:,}" for size in item.sizes)
        lines.append(f"| {item.name} | {sizes} | {item.before} | {' / '.join(shown)} |")
        logger.info("%s", lines[-1])
    if not arguments.input:
        machine = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
        page.write(
            "large",
            "\n".join([f"Measured with `make large`: {machine}, CPU seconds.", "", *lines]),
        )
    return EXIT_FAILURE if failed else EXIT_SUCCESS


if __name__ == "__main__":
    sys.exit(main())
