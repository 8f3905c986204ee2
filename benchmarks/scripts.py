"""Collections of scripts and the sdists, executed before and after a rewrite: what differs, and why.

Nothing of the collections belongs to this project. They are folders on the
command line or in $PYMODERNIZE_SCRIPTS; get them with

    git clone --depth 1 https://github.com/Python-World/python-mini-projects

and likewise for ndleah/python-mini-project, HiroShinke/pythonscripts,
powerexploit/Awesome-Python-Scripts, gbowser/PythonScripts and
pgreisen/pythonscripts.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import page
from box import Box, BoxError
from causes import Cause, Causes
from collections_of_scripts import Collection, copy
from materials import WORK, python_files
from passes import rewrite
from sdists import Sdist, SdistError, fetch, load, unpack
from situations import SITUATIONS, Bench, Difference, Run, Situation

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

# A script that never ends by itself is not waited for in each situation.
ENDLESS = 3
# Its own for each run: two may go on at one time.
FOLDER = WORK / "scripts" / str(os.getpid())
# The bare interpreter: no package of an environment is there to import.
PYTHON = str(Path(sys.base_prefix, "bin", "python3"))

logger = logging.getLogger(__name__)


@dataclass
class Tally:
    """What the runs came to.

    Attributes:
        numbers: how many scripts and runs there were, by what became of them.
        causes: the differences, by cause.
    """

    numbers: Counter[str] = field(default_factory=Counter)
    causes: dict[Cause, list[tuple[Collection, Difference]]] = field(default_factory=dict)

    def allowed(self) -> bool:
        """Whether the contract allows every difference."""
        return all(cause.allowed for cause in self.causes)


def compared(bench: Bench, collection: Collection, after: Path, script: Path, tally: Tally) -> list[Difference]:
    """Run one script in all situations, with its old text and with its new one.

    Args:
        bench: where.
        collection: of the old text.
        after: the collection's folder with the new text.
        script: its path in both.
        tally: counts the runs.
    """
    found = []
    endless = 0
    # What else is in the folder stays as it was: a script may count or show the other files.
    texts = {path: (after / path).read_bytes() for path in collection.reached(script)}
    for situation in SITUATIONS:
        tally.numbers["runs"] += 1
        before = bench.run(collection.folder, script, situation)
        if before.outcome.status is None:
            tally.numbers["runs without an end, left out"] += 1
            endless += 1
            if endless == ENDLESS:
                break
            continue
        now = bench.run(collection.folder, script, situation, texts)
        difference = Difference(script, situation, before, now)
        if not difference.kinds():
            continue
        if not steady(bench, collection.folder, script, situation, before):
            tally.numbers["runs left out, since the old text does not do the same twice"] += 1
            continue
        if Difference(script, situation, before, bench.run(collection.folder, script, situation, texts)).kinds():
            found.append(difference)
    return found


def steady(bench: Bench, folder: Path, script: Path, situation: Situation, run: Run) -> bool:
    """Whether a text does the same in two more runs."""
    again = (bench.run(folder, script, situation) for _ in range(2))
    return not any(Difference(script, situation, run, other).kinds() for other in again)


def run_collection(collection: Collection, options: Sequence[str], jobs: int, tally: Tally) -> None:
    """Rewrite a copy of a collection as a whole, run its scripts, and find what makes the differences.

    Args:
        collection: a copy.
        options: of the command.
        jobs: how many boxes run at one time.
        tally: gets the numbers and the differences.
    """
    after = copy(collection.folder, FOLDER / collection.name / "after")
    changed = {path.relative_to(after) for path in rewrite(after, ["--no-cache", *options])}
    scripts = collection.touched(changed)
    tally.numbers["Python files"] += len(python_files(collection.folder))
    tally.numbers["scripts with the standard library only"] += len(collection.scripts())
    tally.numbers["of them rewritten, or importing what is"] += len(scripts)
    logger.info("%s: %d scripts to run", collection.name, len(scripts))
    found: list[Difference] = []
    with ThreadPoolExecutor(jobs) as pool:
        for part in pool.map(lambda number: work(collection, after, scripts[number::jobs], number, tally), range(jobs)):
            found += part
    causes = Causes(collection, options)
    with boxed("causes") as bench:
        for difference in found:
            cause = causes.of(bench, difference)
            tally.causes.setdefault(cause, []).append((collection, difference))


class boxed:
    """A context with a started bench."""

    def __init__(self, name: str) -> None:
        """Name the box's folder."""
        self.place = FOLDER / "boxes" / name

    def __enter__(self) -> Bench:
        shutil.rmtree(self.place, ignore_errors=True)
        self.box = Box(self.place, PYTHON)
        return Bench(self.box)

    def __exit__(self, *_: object) -> None:
        self.box.close()


