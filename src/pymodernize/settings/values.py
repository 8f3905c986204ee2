"""The keys of settings, and readers that check their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymodernize.files.gitignore import Patterns, TooManyPatterns
from pymodernize.plan import STYLES, TARGETS
from pymodernize.settings.audit import read_audit
from pymodernize.settings.errors import SettingsError, nearest
from pymodernize.settings.profiles import PROFILES
from pymodernize.settings.runs import read_runs

# What max-file-size may be: a larger file would take more to read than any file may cost.
MOST_FILE_SIZE = 50_000_000

# What files that are no Python 3 count as.
UNPARSABLE = ("error", "warn")


def checked_names(names: Sequence[str], known: Iterable[str], where: str) -> tuple[str, ...]:
    """Names of codemods, all of which must be installed.

    Raises:
        SettingsError: one is not; the message has the nearest that is, or
            how to list all.
    """
    installed = set(known)
    for name in names:
        if name not in installed:
            hint = nearest(name, installed) or "; 'pymodernize rules' lists them"
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
            hint = nearest(code, there) or "; 'pymodernize rules --reasons' lists them"
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


def _taken_in(_: str, value: object) -> object:
    """What a file takes in; it has been read by now, so that the value is right."""
    return value


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


def boolean(where: str, value: object) -> bool:
    """A value that must be true or false.

    Raises:
        SettingsError: it is neither.
    """
    if not isinstance(value, bool):
        raise SettingsError(f"{where}: must be true or false")
    return value


def size(where: str, value: object) -> int:
    """Check a setting whose value is a number of bytes.

    Raises:
        SettingsError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise SettingsError(f"{where}: must be a positive number of bytes")
    return value


def _file_size(where: str, value: object) -> int:
    number = size(where, value)
    if number > MOST_FILE_SIZE:
        raise SettingsError(f"{where}: must be at most {MOST_FILE_SIZE} bytes")
    return number


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


def _per_file(where: str, value: object) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        raise SettingsError(f"{where}: must be tables, such as [tool.pymodernize.per-file.'tests/**']")
    found = []
    for pattern, table in value.items():
        place = f"{where}.{pattern!r}"
        for key in table:
            if key not in PER_FILE:
                hint = nearest(key, PER_FILE) or f"; what may differ by file: {', '.join(PER_FILE)}"
                raise SettingsError(f"{place}: unknown key {key!r}{hint}")
        _patterns(place, [pattern])
        found.append((pattern, {key: READERS[key](f"{place}: {key}", item) for key, item in table.items()}))
    return tuple(found)


def _per_file_ignores(where: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: must be a table of patterns, such as {{'tests/**' = ['NAME']}}")
    for pattern in value:
        _patterns(f"{where}.{pattern!r}", [pattern])
    return tuple((pattern, _strings(f"{where}.{pattern!r}", names)) for pattern, names in value.items())


PER_FILE = ("select", "ignore", "assume", "hide", "style", "unparsable")
"""The keys that may differ by file."""
READERS: dict[str, Any] = {
    "extend": _taken_in,
    "select": _strings,
    "ignore": _strings,
    "assume": _strings,
    "hide": _strings,
    "target-version": _target,
    "style": _style,
    "profile": _profile,
    "unparsable": _unparsable,
    "then-format": boolean,
    "fixit-rules": _strings,
    "extend-exclude": _patterns,
    "max-file-size": _file_size,
    "hard-links": _hard_links,
    "history-size": size,
    "per-file-ignores": _per_file_ignores,
    "per-file": _per_file,
    "try": read_runs,
    "audit": read_audit,
}
"""All keys but those of codemods; each with what checks a value and makes the setting of it."""
