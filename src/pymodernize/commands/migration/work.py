"""What a migration works on: the files, by the settings that hold for them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from pymodernize.commands.run import Share, discovered, shares_of
from pymodernize.files.discover import Discovery
from pymodernize.plan import Plan
from pymodernize.registry import Entry, RegistryError, names
from pymodernize.settings import Settings, SettingsError
from pymodernize.settings.planning import Request, make_plan, settings_for


@dataclass(frozen=True)
class Work:
    """The files of a migration and what is done with them.

    Attributes:
        request: the options that decide what is rewritten.
        settings: those of the folder that is named.
        plan: what is done where no other settings hold.
        shares: the files by their settings, each with its plan.
        folders: the folders that are named.
        found: the files, and what stands in the way of others.
        installed: the codemods by name.
    """

    request: Request
    settings: Settings
    plan: Plan
    shares: Sequence[Share]
    folders: Sequence[Path]
    found: Discovery = field(default_factory=Discovery)
    installed: dict[str, Entry] = field(default_factory=dict)

    @property
    def order(self) -> list[str]:
        """The codemods of all plans in the order of the steps: what changes expressions first, then layouts."""
        known = {codemod.name(): codemod for share in self.shares for codemod in share.plan.codemods}
        return sorted(known, key=lambda name: (not known[name].of_expressions, name))


def look(request: Request) -> Work:
    """Find the files that a request names, and the plans for them.

    Args:
        request: the options.

    Raises:
        click.UsageError: options or settings are wrong.
    """
    try:
        installed = names()
        settings = settings_for(request, installed)
        plan = make_plan(request, settings, installed)
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    found = discovered(request, settings)
    # Checks have nothing to commit.
    shares = shares_of(request, settings, plan, installed, found)
    shares = [replace(share, plan=share.plan.of_rewrites) for share in shares]
    folders = [Path(path) for path in request.paths if os.path.isdir(path)]
    every = {**installed, **{name: rule for share in shares for name, rule in share.settings.rules.items()}}
    return Work(request, settings, plan, shares, folders, found, every)
