"""Settings from ``[tool.pymodernize]`` in ``pyproject.toml`` or a file of the same form."""

from __future__ import annotations

import dataclasses
import difflib
import os
import sys
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymodernize.codemod import Codemod
from pymodernize.discover import MAX_SIZE
from pymodernize.gitignore import Patterns, TooManyPatterns
from pymodernize.plan import STYLES, TARGETS
from pymodernize.profiles import PROFILES
from pymodernize.toml_files import MOST_BYTES, NotToml, parse_toml

# How many bytes of undo information a project keeps.
HISTORY_SIZE = 100_000_000
# What max-file-size may be: a larger file would take more to read than any file may cost.
MOST_FILE_SIZE = 50_000_000

# What files that are no Python 3 count as.
UNPARSABLE = ("error", "warn")


class SettingsError(ValueError):
    """The settings are wrong; the message says where and what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run; an absent key has its default.

    Attributes:
        select: codemods to run; None for all.
        ignore: codemods to leave out.
        assume: the assumptions that are accepted, as ``--assume`` takes them.
        hide: codes of reasons; places that are left for one of them are not reported.
        target_version: the oldest Python that rewritten files must run on.
        style: how much new code says: ``plain`` the least, ``standard`` the whole template; None leaves it to the
            profile.
        profile: how much may change, one of :data:`PROFILES`.
        unparsable: whether files that are no Python 3 are an ``error``, or a ``warn``ing that leaves the exit code.
        then_format: whether changed files are handed to the formatter of their project.
        extend_exclude: patterns, as in ``.gitignore``, of what is left out beyond the defaults.
        max_file_size: files above this many bytes are not read.
        hard_links: ``break`` to replace a file that has other names, which
            keep the old text; ``refuse`` to leave it.
        history_size: how many bytes the kept runs may take.
        per_file: for patterns, as in ``.gitignore`` from the settings' folder on,
            the settings that hold for the files that match; later ones go
            beyond earlier ones.
        codemods: the options of each codemod, not yet checked.
        path: the file that they are from, None for the defaults.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    target_version: tuple[int, int] | None = None
    style: str | None = None
    profile: str | None = None
    unparsable: str = UNPARSABLE[0]
    then_format: bool = False
    extend_exclude: tuple[str, ...] = ()
    max_file_size: int = MAX_SIZE
    hard_links: str = "break"
    history_size: int = HISTORY_SIZE
    per_file: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    codemods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    path: Path | None = None

    def by_pattern(self, files: Iterable[Path]) -> list[tuple[Settings, list[Path]]]:
        """Files with the settings that hold for them once the tables of their patterns are taken in.

        Args:
            files: files for which these settings are the nearest.

        Returns:
            Settings, each with its files in the order given.
        """
        if not self.per_file or self.path is None:
            return [(self, list(files))]
        root = Path(os.path.abspath(self.path)).parent
        tables = [(Patterns([pattern]), values) for pattern, values in self.per_file]
        found: dict[tuple[int, ...], list[Path]] = {}
        for file in files:
            names = [os.fsencode(name) for name in Path(os.path.relpath(os.path.abspath(file), root)).parts]
            matching = [number for number, (patterns, _) in enumerate(tables) if _matches(patterns, names)]
            found.setdefault(tuple(matching), []).append(file)
        return [(self._with([tables[number][1] for number in numbers]), own) for numbers, own in found.items()]

    def for_file(self, file: Path) -> Settings:
        """The settings that hold for one file."""
        return self.by_pattern([file])[0][0]

    def _with(self, tables: Iterable[Mapping[str, Any]]) -> Settings:
        """These settings with those of some tables, each going beyond the one before."""
        found = self
        for values in tables:
            more = dict(values)
            # A list that begins with a sign adds to what holds already, as on the command line.
            if (words := more.get("assume")) and words[0][:1] in {"+", "-"}:
                more["assume"] = (*found.assume, *words)
            found = dataclasses.replace(found, **more)
        return found


def find_settings_file(start: Path) -> Path | None:
    """The nearest ``pyproject.toml`` at or above a folder that has our table.

    Raises:
        SettingsError: one on the way cannot be read.
    """
    for folder in (start, *start.parents):
        candidate = folder / "pyproject.toml"
        if os.path.isfile(candidate) and _table(candidate) is not None:
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
            known[item] = own if os.path.isfile(own) and _table(own) is not None else above
        found.setdefault(known[folder], []).append(file)
    return found


def load_settings(path: Path | None, names: Iterable[str]) -> Settings:
    """Read a settings file.

    Args:
        path: the file, None for the defaults.
        names: the installed codemods, whose tables may occur.

    Raises:
        SettingsError: the file is not TOML, or a key or a value is wrong or
            in the wrong place.
    """
    if path is None:
        return Settings()
    table = _table(path)
    if table is None:
        misplaced = sorted(_read(path).keys() & {"pymodernize", *_READERS})
        if misplaced:
            raise SettingsError(f"{path}: {misplaced[0]}: stands at the top; settings go into [tool.pymodernize]")
        table = {}
    values: dict[str, Any] = {"path": path}
    codemods: dict[str, Mapping[str, Any]] = {}
    known = set(names)
    for key, value in table.items():
        if key in known:
            if not isinstance(value, dict):
                raise SettingsError(f"{path}: {key} is a codemod; its options go into [tool.pymodernize.{key}]")
            codemods[key] = value
        elif key == "unsafe":
            values["assume"] = ("all",) if _boolean(f"{path}: {key}", value) else values.get("assume", ())
        elif key in _READERS:
            values[key.replace("-", "_")] = _READERS[key](f"{path}: {key}", value)
        else:
            raise SettingsError(f"{path}: unknown key {key!r}{_nearest(key, {*_READERS, *known})}")
    return Settings(codemods=codemods, **values)


def load_history_size(path: Path | None) -> int:
    """One key alone, for commands that need no codemods.

    Args:
        path: the settings file, None for the defaults.

    Raises:
        SettingsError: the file is not TOML, or the value is wrong.
    """
    value = (_table(path) or {}).get("history-size", HISTORY_SIZE) if path else HISTORY_SIZE
    return _size(f"{path}: history-size", value)


def make_options(codemod: type[Codemod], values: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401
    """A codemod's options from a table, checked against the fields of its ``Options``.

    Raises:
        SettingsError: an unknown key or a value of the wrong type.
    """
    fields = {item.name.replace("_", "-"): item for item in dataclasses.fields(codemod.Options)}
    hints = typing.get_type_hints(codemod.Options, vars(sys.modules[codemod.__module__]))
    given: dict[str, Any] = {}
    for key, value in values.items():
        if key not in fields:
            raise SettingsError(f"{where}: unknown key {key!r}{_nearest(key, fields)}")
        given[fields[key].name] = _converted(f"{where}: {key}", value, hints[fields[key].name])
    try:
        return codemod.Options(**given)
    except ValueError as exc:
        raise SettingsError(f"{where}: {exc}") from None


def checked_names(names: Sequence[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """Names of codemods, all of which must be installed.

    Raises:
        SettingsError: one is not; the message has the nearest that is, or
            how to list all.
    """
    installed = set(known)
    for name in names:
        if name not in installed:
            hint = _nearest(name, installed) or "; 'pymodernize rules' lists them"
            raise SettingsError(f"{where}: no codemod is called {name!r}{hint}")
    return tuple(names)


def checked_codes(codes: Sequence[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """Codes of reasons, all of which a codemod or the engine has.

    Raises:
        SettingsError: one has none; the message has the nearest, or how to list all.
    """
    there = set(known)
    for code in codes:
        if code not in there:
            hint = _nearest(code, there) or "; 'pymodernize rules --reasons' lists them"
            raise SettingsError(f"{where}: no reason has the code {code!r}{hint}")
    return tuple(codes)


def parse_target(text: str, where: str) -> tuple[int, int]:
    """A version from ``py310`` or ``3.10``.

    Raises:
        SettingsError: it is none that is known.
    """
    plain = text.removeprefix("py").replace(".", "")
    for target in TARGETS:
        if plain == f"{target[0]}{target[1]}":
            return target
    raise SettingsError(f"{where}: {text!r} is no known version; write one like py310")


def _table(path: Path) -> dict[str, Any] | None:
    """``[tool.pymodernize]`` of a file, None if it has none."""
    tool = _read(path).get("tool", {})
    table = tool.get("pymodernize") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: [tool.pymodernize] is no table")
    return table


def _read(path: Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            return parse_toml(file.read(MOST_BYTES + 1))
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read: {exc.strerror}") from None
    except NotToml as exc:
        raise SettingsError(f"{path}: {exc}") from None


def _nearest(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, sorted(known), 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


_KINDS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number", type(None): "absent"}


def _converted(where: str, value: object, hint: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    """A value of TOML as an option's type has it: lists become tuples, whole numbers floats."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise SettingsError(f"{where}: must be a list of which each item is {_named(args[0])}, not {_shown(value)}")
        return tuple(_converted(where, item, args[0]) for item in value)
    if origin in (typing.Union, types.UnionType):
        for arg in args:
            try:
                return _converted(where, value, arg)
            except SettingsError:
                continue
    elif origin is typing.Literal:
        if any(value == arg and type(value) is type(arg) for arg in args):
            return value
    elif hint is float and type(value) is int:
        return float(value)
    elif type(value) is hint:
        return value
    raise SettingsError(f"{where}: must be {_named(hint)}, not {_shown(value)}")


