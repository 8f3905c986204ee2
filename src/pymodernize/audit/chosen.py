"""Which checks are made of a project: what its settings and whoever asks say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pymodernize.audit.audit_check import AuditCheck
from pymodernize.audit.packs import Row
from pymodernize.audit.project import CannotRead, Project
from pymodernize.registry import names
from pymodernize.settings import Settings, SettingsError, find_settings_file, load_settings
from pymodernize.settings.errors import nearest


def settings_of(project: Project) -> Settings:
    """The settings that hold for a project; the defaults where its ``pyproject.toml`` cannot be read.

    Raises:
        SettingsError: they are wrong.
        RegistryError: a pack of codemods does not load.
    """
    try:
        project.toml("pyproject.toml")
    except CannotRead:
        return Settings()
    return load_settings(find_settings_file(project.root), names())


def selected(
    known: Iterable[Row], select: Iterable[str], ignore: Mapping[str, str], where: str
) -> tuple[list[AuditCheck], dict[str, str]]:
    """The checks that are asked for, and those of them that are left out.

    Args:
        known: the rows that there are.
        select: ids of checks or of rows; none means all.
        ignore: ids of checks or of rows to leave out, each with the reason.
        where: what names them, for messages.

    Returns:
        The checks, and by their ids why some of them are not made.

    Raises:
        SettingsError: there is no check or row of a name.
    """
    checks = [item for row in known for item in row.checks]
    ids = {name for item in checks for name in (item.id, item.row)}
    for name in (*select, *ignore):
        if name not in ids:
            hint = nearest(name, ids) or f"; the rows: {', '.join(dict.fromkeys(item.row for item in checks))}"
            raise SettingsError(f"{where}: no check is called {name!r}{hint}")
    wanted = set(select)
    chosen = [item for item in checks if not wanted or {item.id, item.row} & wanted]
    left = {
        item.id: ignore.get(item.id, ignore.get(item.row, "")) for item in chosen if {item.id, item.row} & {*ignore}
    }
    return chosen, left
