"""How much scripts grow by a rewrite, and what it leaves that an owner would ask about.

The folders stand on the command line or in the environment variable
PYMODERNIZE_SCRIPTS, with colons between them; they are copied, not changed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import linters
from apart import OF_INDENTATION, Lines
from linters import LinterError
from materials import WORK, python_files
from passes import rewrite
from shapes import Shape, shape

from pymodernize.execution.code_style import code_style

RULES = "E,F,W,I,B,ARG,G,RET,TRY400,PLW0603"
SHORTEST = 15
"""Files of fewer lines do not count for growth: a guard alone doubles them."""
MEDIAN, NINETIETH, EAGER, MIXED = 1.4, 2.0, 0.03, 0.05
_SHOWN = 20
logger = logging.getLogger(__name__)


@dataclass
class House:
    """What was counted.

    Attributes:
        files: how many Python files there are.
        shapes: the files that were rewritten, by path.
        findings: new findings of ruff, by rule.
        examples: a file and line for each of these rules.
        apart: those that are not the rewrite's, by rule and reason.
        errors: new errors of pyright, by path; None if it was not asked.
    """

    files: int = 0
    shapes: dict[Path, Shape] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    apart: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[Path, list[str]] | None = None

    @property
    def growths(self) -> list[float]:
        """The growth of each file that is long enough, the least first."""
        return sorted(item.growth for item in self.shapes.values() if item.lines[0] >= SHORTEST)

    def aims(self) -> list[tuple[str, str, bool]]:
        """What is aimed at, what came out, and whether that is as good."""
        shapes = list(self.shapes.values())
        growths = self.growths or [1.0]
        median, ninetieth = statistics.median(growths), growths[int(0.9 * (len(growths) - 1))]
        records = sum(item.records for item in shapes)
        eager = sum(len(item.eager) for item in shapes) / max(records, 1)
        logs = sum(bool(item.records) for item in shapes)
        mixed = sum(bool(item.mixed) for item in shapes) / max(logs, 1)
        rows = [
            (f"growth, median (≤ {MEDIAN})", f"{median:.2f}", median <= MEDIAN),
            (f"growth, 90th percentile (≤ {NINETIETH})", f"{ninetieth:.2f}", ninetieth <= NINETIETH),
            (f"records formatted eagerly (≤ {EAGER:.0%})", f"{eager:.1%} of {records}", eager <= EAGER),
            (f"files that print and log in one function (≤ {MIXED:.0%})", f"{mixed:.1%} of {logs}", mixed <= MIXED),
        ]
        for title, counted in (
            ("helper classes", sum(len(item.classes) for item in shapes)),
            ("mains with unused argv", sum(len(item.unused_argv) for item in shapes)),
            ("names declared global", sum(len(item.global_names) for item in shapes)),
            ("wrappers around main", sum(len(item.wrappers) for item in shapes)),
            ("new findings of ruff", self.findings.total()),
        ):
            rows.append((f"{title} (0)", str(counted), counted == 0))
        if self.errors is not None:
            rows.append(("files with new errors of pyright (0)", str(len(self.errors)), not self.errors))
        return rows

    def lines(self) -> list[str]:
        """The figures, for people."""
        lines = [f"files: {self.files}, rewritten: {len(self.shapes)}, long enough for growth: {len(self.growths)}"]
        lines += [f"{'ok  ' if good else 'MISS'} {title}: {came}" for title, came, good in self.aims()]
        lines += [f"     {rule}: {count}, e.g. {self.examples[rule]}" for rule, count in self.findings.most_common()]
        lines += [f"     apart: {rule}: {count}: {reason}" for (rule, reason), count in self.apart.most_common()]
        for path, item in self.shapes.items():
            for title, names in (
                ("class", item.classes),
                ("argv", item.unused_argv),
                ("global", item.global_names),
                ("wrapper", item.wrappers),
                ("prints and logs", item.mixed),
            ):
                lines += [f"     {title}: {path}: {', '.join(names)}"] if names else []
        for path, messages in sorted((self.errors or {}).items())[:_SHOWN]:
            lines += [f"     pyright: {path}: {message}" for message in messages]
        return lines


def measure(folder: Path, options: Sequence[str], house: House, *, types: bool) -> None:
    """Rewrite a copy of a folder and count.

    Args:
        folder: with scripts; stays as it is.
        options: of the command.
        house: takes the counts.
        types: whether pyright is asked.

    Raises:
        LinterError: a linter has not done its work.
    """
    before, after = (WORK / "house" / name / folder.name for name in ("before", "after"))
    for target in (before, after):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns(".git"), symlinks=True)
    house.files += len(python_files(after))
    changed = [path.relative_to(after) for path in rewrite(after, options)]
    for path in changed:
        house.shapes[folder.name / path] = shape((before / path).read_bytes(), (after / path).read_bytes())
    by_width: dict[int, list[Path]] = {}
    for path in changed:
        by_width.setdefault(code_style((after / path).parent).line_length, []).append(path)
    for width, paths in by_width.items():
        _compare(before, after, paths, width, house)
    if types:
        old, new = (linters.pyright(place, changed) for place in (before, after))
        house.errors = {**(house.errors or {}), **linters.risen(old, new)}


def _compare(before: Path, after: Path, paths: Sequence[Path], width: int, house: House) -> None:
    """Count the findings of ruff that files have more of than before, and apart those that are not the rewrite's."""
    old, new = (_found([place / path for path in paths], place, width) for place in (before, after))
    for (path, rule), lines in new.items():
        there = old.get((path, rule), ())
        # Who indents with tabs has more of them in more lines.
        more = 0 if rule in OF_INDENTATION and there else len(lines) - len(there)
        if more <= 0:
            continue
        both = Lines(_lines(before / path), _lines(after / path), width)
        reasons = {line: both.reason(rule, line) for line in lines}
        # Those of before are among them: as many as there are more are new.
        own = [line for line in lines if not reasons[line]][:more]
        house.apart.update((rule, reason) for reason in [*filter(None, reasons.values())][: more - len(own)])
        if own:
            house.findings[rule] += len(own)
            house.examples.setdefault(rule, f"{after.name}/{path}:{own[-1]}")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines()


