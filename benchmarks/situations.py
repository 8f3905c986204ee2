"""Run a script in several situations, and compare what it does with what its rewritten text does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from box import Box, Outcome

# A script that has been broken may wait for ever; one that works on these small inputs is done long before.
SECONDS = 4.0
TWO_LINES = 2
# Where a script in the box sees its folder for temporary files.
TEMP = "/tmp"  # noqa: S108


@dataclass(frozen=True)
class Situation:
    """How a script is called.

    Attributes:
        name: what a report calls it.
        arguments: the words of the command line.
        typed: what stdin holds.
    """

    name: str
    arguments: tuple[str, ...] = ()
    typed: str = ""


NUMBERS = "3\n4\n2\n1\n10\n5\n0\n" * 5
WORDS = "hello\nworld\ny\nsample.txt\nred\nn\nquit\nexit\nq\n" * 3
SITUATIONS = (
    Situation("nothing"),
    Situation("typed numbers", typed=NUMBERS),
    Situation("typed words", typed=WORDS),
    Situation("a file", ("sample.txt",)),
    Situation("two files", ("sample.txt", "sample.csv")),
    Situation("a file and a new name", ("sample.txt", "made.out")),
    Situation("a folder", (".",)),
    Situation("a number", ("3",), typed=NUMBERS),
    Situation("two numbers", ("3", "5"), typed=WORDS),
    Situation("three words", ("one", "two", "three")),
    Situation("a hyphen", ("-x", "sample.txt")),
)
SAMPLES = {
    "sample.txt": "The first line\nanother line, with words\n\n3\n4 5\nlast line\n",
    "sample.csv": "name,number,date\nada,1,2020-01-02\nbob,2,2021-03-04\n",
}


@dataclass(frozen=True)
class Run:
    """What a script did in one situation.

    Attributes:
        outcome: status and streams.
        files: what it made (the new content) and what it took away (None), by path.
    """

    outcome: Outcome
    files: tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class Difference:
    """Old and new text of a script do not do the same.

    Attributes:
        script: its path in the collection.
        situation: how both were called.
        before: what the old text did.
        after: what the new text did.
    """

    script: Path
    situation: Situation
    before: Run
    after: Run

    def kinds(self) -> list[str]:
        """What differs: success, stdout, files."""
        old, new = self.before.outcome, self.after.outcome
        found = {
            "success": old.succeeded != new.succeeded or (old.status is None) != (new.status is None),
            "stdout": old.stdout != new.stdout,
            "files": self.before.files != self.after.files,
        }
        return [name for name, differs in found.items() if differs]

    def lines(self) -> list[str]:
        """What a person wants to see of it: the first lines that are not the same, and how the new text ended."""
        old, new = self.before.outcome, self.after.outcome
        lines = [f"status {old.status} -> {new.status}"] if old.status != new.status else []
        pairs = zip_longest(old.stdout.splitlines(), new.stdout.splitlines())
        apart = [(number, one, other) for number, one, other in pairs if one != other][:TWO_LINES]
        for number, one, other in apart:
            lines.append(f"line {number} of stdout: {_shown(one)} -> {_shown(other)}")
        gone, come = set(self.before.files) - set(self.after.files), set(self.after.files) - set(self.before.files)
        lines += [f"file before: {name}: {_shown(text)}" for name, text in sorted(gone, key=str)[:TWO_LINES]]
        lines += [f"file after: {name}: {_shown(text)}" for name, text in sorted(come, key=str)[:TWO_LINES]]
        if old.stderr != new.stderr and new.stderr:
            lines.append(f"stderr ends with: {_shown(new.stderr.splitlines()[-1])}")
        return lines


def zip_longest(old: list[bytes], new: list[bytes]) -> Iterable[tuple[int, bytes | None, bytes | None]]:
    """Two texts side by side: the line's number from 1, and the lines, None where one text has ended."""
    for number in range(max(len(old), len(new))):
        yield number + 1, *(text[number] if number < len(text) else None for text in (old, new))


def _shown(text: bytes | None) -> str:
    return "nothing" if text is None else repr(text[:100].decode(errors="backslashreplace"))


class Bench:
    """A box into which one script after the other is put."""

    def __init__(self, box: Box) -> None:
        """Take a started box."""
        self.box = box
        self.inside: tuple[Path, dict[Path, bytes]] | None = None
        self.fresh: dict[str, bytes] = {}

    def run(self, folder: Path, script: Path, situation: Situation, texts: Mapping[Path, bytes] | None = None) -> Run:
        """Run a script of a folder.

        Args:
            folder: of its collection; a copy of the script's own folder is put into the box.
            script: its path in the collection.
            situation: how it is called.
            texts: other texts of files beside the script, and of the script itself, by their paths in the collection.

        Raises:
            BoxError: the box has come to an end.
        """
        self._put(
            folder / script.parent, {path.relative_to(script.parent): text for path, text in (texts or {}).items()}
        )
        outcome = self.box.run(script.name, situation.arguments, situation.typed, SECONDS)
        of_temp = {f"{TEMP}/{name}": text for name, text in contents(self.box.temp).items()}
        now = contents(self.box.folder) | of_temp
        changed = {name: text for name, text in now.items() if self.fresh.get(name) != text}
        gone = dict.fromkeys(self.fresh.keys() - now.keys())
        if changed or gone:
            self.inside = None  # to be put in afresh
        return Run(outcome, tuple(sorted((changed | gone).items(), key=lambda item: item[0])))

    def _put(self, folder: Path, texts: dict[Path, bytes]) -> None:
        if self.inside == (folder, texts):
            return
        for place in (self.box.folder, self.box.temp):
            for path in place.iterdir():
                path.unlink() if path.is_symlink() or not path.is_dir() else shutil.rmtree(path)
        # In order, since a folder may list its files as they were made.
        for path in sorted(folder.rglob("*")):
            copy = self.box.folder / path.relative_to(folder)
            copy.mkdir() if path.is_dir() else shutil.copy2(path, copy)
        for name, sample in SAMPLES.items():
            (self.box.folder / name).write_text(sample, encoding="utf-8")
        for path, text in texts.items():
            copy = self.box.folder / path
            times = copy.stat()
            copy.write_bytes(text)
            os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.fresh = contents(self.box.folder)
        self.inside = folder, texts


def contents(folder: Path) -> dict[str, bytes]:
    """All files and folders below a folder: a folder's content is empty, a link's is where it leads."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink()).encode()
        elif path.is_dir():
            found[f"{name}/"] = b""
        elif path.is_file():
            found[name] = path.read_bytes()
    return found
