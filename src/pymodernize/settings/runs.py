"""The runs of scripts that settings list: ``[[tool.pymodernize.try.runs]]``."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pymodernize.settings.errors import SettingsError, nearest

COMMAND = "python {script}"
SCRIPT = "{script}"
_KEYS = ("script", "arguments", "stdin", "files", "command")


@dataclass(frozen=True)
class Run:
    """How a script is run.

    Attributes:
        script: its path, from the folder of the settings on.
        arguments: the words behind it.
        stdin: what it is given to read.
        files: texts of files that are there for it, by their paths from the same folder on.
        command: the words in front of the arguments; ``{script}`` stands for the script.
        folder: that of the settings.
        number: tells it from others of the same name; 0 if there are none.
    """

    script: str
    arguments: tuple[str, ...] = ()
    stdin: str = ""
    files: tuple[tuple[str, str], ...] = ()
    command: str = COMMAND
    folder: Path = field(default_factory=Path)
    number: int = 0

    @property
    def words(self) -> list[str]:
        """The command line."""
        return [word.replace(SCRIPT, self.script) for word in shlex.split(self.command)] + list(self.arguments)

    @property
    def name(self) -> str:
        """What it is called."""
        line = shlex.join(self.words)
        line += f" < {_short(self.stdin)}" if self.stdin else ""
        return f"{line} (number {self.number})" if self.number else line


def _short(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return repr(first if len(first) <= 20 and first == text.strip() else f"{first[:20]}...")


def checked_command(text: str, where: str) -> str:
    """A command line with a place for a script.

    Raises:
        SettingsError: it has none, or is no command line.
    """
    try:
        words = shlex.split(text)
    except ValueError as exc:
        raise SettingsError(f"{where}: {text!r} is no command line: {exc}") from None
    if not any(SCRIPT in word for word in words):
        raise SettingsError(f"{where}: {text!r} has no {SCRIPT}, which stands for the script; such as {COMMAND!r}")
    return text


def read_runs(where: str, value: object) -> tuple[Run, ...]:
    """The runs of a table.

    Args:
        where: for messages.
        value: as TOML has it.

    Raises:
        SettingsError: it is not as it must be.
    """
    if not isinstance(value, dict) or not isinstance(value.get("runs", []), list):
        raise SettingsError(f"{where}: must be a table of runs, [[tool.pymodernize.try.runs]]")
    for key in value:
        if key != "runs":
            raise SettingsError(f"{where}: unknown key {key!r}{nearest(key, ['runs'])}")
    found = [_run(f"{where}.runs: number {number}", item) for number, item in enumerate(value.get("runs", []), 1)]
    names = Counter(run.name for run in found)
    return tuple(replace(run, number=number) if names[run.name] > 1 else run for number, run in enumerate(found, 1))


def _run(where: str, value: Any) -> Run:  # noqa: ANN401 - what TOML has
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: must be a table, with a script")
    for key in value:
        if key not in _KEYS:
            raise SettingsError(f"{where}: unknown key {key!r}{nearest(key, _KEYS)}")
    for key in ("script", "stdin", "command"):
        if not isinstance(value.get(key, ""), str):
            raise SettingsError(f"{where}: {key}: must be a string")
    arguments, files = value.get("arguments", []), value.get("files", {})
    if not isinstance(arguments, list) or not all(isinstance(word, str) for word in arguments):
        raise SettingsError(f"{where}: arguments: must be a list of strings")
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise SettingsError(f"{where}: files: must be a table of texts, by the paths of the files")
    if not value.get("script"):
        raise SettingsError(f"{where}: has no script")
    for path in (value["script"], *files):
        if not _is_inside(path):
            raise SettingsError(f"{where}: {path!r} must be a path from the folder of this file on")
    command = checked_command(value.get("command", COMMAND), f"{where}: command")
    return Run(value["script"], tuple(arguments), value.get("stdin", ""), tuple(files.items()), command)


def _is_inside(path: str) -> bool:
    return bool(path) and not Path(path).is_absolute() and ".." not in Path(path).parts and "\0" not in path
