"""One run from its options to its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import click

from pymodernize.codemod import Safety
from pymodernize.discover import Discovery, discover
from pymodernize.engine import Result, transform
from pymodernize.execute import FileReport, error_reports, run
from pymodernize.plan import TARGETS, Plan
from pymodernize.registry import Entry, RegistryError, entries
from pymodernize.report.summary import Summary
from pymodernize.report.text import TextReport
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings import (
    Settings,
    SettingsError,
    checked_names,
    find_settings_file,
    load_settings,
    make_options,
    parse_target,
)
from pymodernize.transaction import NotWritten, replace_file

DONE, CHANGES, USAGE, UNREADABLE, REJECTED = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Request:
    """The options of a run, as on the command line."""

    paths: Sequence[str]
    mode: str = "dry-run"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe: bool = False
    target_version: str | None = None
    format: str = "text"
    stdin_filename: str | None = None
    config: str | None = None
    verbosity: int = 0


class Report(Protocol):
    """What every format offers."""

    def file(self, report: FileReport) -> None:
        """Show one file."""

    def finish(self, summary: Summary) -> None:
        """Show the figures."""


def execute(request: Request) -> int:
    """Carry out a run.

    Returns:
        The exit code.

    Raises:
        click.UsageError: options or settings are wrong.
    """
    try:
        installed = entries()
        settings = _settings(request, installed)
        plan = make_plan(request, settings, installed)
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    if "-" in request.paths:
        if len(request.paths) > 1:
            raise click.UsageError("- (stdin) goes with no other path")
        return _run_stdin(request, plan)
    return _run_files(request, settings, plan)


def make_plan(request: Request, settings: Settings, installed: dict[str, Entry]) -> Plan:
    """The plan that options and settings ask for; an option wins over a setting.

    Raises:
        SettingsError: an unknown codemod, version, or option of a codemod.
        RegistryError: a codemod does not load.
    """
    where = str(settings.path or "settings")
    select = checked_names(request.select, installed, "--select") or (
        checked_names(settings.select, installed, where) if settings.select is not None else tuple(installed)
    )
    ignore = {
        *checked_names(request.ignore, installed, "--ignore"),
        *checked_names(settings.ignore, installed, where),
    }
    codemods = []
    for name in installed:
        if name in select and name not in ignore:
            codemod = installed[name].load()
            options = make_options(codemod, settings.codemods.get(name, {}), f"{where}: [tool.pymodernize.{name}]")
            codemods.append(codemod(options))
    target = parse_target(request.target_version, "--target-version") if request.target_version else None
    running = min((3, sys.version_info.minor), TARGETS[-1])
    return Plan(
        codemods=tuple(codemods),
        floor=Safety.UNSAFE if request.unsafe or settings.unsafe else Safety.SAFE,
        target_version=target or settings.target_version or running,
    )


def _settings(request: Request, installed: dict[str, Entry]) -> Settings:
    path = Path(request.config) if request.config else find_settings_file(_common_folder(request.paths))
    return load_settings(path, installed)


def _common_folder(paths: Sequence[str]) -> Path:
    """The folder from which the settings are looked for: the one that holds all paths."""
    real = [os.path.abspath(path) for path in paths if path != "-"]
    if not real:
        return Path.cwd()
    try:
        common = Path(os.path.commonpath(real))
    except ValueError:  # paths on several drives
        return Path.cwd()
    return common if common.is_dir() else common.parent


def _report(request: Request) -> Report:
    applied = request.mode == "apply"
    if request.format == "json":
        from pymodernize.report.json import JsonReport

        return JsonReport(applied=applied)
    show_diff = request.mode == "dry-run" or request.verbosity > 0
    return TextReport(applied=applied, verbosity=request.verbosity, show_diff=show_diff)


def _run_files(request: Request, settings: Settings, plan: Plan) -> int:
    found = discover(request.paths, settings.extend_exclude)
    report = _report(request)
    summary = Summary()
    for item in _reports(request, settings, plan, found):
        shown = _written(item) if request.mode == "apply" else item
        summary.add(shown)
        report.file(shown)
    if request.verbosity > 0:
        for link in found.skipped:
            click.echo(f"{link}: skipped, the link leads out of the tree", err=True)
    report.finish(summary)
    return _exit_code(request, summary)


def _reports(request: Request, settings: Settings, plan: Plan, found: Discovery) -> Iterator[FileReport]:
    folders = [Path(path) for path in request.paths if os.path.isdir(path)]
    yield from error_reports((problem.path, problem.message) for problem in found.problems)
    yield from run(found.files, plan, max_size=settings.max_file_size, folders=folders)


def _written(item: FileReport) -> FileReport:
    """Write a file's changes; one that cannot be written has an error instead of changes."""
    if item.result.output is None:
        return item
    try:
        replace_file(item.path, item.source, item.result.output)
    except NotWritten as exc:
        return replace(item, result=Result(error=str(exc)))
    return item


def _exit_code(request: Request, summary: Summary) -> int:
    codes = [DONE]
    if request.mode == "check" and summary.changed:
        codes.append(CHANGES)
    if summary.errors:
        codes.append(UNREADABLE)
    if summary.rejected:
        codes.append(REJECTED)
    return max(codes)


def _run_stdin(request: Request, plan: Plan) -> int:
    """Work on stdin: ``--apply`` writes the whole new text to stdout."""
    source = sys.stdin.buffer.read()
    name = request.stdin_filename or "<stdin>"
    result = transform(source, plan, ProjectFacts(path=name))
    report = FileReport(Path(name), source, result)
    if request.mode == "apply" and request.format == "text":
        sys.stdout.buffer.write(result.output if result.output is not None else source)
        sys.stdout.buffer.flush()
    summary = Summary()
    summary.add(report)
    shown = _report(request)
    shown.file(report)
    if request.mode != "apply" or request.format == "json":
        shown.finish(summary)
    return _exit_code(request, summary)


def show_rules() -> int:
    """Print the name and summary of each codemod."""
    try:
        installed = entries()
        rows = [(name, (entry.load().__doc__ or "").strip().partition("\n")[0]) for name, entry in installed.items()]
    except RegistryError as exc:
        raise click.UsageError(str(exc)) from exc
    width = max((len(name) for name, _ in rows), default=0)
    for name, summary in rows:
        click.echo(f"{name:{width}}  {summary}")
    return DONE


def show_rule(name: str) -> int:
    """Print a codemod's documentation."""
    from pymodernize.explain import documentation

    try:
        installed = entries()
        checked_names([name], installed, "explain")
        click.echo(documentation(installed[name].load()))
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    return DONE
