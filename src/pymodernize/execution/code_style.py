"""The code style of a project: the settings of its ruff or Black that concern new code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pymodernize.files.reading import Unreadable, read
from pymodernize.files.toml import MOST_BYTES, NotToml, parse_toml

LINE_LENGTH = 88
"""The default of both formatters."""
_LONGEST = 320  # ruff takes no more
_RUFF_FILES = (".ruff.toml", "ruff.toml")


@dataclass(frozen=True)
class CodeStyle:
    """The style of new code.

    Attributes:
        line_length: the most columns of a line.
        docstrings: whether public functions must have a docstring.
        formatter: ``ruff`` or ``black``; empty if the settings name neither.
    """

    line_length: int = LINE_LENGTH
    docstrings: bool = False
    formatter: str = ""


def code_style(folder: Path) -> CodeStyle:
    """The style that the nearest settings at or above a folder ask for.

    Args:
        folder: an absolute path.

    Returns:
        The defaults where there are no settings, or none that can be read.
    """
    for place in (folder, *folder.parents):
        found = next(_settings(place), None)
        if found is not None:
            return found
    return CodeStyle()


def _settings(folder: Path) -> Iterator[CodeStyle]:
    """What a folder's settings files say, the one that counts first."""
    for name in _RUFF_FILES:
        if table := _table(folder / name):
            yield _of_ruff(table)
    tool = _table(folder / "pyproject.toml").get("tool")
    tables = {
        name: tool[name] for name in ("ruff", "black") if isinstance(tool, dict) and isinstance(tool.get(name), dict)
    }
    for name, table in tables.items():
        found = _of_ruff(table) if name == "ruff" else _of_black(table)
        # Where both are named, ruff is there for its rules, unless it is told how to format.
        shared = "black" in tables and "format" not in tables.get("ruff", {})
        yield replace(found, formatter="black" if shared else found.formatter)


def _table(path: Path) -> dict[str, Any]:
    """A settings file; empty if it is not there, or cannot be read."""
    try:
        return parse_toml(read(path, MOST_BYTES))
    except (Unreadable, NotToml):
        return {}


def _of_ruff(table: dict[str, Any]) -> CodeStyle:
    lint = table.get("lint")
    places = [table, lint] if isinstance(lint, dict) else [table]
    rules = [rule for place in places for key in ("select", "extend-select") for rule in _texts(place.get(key))]
    ignored = [rule for place in places for key in ("ignore", "extend-ignore") for rule in _texts(place.get(key))]
    asked = any(rule == "ALL" or rule in {"D", "D1", "D10", "D103"} for rule in rules)
    docstrings = asked and not any(rule in {"D", "D1", "D10", "D103"} for rule in ignored)
    return CodeStyle(_length(table), docstrings, "ruff")


def _of_black(table: dict[str, Any]) -> CodeStyle:
    return CodeStyle(_length(table), formatter="black")


def _length(table: dict[str, Any]) -> int:
    value = table.get("line-length")
    return value if type(value) is int and 0 < value <= _LONGEST else LINE_LENGTH


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
