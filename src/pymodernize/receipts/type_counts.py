"""What the project's own type checker counts in each file. It is a program, and may load plugins of the project's: it
is run only where the user asks for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.files.programs import find_program
from pymodernize.files.reading import Unreadable, read
from pymodernize.files.toml import MOST_BYTES, NotToml, parse_toml
from pymodernize.report.run_origin import name_of

_SECONDS = 1800
_MYPY = re.compile(r"^(.+?):\d+(?::\d+)?: error: ", re.MULTILINE)


class NoTypes(ValueError):
    """Types cannot be counted; the message says why."""


@dataclass(frozen=True)
class Checker:
    """A project's type checker.

    Attributes:
        name: ``pyright`` or ``mypy``.
        program: its path.
        top: the folder that it is run in.
        paths: what it is run on.
    """

    name: str
    program: str
    top: Path
    paths: Sequence[str]

    def count(self) -> Mapping[str, int]:
        """How many errors it sees in each file that has any, by paths from the top folder on.

        Raises:
            NoTypes: it does not end well.
        """
        options = ["--outputjson"] if self.name == "pyright" else ["--no-error-summary", "--no-color-output"]
        names = [os.path.join(self.top, path) for path in self.paths]
        try:
            done = subprocess.run(  # noqa: S603 - what the user asks for
                [self.program, *options, *names],
                cwd=self.top,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
            )
            if done.returncode not in (0, 1):  # 1: there are errors
                raise NoTypes(
                    f"{self.name} ended with {done.returncode}: {(done.stderr or done.stdout)[-300:].strip()}"
                )
            found = _of_pyright(done.stdout) if self.name == "pyright" else _MYPY.findall(done.stdout)
        except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError) as exc:
            raise exc if isinstance(exc, NoTypes) else NoTypes(f"{self.name} cannot be asked: {exc}") from None
        return Counter(name_of(os.path.join(self.top, path), self.top) for path in found)


def checker_of(top: Path, paths: Sequence[str]) -> Checker:
    """The type checker that a project configures.

    Args:
        top: the project's folder.
        paths: what it is to be run on, from there on.

    Raises:
        NoTypes: it configures none, or that is not installed.
    """
    tools = _tools(top)
    for name, files in (("pyright", ("pyrightconfig.json",)), ("mypy", ("mypy.ini", ".mypy.ini"))):
        if name in tools or any(os.path.isfile(top / file) for file in files):
            program = find_program(name)
            if program is None:
                raise NoTypes(f"{name} is configured and not installed")
            return Checker(name, program, top, paths)
    raise NoTypes(f"neither pyright nor mypy is configured in {top}")


def _tools(top: Path) -> Mapping[str, object]:
    try:
        found = parse_toml(read(top / "pyproject.toml", MOST_BYTES)).get("tool", {})
    except (Unreadable, NotToml):
        return {}
    return found if isinstance(found, dict) else {}


def _of_pyright(text: str) -> list[str]:
    found = json.loads(text)["generalDiagnostics"]
    return [item["file"] for item in found if item["severity"] == "error"]
