"""The standard library and pinned sdists: no crash, all compiles, a second pass is empty, and no test newly fails."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import suites
from materials import WORK, copy_of_library
from passes import check
from sdists import Sdist, SdistError, fetch, load, unpack
from suites import Outcome, SuiteError

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

VARIANTS: dict[str, tuple[str, ...]] = {"defaults": (), "unsafe": ("--unsafe",)}
logger = logging.getLogger(__name__)


def check_library(options: Sequence[str]) -> bool:
    """A pass over a fresh copy of the standard library.

    Args:
        options: of the command.

    Returns:
        Whether all is well; what is not has been logged.
    """
    done = check(copy_of_library("ecosystem"), options)
    logger.info("standard library: pymodernize %s", " ".join(["--apply", *options]))
    for line in done.lines():
        logger.info("  %s", line)
    return done.good


def check_sdist(sdist: Sdist, select: Sequence[str], variants: Mapping[str, Sequence[str]]) -> bool:
    """A pass over an sdist with each of some options, judged by the sdist's own tests.

    Args:
        sdist: a fetched one.
        select: the options that choose the codemods.
        variants: the options, by a name; under the defaults no test may newly fail.

    Returns:
        Whether all is well. A test that newly fails under other options than
        the defaults is listed, and no fault: that rewrites may break something
        is what these say.

    Raises:
        SuiteError: not even the original's tests run.
    """
    original = unpack(sdist, WORK / "sdists" / sdist.name / "original")
    started = time.perf_counter()
    before = suites.run(sdist, original)
    count = sum(outcome.state == suites.PASSED for outcome in before.values())
    if not count:
        raise SuiteError(f"{sdist.name}: no test passes; see {WORK / 'suites' / sdist.name / 'output.txt'}")
    logger.info("%s %s", sdist.name, sdist.version)
    failing = [name for name, outcome in before.items() if outcome.state == suites.FAILED]
    seconds = time.perf_counter() - started
    logger.info("  tests of the original: %d pass, %d fail, %.0f s", count, len(failing), seconds)
    for name in failing:
        logger.info("    %s: %s", name, before[name].cause)
    good = True
    last: dict[str, bytes] = {}
    for variant, flags in variants.items():
        folder = unpack(sdist, WORK / "sdists" / sdist.name / variant)
        done = check(folder, [*select, *flags])
        logger.info("  pymodernize %s", " ".join(["--apply", *select, *flags]))
        for line in done.lines():
            logger.info("    %s", line)
        good = good and done.good
        rewritten = {path.relative_to(folder).as_posix(): path.read_bytes() for path in done.changed}
        if rewritten == last:
            logger.info("    nothing that has not been tested above")
            continue
        last = rewritten
        lost = newly_failing(sdist, original, folder, before)
        report(lost)
        good = good and (not lost or variant != "defaults")
    return good


def report(lost: dict[str, Outcome]) -> None:
    """Log what newly fails, by cause."""
    logger.info("    tests that newly fail: %d", len(lost))
    for cause, names in suites.by_cause(lost).items():
        logger.info("      %d: %s", len(names), cause)
        for name in names:
            logger.info("        %s", name)


def newly_failing(sdist: Sdist, original: Path, folder: Path, before: dict[str, Outcome]) -> dict[str, Outcome]:
    """The tests that a rewrite has broken, with the causes.

    Those that seem to be broken must be so in a second run of both.

    Args:
        sdist: the project.
        original: its folder as it was.
        folder: its folder as it is now.
        before: the outcomes of the original.
    """
    lost = suites.newly_failing(before, suites.run(sdist, folder))
    if not lost:
        return {}
    again = suites.run(sdist, original)
    return suites.confirmed(lost, again, suites.run(sdist, folder))


def main() -> int:
    """Run with the defaults and with ``--unsafe``, or with what is to be assumed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--select", help="the codemods to run, with commas between them (default: all)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--skip-stdlib", action="store_true", help="leave out the standard library")
    parser.add_argument("--skip-sdists", action="store_true", help="leave out the sdists")
    more = "instead of the defaults and --unsafe, with these assumptions; may be repeated"
    parser.add_argument("--assume", action="append", default=[], metavar="NAMES", help=more)
    options = parser.parse_args()
    variants = {names: ("--assume", names) for names in options.assume} or VARIANTS
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logger.info("Python %s", sys.version.split()[0])
    select = ["--select", options.select] if options.select else []
    try:
        chosen = [] if options.skip_sdists else load(options.only)
        fetch(chosen)
    except SdistError as exc:
        parser.error(str(exc))
    good = True
    if not options.skip_stdlib:
        good = all([check_library([*select, *flags]) for flags in variants.values()])
    for sdist in chosen:
        try:
            good = check_sdist(sdist, select, variants) and good
        except SuiteError as exc:
            logger.error("%s", exc)
            good = False
    return EXIT_SUCCESS if good else EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
