"""What part of the findings is rewritten, by what is assumed: over collections of scripts and over the sdists.

Nothing is written to the collections: each is a dry run over a copy, once with
``--assume none``, once with ``usual``, once with ``all``. The collections are
those of ``benchmarks/scripts.py``, whose ``--help`` says where they are.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import page
from collections_of_scripts import copy
from handlers import kind
from materials import WORK
from passes import pymodernize
from sdists import SdistError, fetch, load, unpack

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

USUAL = "usual"
SETS = ("none", USUAL, "all")
PATHS = frozenset({"os-path-to-pathlib", "path-concatenation"})
BARE = "bare-except"
# What is aimed at: of path findings that have a rewrite, and of bare excepts that could get types.
PATHS_OF_SCRIPTS = 0.80
PATHS_OF_SDISTS = 0.60
KNOWN = 0.75
FOLDER = WORK / "shares"
_EXPRESSION = re.compile(r"^.*?(?= (?:may|is|has|ends|starts) )")
# Most of what has a counterpart is left for its looks; with this option each has a rewrite, and counts.
EVERYWHERE = "".join(f"[tool.pymodernize.{name}]\neverywhere = true\n" for name in sorted(PATHS))

logger = logging.getLogger(__name__)


@dataclass
class Shares:
    """What became of the findings in some folders.

    Attributes:
        statuses: how many findings of a codemod have a status, by what was assumed, codemod and status.
        handlers: how many bare excepts there are, by what is known of their bodies.
        rewritten: how many of these are rewritten under the usual assumptions.
        files: how many files were looked at.
        reasons: how many findings are not rewritten under the usual assumptions, by codemod, status, code and reason.
    """

    statuses: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    handlers: Counter[str] = field(default_factory=Counter)
    rewritten: Counter[str] = field(default_factory=Counter)
    files: int = 0
    reasons: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, assumed: str, report: dict[str, Any]) -> None:
        """Count the findings of one run.

        Args:
            assumed: what it assumed.
            report: its JSON.
        """
        if assumed == USUAL:
            self.files += len(report["files"])
        for finding in (finding for file in report["files"] for finding in file["findings"]):
            self.statuses[assumed, finding["codemod"], finding["status"]] += 1
            if assumed != USUAL:
                continue
            if finding["codemod"] == BARE:
                self.handlers[kind(finding)] += 1
                self.rewritten[kind(finding)] += finding["status"] == "applied"
            if finding["status"] != "applied":
                self.reasons[finding["codemod"], finding["status"], finding["code"], finding["reason"]] += 1

    def merged(self, other: Shares) -> Shares:
        """The counts of both."""
        return Shares(
            self.statuses + other.statuses,
            self.handlers + other.handlers,
            self.rewritten + other.rewritten,
            self.files + other.files,
            self.reasons + other.reasons,
        )

    def most_common_of_paths(self, number: int) -> list[str]:
        """For what paths are withheld under the usual assumptions, most first.

        Args:
            number: of reasons.
        """
        texts: Counter[str] = Counter()
        for (codemod, status, code, reason), count in self.reasons.items():
            if codemod in PATHS and status == "withheld":
                # Whichever expression it is about.
                kinds = sorted({_EXPRESSION.sub("it", part) for part in reason.split("; ")})
                texts[f"{code}: {'; '.join(kinds)}"] += count
        return [f"{count:6} {text}" for text, count in texts.most_common(number)]

    def codemods(self) -> list[str]:
        """The names of those that have found something; checks, which only look, are none."""
        return sorted({codemod for _, codemod, status in self.statuses if status != "flagged"})

    def number(self, assumed: str, codemods: Iterable[str], *statuses: str) -> int:
        """How many findings some codemods have.

        Args:
            assumed: in which run.
            codemods: their names.
            statuses: of findings that count.
        """
        return sum(self.statuses[assumed, codemod, status] for codemod in codemods for status in statuses)

    def share(self, codemods: Iterable[str]) -> float:
        """Of the findings that have a rewrite, the part that is rewritten under the usual assumptions."""
        names = list(codemods)
        made, withheld = (self.number(USUAL, names, status) for status in ("applied", "withheld"))
        return made / (made + withheld) if made + withheld else 1.0

    def known(self) -> float:
        """Of the bare excepts, the part of which the types are known, or that there are none to name."""
        known = sum(self.handlers[name] for name in ("closed", "raises again", "empty"))
        return known / max(1, self.handlers.total())

    def lines(self) -> list[str]:
        """The table of one kind of folders."""
        head = "findings | left on purpose | no rewrite | rewritten: `none` | `usual` | `all` | share under `usual`"
        lines = [f"| codemod | {head} |", "|---|---|---|---|---|---|---|---|"]
        rows = [(f"`{name}`", [name]) for name in self.codemods()]
        for title, names in [*rows, ("both of paths", sorted(PATHS)), ("all", self.codemods())]:
            whole = self.number(USUAL, names, "applied", "withheld", "found", "kept", "rejected")
            counts = [self.number(USUAL, names, status) for status in ("kept", "found")]
            made = [self.number(assumed, names, "applied") for assumed in SETS]
            numbers = " | ".join(map(str, [whole, *counts, *made]))
            lines.append(f"| {title} | {numbers} | {self.share(names):.0%} |")
        return lines


@dataclass
class Measured:
    """All counts: by default, and with each call that has a counterpart rewritten."""

    scripts: Shares = field(default_factory=Shares)
    sdists: Shares = field(default_factory=Shares)
    scripts_everywhere: Shares = field(default_factory=Shares)
    sdists_everywhere: Shares = field(default_factory=Shares)


def measure(folder: Path, options: Sequence[str], shares: Shares, sets: Sequence[str] = SETS) -> None:
    """Count what becomes of the findings in a folder.

    Args:
        folder: with Python files; stays as it is.
        options: of the command.
        shares: takes the counts.
        sets: what is assumed in one run after the other.
    """
    for assumed in sets:
        given = ["--dry-run", "--no-cache", "--jobs", "1", "--format", "json", "--assume", assumed, *options]
        shares.add(assumed, json.loads(pymodernize(*given, str(folder)).stdout))


def aims(found: Measured) -> list[tuple[str, str, bool]]:
    """What is aimed at, what came out, and whether that is as good.

    Args:
        found: all counts.
    """
    rows = [
        ("path findings with a rewrite, in scripts", found.scripts.share(PATHS), PATHS_OF_SCRIPTS),
        ("path findings with a rewrite, in sdists", found.sdists.share(PATHS), PATHS_OF_SDISTS),
        ("the same with `everywhere`, in scripts", found.scripts_everywhere.share(PATHS), PATHS_OF_SCRIPTS),
        ("the same with `everywhere`, in sdists", found.sdists_everywhere.share(PATHS), PATHS_OF_SDISTS),
        ("bare excepts of which the types are known, in scripts", found.scripts.known(), KNOWN),
    ]
    return [(f"{title} (≥ {wanted:.0%})", f"{came:.0%}", came >= wanted) for title, came, wanted in rows]


def summary(found: Measured) -> str:
    """The part of README.md.

    Args:
        found: all counts.
    """
    lines = [f"Python {sys.version.split()[0]}. In {found.scripts.files} files of the collections:", ""]
    lines += [*found.scripts.lines(), ""]
    handlers = [
        f"{kind_of} {number}, of them rewritten {found.scripts.rewritten[kind_of]}"
        for kind_of, number in found.scripts.handlers.most_common()
    ]
    lines += [f"What is known of the bodies of their bare excepts: {'; '.join(handlers)}.", ""]
    lines += [f"In {found.sdists.files} files of the sdists:", "", *found.sdists.lines(), ""]
    head = "rewritten under `usual` | withheld | left on purpose | no rewrite | share"
    lines += [
        "Both codemods of paths with their option `everywhere`:",
        "",
        f"| | {head} |",
        "|---|---|---|---|---|---|",
    ]
    for title, shares in (("scripts", found.scripts_everywhere), ("sdists", found.sdists_everywhere)):
        counts = [shares.number(USUAL, PATHS, status) for status in ("applied", "withheld", "kept", "found")]
        lines.append(f"| {title} | {' | '.join(map(str, counts))} | {shares.share(PATHS):.0%} |")
    lines.append("")
    lines += ["| under the usual assumptions | measured | |", "|---|---|---|"]
    lines += [f"| {title} | {came} | {'met' if good else 'missed'} |" for title, came, good in aims(found)]
    return "\n".join(lines)


def most_frequent(shares: Shares, number: int) -> list[str]:
    """The codes for which most findings are not rewritten under the usual assumptions.

    Args:
        shares: the counts.
        number: of codes.
    """
    codes: Counter[tuple[str, str, str]] = Counter()
    for (codemod, status, code, _), count in shares.reasons.items():
        codes[code, codemod, status] += count
    return [f"{count:6} {code} ({codemod}, {status})" for (code, codemod, status), count in codes.most_common(number)]


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="*", type=Path, help="with scripts (default: those of $PYMODERNIZE_SCRIPTS)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--skip-sdists", action="store_true", help="leave out the sdists")
    parser.add_argument("--reasons", type=int, default=0, metavar="N", help="list the N most frequent reasons")
    parser.add_argument("--write", action="store_true", help="put the numbers into benchmarks/README.md")
    return parser.parse_args()


def measured(folders: Sequence[Path], only: Sequence[str], *, skip_sdists: bool) -> Measured:
    """The counts of the collections and those of the sdists.

    Args:
        folders: of the collections.
        only: names of sdists; none means all.
        skip_sdists: whether to leave them out.

    Raises:
        SdistError: one cannot be fetched.
    """
    sdists = [] if skip_sdists else load(only)
    fetch(sdists)
    found = Measured()
    FOLDER.mkdir(parents=True, exist_ok=True)
    config = FOLDER / "everywhere.toml"
    config.write_text(EVERYWHERE, encoding="utf-8")
    everywhere = ["--select", ",".join(sorted(PATHS)), "--config", str(config)]
    for folder in folders:
        logger.info("%s", folder.name)
        place = copy(folder, FOLDER / folder.name)
        measure(place, [], found.scripts)
        measure(place, everywhere, found.scripts_everywhere, [USUAL])
    for sdist in sdists:
        logger.info("%s", sdist.name)
        place = unpack(sdist, FOLDER / sdist.name)
        measure(place, [], found.sdists)
        measure(place, everywhere, found.sdists_everywhere, [USUAL])
    return found


def main() -> int:
    """Count, print the tables, and say whether the aims are met."""
    args = parse_arguments()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    named = [Path(item) for item in os.environ.get("PYMODERNIZE_SCRIPTS", "").split(os.pathsep) if item]
    try:
        found = measured(args.folder or named, args.only, skip_sdists=args.skip_sdists)
    except SdistError as exc:
        logger.error("%s", exc)
        return EXIT_FAILURE
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    text = summary(found)
    logger.info("%s", text)
    if args.reasons:
        both = found.scripts.merged(found.sdists)
        logger.info("\n%s", "\n".join(most_frequent(both, args.reasons)))
        of_paths = (
            shares.most_common_of_paths(args.reasons) for shares in (found.scripts_everywhere, found.sdists_everywhere)
        )
        for lines in of_paths:
            logger.info("\n%s", "\n".join(lines))
    if args.write:
        page.write("shares", text)
    return EXIT_SUCCESS if all(good for _, _, good in aims(found)) else EXIT_FAILURE


if __name__ == "__main__":
    sys.exit(main())
