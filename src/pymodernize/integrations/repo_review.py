"""The rows of an audit as checks of repo-review, which finds them by its entry points.

A row passes if all of its checks do, and is skipped if none of them applies. What is only recommended fails nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pymodernize.audit.chosen import selected, settings_of
from pymodernize.audit.packs import Row, rows
from pymodernize.audit.project import Project
from pymodernize.audit.running import Outcome, audit
from pymodernize.settings import Settings, SettingsError

FAMILY = "pymodernize"


def pymodernize_audit(package: Any) -> dict[str, str | None]:  # noqa: ANN401 - a folder, here or elsewhere
    """The fixture: by the ids of rows, what falls short, as Markdown; empty if all holds, None if nothing applies.

    Args:
        package: the project. One that is not on this machine has no answers.
    """
    if not isinstance(package, Path) or not package.is_dir():
        return {}
    project = Project(package)
    known = rows()
    try:
        settings = settings_of(project)
    except SettingsError:  # which pymodernize itself says
        settings = Settings()
    checks, left = selected(known, settings.audit.select, settings.audit.ignore, "audit")
    outcomes = audit(project, checks, left).outcomes
    return {row.id: _said([one for one in outcomes if one.check.row == row.id]) for row in known}


def _said(outcomes: list[Outcome]) -> str | None:
    if all(outcome.not_applicable for outcome in outcomes):
        return None
    lines = [
        f"* `{item.path}:{item.line}`: {item.message} - {item.advice} (`{outcome.check.id}`)"
        for outcome in outcomes
        if not outcome.check.recommended
        for item in outcome.shortfalls
    ]
    return "\n".join(lines)


class RowCheck:
    """A row as a check.

    Args:
        row: the row.
    """

    family = FAMILY

    def __init__(self, row: Row) -> None:
        self.row = row
        self.__doc__ = row.title

    def check(self, pymodernize_audit: dict[str, str | None]) -> str | None:
        """What falls short, empty if nothing does, None if the row does not apply."""
        return pymodernize_audit.get(self.row.id)


def checks() -> dict[str, RowCheck]:
    """The checks by their names."""
    return {row.id: RowCheck(row) for row in rows()}


def families() -> dict[str, dict[str, Any]]:
    """How reports name the group of the checks."""
    return {FAMILY: {"name": "pymodernize audit", "order": 10}}
