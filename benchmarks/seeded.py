"""``migrate --verify`` over sdists with their own tests, with rewrites among ours that are wrong on purpose.

The wrong ones are tests/migration/seeded_places.py: some have a function raise,
some do so only together with a second one. Where they are is drawn of the
return statements that the sdist's tests reach, and each, or each pair, is seen
to break the tests before it counts. Sixty more do nothing that is seen. Then all rewrites of a folder are one
commit, and the tests must find the wrong ones among them.
"""

from __future__ import annotations

import argparse
import ast
import json
import logging
import math
import os
import random
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import page
import suites
from materials import ROOT, WORK
from sdists import PYTHON, Sdist, SdistError, fetch, load, parts, unpack

from pymodernize import registry
from pymodernize.cli import main as pymodernize
from pymodernize.commands.migration import judging
from pymodernize.commands.migration.checks import Checks
from pymodernize.registry import Entry, entries

sys.path.insert(0, str(ROOT / "tests" / "migration"))
from seeded_places import values_of

PLACE = WORK / "seeded"
RIGHT = 60
# Eight sdists, and twenty wrong rewrites in all: in each either two that are wrong alone, or one and a pair.
PLAN: dict[str, tuple[int, int]] = {
    "genshi": (2, 0),
    "mako": (1, 1),
    "doit": (2, 0),
    "supervisor": (1, 1),
    "pyserial": (2, 0),
    "distlib": (1, 1),
    "docutils": (1, 1),
    "autopep8": (2, 0),
}
_WHO = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_OWN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **_WHO}
_MARKS = """\
import os
SEEN = set()
def mark(number, value):
    if number not in SEEN:
        SEEN.add(number)
        with open(os.environ["SEEDED_MARKS"], "a") as file:
            file.write("%d\\n" % number)
    return value
"""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Spot:
    """The value of a return statement, or of a module's name, in an sdist."""

    file: str
    function: str
    number: int

    def seed(self, kind: str, pair: int) -> dict[str, Any]:
        """It as the codemod reads it."""
        return {"function": self.function, "number": self.number, "kind": kind, "pair": pair}


@dataclass
class Found:
    """What came of an sdist.

    Attributes:
        name: the sdist's.
        seeds: how many rewrites are wrong, and culprits that makes: of a pair it is one.
        taken: culprits that were taken back.
        planned: the other rewrites.
        kept: those of them that were made.
        searches: for each culprit, among how many rewrites it was searched, and with how many runs.
        runs: of the tests, in all.
        blamed: other rewrites that were taken back, with why.
        lost: tests that fail with what was kept, and did not before.
    """

    name: str
    seeds: tuple[int, int]
    taken: int = 0
    planned: int = 0
    kept: int = 0
    searches: list[tuple[int, int]] = field(default_factory=list)
    runs: int = 0
    blamed: list[str] = field(default_factory=list)
    lost: int = 0

    @property
    def bound(self) -> int:
        """How many runs the searches may take."""
        return sum(math.ceil(math.log2(number)) for number, _ in self.searches if number > 1)

    @property
    def row(self) -> str:
        """A row of the table."""
        searched = sum(runs for _, runs in self.searches)
        most = max((number for number, _ in self.searches), default=0)
        share = f"{self.kept} of {self.planned} ({100 * self.kept / max(1, self.planned):.1f} %)"
        wrong, culprits = self.seeds
        return (
            f"| {self.name} | {wrong} | {self.taken} of {culprits} | {share} | {most} | {searched} of {self.bound} "
            f"| {self.runs} | {self.lost} |"
        )


