"""Options that explain one file and write nothing: which other options they exclude."""

from __future__ import annotations

import click

from pymodernize.settings.planning import Request


def check_of_one_file(request: Request, option: str) -> None:
    """See that nothing is asked for besides.

    Args:
        request: the run's.
        option: the one that names the file.

    Raises:
        click.UsageError: paths, a mode or a format are given that have no meaning with it.
    """
    if request.paths:
        raise click.UsageError(f"{option} goes with no path but its own, which stands right behind it")
    if request.mode != "dry-run":
        raise click.UsageError(f"{option} changes nothing and goes with no --{request.mode}")
    if request.format not in ("text", "json"):
        raise click.UsageError(f"{option} has no --format {request.format}; it has text and json")