def work(collection: Collection, after: Path, scripts: Sequence[Path], number: int, tally: Tally) -> list[Difference]:
    """Run some scripts in one box."""
    found = []
    with boxed(str(number)) as bench:
        for script in scripts:
            differences = compared(bench, collection, after, script, tally)
            for difference in differences:
                logger.debug("  %s, %s: %s", script, difference.situation.name, ", ".join(difference.kinds()))
            found += differences
    return found


def collections(folders: Sequence[Path], sdists: Sequence[Sdist]) -> Iterator[Collection]:
    """Fresh copies of the folders and of the sdists.

    Args:
        folders: of collections; each is copied.
        sdists: which are fetched where they are not there yet.
    """
    for folder in folders:
        yield Collection(folder.name, copy(folder, FOLDER / folder.name / "before"))
    fetch(sdists)
    for sdist in sdists:
        original = unpack(sdist, FOLDER / sdist.name / "original")
        yield Collection(sdist.name, copy(original, FOLDER / sdist.name / "before"))


def report(tally: Tally) -> str:
    """All differences by cause, as text."""
    lines = [f"{number} {name}" for name, number in tally.numbers.items()]
    for cause, members in sorted(tally.causes.items(), key=lambda item: (item[0].allowed, -len(item[1]))):
        scripts = {(collection.name, difference.script) for collection, difference in members}
        allowed = "allowed" if cause.allowed else "NOT ALLOWED"
        lines += ["", f"{cause.sentence} ({allowed}): {len(members)} runs of {len(scripts)} scripts"]
        for collection, difference in members:
            lines.append(f"  {collection.name}/{difference.script}, {difference.situation.name}")
            lines += [f"      {line}" for line in difference.lines()]
    return "\n".join(lines)


def summary(tally: Tally) -> str:
    """The part of README.md: numbers and causes, without the scripts' names."""
    lines = [f"Python {sys.version.split()[0]}:", "", "| | number |", "|---|---|"]
    lines += [f"| {name} | {number} |" for name, number in tally.numbers.items()]
    lines += ["", "| difference | allowed | runs | scripts |", "|---|---|---|---|"]
    for cause, members in sorted(tally.causes.items(), key=lambda item: (item[0].allowed, -len(item[1]))):
        scripts = {(collection.name, difference.script) for collection, difference in members}
        lines.append(f"| {cause.sentence} | {'yes' if cause.allowed else 'no'} | {len(members)} | {len(scripts)} |")
    return "\n".join(lines)


def main() -> int:
    """Run the collections, list the differences, and say whether the contract allows them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="collections of scripts (default: $PYMODERNIZE_SCRIPTS)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--skip-sdists", action="store_true", help="leave out the sdists")
    parser.add_argument("--options", default="", help="of pymodernize, with spaces between them (default: none)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many scripts run at one time")
    report_file = FOLDER.parent / "report.txt"
    parser.add_argument("--report", type=Path, default=report_file, help="where all differences are listed")
    parser.add_argument("--write", action="store_true", help="put the numbers into benchmarks/README.md")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each difference as it is found")
    options = parser.parse_args()
    level = logging.DEBUG if options.verbose else logging.INFO
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stdout)
    given = filter(None, os.environ.get("PYMODERNIZE_SCRIPTS", "").split(os.pathsep))
    folders = options.folders or [Path(name) for name in given]
    if missing := [str(folder) for folder in folders if not folder.is_dir()]:
        parser.error(f"no such folder: {', '.join(missing)}; git clone gets them, see --help")
    if not folders:
        logger.warning("no collections: name folders of scripts; git clone gets some, see --help")
    tally = Tally()
    try:
        for collection in collections(folders, [] if options.skip_sdists else load(options.only)):
            run_collection(collection, options.options.split(), options.jobs, tally)
    except (BoxError, SdistError) as exc:
        logger.error("%s", exc)
        return EXIT_FAILURE
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(report(tally) + "\n", encoding="utf-8")
    logger.info("%s\n\nEach difference: %s", summary(tally), options.report)
    if options.write:
        page.write("scripts", summary(tally))
    return EXIT_SUCCESS if tally.allowed() else EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