class Material:
    """An sdist with places at which its tests tell that something is wrong.

    Args:
        sdist: which one.
        dice: draws the places.
    """

    def __init__(self, sdist: Sdist, dice: random.Random) -> None:
        self.sdist = sdist
        self.dice = dice
        self.original = unpack(sdist, PLACE / sdist.name / "original")
        self.before = suites.run(sdist, self.original)
        sources, _ = parts(sdist, self.original)
        self.sources = [path.relative_to(self.original).as_posix() for path in sources]
        self.spots = self._reached()

    def _copy(self, name: str) -> Path:
        target = PLACE / self.sdist.name / name
        shutil.rmtree(target, ignore_errors=True)
        return Path(shutil.copytree(self.original, target, symlinks=True))

    def _reached(self) -> list[Spot]:
        """The places that the tests reach, in an order that is drawn."""
        folder, every = self._copy("marked"), []
        for file in self.sources:
            text = (folder / file).read_bytes()
            try:
                found = values_of(ast.parse(text))
            except (SyntaxError, ValueError):
                continue
            # From behind, so that what stands in front stays where it is.
            places = sorted(found.items(), key=lambda item: (item[1].lineno, item[1].col_offset), reverse=True)
            for (function, number), node in places:
                text = _with(text, node, f'__import__("seeded_marks").mark({len(every)}, ')
                every.append(Spot(file, function, number))
            (folder / file).write_bytes(text)
        (folder.parent / "seeded_marks.py").write_text(_MARKS, encoding="utf-8")
        marks = folder.parent / "marks.txt"
        marks.write_text("")
        suites.run(self.sdist, folder, environ={"PYTHONPATH": str(folder.parent), "SEEDED_MARKS": str(marks)})
        reached = [every[number] for number in sorted(set(map(int, marks.read_text().split())))]
        self.dice.shuffle(reached)
        return reached

    def breaks(self, seeds: Sequence[tuple[Spot, dict[str, Any]]]) -> bool:
        """Whether the tests fail with some rewrites, and these alone."""
        folder = self._copy("alone")
        with seeded(folder, seeds):
            code = called("--apply", "--quiet", "--no-cache", "--select", "seeded-places", *self.sources, cwd=folder)
        changed = sum((folder / file).read_bytes() != (self.original / file).read_bytes() for file in self.sources)
        if code or changed != len({spot.file for spot, _ in seeds}):
            return False
        return bool(suites.newly_failing(self.before, suites.run(self.sdist, folder)))

    def drawn(self, alone: int, pairs: int) -> list[tuple[Spot, dict[str, Any]]]:
        """Rewrites with which the tests are seen to fail: alone, and in pairs."""
        found: list[tuple[Spot, dict[str, Any]]] = []
        functions = [spot for spot in self.spots if spot.function]
        constants = [spot for spot in self.spots if not spot.function]
        for number in range(alone + pairs):
            while functions:
                spot = functions.pop()
                if number < alone:
                    seeds = [(spot, spot.seed("wrong", number))]
                elif constants:
                    # The first is done when its module is loaded: one of the same file comes before it, then.
                    first = next((item for item in constants if item.file == spot.file), constants[0])
                    seeds = [(first, first.seed("first", number)), (spot, spot.seed("second", number))]
                else:
                    break
                if self.breaks(seeds):
                    found += seeds
                    constants = [item for item in constants if item not in [place for place, _ in seeds]]
                    break
        # Others do nothing that is seen: there are to be many among which the wrong ones stand.
        return found + [(spot, spot.seed("right", number)) for number, spot in enumerate(functions[:RIGHT])]


def _with(text: bytes, node: ast.expr, call: str) -> bytes:
    """A text with a value handed through a call."""
    lines = text.splitlines(keepends=True)
    last, column = node.end_lineno or 0, node.end_col_offset or 0
    begin = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: last - 1])) + column
    return text[:begin] + call.encode() + b"(" + text[begin:end] + b"))" + text[end:]


class seeded:
    """A context in which the codemod is installed and knows its places."""

    def __init__(self, folder: Path, seeds: Sequence[tuple[Spot, dict[str, Any]]]) -> None:
        """Name the folder of the sdist, and the places."""
        listed: dict[str, list[dict[str, Any]]] = {}
        for spot, seed in seeds:
            listed.setdefault(os.path.realpath(folder / spot.file), []).append(seed)
        self.path = PLACE / "seeds.json"
        self.path.write_text(json.dumps(listed), encoding="utf-8")

    def __enter__(self) -> None:
        import seeded_places

        own = {**entries(), "seeded-places": Entry("seeded-places", "seeded_places", "tests")}
        seeded_places._listed.cache_clear()  # noqa: SLF001 - there is another list now
        self.patches = [
            mock.patch.dict(os.environ, {"PYMODERNIZE_SEEDED": str(self.path)}),
            mock.patch.object(registry, "entries", lambda: own),
        ]
        for patch in self.patches:
            patch.start()

    def __exit__(self, *_: object) -> None:
        for patch in self.patches:
            patch.stop()


def called(*arguments: str, cwd: Path) -> int:
    """Call the command in this process, where the codemod is installed."""
    here = Path.cwd()
    os.chdir(cwd)
    try:
        with mock.patch.dict(os.environ, _OWN):
            pymodernize(list(arguments))
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    finally:
        os.chdir(here)
    return 0


