"""Settings from the files that say them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pymodernize.files.discover import Excluded
from pymodernize.registry import Entry
from pymodernize.settings.errors import SettingsError, nearest
from pymodernize.settings.files import by_settings_file, chain, find_settings_file, read_toml, table_of
from pymodernize.settings.model import HISTORY_SIZE, FileRule, Origin, Settings, key_of, name_of
from pymodernize.settings.runs import Run
from pymodernize.settings.values import READERS, boolean, checked_names, size

__all__ = ["by_settings_file", "find_settings_file", "load_history_size", "load_settings"]

TABLE = ("tool", "pymodernize")
"""The keys that lead to our table."""
_Tables: TypeAlias = Iterable[tuple[str, Any]]


def load_settings(path: Path | None, names: Collection[str]) -> Settings:
    """Read a settings file, and those that it takes in.

    What a file says goes beyond what it takes in: a value takes the place of
    another one; the options of a codemod, the patterns of files and what is
    left out add up.

    Args:
        path: the file, None for the defaults.
        names: the installed codemods, whose tables may occur.

    Raises:
        SettingsError: a file is not TOML, or a key or a value is wrong or
            in the wrong place.
    """
    if path is None:
        return Settings()
    files = chain(path)
    if not files[0][1] and table_of(path) is None:
        misplaced = sorted(read_toml(path).keys() & {"pymodernize", *READERS})
        if misplaced:
            raise SettingsError(f"{path}: {misplaced[0]}: stands at the top; settings go into [tool.pymodernize]")
    rules = _rules(files, frozenset(names))
    known = frozenset((*names, *rules))
    found = Settings(path=path, extended=tuple(item for item, _ in files[1:]), rules=rules)
    for file, table in reversed(files):
        found = _with_file(found, file, table, known)
    return found


def _rules(files: Iterable[tuple[Path, dict[str, Any]]], installed: Collection[str]) -> Mapping[str, Entry]:
    """The rules of Fixit that the nearest of some files names, by the names of their codemods.

    Raises:
        SettingsError: one cannot be had, or has the name of a codemod.
    """
    for file, table in files:
        if "fixit-rules" in table:
            where = f"{file}: fixit-rules"
            named = READERS["fixit-rules"](where, table["fixit-rules"])
            if not named:
                return {}
            from pymodernize.fixit.entries import rule_entries
            from pymodernize.fixit.errors import NoRule

            try:
                found = rule_entries(named)
            except NoRule as exc:
                raise SettingsError(f"{where}: {exc}") from None
            if taken := sorted(found.keys() & set(installed)):
                raise SettingsError(f"{where}: {taken[0]} is the name of a codemod that is installed")
            return found
    return {}


def _with_file(settings: Settings, path: Path, table: dict[str, Any], known: Collection[str]) -> Settings:
    """Settings with what one file says beyond them.

    Raises:
        SettingsError: a key or a value is wrong.
    """
    values: dict[str, Any] = {}
    codemods = dict(settings.codemods)
    of_codemods: dict[str, tuple[Origin, ...]] = {}
    for key, value in table.items():
        if key in known:
            if not isinstance(value, dict):
                raise SettingsError(f"{path}: {key} is a codemod; its options go into [tool.pymodernize.{key}]")
            codemods[key] = {**codemods.get(key, {}), **value}
            of_codemods |= {f"{key}.{name}": (Origin(path, (*TABLE, key, name)),) for name in value}
        elif key == "unsafe":
            values["assume"] = ("all",) if boolean(f"{path}: {key}", value) else values.get("assume", ())
        elif key in READERS:
            values[name_of(key)] = READERS[key](f"{path}: {key}", value)
        else:
            raise SettingsError(f"{path}: unknown key {key!r}{nearest(key, {*READERS, *known})}")
    origins = {name: Origin(path, (*TABLE, _key(name, table))) for name in values}
    values.pop("extend", None)
    folder = Path(os.path.abspath(path)).parent
    made = {"extend_exclude": _excluded, "per_file": _tables, "per_file_ignores": _ignores, "try_": _runs}
    values |= {name: make(path, folder, values[name], known) for name, make in made.items() if name in values}
    found = settings.over(values, origins)
    return dataclasses.replace(found, codemods=codemods, origins={**found.origins, **of_codemods})


def _key(name: str, table: dict[str, Any]) -> str:
    """The key of a table that an attribute is from."""
    key = key_of(name)
    return "unsafe" if key == "assume" and (table.get("unsafe") or key not in table) else key


def _excluded(_: Path, folder: Path, patterns: tuple[str, ...], __: Collection[str]) -> tuple[Excluded, ...]:
    return (Excluded(patterns, folder),)


def _runs(_: Path, folder: Path, runs: tuple[Run, ...], __: Collection[str]) -> tuple[Run, ...]:
    return tuple(dataclasses.replace(run, folder=folder) for run in runs)


def _tables(path: Path, folder: Path, tables: _Tables, known: Collection[str]) -> tuple[FileRule, ...]:
    rules = []
    for pattern, values in tables:
        for key in ("select", "ignore"):
            checked_names(values.get(key, ()), known, f"{path}: per-file.{pattern!r}: {key}")
        keys = (*TABLE, "per-file", pattern)
        origins = {key: Origin(path, (*keys, key), pattern) for key in values}
        rules.append(FileRule(folder, pattern, values, origins=origins))
    return tuple(rules)


def _ignores(path: Path, folder: Path, tables: _Tables, known: Collection[str]) -> tuple[FileRule, ...]:
    rules = []
    for pattern, names in tables:
        checked_names(names, known, f"{path}: per-file-ignores.{pattern!r}")
        origin = Origin(path, (*TABLE, "per-file-ignores", pattern), pattern)
        rules.append(FileRule(folder, pattern, {"ignore": names}, adds=True, origins={"ignore": origin}))
    return tuple(rules)


def load_history_size(path: Path | None) -> int:
    """One key alone, for commands that need no codemods.

    Args:
        path: the settings file, None for the defaults.

    Raises:
        SettingsError: the file is not TOML, or the value is wrong.
    """
    for file, table in chain(path) if path else ():
        if "history-size" in table:
            return size(f"{file}: history-size", table["history-size"])
    return HISTORY_SIZE
