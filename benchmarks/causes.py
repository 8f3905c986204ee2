"""Why a rewritten script does something else, and whether the safety contract allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from collections_of_scripts import Collection, copy
from passes import pymodernize, rewrite
from situations import Bench, Difference


@dataclass(frozen=True)
class Cause:
    """Why runs differ.

    Attributes:
        sentence: what a report says.
        allowed: whether the contract, or an assumption that is accepted by default, allows it.
    """

    sentence: str
    allowed: bool


FAILED_BOTH = Cause("a run that failed words its complaint in another way", True)
SHOWS_ITSELF = Cause("the script shows its own size or number of lines", True)

# By what an input goes beyond an assumption that is accepted by default.
BEYOND: dict[str, Callable[[str], bool]] = {
    "plain-arguments": lambda word: word.startswith("-"),
    "tidy-paths": lambda word: word == "." or word.startswith("./") or "//" in word or word.endswith("/"),
    "plain-names": lambda word: word in {".", ".."},
}


class Causes:
    """Finds the codemod that makes a difference, by running each alone."""

    def __init__(self, collection: Collection, options: Sequence[str]) -> None:
        """Prepare for one collection.

        Args:
            collection: the old texts.
            options: of the command that made the new ones.
        """
        self.collection = collection
        self.options = options
        self.alone: dict[str, Path] = {}

    def of(self, bench: Bench, difference: Difference) -> Cause:
        """The cause of one difference."""
        kinds = difference.kinds()
        if difference.before.outcome.status and difference.after.outcome.status and "files" not in kinds:
            return FAILED_BOTH
        script = difference.script
        longer = {script: (self.collection.folder / script).read_bytes() + b"\n" * 7}
        if self._differs(bench, difference, longer):
            return SHOWS_ITSELF
        return self._named(bench, difference)

    def _named(self, bench: Bench, difference: Difference) -> Cause:
        kinds = ", ".join(difference.kinds())
        for name in self._assumptions_missed(difference):
            if not self._differs_without(bench, name, difference):
                return Cause(f"{name}: the input is one that the assumption excludes", True)
        guilty = [name for name in codemods() if self._differs_with(bench, name, difference)]
        if surplus(difference):
            kinds = "an argument is refused"
        return Cause(f"{kinds}: {', '.join(guilty) or 'several codemods together'}", False)

    def _assumptions_missed(self, difference: Difference) -> list[str]:
        words = difference.situation.arguments
        return [name for name, goes_beyond in BEYOND.items() if any(map(goes_beyond, words))]

    def _differs_without(self, bench: Bench, assumption: str, difference: Difference) -> bool:
        """Whether a difference is there as well if an assumption is not accepted."""
        return self._differs_by(bench, assumption, ["--assume", f"usual,-{assumption}"], difference)

    def _differs_with(self, bench: Bench, codemod: str, difference: Difference) -> bool:
        return self._differs_by(bench, codemod, ["--select", codemod], difference)

    def _differs_by(self, bench: Bench, name: str, options: Sequence[str], difference: Difference) -> bool:
        if name not in self.alone:
            folder = copy(self.collection.folder, self.collection.folder.parent / "alone" / name)
            rewrite(folder, ["--no-cache", *self.options, *options])
            self.alone[name] = folder
        texts = {path: (self.alone[name] / path).read_bytes() for path in self.collection.reached(difference.script)}
        return self._differs(bench, difference, texts)

    def _differs(self, bench: Bench, difference: Difference, texts: Mapping[Path, bytes]) -> bool:
        """Whether the script with these texts does something else than the old one."""
        old = {path: (self.collection.folder / path).read_bytes() for path in texts}
        if texts == old:
            return False
        now = bench.run(self.collection.folder, difference.script, difference.situation, texts)
        return bool(Difference(difference.script, difference.situation, difference.before, now).kinds())


def surplus(difference: Difference) -> bool:
    """Whether argparse has refused what the old text took."""
    return difference.before.outcome.succeeded and difference.after.outcome.status == 2  # noqa: PLR2004


def codemods() -> list[str]:
    """The names of all codemods, as the command lists them."""
    return [line.split()[0] for line in pymodernize("rules").stdout.splitlines() if line.strip()]
