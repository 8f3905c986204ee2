"""Our CPU time over that of ``ast.parse`` alone on the same files."""

from __future__ import annotations

import logging
import statistics
import sys

from materials import WORK, copy_of_library, measure, python_files

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

ROUNDS = 5
AIM = 4.0
PARSE = """
import ast, sys
for path in sys.stdin.read().split("\\n"):
    with open(path, "rb") as file:
        source = file.read()
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        pass
"""

logger = logging.getLogger(__name__)


def main() -> int:
    """Interleave both, print the ratio of the medians."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    folder = copy_of_library("limit")
    listed = WORK / "limit.txt"
    listed.write_text("\n".join(str(path) for path in python_files(folder)), encoding="utf-8")
    program = WORK / "parse.py"
    program.write_text(PARSE.replace("sys.stdin.read()", f"open({str(listed)!r}).read()"), encoding="utf-8")
    parse, ours = [], []
    for _ in range(ROUNDS):
        parse.append(measure([sys.executable, str(program)], folder).cpu)
        command = [sys.executable, "-m", "pymodernize", "--quiet", "--no-cache", "--jobs", "1"]
        command += ["--select", "print-to-logging", str(folder)]
        ours.append(measure(command, folder).cpu)
    ratio = statistics.median(ours) / statistics.median(parse)
    logger.info("pymodernize / ast.parse = %.2f (CPU, median of %d; aim: at most %.0f)", ratio, ROUNDS, AIM)
    return EXIT_SUCCESS if ratio <= AIM else EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
