"""Run a script in a copy of its project, and say what it did."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import IO

from pymodernize.commands.trying.confinement import Confinement, Inside, NoConfinement, confinement
from pymodernize.files.copies import Copy, NoCopy, empty
from pymodernize.files.process_groups import end_group
from pymodernize.files.scratch import scratch, unnamed
from pymodernize.settings.runs import Run

SECONDS = 60.0
_NOT_STARTED = frozenset((126, 127))
"""What a shell ends with for a command that it cannot run, or does not find (POSIX, Shell Command Language 2.8.2)."""
_MOST_KEPT = 1_000_000
_MOST_SHOWN = 60


class NoTry(ValueError):
    """A script cannot be tried; the message says why and what to do."""


@dataclass(frozen=True)
class Seen:
    """What a run of a script did.

    Attributes:
        status: the exit status, below zero for a signal; None if it did not end in its time.
        stdout: what it wrote there, or the beginning of it.
        digest: the SHA-256 of all of that.
        size: how many bytes that is.
        files: the digests of files that it has made or changed, by their paths; empty for one that is gone.
    """

    status: int | None
    stdout: bytes
    digest: str
    size: int
    files: Mapping[str, str]


def refuse_not_started(run: Run, status: int | None) -> None:
    """Refuse a run whose command was not found: before and after a change it would fail alike, which is no evidence.

    Raises:
        NoTry: it was not found.
    """
    if status in _NOT_STARTED:
        raise NoTry(
            f"{run.name!r} ends with exit status {status}, as a command does that cannot be run or is not found in the "
            "copy; name the program by its path"
        )


def difference(before: Seen, after: Seen) -> str:
    """What of a run is not as it was, in words; empty if all is.

    A run that failed may end with another status and another message, as long as it fails.
    """
    if after.status is None:
        return "does not end in its time"
    failed = before.status != 0
    if bool(after.status) != failed:
        return f"exit status {after.status} instead of {before.status}"
    if not failed and before.digest != after.digest:
        return _of_lines(before.stdout, after.stdout)
    for name in sorted(before.files.keys() | after.files.keys()):
        if before.files.get(name) != after.files.get(name):
            return f"file {name} is {_of_files(before.files.get(name), after.files.get(name))}"
    return ""


def _of_lines(before: bytes, after: bytes) -> str:
    old, new = before.split(b"\n"), after.split(b"\n")
    number = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    if number is None:
        number = min(len(old), len(new))
        if len(old) == len(new):
            return f"stdout is another one behind its first {len(before):,} bytes"
    shown = [_shown(lines[number]) if number < len(lines) else "nothing" for lines in (new, old)]
    return f"line {number + 1} of stdout is {shown[0]} instead of {shown[1]}"


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", "backslashreplace")
    return repr(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}...")


def _of_files(before: str | None, after: str | None) -> str:
    if before is None:
        return "gone" if after == "" else "changed"
    return "as it was" if after is None else "gone" if after == "" else "another one"


class Studio:
    """Runs scripts of a project, each in a fresh state of one copy.

    Args:
        top: the project's folder, without links.
        place: a folder of ours, for the copy.
        seconds: how long a run may take.

    Attributes:
        runs: how many times a script was run.
    """

    def __init__(self, top: Path, place: Path, seconds: float = SECONDS) -> None:
        self.top = top
        self.seconds = seconds
        self.runs = 0
        self.confinement = Confinement("")
        self._copy = Copy(top, place / top.name if top.name else place / "top")
        self._temp = place / "temp"

    def confine(self, runs: Sequence[Run]) -> None:
        """Keep all runs from now on within the copy.

        Args:
            runs: those that there will be.

        Raises:
            NoConfinement: nothing here does.
            NoTry: the project is too large to be copied.
        """
        programs = {found for run in runs if (found := which(run.words[0])) is not None}
        self._refresh({}, {})
        self.confinement = confinement(self._inside, sorted(programs))

    @property
    def _inside(self) -> Inside:
        return Inside(self.top, self._copy.folder, self._temp, self._copy.lent)

    def _refresh(self, texts: Mapping[str, bytes], more: Mapping[str, str]) -> None:
        try:
            empty(self._temp)
            self._copy.refresh(texts, more)
        except NoCopy as exc:
            raise NoTry(str(exc)) from None
        except OSError as exc:
            raise NoTry(f"{self.top} cannot be copied: {exc}") from None

    def run(self, run: Run, texts: Mapping[str, bytes]) -> Seen:
        """Run a script.

        Args:
            run: how.
            texts: what some files have in place of what they have in the project, by their paths from the top on.

        Raises:
            NoTry: it cannot be started, its command is not found, or the project cannot be copied.
        """
        self.runs += 1
        with unnamed() as typed, unnamed() as out, unnamed() as err:
            typed.write(run.stdin.encode())
            typed.seek(0)
            process = self.start(run, texts, stdin=typed, stdout=out, stderr=err)
            try:
                status: int | None = process.wait(self.seconds)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                end_group(process)
            out.seek(0)
            stdout = out.read()
        refuse_not_started(run, status)
        kept = stdout[:_MOST_KEPT]
        return Seen(status, kept, hashlib.sha256(stdout).hexdigest(), len(stdout), self._copy.changes())

    def start(
        self,
        run: Run,
        texts: Mapping[str, bytes],
        *,
        stdin: IO[bytes] | int,
        stdout: IO[bytes] | None,
        stderr: IO[bytes] | None,
    ) -> subprocess.Popen[bytes]:
        """Start a script in a fresh state of the copy; whoever does ends its group of processes.

        Raises:
            NoTry: it cannot be started, or the project cannot be copied.
        """
        folder = os.path.relpath(run.folder, self.top)
        folder = "" if folder == os.curdir else folder
        self._refresh(texts, {os.path.join(folder, name): text for name, text in run.files})
        words, inside = run.words, self._inside
        if os.path.basename(words[0]) == words[0] and which(words[0]) is None:
            raise NoTry(f"{run.name!r} cannot be started: there is no {words[0]}")
        try:
            return subprocess.Popen(  # noqa: S603 - what the user asks for
                self.confinement.words(words, folder, inside),
                cwd=self.confinement.folder(folder, inside),
                env=self._environment(),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        except OSError as exc:
            raise NoTry(f"{run.name!r} cannot be started: {exc.strerror}") from None

    def _environment(self) -> dict[str, str]:
        """The user's, with sets in the same order in each run and nothing compiled left behind."""
        own = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": self.confinement.temp(self._inside)}
        return {**os.environ, **own}


@contextlib.contextmanager
def studio(top: Path, runs: Sequence[Run], seconds: float, *, confined: bool) -> Iterator[Studio]:
    """A studio for a project; its copy is gone at the end.

    Args:
        top: the project's folder, without links.
        runs: those that there will be.
        seconds: how long each may take.
        confined: whether they are kept within the copy.

    Raises:
        NoTry: the project cannot be copied, or nothing here keeps runs within the copy.
    """
    with scratch() as place:
        found = Studio(top, place, seconds)
        try:
            if confined:
                found.confine(runs)
        except NoConfinement as exc:
            raise NoTry(str(exc)) from None
        yield found
