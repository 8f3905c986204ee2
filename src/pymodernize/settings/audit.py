"""What settings say of an audit: ``[tool.pymodernize.audit]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pymodernize.settings.errors import SettingsError, nearest

_KEYS = ("select", "ignore")


@dataclass(frozen=True)
class AuditSettings:
    """Which checks are made.

    Attributes:
        select: ids of checks or of rows; none means all.
        ignore: ids of checks or of rows that are left out, each with the reason; it may be empty.
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)


def read_audit(where: str, value: object) -> AuditSettings:
    """The settings of an audit.

    Raises:
        SettingsError: they are wrong.
    """
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: must be a table, [tool.pymodernize.audit]")
    for key in value:
        if key not in _KEYS:
            raise SettingsError(f"{where}: unknown key {key!r}{nearest(key, _KEYS)}")
    select, ignore = value.get("select", []), value.get("ignore", [])
    if not isinstance(select, list) or not all(isinstance(item, str) for item in select):
        raise SettingsError(f"{where}.select: must be a list of strings")
    if isinstance(ignore, list):
        ignore = dict.fromkeys(map(str, ignore), "") if all(isinstance(item, str) for item in ignore) else None
    if not isinstance(ignore, dict) or not all(isinstance(item, str) for item in ignore.values()):
        raise SettingsError(f"{where}.ignore: must be a list of strings, or a table of strings that say why")
    return AuditSettings(tuple(select), ignore)