def _found(files: Sequence[Path], folder: Path, width: int) -> dict[tuple[str, str], list[int]]:
    """The lines of ruff's findings, by file and rule."""
    options = f"check --isolated --no-cache --exit-zero --select {RULES} --line-length {width} --output-format json"
    found: dict[tuple[str, str], list[int]] = {}
    for start in range(0, len(files), linters.FILES_A_START):
        chosen = [str(path) for path in files[start : start + linters.FILES_A_START]]
        command = [str(linters.BIN / "ruff"), *options.split(), *chosen]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise LinterError(f"ruff failed: {done.stderr.strip()}")
        for item in json.loads(done.stdout):
            path = Path(item["filename"]).relative_to(folder.resolve()).as_posix()
            found.setdefault((path, str(item["code"])), []).append(item["location"]["row"])
    return found


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="with scripts (default: those of $PYMODERNIZE_SCRIPTS)")
    parser.add_argument("--types", action="store_true", help="ask pyright, too, which takes minutes")
    parser.add_argument("--option", action="append", default=[], help="of the command, such as --option=--assume=none")
    return parser.parse_args()


def main() -> int:
    """Rewrite copies, and print the figures."""
    args = parse_arguments()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    named = [Path(item) for item in os.environ.get("PYMODERNIZE_SCRIPTS", "").split(os.pathsep) if item]
    folders = args.folder or named
    if not folders:
        logger.error("name folders with scripts, or set PYMODERNIZE_SCRIPTS")
        return 2
    house = House()
    try:
        for folder in folders:
            measure(folder, args.option, house, types=args.types)
    except LinterError as exc:
        logger.error("%s", exc)
        return 2
    logger.info("\n".join(house.lines()))
    return 0 if all(good for _, _, good in house.aims()) else 1


if __name__ == "__main__":
    sys.exit(main())
