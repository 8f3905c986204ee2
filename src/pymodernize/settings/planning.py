"""The plan of a run: what its options and settings ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymodernize.assumptions import CHANGES_BEHAVIOUR, SETS, Accepted, Assumption, UnknownAssumption, accept
from pymodernize.check import Check
from pymodernize.codemod import Codemod
from pymodernize.files.output_files import Output
from pymodernize.plan import STYLES, TARGETS, Plan
from pymodernize.reasons import ENGINE
from pymodernize.registry import Entry
from pymodernize.settings import (
    Settings,
    SettingsError,
    checked_codes,
    checked_names,
    find_settings_file,
    load_settings,
    make_options,
    parse_target,
)
from pymodernize.settings.profiles import names_of, style_of


@dataclass(frozen=True)
class Request:
    """The options of a run, as on the command line."""

    paths: Sequence[str]
    mode: str = "dry-run"
    interactive: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    target_version: str | None = None
    style: str | None = None
    profile: str | None = None
    unparsable: str | None = None
    then_format: bool = False
    format: str = "text"
    stdin_filename: str | None = None
    config: str | None = None
    verbosity: int = 0
    jobs: int | None = None
    cache: bool = True
    statistics: bool = False
    show: tuple[str, ...] = ()
    diff: bool = False
    edits: bool = False
    texts: bool = False
    outputs: tuple[Output, ...] = ()
    baseline: str | None = None
    write_baseline: str | None = None
    update_baseline: bool = False
    since: str | None = None
    staged: bool = False
    pager: bool = True
    executor: str = "processes"
    scheduler: str | None = None
    receipts: str | None = None
    count_types: bool = False
    table: str | None = None


def make_plan(
    request: Request,
    settings: Settings,
    installed: dict[str, Entry],
    *,
    may_be_empty: bool = False,
    fixes: bool = False,
) -> Plan:
    """The plan that options and settings ask for; an option wins over a setting.

    Args:
        request: the options.
        settings: the settings.
        installed: the codemods and checks, by name.
        may_be_empty: whether it is all right that none of them is left.
        fixes: whether the edits are told of that deal with each finding alone.

    Raises:
        SettingsError: an unknown codemod, version, or option of a codemod, or
            no codemod is left.
        RegistryError: a codemod does not load.
    """
    installed = {**installed, **settings.rules}
    chosen = checked_names(request.select, installed, "--select")
    # The rules of Fixit that settings name take part beside what they select.
    preset = (
        tuple(installed)
        if settings.select is None
        else (*checked_names(settings.select, installed, settings.where("select")), *settings.rules)
    )
    # A profile of the settings takes nothing away that is asked for by name on the command line.
    within = names_of(request.profile or (None if chosen else settings.profile), installed)
    select = [name for name in chosen or preset if name in within]
    # What is asked for by name on the command line is not taken away by the settings.
    ignore = {
        *checked_names(request.ignore, installed, "--ignore"),
        *(set(checked_names(settings.ignore, installed, settings.where("ignore"))) - set(chosen)),
    }
    asked: list[Codemod] = []
    for name in installed:
        if name in select and name not in ignore:
            codemod = installed[name].load()
            asked.append(codemod(_options(name, codemod, settings)))
    if not asked and not may_be_empty:
        raise SettingsError(_nothing_left(request, settings))
    codemods = [item for item in asked if not isinstance(item, Check)]
    target = parse_target(request.target_version, "--target-version") if request.target_version else None
    running = min((3, sys.version_info.minor), TARGETS[-1])
    accepted = _accepted(request, settings, codemods, installed)
    return Plan(
        codemods=tuple(codemods),
        accepted=accepted.everywhere,
        target_version=target or settings.target_version or running,
        accepted_in_scripts=accepted.in_scripts,
        style=request.style or style_of(request.profile) or settings.style or style_of(settings.profile) or STYLES[0],
        hide=_hidden(settings, installed),
        fixes=fixes,
        checks=tuple(item for item in asked if isinstance(item, Check)),
    )


def _options(name: str, codemod: type[Codemod], settings: Settings) -> Any:  # noqa: ANN401 - each has its own
    """The options that settings give a codemod.

    Raises:
        SettingsError: one is wrong.
    """
    values = settings.codemods.get(name, {})
    places = {key: f"{settings.where(f'{name}.{key}')}: [tool.pymodernize.{name}]" for key in values}
    return make_options(codemod, values, f"{settings.path or 'settings'}: [tool.pymodernize.{name}]", places)


def _accepted(
    request: Request, settings: Settings, codemods: Sequence[Codemod], installed: dict[str, Entry]
) -> Accepted:
    """The assumptions that options and settings accept; the options may add to the settings and take away from them.

    Raises:
        SettingsError: one is not known.
        RegistryError: a codemod does not load.
    """
    known = known_assumptions(codemods)
    if not {word.lstrip("+-") for word in (*settings.assume, *request.assume)} <= {*SETS, *known}:
        # Of a codemod that is not run, or mistyped.
        known = known_assumptions(entry.load() for entry in installed.values())
    found = None
    for words, where in ((settings.assume, f"{settings.where('assume')}: assume"), (request.assume, "--assume")):
        try:
            found = accept(words, known, found)
        except UnknownAssumption as exc:
            raise SettingsError(f"{where}: {exc}") from None
    assert found is not None  # noqa: S101 - the usual ones at least
    return found


def _hidden(settings: Settings, installed: dict[str, Entry]) -> frozenset[str]:
    """The codes of the reasons that the settings hide.

    Raises:
        SettingsError: one is not known.
        RegistryError: a codemod does not load.
    """
    if not settings.hide:
        return frozenset()
    known = {code for _, code, _ in known_reasons(installed)}
    known.update(known_assumptions(entry.load() for entry in installed.values()))
    return frozenset(checked_codes(settings.hide, known, f"{settings.where('hide')}: hide"))


def known_reasons(installed: dict[str, Entry]) -> list[tuple[str, str, str]]:
    """Every reason why a place is left: the codemod or empty for any, the code, and a sentence.

    Raises:
        RegistryError: a codemod does not load.
    """
    rows = [("", code, sentence) for code, sentence in ENGINE.items()]
    for name, entry in installed.items():
        rows += [(name, code, sentence) for code, sentence in entry.load().reasons.items()]
    return rows


def known_assumptions(codemods: Iterable[Codemod | type[Codemod]]) -> dict[str, Assumption]:
    """The assumptions of some codemods and the engine's own, by name."""
    declared = [item for codemod in codemods for item in codemod.assumptions]
    return {item.name: item for item in (CHANGES_BEHAVIOUR, *declared)}


