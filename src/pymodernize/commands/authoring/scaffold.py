"""``pymodernize new``: write the files with which a codemod begins."""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Mapping
from pathlib import Path

import click

from pymodernize.commands.authoring.packs import NoPack, Package, packages_of
from pymodernize.commands.authoring.templates import CASES, CODEMOD, NEW, OLD, PACK, PACKAGE
from pymodernize.registry import GROUP, RegistryError, names
from pymodernize.report.terminal import escaped, show

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def begin(name: str, pack: str | None) -> int:
    """Write a codemod that works, with its cases, and say where to go on.

    Args:
        name: of the codemod.
        pack: the folder of the pack; the current one if None. It is begun if there is nothing.

    Returns:
        The exit code.

    Raises:
        click.UsageError: the name does not do, there is no pack, or a file is there already.
    """
    _check_name(name)
    root = Path(pack or ".")
    files: dict[Path, str] = {}
    if pack is not None and not (root / "pyproject.toml").exists():
        package = _begun(root, files)
    else:
        try:
            package = packages_of(root)[0]
        except NoPack as exc:
            hint = "" if pack is not None else "; --pack DIR begins a pack in a folder of its own"
            raise click.UsageError(f"{exc}{hint}") from exc
    module = package.folder / f"{name.replace('-', '_')}.py"
    files |= {module: codemod(name)}
    files |= {root / "fixtures" / name / path: text for path, text in CASES.items()}
    _write(files)
    for path in files:
        show(f"wrote {escaped(path)}")
    where = escaped(root)
    show(
        f"\nIt works: pymodernize test {where} {name}\n"
        f"Go on in {escaped(module)}, where comments have numbers, and with the cases that must not change.\n"
        f"pymodernize test {where} {name} --update-fixtures writes what comes out into after.py; read what it wrote."
    )
    return 0


def codemod(name: str) -> str:
    """The text of a codemod's module.

    Args:
        name: with hyphens.
    """
    camel = "".join(part.capitalize() for part in name.split("-"))
    return CODEMOD.format(name=camel, old=OLD, new=NEW, old_name=OLD.rpartition(".")[2])


def _check_name(name: str) -> None:
    """Make sure that a codemod can have a name.

    Raises:
        click.UsageError: it cannot.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise click.UsageError(f"{name!r} is no name of a codemod: small letters, digits, single hyphens between them")
    try:
        known = names()
    except RegistryError as exc:
        raise click.UsageError(str(exc)) from exc
    if name in known:
        raise click.UsageError(f"{name} is there already: {known[name].module}")


def _begun(root: Path, files: dict[Path, str]) -> Package:
    """The package of a new pack; its files are added to those that are to be written.

    Raises:
        click.UsageError: the folder's name can be none of a package.
    """
    distribution = root.resolve().name.lower()
    package = re.sub(r"[-.]+", "_", distribution)
    if not package.isidentifier() or keyword.iskeyword(package):
        raise click.UsageError(f"{escaped(root)}: a package cannot be called {package!r}; give the folder another name")
    files[root / "pyproject.toml"] = PACK.format(distribution=distribution, package=package, group=GROUP)
    files[root / package / "__init__.py"] = PACKAGE
    return Package(package, package, root)


def _write(files: Mapping[Path, str]) -> None:
    """Write new files; nothing is written if one of them is there.

    Raises:
        click.UsageError: one is.
    """
    for path in files:
        if os.path.lexists(path):
            raise click.UsageError(f"{escaped(path)} is there already; nothing was written")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
