"""Run over the whole standard library: no crash, everything compiles, a second pass finds nothing to do."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from pathlib import Path

from material import copy_of_library, python_files

logger = logging.getLogger(__name__)


def pymodernize(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "pymodernize", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def compile_errors(before: dict[Path, bytes]) -> tuple[int, list[str]]:
    """How many files have changed, and those that compile no more."""
    changed, broken = 0, []
    for path, source in before.items():
        new = path.read_bytes()
        if new != source:
            changed += 1
            try:
                compile(new, str(path), "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as exc:
                broken.append(f"{path}: {exc}")
    return changed, broken


def check(select: str, *flags: str) -> bool:
    """One pass over a fresh copy, and a second one over its result.

    Args:
        select: the codemods.
        flags: further options.

    Returns:
        Whether all is well; what is not has been logged.
    """
    folder = copy_of_library("ecosystem")
    before = {path: path.read_bytes() for path in python_files(folder)}
    options = ["--select", select, *flags]
    dry = pymodernize("--dry-run", *options, str(folder))
    applied = pymodernize("--apply", "--quiet", *options, str(folder))
    changed, broken = compile_errors(before)
    rewritten = {path: path.read_bytes() for path in before}
    again = pymodernize("--apply", "--quiet", *options, str(folder))
    restless = [str(path) for path, source in rewritten.items() if path.read_bytes() != source]
    unparsed = [line for line in applied.stderr.splitlines() if line]
    good = {dry.returncode, applied.returncode, again.returncode} <= {0, 3} and not broken
    crashed = [line for line in dry.stderr.splitlines() if "Traceback" in line or ": rejected: " in line]
    logger.info("%s", " ".join([select, *flags]))
    logger.info("  files: %d, changed: %d, not worked on: %d", len(before), changed, len(unparsed))
    logger.info(
        "  exit status: dry run %d, apply %d, second pass %d", dry.returncode, applied.returncode, again.returncode
    )
    logger.info("  changed by the second pass: %d, compile no more: %d", len(restless), len(broken))
    for line in [*unparsed, *broken, *restless, *crashed]:
        logger.info("    %s", line.removeprefix(f"{folder}/"))
    return good and not crashed and not restless


def main() -> int:
    """Run with the defaults and with ``--unsafe``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--select", default="print-to-logging", help="the codemods to run (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logger.info("Python %s", sys.version.split()[0])
    return 0 if all([check(options.select), check(options.select, "--unsafe")]) else 1


if __name__ == "__main__":
    sys.exit(main())
