"""What ``migrate --commit`` makes of collections of scripts, and whether its receipts can be checked elsewhere.

Each collection is copied and becomes a repository of git. The steps must end
in the tree that all codemods at once end in; the commits are counted by git.
Then the receipts are checked in a clone, by an environment that is made anew,
and again with one byte changed, at places that are drawn.

The folders stand on the command line or in the environment variable
PYMODERNIZE_SCRIPTS, with colons between them; nothing in them is changed.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import shutil
import statistics
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import page
from materials import ROOT, WORK

MOST_LINES = 200
_WHO = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_OWN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **_WHO}
_LEFT = shutil.ignore_patterns(".git", ".pymodernize", "__pycache__", "node_modules")
logger = logging.getLogger(__name__)


@dataclass
class Migration:
    """What came of a collection.

    Attributes:
        name: the collection's.
        same: whether the steps end where all at once ends.
        sizes: how many lines each commit takes out and puts in, by git's count.
        told: how many of those over the limit say so in their message.
        receipts: how many files have one.
        again: whether they were made again in the clone, each the same.
        bytes: how many times one byte was changed, and how many of these were told.
    """

    name: str
    same: bool = False
    sizes: list[int] = field(default_factory=list)
    told: int = 0
    receipts: int = 0
    again: bool = False
    bytes: tuple[int, int] = (0, 0)

    @property
    def over(self) -> int:
        """How many commits are over the limit."""
        return sum(size > MOST_LINES for size in self.sizes)

    @property
    def row(self) -> str:
        """A row of the table."""
        same, again = ("yes" if value else "**no**" for value in (self.same, self.again))
        sizes = f"{len(self.sizes)} | {statistics.median(self.sizes or [0]):g} | {max(self.sizes, default=0)}"
        over = f"{self.over} ({self.told} say why)" if self.over else "0"
        told = f"{self.bytes[1]} of {self.bytes[0]}"
        return f"| {self.name} | {same} | {sizes} | {over} | {self.receipts} | {again} | {told} |"


def migrated(folder: Path, place: Path, programs: tuple[Path, Path], changes: int, seed: int) -> Migration:
    """Migrate a copy of a collection, and check it.

    Args:
        folder: the collection.
        place: an empty folder.
        programs: the command that migrates and the one that checks, each in an environment of its own.
        changes: how many times a byte is changed.
        seed: where they are drawn.
    """
    found, (maker, program) = Migration(folder.name), programs
    top, other, receipts = place / "steps", place / "at-once", place / "receipts"
    shutil.copytree(folder, top, ignore=_LEFT, symlinks=True)
    _git(top, "init", "--quiet", "--initial-branch=main")
    _git(top, "add", "--all", "--force")
    _git(top, "commit", "--quiet", "--message=As it is")
    shutil.copytree(top, other, symlinks=True)
    base = _git(top, "rev-parse", "HEAD")
    _run([maker, "migrate", "--commit", f"--max-lines={MOST_LINES}", f"--receipts={receipts}", "."], top)
    _run([maker, "--apply", "--quiet", "."], other)
    _git(other, "commit", "--quiet", "--all", "--message=At once", "--allow-empty")
    found.same = _git(top, "rev-parse", "HEAD^{tree}") == _git(other, "rev-parse", "HEAD^{tree}")
    for commit in _git(top, "rev-list", "--reverse", f"{base}..HEAD").split():
        found.sizes.append(_lines(top, commit))
        if found.sizes[-1] > MOST_LINES:
            found.told += f"--max-lines {MOST_LINES}" in _git(top, "log", "-1", "--format=%B", commit)
    shutil.rmtree(other)
    clone = place / "elsewhere"
    _git(place, "clone", "--quiet", str(top), str(clone))
    found.receipts = sum(1 for _ in (receipts / "files").rglob("*.json"))
    found.again = _verified(program, clone, receipts)
    found.bytes = changes, sum(_is_told(program, clone, receipts, draw) for draw in _draws(seed, changes))
    return found


def _draws(seed: int, number: int) -> Iterator[random.Random]:
    return (random.Random(f"{seed} {place}") for place in range(number))  # noqa: S311 - nothing secret


def _is_told(program: Path, clone: Path, receipts: Path, draw: random.Random) -> bool:
    """Whether a changed byte of a script that has a receipt, of a receipt, or of the index is told."""
    papers = sorted(receipts.rglob("*.json"))
    names = [path.relative_to(receipts / "files").with_suffix("") for path in papers if path.name != "index.json"]
    path = draw.choice([clone / draw.choice(names), draw.choice(papers), receipts / "index.json"])
    text = path.read_bytes()
    spot = draw.randrange(len(text))
    path.write_bytes(text[:spot] + bytes([text[spot] ^ 1 << draw.randrange(8)]) + text[spot + 1 :])
    told = not _verified(program, clone, receipts)
    path.write_bytes(text)
    if not told:
        logger.error("%s: byte %d was changed, and nothing told", path, spot)
    return told


def _verified(program: Path, project: Path, receipts: Path) -> bool:
    done = subprocess.run(  # noqa: S603 - our own command
        [program, "verify", "--project", project, receipts], cwd=WORK, env={**os.environ, **_OWN}, capture_output=True
    )
    return done.returncode == 0


def _lines(folder: Path, commit: str) -> int:
    rows = (row.split("\t") for row in _git(folder, "show", "--numstat", "--format=", commit).splitlines())
    return sum(int(number) for row in rows for number in row[:2] if number.isdecimal())


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - git, for a copy
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        env={**os.environ, **_OWN},
        capture_output=True,
        text=True,
        check=True,  # noqa: S607
    )
    return done.stdout.strip()


def _run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a command that may find files that cannot be worked on."""
    # Our own command, on a copy.
    done = subprocess.run(command, cwd=folder, env={**os.environ, **_OWN}, capture_output=True, text=True)  # noqa: S603
    if done.returncode not in (0, 3, 4):
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}: {done.stderr[-2000:]}")


