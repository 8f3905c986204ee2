"""What ruff and pyright find in the sdists and in fixtures/_scripts: before, with the defaults, with ``--unsafe``."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import linters
import page
import sdists
from linters import LinterError, TypeErrors
from materials import ROOT, WORK, python_files
from passes import rewrite

ORIGINAL = "original"
VARIANTS: dict[str, tuple[str, ...]] = {"defaults": (), "--unsafe": ("--unsafe",)}
SOURCES, TESTS, SCRIPTS = "sdists, sources", "sdists, tests", "fixtures/_scripts"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tree:
    """A project whose files are counted.

    Attributes:
        name: for people.
        unpack: puts a fresh copy into a folder and returns the project's folder.
        parts: the files that count, by the group they count for.
    """

    name: str
    unpack: Callable[[Path], Path]
    parts: Callable[[Path], dict[str, list[Path]]]


@dataclass
class Tally:
    """What was counted so far.

    Attributes:
        found: ruff's findings by rule, by group and variant.
        changed: how many files each variant has changed.
        errors: the number of pyright's errors in those files, before and after, by variant.
        rises: by variant: what is new in files that have more errors than before.
    """

    found: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    changed: Counter[str] = field(default_factory=Counter)
    errors: dict[str, tuple[int, int]] = field(default_factory=dict)
    rises: dict[str, list[str]] = field(default_factory=dict)


def trees(only: Sequence[str] = ()) -> list[Tree]:
    """The sdists, fetched, and the scripts among the fixtures.

    Args:
        only: names of sdists; with any, the scripts are left out.

    Raises:
        sdists.SdistError: there is no such sdist, or it cannot be fetched.
    """
    chosen = sdists.load(only)
    sdists.fetch(chosen)
    found = [_of_sdist(sdist) for sdist in chosen]
    scripts = [] if only else sorted(item for item in (ROOT / "fixtures" / "_scripts").iterdir() if item.is_dir())
    return found + [_of_script(folder) for folder in scripts]


def _of_sdist(sdist: sdists.Sdist) -> Tree:
    def parts(folder: Path) -> dict[str, list[Path]]:
        sources, tests = sdists.parts(sdist, folder)
        return {SOURCES: sources, TESTS: tests}

    return Tree(sdist.name, lambda target: sdists.unpack(sdist, target), parts)


def _of_script(source: Path) -> Tree:
    def unpack(target: Path) -> Path:
        if target.exists():
            shutil.rmtree(target)
        return Path(shutil.copytree(source, target))

    return Tree(source.name, unpack, lambda folder: {SCRIPTS: python_files(folder)})


def count(tree: Tree, select: Sequence[str], rules: str, tally: Tally) -> None:
    """Rewrite one project in all variants and add what is found.

    Args:
        tree: the project.
        select: the options that choose the codemods.
        rules: ruff's rules, with commas.
        tally: what was counted so far; is added to.
    """
    place = WORK / "findings" / tree.name
    original = tree.unpack(place / ORIGINAL)
    _count_findings(tree, original, ORIGINAL, rules, tally)
    folders = {variant: tree.unpack(place / variant.strip("-")) for variant in VARIANTS}
    # Pyright does not look at scripts without a suffix.
    changed = {
        variant: [path.relative_to(folder) for path in rewrite(folder, [*select, *VARIANTS[variant]])]
        for variant, folder in folders.items()
    }
    changed = {variant: [path for path in paths if path.suffix == ".py"] for variant, paths in changed.items()}
    before = linters.pyright(original, sorted(set().union(*changed.values())))
    for variant, folder in folders.items():
        _count_findings(tree, folder, variant, rules, tally)
        of_these = {path: errors for path, errors in before.items() if path in changed[variant]}
        _count_errors(tree, variant, of_these, linters.pyright(folder, changed[variant]), tally)
        tally.changed[variant] += len(changed[variant])


def _count_findings(tree: Tree, folder: Path, variant: str, rules: str, tally: Tally) -> None:
    for group, files in tree.parts(folder).items():
        tally.found.setdefault((group, variant), Counter()).update(linters.ruff(files, rules))


def _count_errors(
    tree: Tree, variant: str, before: dict[Path, TypeErrors], after: dict[Path, TypeErrors], tally: Tally
) -> None:
    then, now = tally.errors.get(variant, (0, 0))
    tally.errors[variant] = (
        then + sum(item.count for item in before.values()),
        now + sum(item.count for item in after.values()),
    )
    for path, messages in linters.risen(before, after).items():
        tally.rises.setdefault(variant, []).extend(f"{tree.name}/{path.as_posix()}, {text}" for text in messages)


def share(before: int, after: int) -> str:
    """The share that is gone, in per cent; it is negative if there is more than before."""
    return f"{100 * (before - after) / before:.0f} %" if before else "-"


def by_group(found: Mapping[tuple[str, str], Counter[str]]) -> list[str]:
    """The table of findings by group, in Markdown."""
    groups = list(dict.fromkeys(group for group, _ in found))
    rows = [(group, *(found[group, variant].total() for variant in (ORIGINAL, *VARIANTS))) for group in groups]
    rows.append(("all", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True))))
    return _table("where", rows)


def by_rule(found: Mapping[tuple[str, str], Counter[str]]) -> list[str]:
    """The table of findings by rule, over all groups, in Markdown."""
    totals: dict[str, Counter[str]] = {}
    for (_, variant), counter in found.items():
        totals.setdefault(variant, Counter()).update(counter)
    rules = sorted(set().union(*totals.values()))
    return _table("rule", [(rule, *(totals[variant][rule] for variant in (ORIGINAL, *VARIANTS))) for rule in rules])


def _table(title: str, rows: Sequence[tuple]) -> list[str]:
    lines = [f"| {title} | before | defaults | removed | `--unsafe` | removed |", "|---|---|---|---|---|---|"]
    for name, before, defaults, unsafe in rows:
        cells = f"{defaults} | {share(before, defaults)} | {unsafe} | {share(before, unsafe)}"
        lines.append(f"| {name} | {before} | {cells} |")
    return lines


def types(tally: Tally) -> list[str]:
    """The table of type errors, in Markdown, and below it those that are new."""
    lines = ["| variant | changed files | pyright's errors in them before | after |", "|---|---|---|---|"]
    for variant, (before, after) in tally.errors.items():
        lines.append(f"| {variant} | {tally.changed[variant]} | {before} | {after} |")
    for variant, messages in tally.rises.items():
        lines += ["", f"Files that have more than before, with {variant}:", "", *(f"* {item}" for item in messages)]
    return lines


def main() -> int:
    """Count, print, and write the tables into benchmarks/README.md if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--select", help="the codemods to run, with commas between them (default: all)")
    parser.add_argument("--rules", default="PTH", help="the rules of ruff to count (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--write", metavar="PART", help="the part of benchmarks/README.md that gets the tables")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    select = ["--select", options.select] if options.select else []
    tally = Tally()
    try:
        for tree in trees(options.only):
            logger.info("%s", tree.name)
            count(tree, select, options.rules, tally)
    except (sdists.SdistError, LinterError) as exc:
        logger.error("%s", exc)
        return 2
    codemods = f"`{options.select}`" if options.select else "all codemods"
    head = f"Findings of `ruff check --preview --select {options.rules}`, rewritten by {codemods}:"
    text = "\n".join([head, "", *by_group(tally.found), "", *by_rule(tally.found), "", *types(tally)])
    logger.info("\n%s", text)
    if options.write:
        page.write(options.write, text)
    return 1 if tally.rises else 0


if __name__ == "__main__":
    sys.exit(main())
