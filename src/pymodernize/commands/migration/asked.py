"""What is asked of a migration, and the command line that asks for it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pymodernize.commands.invocation import command_line
from pymodernize.commands.migration.moves import Limits
from pymodernize.commands.run import receipts_for
from pymodernize.receipts.collecting import Receipts
from pymodernize.report.run_origin import ground_of
from pymodernize.report.table import Rows
from pymodernize.report.terminal import tell
from pymodernize.settings.planning import Request

_AS_GIVEN = "each commit apply branch allow_dirty ignore_revs restart try_runs try_seconds unconfined".split()


@dataclass(frozen=True)
class Asked:
    """What is asked of a migration, beside what is rewritten."""

    limits: Limits
    each: bool
    commit: bool
    apply: bool
    branch: str | None
    allow_dirty: bool
    ignore_revs: bool
    restart: bool
    verify: Sequence[str] = ()
    junit: Path | None = None
    seconds: float = 900.0
    try_: Sequence[str] = ()
    try_runs: bool = False
    try_seconds: float = 60.0
    unconfined: bool = False
    receipts: Receipts | None = None
    bodies: Path | None = None
    rows: Rows | None = None

    @property
    def judges(self) -> bool:
        """Whether anything says which rewrites are kept."""
        return bool(self.verify or self.try_ or self.try_runs)


def asked_of(request: Request, options: Mapping[str, Any], rows: Rows | None = None) -> Asked:
    """What options ask for.

    Args:
        request: those that decide what is rewritten.
        options: all of them.
        rows: makes those of a table.

    Raises:
        click.UsageError: receipts cannot be written.
    """
    return Asked(
        limits_of(options),
        **{name: options[name] for name in _AS_GIVEN},
        verify=options["verify"],
        junit=Path(os.path.abspath(options["verify_junit"])) if options["verify_junit"] else None,
        seconds=options["verify_seconds"],
        try_=options["try"],
        receipts=receipts_for(request),
        bodies=Path(options["pr_body"]) if options["pr_body"] else None,
        rows=rows,
    )


def limits_of(options: Mapping[str, Any]) -> Limits:
    """What a commit may hold."""
    return Limits(options["by"], options["max_changes"], options["max_lines"])


def tell_next(request: Request, limits: Limits, *words: str) -> None:
    """Say how what is planned is done: as commits if any of it is in a repository of git.

    Args:
        request: the options that decide what is rewritten.
        limits: what a commit may hold.
        words: other options.
    """
    if request.verbosity < 0:
        return
    if any(ground_of([path]).base is not None for path in request.paths):
        tell(f"Commit them:  {command_of(request, limits, '--commit', *words)}")
    else:
        tell(f"Write them:  {command_of(request, limits, '--apply', *words)}")


def command_of(request: Request, limits: Limits, *words: str) -> str:
    """The command line of a migration."""
    return command_line(replace(request, mode="dry-run"), "migrate", *words, *limits.options)
