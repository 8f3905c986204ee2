"""``pymodernize --show-settings FILE``: what holds for a file, and where that is written."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import click

from pymodernize.codemod import Codemod
from pymodernize.commands.one_file import check_of_one_file
from pymodernize.commands.run import DONE
from pymodernize.files.discover import Excluded
from pymodernize.plan import Plan
from pymodernize.registry import RegistryError, names
from pymodernize.report.run import path_for_programs
from pymodernize.report.streams import write_stdout
from pymodernize.report.terminal import escaped, show
from pymodernize.settings import Settings, SettingsError
from pymodernize.settings.lines import key_lines, line_of
from pymodernize.settings.model import FileRule, Origin
from pymodernize.settings.planning import Request, make_plan, settings_for
from pymodernize.settings.profiles import style_of

VERSION = 1

Places: TypeAlias = list[dict[str, Any]]
"""Where a value is from: an option, or a line of a file; nothing for a default."""


@dataclass(frozen=True)
class _Row:
    """A setting.

    Attributes:
        key: as in a settings file; of a codemod ``NAME.KEY``.
        value: as JSON has it.
        places: where it is from.
    """

    key: str
    value: Any
    places: Places


def show_settings(request: Request, file: str) -> int:
    """Print the settings that hold for a file, each with where it is from.

    Args:
        request: the options, which count as in a run.
        file: need not be there.

    Returns:
        The exit code.

    Raises:
        click.UsageError: options or settings are wrong.
    """
    check_of_one_file(request, "--show-settings")
    try:
        installed = names()
        settings = settings_for(replace(request, paths=[file]), installed).for_file(Path(file))
        plan = make_plan(request, settings, installed, may_be_empty=True)
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    rows = _Rows(request, settings, plan).all()
    if request.format == "json":
        write_stdout(_document(file, settings, plan, rows))
    else:
        for line in _lines(file, settings, plan, rows):
            show(escaped(line))
    return DONE


class _Rows:
    """The settings of a file.

    Args:
        request: the options.
        settings: those of the file.
        plan: what they come to.
    """

    def __init__(self, request: Request, settings: Settings, plan: Plan) -> None:
        self.request = request
        self.settings = settings
        self.plan = plan
        self.lines: dict[Path, dict[tuple[str, ...], int]] = {}

    def all(self) -> list[_Row]:
        """All of them: those that options may change, the others, and the options of the codemods."""
        given, own = self.request, self.settings
        rows = [
            self.row("select", given.select or own.select, bool(given.select)),
            self.sum("ignore", tuple(name for name in own.ignore if name not in given.select), given.ignore),
            self.sum("assume", own.assume, given.assume),
            self.row("hide", own.hide),
            self.target(),
            self.style(),
            self.row("profile", given.profile or own.profile, given.profile is not None),
            self.row("unparsable", given.unparsable or own.unparsable, given.unparsable is not None),
            self.row("then-format", given.then_format or own.then_format, given.then_format),
            self.row("fixit-rules", own.fixit_rules),
            self.row("extend-exclude", _excluded(own.extend_exclude)),
            *(self.row(key, getattr(own, key.replace("-", "_"))) for key in _PLAIN),
            self.row("per-file", _rules(own.per_file)),
            self.row("per-file-ignores", _rules(own.per_file_ignores)),
            self.row("try", [run.name for run in own.try_]),
            self.row("audit", dataclasses.asdict(own.audit)),
        ]
        asked = (*self.plan.codemods, *self.plan.checks)
        return [*rows, *(row for item in asked for row in self.options(item))]

    def row(self, key: str, value: object, by_option: bool = False) -> _Row:
        """A setting, of which an option takes the place if there is one."""
        return _Row(key, value, [_option(key)] if by_option else self.places(key))

    def sum(self, key: str, own: tuple[str, ...], given: tuple[str, ...]) -> _Row:
        """A setting that an option adds to."""
        if not given:
            return self.row(key, own)
        return _Row(key, (*own, *given), [*(self.places(key) if own else []), _option(key)])

    def target(self) -> _Row:
        """The oldest Python, also where nobody names it."""
        major, minor = self.plan.target_version
        return self.row("target-version", f"py{major}{minor}", self.request.target_version is not None)

    def style(self) -> _Row:
        """The style, which profiles name, too."""
        if not self.request.style and style_of(self.request.profile):
            return _Row("style", self.plan.style, [_option("profile")])
        is_of_profile = not self.request.style and not self.settings.style
        places = self.places("profile" if is_of_profile and style_of(self.settings.profile) else "style")
        return _Row("style", self.plan.style, [_option("style")] if self.request.style else places)

    def options(self, codemod: Codemod) -> list[_Row]:
        """The options of a codemod."""
        name = codemod.name()
        values = {item.name: getattr(codemod.options, item.name) for item in dataclasses.fields(codemod.options)}
        keys = ((f"{name}.{key.replace('_', '-')}", value) for key, value in values.items())
        return [self.row(key, value) for key, value in keys]

    def places(self, key: str) -> Places:
        """Where a setting is written."""
        return [self._place(origin) for origin in self.settings.origins.get(key, ())]

    def _place(self, origin: Origin) -> dict[str, Any]:
        if origin.path not in self.lines:
            try:
                text = origin.path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):  # it has changed this very moment
                text = ""
            self.lines[origin.path] = key_lines(text)
        line = line_of(self.lines[origin.path], origin.keys)
        return {"path": path_for_programs(origin.path), "line": line, "pattern": origin.pattern}


_PLAIN = ("max-file-size", "hard-links", "history-size")


def _option(key: str) -> dict[str, Any]:
    return {"option": f"--{key}"}


def _excluded(items: tuple[Excluded, ...]) -> list[str]:
    return [pattern for item in items for pattern in item.patterns]


def _rules(rules: tuple[FileRule, ...]) -> list[str]:
    return [rule.pattern for rule in rules]


def _document(file: str, settings: Settings, plan: Plan, rows: list[_Row]) -> bytes:
    """The settings as JSON."""
    document = {
        "version": VERSION,
        "path": file,
        "settings": None if settings.path is None else path_for_programs(settings.path),
        "extends": [path_for_programs(path) for path in settings.extended],
        "codemods": [codemod.name() for codemod in plan.codemods],
        "checks": [check.name() for check in plan.checks],
        "assumptions": {"accepted": sorted(plan.accepted), "in_scripts": sorted(plan.accepted_in_scripts)},
        "values": [{"key": row.key, "value": row.value, "from": row.places} for row in rows],
    }
    return f"{json.dumps(document, indent=2)}\n".encode("ascii")


def _lines(file: str, settings: Settings, plan: Plan, rows: list[_Row]) -> list[str]:
    """The settings as lines of text."""
    if settings.path is None:
        whose = "no settings file: the defaults hold"
    else:
        files = [path_for_programs(path) for path in (settings.path, *settings.extended)]
        whose = f"settings of {', which extends '.join(files)}"
    in_scripts = sorted(plan.accepted_in_scripts - plan.accepted)
    assumed = [*sorted(plan.accepted), *(f"{name} (in files that no other imports)" for name in in_scripts)]
    shown = [(row.key, _shown(row.value), _places(row.places)) for row in rows]
    of_key, of_value = (_width(shown, column) for column in (lambda row: row[0], lambda row: row[1]))
    return [
        f"{file}: {whose}",
        f"codemods: {', '.join(codemod.name() for codemod in plan.codemods) or 'none'}",
        f"checks: {', '.join(check.name() for check in plan.checks) or 'none'}",
        f"assumptions: {', '.join(assumed) or 'none'}",
        "",
        *(f"{key:{of_key}}  {value:{of_value}}  {place}" for key, value, place in shown),
    ]


def _width(rows: list[tuple[str, str, str]], column: Callable[[tuple[str, str, str]], str]) -> int:
    """The width of a column; longer items push their line aside."""
    return max(len(column(row)) for row in rows if len(column(row)) <= 44)


def _shown(value: object) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


def _places(places: Places) -> str:
    return ", ".join(map(_placed, places)) or "default"


def _placed(place: dict[str, Any]) -> str:
    if "option" in place:
        return place["option"]
    where = place["path"] if place["line"] is None else f"{place['path']}:{place['line']}"
    return where if place["pattern"] is None else f"{where} (files {place['pattern']})"
