"""The codemods that are installed, found through the entry-point group ``pymodernize.codemods``.

An entry point names a pack: a package whose modules each define one codemod,
or a single such module. The modules are found by looking, so that a new
codemod is a new file; modules with a leading underscore are the pack's own.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions

from pymodernize.codemod import Codemod

GROUP = "pymodernize.codemods"


class RegistryError(RuntimeError):
    """A pack cannot be loaded, or two packs define the same codemod."""


@dataclass(frozen=True)
class Entry:
    """A codemod by its name, not yet imported.

    Attributes:
        name: as in settings: the module's name with hyphens.
        module: the module that defines it.
        pack: the name of the entry point.
    """

    name: str
    module: str
    pack: str

    def load(self) -> type[Codemod]:
        """Import the codemod's class.

        Raises:
            RegistryError: the module does not import, or it defines no codemod
                or several; those with a leading underscore do not count.
        """
        try:
            module = importlib.import_module(self.module)
        except Exception as exc:
            raise RegistryError(f"the codemod {self.name} of the pack {self.pack} does not import: {exc}") from exc
        found = [
            value
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, Codemod) and value.__module__ == self.module
            if not name.startswith("_")
        ]
        if len(set(found)) != 1:
            number = "defines more than one Codemod" if found else "defines no Codemod"
            raise RegistryError(f"{self.module} of the pack {self.pack} {number}")
        return found[0]


def entries() -> dict[str, Entry]:
    """All installed codemods by name, in order of name.

    Raises:
        RegistryError: a pack does not import, or a name is defined twice.
    """
    found: dict[str, Entry] = {}
    for point in installed_points(GROUP):
        for entry in codemods_of(point.name, point.value.partition(":")[0].strip()):
            if entry.name in found and found[entry.name].module != entry.module:
                raise RegistryError(f"{entry.name} is defined by {found[entry.name].module} and by {entry.module}")
            found[entry.name] = entry
    return dict(sorted(found.items()))


def _installed_places() -> list[str]:
    """The folders that modules come from, without the current one."""
    try:
        here = os.path.realpath(os.curdir)  # noqa: PTH100 - a text, as those of sys.path
    except OSError:  # it was removed: nothing is in it, and only whole paths are of use
        return [place for place in sys.path if place.startswith(os.sep)]
    return [place for place in sys.path if os.path.realpath(place) != here]


def installed_points(group: str) -> list[EntryPoint]:
    """The entry points of a group that are installed, by name; what lies in the current folder is not.

    Args:
        group: the group's name.
    """
    return sorted(_points(group), key=lambda item: item.name)


def _points(group: str) -> Iterator[EntryPoint]:
    seen = set()
    for found in distributions(path=_installed_places()):
        points = [point for point in found.entry_points if point.group == group]
        if points and (name := found.metadata["Name"]) not in seen:
            seen.add(name)
            yield from points


def codemods_of(pack: str, module_name: str) -> list[Entry]:
    """The codemods of one pack.

    Args:
        pack: the name of its entry point.
        module_name: its package, or its only module.

    Raises:
        RegistryError: it does not import.
    """
    try:
        package = importlib.import_module(module_name)
    except Exception as exc:
        raise RegistryError(f"the pack {pack} ({module_name}) does not import: {exc}") from exc
    if not hasattr(package, "__path__"):
        return [_entry(module_name, pack)]
    names = [item.name for item in pkgutil.iter_modules(package.__path__) if not item.name.startswith("_")]
    return [_entry(f"{module_name}.{name}", pack) for name in names]


def _entry(module: str, pack: str) -> Entry:
    return Entry(module.rpartition(".")[2].replace("_", "-"), module, pack)
