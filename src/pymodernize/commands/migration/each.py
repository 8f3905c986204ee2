"""Migrations of one repository, or of several one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pymodernize.commands.migration.asked import limits_of, tell_next
from pymodernize.commands.migration.command import migrate
from pymodernize.commands.run import DONE, UNREADABLE, CannotGoOn
from pymodernize.execution.faults import fault
from pymodernize.files.output_files import NoOutput
from pymodernize.report.closing import counted
from pymodernize.report.run_origin import Ground, ground_of
from pymodernize.report.table import Row, Rows, write_table
from pymodernize.report.terminal import show, tell
from pymodernize.settings.planning import Request

_FAULT = 70


def migrate_all(request: Request, options: Mapping[str, Any]) -> int:
    """Migrate what is named: as one, or each path by itself.

    Args:
        request: the options that decide what is rewritten.
        options: all options.

    Returns:
        The exit code: of several, the largest.

    Raises:
        click.UsageError: options, settings or what is found do not allow it.
        CannotGoOn: it had to stop.
    """
    table: list[Row] = []
    try:
        if options["each"]:
            return _each(request, options, table)
        rows = _rows(request, options)
        try:
            return migrate(request, options, rows)
        finally:
            table += rows.rows if rows is not None else ()
    finally:
        if options["table"] and table:
            _write(Path(options["table"]), table)


def _each(request: Request, options: Mapping[str, Any], table: list[Row]) -> int:
    """Migrate one repository after the other; what stops one does not stop the others."""
    codes: dict[str, int] = {}
    names = dict(zip(request.paths, _names(request), strict=False))
    for path, name in names.items():
        show(f"{path}:")
        own, own_options = _own(path, name, request, options)
        rows = _rows(own, options)
        try:
            if not os.path.isdir(path):
                raise click.UsageError("is no folder")
            codes[path] = migrate(own, own_options, rows)
        except click.ClickException as exc:
            message, codes[path] = exc.format_message(), exc.exit_code
        except OSError as exc:
            message, codes[path] = f"cannot go on: {exc}", UNREADABLE
        except Exception as exc:
            message, codes[path] = fault(exc), _FAULT
        else:
            message = ""
        if message:
            tell(f"{path}: {message}")
        if rows is not None:
            if message:
                rows.rows.clear()
                rows.failed(message)
            table += rows.rows
    if DONE in codes.values() and not (options["commit"] or options["apply"]):
        tell_next(request, limits_of(options), "--each")
    if request.verbosity >= 0:
        failed = sum(code != DONE for code in codes.values())
        tell(f"{counted(len(codes), 'path')}: {len(codes) - failed} done, {failed} to look at")
    return max(codes.values(), default=DONE)


def _names(request: Request) -> Iterator[str]:
    """Names for the folders of what belongs to each path."""
    taken: set[str] = set()
    for path in request.paths:
        base = name = os.path.basename(os.path.abspath(path)) or "top"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        yield name


def _own(path: str, name: str, request: Request, options: Mapping[str, Any]) -> tuple[Request, dict[str, Any]]:
    """The options for one of several paths: what goes into folders goes into one of its own there."""
    receipts = os.path.join(request.receipts, name) if request.receipts else None
    bodies = os.path.join(options["pr_body"], name) if options["pr_body"] else None
    junit = os.path.join(path, options["verify_junit"]) if options["verify_junit"] else None
    changed = {"pr_body": bodies, "verify_junit": junit, "receipts": receipts}
    return replace(request, paths=(path,), receipts=receipts), {**options, **changed}


def _rows(request: Request, options: Mapping[str, Any]) -> Rows | None:
    if not options["table"]:
        return None
    purpose = next((name for name in ("commit", "apply") if options[name]), "plan")
    ground = ground_of(request.paths)
    if options["each"] and ground.base is None:
        ground = Ground(Path(os.path.realpath(request.paths[0])))
    return Rows(request, ground, f"migrate {purpose}")


def _write(path: Path, table: list[Row]) -> None:
    try:
        write_table(path, table)
    except NoOutput as exc:
        raise CannotGoOn(str(exc)) from exc
