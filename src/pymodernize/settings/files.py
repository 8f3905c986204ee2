"""Settings files: which hold for what, and which they take in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pymodernize.files.reading import Unreadable, read
from pymodernize.files.toml import MOST_BYTES, NotToml, parse_toml
from pymodernize.settings.errors import SettingsError

MOST_EXTENDED = 20
"""Files that one takes in, each by the one before."""
_REPOSITORY_MARKS = (".git", ".hg")


def find_settings_file(start: Path) -> Path | None:
    """The nearest ``pyproject.toml`` at or above a folder that has our table.

    Raises:
        SettingsError: one on the way cannot be read.
    """
    for folder in (start, *start.parents):
        candidate = folder / "pyproject.toml"
        if os.path.isfile(candidate) and table_of(candidate) is not None:
            return candidate
    return None


def by_settings_file(files: Iterable[Path]) -> dict[Path | None, list[Path]]:
    """Files by the settings that hold for them: those nearest to each, whatever else is named beside it.

    Args:
        files: the files.

    Returns:
        For each settings file, and for none, its files in the order given.

    Raises:
        SettingsError: a settings file cannot be read.
    """
    known: dict[Path, Path | None] = {}
    found: dict[Path | None, list[Path]] = {}
    for file in files:
        folder = Path(os.path.abspath(file)).parent
        pending = []
        for item in (folder, *folder.parents):
            if item in known:
                break
            pending.append(item)
        for item in reversed(pending):
            own = item / "pyproject.toml"
            above = known.get(item.parent) if item.parent != item else None
            known[item] = own if os.path.isfile(own) and table_of(own) is not None else above
        found.setdefault(known[folder], []).append(file)
    return found


def chain(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """A settings file and those that it takes in by ``extend``, each with its table; itself first.

    Args:
        path: the file.

    Raises:
        SettingsError: one cannot be read, has no table, or may not be taken in.
    """
    table = table_of(path)
    found = [(path, {} if table is None else table)]
    seen = [os.path.realpath(path)]
    while (text := found[-1][1].get("extend")) is not None:
        last = found[-1][0]
        target = _extended(last, text)
        real = os.path.realpath(target)
        if real in seen:
            names = " -> ".join(str(item) for item, _ in found[seen.index(real) :])
            raise SettingsError(f"{last}: extend: goes round in a circle: {names} -> {target}")
        if len(seen) > MOST_EXTENDED:
            raise SettingsError(f"{last}: extend: more than {MOST_EXTENDED} files take in one another")
        try:
            data = read(target, MOST_BYTES)
        except Unreadable as exc:
            why = exc if os.path.lexists(target) else "does not exist"
            raise SettingsError(f"{last}: extend: {target} {why}") from None
        table = _table(target, _parsed(target, data))
        if table is None:
            raise SettingsError(f"{last}: extend: {target} has no [tool.pymodernize]")
        found.append((target, table))
        seen.append(real)
    return found


def _extended(path: Path, text: object) -> Path:
    """The file that a value of ``extend`` means in a settings file.

    Raises:
        SettingsError: it means none, or one that may not be read: what a repository holds is no reason to read what
            lies beside it.
    """
    where = f"{path}: extend:"
    if not isinstance(text, str) or not text or "\0" in text:
        raise SettingsError(f"{where} must be a string, the path of a file")
    if Path(text).anchor:
        raise SettingsError(f"{where} {text!r} must be a path from the folder of this file")
    folder = Path(os.path.abspath(path)).parent
    target = Path(os.path.normpath(folder / text))
    real = Path(os.path.realpath(folder))
    for root in (real, *real.parents):
        if any(os.path.lexists(root / mark) for mark in _REPOSITORY_MARKS):
            if root not in Path(os.path.realpath(target)).parents:
                raise SettingsError(f"{where} {text!r} leads out of the repository {root}")
            break
    return target


def table_of(path: Path) -> dict[str, Any] | None:
    """``[tool.pymodernize]`` of a file, None if it has none.

    Raises:
        SettingsError: it cannot be read, or is no table.
    """
    return _table(path, read_toml(path))


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a settings file.

    Raises:
        SettingsError: it cannot be read, or is no TOML.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read: {exc.strerror}") from None
    return _parsed(path, data)


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return parse_toml(data)
    except NotToml as exc:
        raise SettingsError(f"{path}: {exc}") from None


def _table(path: Path, document: dict[str, Any]) -> dict[str, Any] | None:
    tool = document.get("tool", {})
    table = tool.get("pymodernize") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: [tool.pymodernize] is no table")
    return table
