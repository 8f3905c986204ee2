"""What the values of options must be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pymodernize.output_files import Output


def names(_context: click.Context, _parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """Names given once with commas or in several options."""
    found = tuple(name.strip() for item in value for name in item.split(",") if name.strip())
    if value and not found:
        # "--select $UNSET" must not mean all of them.
        raise click.BadParameter("it names nothing")
    return found


FORMATS = ("json", "sarif", "github", "gitlab", "junit", "patch")


def outputs(options: dict[str, Any]) -> tuple[Output, ...]:
    """Where reports go beside stdout and stderr.

    Raises:
        click.UsageError: a format is unknown, or a file cannot be written.
    """
    from pathlib import Path

    from pymodernize.output_files import NoOutput, Output, check

    found: dict[str, Output] = {}
    context = click.get_current_context()
    for text in options["output"]:
        name, colon, file = text.partition(":")
        if not colon or not file or name not in FORMATS:
            raise click.UsageError(f"--output: {text!r} is not FORMAT:FILE; the formats: {', '.join(FORMATS)}", context)
        place = os.path.abspath(file)
        if place in found:
            raise click.UsageError(f"--output: {file} is named twice", context)
        try:
            check(Path(file))
        except NoOutput as exc:
            raise click.UsageError(f"--output: {exc}", context) from None
        found[place] = Output(name, Path(file))
    return tuple(found.values())


def shown(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """What is to be shown beyond the usual."""
    found = names(context, parameter, value)
    for name in found:
        if name not in ("kept", "withheld"):
            raise click.BadParameter(f"{name!r} is neither kept nor withheld")
    return found
