"""One pass of the command over a folder, and what must hold of any."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from materials import python_files


@dataclass(frozen=True)
class Pass:
    """What a dry run, ``--apply`` and a second ``--apply`` did to a folder.

    Attributes:
        files: how many Python files there are.
        changed: those that were rewritten.
        statuses: exit statuses of the dry run, of the first and of the second ``--apply``.
        not_worked_on: what the command says of files that it cannot work on.
        broken: changed files that compile no more.
        restless: files that the second pass has changed again.
        crashed: lines of a traceback, and rewrites that the self-check has rejected.
    """

    files: int
    changed: tuple[Path, ...]
    statuses: tuple[int, int, int]
    not_worked_on: tuple[str, ...]
    broken: tuple[str, ...]
    restless: tuple[str, ...]
    crashed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether all is well; files that cannot be worked on are not the command's fault."""
        return set(self.statuses) <= {0, 3} and not (self.broken or self.restless or self.crashed)

    def lines(self) -> list[str]:
        """What there is to say, for people."""
        dry, first, second = self.statuses
        return [
            f"files: {self.files}, changed: {len(self.changed)}, not worked on: {len(self.not_worked_on)}",
            f"exit status: dry run {dry}, apply {first}, second pass {second}",
            f"changed by the second pass: {len(self.restless)}, compile no more: {len(self.broken)}",
            *(f"  {line}" for line in (*self.not_worked_on, *self.broken, *self.restless, *self.crashed)),
        ]


def pymodernize(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "pymodernize", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def rewrite(folder: Path, options: Sequence[str]) -> list[Path]:
    """Rewrite a folder in place.

    Args:
        folder: a copy; its files are changed.
        options: of the command, such as ``--unsafe``.

    Returns:
        The files that have changed.
    """
    before = contents(folder)
    pymodernize("--apply", "--quiet", *options, str(folder))
    return [path for path, source in before.items() if path.read_bytes() != source]


def contents(folder: Path) -> dict[Path, bytes]:
    """All files of a folder: scripts without a suffix are rewritten, too, and data must not be."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def check(folder: Path, options: Sequence[str]) -> Pass:
    """Rewrite a folder in place and look at what came of it.

    Args:
        folder: a copy; its files are changed.
        options: of the command, such as ``--unsafe``.
    """
    before = contents(folder)
    dry = pymodernize("--dry-run", *options, str(folder))
    first = pymodernize("--apply", "--quiet", *options, str(folder))
    rewritten = {path: path.read_bytes() for path in before}
    second = pymodernize("--apply", "--quiet", *options, str(folder))
    changed = tuple(path for path, source in before.items() if rewritten[path] != source)
    crashed = [line for line in dry.stderr.splitlines() if "Traceback" in line or ": rejected: " in line]

    def short(lines: Sequence[str]) -> tuple[str, ...]:
        return tuple(line.removeprefix(f"{folder}/") for line in lines)

    return Pass(
        files=len(python_files(folder)),
        changed=changed,
        statuses=(dry.returncode, first.returncode, second.returncode),
        not_worked_on=short([line for line in first.stderr.splitlines() if line]),
        broken=short([f"{path}: {error}" for path in changed if (error := compile_error(path))]),
        restless=short([str(path) for path, source in rewritten.items() if path.read_bytes() != source]),
        crashed=short(crashed),
    )


def compile_error(path: Path) -> str | None:
    """Why a file does not compile; None if it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as exc:
        return str(exc)
    return None