def _nothing_left(request: Request, settings: Settings) -> str:
    """Why no codemod would run: a run that can find nothing must not look like one that found nothing."""
    if not request.select and settings.select == ():
        return f"{settings.where('select')}: select: names no codemod; leave the key out for all of them"
    if not request.ignore and not settings.ignore:
        return f"the profile {request.profile or settings.profile} has no codemod of those that are selected"
    place = "--ignore" if request.ignore else f"{settings.where('ignore')}: ignore:"
    return f"{place} leaves no codemod of those that are selected"


def settings_for(request: Request, installed: dict[str, Entry]) -> Settings:
    """The settings for what a request names.

    Args:
        request: what is asked for.
        installed: the codemods that may have options.

    Raises:
        SettingsError: they are wrong.
    """
    paths = [*request.paths, *([request.stdin_filename] if request.stdin_filename else [])]
    path = Path(request.config) if request.config else find_settings_file(common_folder(paths))
    return load_settings(path, installed)


def common_folder(paths: Sequence[str]) -> Path:
    """The folder from which the settings are looked for: the one that holds all paths."""
    try:
        real = [os.path.abspath(path) for path in paths if path != "-"]
        here = Path.cwd()
    except FileNotFoundError:  # the current folder was removed; what is named by its whole path is there all the same
        real, here = [path for path in paths if os.path.isabs(path)], Path(os.sep)
    if not real:
        return here
    try:
        common = Path(os.path.commonpath(real))
    except ValueError:  # paths on several drives
        return here
    return common if os.path.isdir(common) else common.parent
