"""The commands that say whether a project still works, each in a group of processes that ends with us."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

# What is parsed is what the project's own tests have written, which ran before it.
from xml.etree import ElementTree  # noqa: S405

from pymodernize.files.process_groups import end_group
from pymodernize.files.scratch import unnamed

_MOST_BYTES = 100_000_000
_MOST_SAID = 8
"""As many lines of what a command has said last are told of."""
_WIDEST = 200


class NoCheck(Exception):
    """A check cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Outcome:
    """The result of a check.

    Attributes:
        failing: the tests that fail, or the commands where tests have no names.
    """

    failing: frozenset[str] = frozenset()


@dataclass
class Checks:
    """Runs the commands of a migration.

    Attributes:
        commands: command lines, for no shell.
        folder: where they run.
        report: the JUnit file that they write; None if there is none.
        seconds: how long each may take.
        runs: how many times they were run.
        said: the last lines of the command that failed last, if it wrote no report that names tests.
    """

    commands: Sequence[str]
    folder: Path
    report: Path | None = None
    seconds: float = 900.0
    runs: int = field(default=0, init=False)
    said: Sequence[str] = field(default=(), init=False)

    def run(self) -> Outcome:
        """Run all commands, until one fails.

        Raises:
            NoCheck: one cannot be started.
        """
        self.runs += 1
        for command in self.commands:
            before = self._written()
            with unnamed() as output:
                status = self._status(command, output)
                if not status:
                    continue
                failing = self._failing() if self._written() != before else frozenset[str]()
                self.said = () if failing else _last_lines(output)
                return Outcome(failing or frozenset([command if status > 0 else f"{command} (stopped: too slow)"]))
        return Outcome()

    def _status(self, command: str, output: IO[bytes]) -> int:
        """The exit status of a command, which writes to a file; below 0 for one that took too long."""
        try:
            process = subprocess.Popen(  # noqa: S603 - what the user asks for
                shlex.split(command),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else exc
            raise NoCheck(f"--verify: {command!r} cannot be started: {reason}") from None
        try:
            return 1 if process.wait(self.seconds) else 0
        except subprocess.TimeoutExpired:
            return -1
        finally:
            end_group(process)

    def _written(self) -> tuple[int, int] | None:
        """What changes when the report is written."""
        with contextlib.suppress(OSError):
            if self.report is not None:
                status = self.report.stat()
                return status.st_mtime_ns, status.st_ino
        return None

    def _failing(self) -> frozenset[str]:
        """The tests that the report says have failed."""
        if self.report is None:
            return frozenset()
        try:
            if self.report.stat().st_size > _MOST_BYTES:
                return frozenset()
            root = ElementTree.parse(self.report).getroot()  # noqa: S314
        except (OSError, ElementTree.ParseError):
            return frozenset()
        return frozenset(
            ".".join(filter(None, (case.get("classname"), case.get("name"))))
            for case in root.iter("testcase")
            if case.find("failure") is not None or case.find("error") is not None
        )


def _last_lines(output: IO[bytes]) -> list[str]:
    """The last lines of what was written to a file, each cut where it is long."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - 4 * _MOST_SAID * _WIDEST))
    lines = output.read().decode("utf-8", "replace").splitlines()
    return [line.rstrip()[:_WIDEST] for line in lines if line.strip()][-_MOST_SAID:]
