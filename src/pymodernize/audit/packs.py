"""The checks that are installed, found through the entry-point group ``pymodernize.audit``.

An entry point names a package: each of its modules without a leading underscore defines checks of one row of the
standard, whose title is the first line of the module's docstring.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from pymodernize.audit.audit_check import AuditCheck
from pymodernize.registry import RegistryError, installed_points

GROUP = "pymodernize.audit"


@dataclass(frozen=True)
class Row:
    """A row of the standard with its checks.

    Attributes:
        id: such as ``P1``.
        title: what it is about.
        checks: in the order in which they are defined.
    """

    id: str
    title: str
    checks: tuple[AuditCheck, ...]


def rows() -> list[Row]:
    """The rows of all packs, in the order of their numbers.

    Raises:
        RegistryError: a pack does not import, or an id is defined twice.
    """
    found: dict[str, Row] = {}
    for point in installed_points(GROUP):
        for module in _modules(point.name, point.value.partition(":")[0].strip()):
            checks = [value for value in vars(module).values() if isinstance(value, AuditCheck)]
            title = (module.__doc__ or "").partition("\n")[0].strip().rstrip(".")
            for id_ in dict.fromkeys(item.row for item in checks):
                known = found.get(id_, Row(id_, title, ()))
                own = tuple(item for item in checks if item.row == id_)
                if twice := {item.id for item in own} & {item.id for item in known.checks}:
                    raise RegistryError(f"the check {min(twice)} is defined twice")
                found[id_] = Row(id_, known.title, (*known.checks, *own))
    return sorted(found.values(), key=lambda row: _natural(row.id))


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", name)
    return (match[1], int(match[2])) if match else (name, 0)


def _modules(pack: str, name: str) -> Iterator[ModuleType]:
    try:
        package = importlib.import_module(name)
        if not hasattr(package, "__path__"):
            yield package
            return
        for item in pkgutil.iter_modules(package.__path__):
            if not item.name.startswith("_"):
                yield importlib.import_module(f"{name}.{item.name}")
    except Exception as exc:
        raise RegistryError(f"the pack {pack} ({name}) does not import: {exc}") from exc