def environment(place: Path) -> Path:
    """The command, in an environment that is made for it from the project as it stands."""
    venv.create(place, with_pip=True)
    pip = [place / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, ROOT], check=True)  # noqa: S603 - pip, in an environment of our own
    return place / "bin" / "pymodernize"


def main() -> int:
    """Migrate the collections, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="the collections; else $PYMODERNIZE_SCRIPTS")
    parser.add_argument("--changes", type=int, default=12, metavar="N", help="change a byte so many times (default 12)")
    parser.add_argument("--seed", type=int, default=1, help="where the bytes are drawn (default 1)")
    parser.add_argument("--together", action="store_true", help="make one repository of all collections")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    named = os.environ.get("PYMODERNIZE_SCRIPTS", "").split(os.pathsep)
    folders = options.folders or [Path(name) for name in named if name]
    if not folders:
        parser.error("name folders, or set PYMODERNIZE_SCRIPTS")
    place = WORK / "migrations"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    if options.together:
        for folder in folders:
            shutil.copytree(folder, place / "together" / folder.name, ignore=_LEFT, symlinks=True)
        folders = [place / "together"]
    programs = environment(place / "maker"), environment(place / "checker")
    rows = [
        "| collection | ends as at once | commits | median lines | most lines | over the limit "
        "| receipts | made again elsewhere | changed bytes told |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    failed = False
    for number, folder in enumerate(folders):
        own = place / str(number)
        own.mkdir()
        found = migrated(folder.resolve(), own, programs, options.changes, options.seed)
        logger.info(found.row)
        rows.append(found.row)
        failed |= not (found.same and found.again and found.bytes[0] == found.bytes[1] and found.over == found.told)
        shutil.rmtree(own)
    shutil.rmtree(place)
    if options.write:
        page.write("migrations-together" if options.together else "migrations", "\n".join(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
