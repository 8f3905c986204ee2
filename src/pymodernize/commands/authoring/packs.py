"""Packs of codemods, installed or in a folder, and where their cases are."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pymodernize.codemod import Codemod
from pymodernize.files.toml import NotToml, parse_toml
from pymodernize.registry import GROUP, Entry, codemods_of, entries


class NoPack(ValueError):
    """What is named is no pack; the message says why and what to do."""


@dataclass(frozen=True)
class Pack:
    """Codemods that are looked at together.

    Attributes:
        own: those of the pack, by name.
        all: these and those that are installed.
        fixtures: the folder of their cases, which may not be there.
    """

    own: dict[str, type[Codemod]]
    all: dict[str, type[Codemod]]
    fixtures: Path


@dataclass(frozen=True)
class Package:
    """A package of codemods in a folder with a ``pyproject.toml``.

    Attributes:
        point: the name of its entry point.
        module: its dotted name.
        above: the folder that is to be on ``sys.path`` for it.
    """

    point: str
    module: str
    above: Path

    @property
    def folder(self) -> Path:
        """Where its modules are."""
        return self.above.joinpath(*self.module.split("."))


def packages_of(root: Path) -> list[Package]:
    """The packages that the ``pyproject.toml`` of a folder declares as packs.

    Raises:
        NoPack: it declares none, or one that is not there.
    """
    path = root / "pyproject.toml"
    try:
        project = parse_toml(path.read_bytes()).get("project", {})
    except FileNotFoundError:
        raise NoPack(f"{root} has no pyproject.toml") from None
    except (OSError, NotToml) as exc:
        raise NoPack(f"{path}: {exc}") from None
    points = project.get("entry-points", {}).get(GROUP, {})
    if not points:
        example = f'[project.entry-points."{GROUP}"]\nours = "our_codemods"'
        raise NoPack(f"{path} declares no pack; it does so by two lines, with the name of your package:\n{example}")
    return [_package(root, point, str(value).partition(":")[0].strip()) for point, value in points.items()]


def _package(root: Path, point: str, module: str) -> Package:
    for above in (root, root / "src", *sorted(path for path in root.iterdir() if path.is_dir())):
        package = Package(point, module, above)
        if (package.folder / "__init__.py").exists() or package.folder.with_suffix(".py").exists():
            return package
    raise NoPack(f"{root / 'pyproject.toml'} names the package {module}, which is not in {root} or a folder of it")


def find_pack(word: str, fixtures: str | None = None) -> Pack:
    """The codemods that are meant by a folder, the name of an installed pack, or that of an installed codemod.

    Args:
        word: what is named.
        fixtures: the folder of the cases, if it is not the one beside the package or above it.

    Raises:
        NoPack: nothing is meant by it.
        RegistryError: a codemod does not load.
    """
    given = Path(fixtures) if fixtures else None
    if Path(word).is_dir():
        root = Path(word)
        return _pack(list(_in_folder(root)), given or root / "fixtures")
    installed = entries()
    found = [item for item in installed.values() if word in {item.name, item.pack, item.module.partition(".")[0]}]
    if not found:
        names = {name for item in installed.values() for name in (item.name, item.pack)}
        close = difflib.get_close_matches(word, sorted(names), 1, 0.6)
        hint = f"; did you mean {close[0]!r}?" if close else "; 'pymodernize rules' lists the codemods"
        raise NoPack(f"{word!r} is no folder, and no installed pack or codemod has that name{hint}")
    return _pack(found, given or _beside(found[0]))


def _in_folder(root: Path) -> Iterator[Entry]:
    """The codemods of a folder; its own code is imported, whatever version of it is installed."""
    for package in packages_of(root):
        sys.path.insert(0, str(package.above.resolve()))
        importlib.invalidate_caches()
        yield from codemods_of(package.point, package.module)


def _beside(entry: Entry) -> Path:
    """The folder of the cases of an installed pack: ``fixtures`` in its package, beside it, or one folder above."""
    top = importlib.import_module(entry.module.partition(".")[0])
    package = Path(top.__file__ or "").parent
    places = [folder / "fixtures" for folder in (package, *package.parents[:2])]
    return next((place for place in places if (place / entry.name).is_dir()), places[0])


def _pack(own: list[Entry], fixtures: Path) -> Pack:
    loaded = {item.name: item.load() for item in own}
    others = {name: item.load() for name, item in entries().items() if name not in loaded}
    return Pack(loaded, dict(sorted({**others, **loaded}.items())), fixtures)