def _shown(value: object) -> str:
    """A value for a message, not more of it than a line takes."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _named(hint: Any) -> str:  # noqa: ANN401 - a type
    """What a value must be, for a message."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return "one of " + ", ".join(repr(arg) for arg in args)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_named(arg) for arg in args if arg is not type(None))
    return "a list" if origin is tuple else _KINDS.get(hint, str(hint))


def _strings(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{where}: must be a list of strings")
    return tuple(value)


def _patterns(where: str, value: object) -> tuple[str, ...]:
    lines = _strings(where, value)
    try:
        Patterns(lines)
    except TooManyPatterns as exc:
        raise SettingsError(f"{where}: {exc}") from None
    return lines


def _boolean(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError(f"{where}: must be true or false")
    return value


def _size(where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise SettingsError(f"{where}: must be a positive number of bytes")
    return value


def _file_size(where: str, value: object) -> int:
    size = _size(where, value)
    if size > MOST_FILE_SIZE:
        raise SettingsError(f"{where}: must be at most {MOST_FILE_SIZE} bytes")
    return size


def _target(where: str, value: object) -> tuple[int, int]:
    if not isinstance(value, str):
        raise SettingsError(f"{where}: must be a string like 'py310'")
    return parse_target(value, where)


def _style(where: str, value: object) -> str:
    if value not in STYLES:
        raise SettingsError(f"{where}: must be {' or '.join(map(repr, STYLES))}")
    return str(value)


def _profile(where: str, value: object) -> str:
    if value not in PROFILES:
        raise SettingsError(f"{where}: must be {', '.join(map(repr, PROFILES[:-1]))} or {PROFILES[-1]!r}")
    return str(value)


def _hard_links(where: str, value: object) -> str:
    if value not in ("break", "refuse"):
        raise SettingsError(f"{where}: must be 'break' or 'refuse'")
    return str(value)


def _unparsable(where: str, value: object) -> str:
    if value not in UNPARSABLE:
        raise SettingsError(f"{where}: must be {' or '.join(map(repr, UNPARSABLE))}")
    return str(value)


def _matches(patterns: Patterns, names: Sequence[bytes]) -> bool:
    """Whether a file, by the names on the way to it, or a folder that it is in matches."""
    whole = len(names)
    return any(patterns.leaves_out(names[:end], is_folder=end < whole) for end in range(1, whole + 1))


def _per_file(where: str, value: object) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        raise SettingsError(f"{where}: must be tables, such as [tool.pymodernize.per-file.'tests/**']")
    found = []
    for pattern, table in value.items():
        place = f"{where}.{pattern!r}"
        for key in table:
            if key not in _PER_FILE:
                hint = _nearest(key, _PER_FILE) or f"; what may differ by file: {', '.join(_PER_FILE)}"
                raise SettingsError(f"{place}: unknown key {key!r}{hint}")
        _patterns(place, [pattern])
        found.append((pattern, {key: _READERS[key](f"{place}: {key}", item) for key, item in table.items()}))
    return tuple(found)


_PER_FILE = ("select", "ignore", "assume", "hide", "style", "unparsable")
_READERS: dict[str, Any] = {
    "select": _strings,
    "ignore": _strings,
    "assume": _strings,
    "hide": _strings,
    "target-version": _target,
    "style": _style,
    "profile": _profile,
    "unparsable": _unparsable,
    "then-format": _boolean,
    "extend-exclude": _patterns,
    "max-file-size": _file_size,
    "hard-links": _hard_links,
    "history-size": _size,
    "per-file": _per_file,
}
