"""The codemods and checks that are installed, found through the entry-point group ``pymodernize.codemods``.

An entry point names a pack: a package whose modules each define one codemod,
or a single such module. The modules are found by looking, so that a new
codemod is a new file; modules with a leading underscore are the pack's own.
The package ``checks`` of a pack has its checks, several in a module.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions
from types import ModuleType

from pymodernize.check import Check
from pymodernize.codemod import Codemod

GROUP = "pymodernize.codemods"
CHECKS = "checks"
"""The package of a pack that has its checks."""


class RegistryError(RuntimeError):
    """A pack cannot be loaded, or two packs define the same codemod."""


@dataclass(frozen=True)
class Entry:
    """A codemod or a check by its name; a codemod is not yet imported.

    Attributes:
        name: as in settings: the module's name with hyphens.
        module: the module that defines it.
        pack: the name of the entry point.
        check: the name of a check's class; empty for a codemod.
    """

    name: str
    module: str
    pack: str
    check: str = ""

    def load(self) -> type[Codemod]:
        """Import the class of the codemod or check.

        Raises:
            RegistryError: the module does not import, or it defines no codemod
                or several; those with a leading underscore do not count.
        """
        try:
            module = importlib.import_module(self.module)
        except Exception as exc:
            raise RegistryError(f"the codemod {self.name} of the pack {self.pack} does not import: {exc}") from exc
        if self.check:
            return getattr(module, self.check)
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
    return _by_name(entry for point in _packs() for entry in codemods_of(*point))


def checks() -> dict[str, Entry]:
    """All installed checks by name, in order of name.

    Raises:
        RegistryError: a pack does not import, or a name is defined twice.
    """
    return _by_name(entry for point in _packs() for entry in checks_of(*point))


def names() -> dict[str, Entry]:
    """All that settings and options can name: the codemods, then the checks.

    Raises:
        RegistryError: a pack does not import, or a name is defined twice.
    """
    found = [*entries().values(), *checks().values()]
    _by_name(found)
    return {entry.name: entry for entry in found}


def _packs() -> list[tuple[str, str]]:
    """The names of the entry points, each with its module."""
    return [(point.name, point.value.partition(":")[0].strip()) for point in installed_points(GROUP)]


def _by_name(found: Iterable[Entry]) -> dict[str, Entry]:
    known: dict[str, Entry] = {}
    for entry in found:
        if entry.name in known and known[entry.name].module != entry.module:
            raise RegistryError(f"{entry.name} is defined by {known[entry.name].module} and by {entry.module}")
        known[entry.name] = entry
    return dict(sorted(known.items()))


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
        try:
            points = [point for point in found.entry_points if point.group == group]
        except ValueError as exc:  # importlib_metadata, before Python 3.11, looks at the form of each value
            raise RegistryError(f"a pack of {found.metadata['Name']} does not import: {exc}") from exc
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
    package = _imported(pack, module_name)
    if not hasattr(package, "__path__"):
        return [_entry(module_name, pack)]
    return [_entry(f"{module_name}.{name}", pack) for name in _modules(package) if name != CHECKS]


def checks_of(pack: str, module_name: str) -> list[Entry]:
    """The checks of one pack: the classes that the modules of its package ``checks`` define.

    Args:
        pack: the name of its entry point.
        module_name: its package, or its only module.

    Raises:
        RegistryError: it does not import.
    """
    package = _imported(pack, module_name)
    if not hasattr(package, "__path__") or CHECKS not in _modules(package):
        return []
    inner = _imported(pack, f"{module_name}.{CHECKS}")
    modules = [_imported(pack, f"{inner.__name__}.{name}") for name in _modules(inner)]
    return [
        Entry(value.name(), module.__name__, pack, name)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Check) and value.__module__ == module.__name__
    ]


def _imported(pack: str, module_name: str) -> ModuleType:
    try:
        return importlib.import_module(module_name)
    except Exception as exc:
        raise RegistryError(f"the pack {pack} ({module_name}) does not import: {exc}") from exc


def _modules(package: ModuleType) -> list[str]:
    """The modules of a package that are not its own."""
    return [item.name for item in pkgutil.iter_modules(package.__path__) if not item.name.startswith("_")]


def _entry(module: str, pack: str) -> Entry:
    return Entry(module.rpartition(".")[2].replace("_", "-"), module, pack)