def migrated(material: Material, seeds: Sequence[tuple[Spot, dict[str, Any]]], jobs: int) -> Found:
    """Migrate an sdist with some wrong rewrites, and count."""
    sdist = material.sdist
    kinds = Counter(seed["kind"] for _, seed in seeds)
    culprits = kinds["wrong"] + kinds["second"]
    found = Found(sdist.name, (culprits + kinds["first"], culprits))
    folder = PLACE / sdist.name / sdist.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(material.original, folder, symlinks=True)
    for words in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "--message=As it is"]):
        subprocess.run(["git", *words], cwd=folder, env={**os.environ, **_OWN}, check=True)  # noqa: S603, S607
    place = folder.parent
    for name in ("once", "steps"):
        shutil.rmtree(place / name, ignore_errors=True)
    report = place / "report.xml"
    common = ("migrate", "--quiet", "--no-cache", f"--jobs={jobs}")
    once = _copied_with(folder, place / "once-project")
    with seeded(once, seeds):
        called(*common, "--apply", f"--receipts={place / 'once'}", *material.sources, cwd=once)
    with seeded(folder, seeds), counted(found):
        verify = ("--verify", command(sdist, folder, report), f"--verify-junit={report}")
        options = ("--commit", "--by=folder", f"--receipts={place / 'steps'}", *verify)
        code = called(*common, *options, *material.sources, cwd=folder)
    if code not in (0, 3, 4):
        raise RuntimeError(f"{sdist.name}: migrate ended with {code}")
    planned, made = _rewrites(place / "once"), _rewrites(place / "steps")
    wrong = Counter({"seeded-places": culprits})
    found.planned = sum((planned - wrong).values())
    index = json.loads((place / "steps" / "index.json").read_text())
    for file, items in index["withheld"].items():
        for item in items:
            if item["codemod"] == "seeded-places":
                found.taken += 1
            else:
                found.blamed.append(f"{file}:{item['line']}: {item['codemod']}: {item['why']}")
    found.kept = sum((made & (planned - wrong)).values())
    found.lost = len(suites.newly_failing(material.before, suites.run(sdist, folder)))
    return found


def _copied_with(folder: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(folder, target, symlinks=True))


def _rewrites(receipts: Path) -> Counter[str]:
    """How many rewrites of each codemod receipts tell of."""
    texts = (path.read_text(encoding="utf-8") for path in (receipts / "files").rglob("*.json"))
    return Counter(item["codemod"] for text in texts for item in json.loads(text)["rewrites"])


class counted:
    """A context in which runs of the tests are counted, and the searches."""

    def __init__(self, found: Found) -> None:
        """Say where they are counted."""
        self.found = found

    def __enter__(self) -> None:
        found, run, search = self.found, Checks.run, judging.first_culprit

        def counting(checks: Checks) -> object:
            found.runs += 1
            outcome = run(checks)
            logger.info("  run %d: %d failing", found.runs, len(outcome.failing))
            return outcome

        def searching(number: int, passes: Callable[[int], bool], good: int = 0) -> int:
            before = found.runs
            place = search(number, passes, good)
            found.searches.append((number - good, found.runs - before))
            return place

        self.patches = [
            mock.patch.object(Checks, "run", counting),
            mock.patch.object(judging, "first_culprit", searching),
        ]
        for patch in self.patches:
            patch.start()

    def __exit__(self, *_: object) -> None:
        for patch in self.patches:
            patch.stop()


def command(sdist: Sdist, folder: Path, report: Path) -> str:
    """The command that runs an sdist's tests where it lies."""
    home, temp = folder.parent / "home", folder.parent / "temp"
    for path in (home, temp):
        path.mkdir(exist_ok=True)
    own = {
        **{"HOME": str(home), "TMPDIR": str(temp), "PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"},
        **{"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        **{"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "localhost,127.0.0.1"},
        **dict(sdist.environ),
    }
    options = ["-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", f"--timeout={suites.SECONDS_A_TEST}"]
    options += ["--continue-on-collection-errors", f"--junitxml={report}", *sdist.arguments, *sdist.tests]
    return shlex.join(
        ["env", *(f"{name}={value}" for name, value in own.items()), str(PYTHON), "-m", "pytest", *options]
    )


def all_of(names: Sequence[str], seed: int, jobs: int) -> Iterator[Found]:
    """What came of each sdist."""
    known = {sdist.name: sdist for sdist in load(names)}
    for sdist in (known[name] for name in names):
        alone, pairs = PLAN.get(sdist.name, (1, 1))
        dice = random.Random(f"{seed} {sdist.name}")  # noqa: S311 - nothing secret
        material = Material(sdist, dice)
        logger.info("%s: %d places are reached", sdist.name, len(material.spots))
        seeds = material.drawn(alone, pairs)
        for spot, item in (pair for pair in seeds if pair[1]["kind"] != "right"):
            logger.info("  %s %d: %s %s %d", item["kind"], item["pair"], spot.file, spot.function, spot.number)
        found = migrated(material, seeds, jobs)
        for line in found.blamed:
            logger.info("  taken back, too: %s", line)
        yield found


def main() -> int:
    """Migrate the sdists, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="where the places are drawn (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes of the command (default 1)")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    names = options.only or list(PLAN)
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    rows = [
        "| sdist | wrong rewrites | culprits taken back | right ones kept | most searched among "
        "| runs of the searches, of k log2 n | runs in all | tests that fail then |",
        "|---|---|---|---|---|---|---|---|",
    ]
    failed = False
    try:
        fetch(load(names))
        for found in all_of(names, options.seed, options.jobs):
            logger.info(found.row)
            rows.append(found.row)
            failed |= found.taken != found.seeds[1] or found.kept < 0.99 * found.planned or found.lost > 0
    except SdistError as exc:
        parser.error(str(exc))
    if options.write:
        page.write("seeded", "\n".join(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
