"""The code that gives an answer, as a digest: another version of any of it is another key in the cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from pymodernize.execution.cache import Cache, key_of
from pymodernize.execution.serialisation import Form
from pymodernize.files.reading import Unreadable
from pymodernize.plan import Plan
from pymodernize.semantics.scanning import scan_imports

_MOST = 50_000_000
"""Bytes; a larger file of a package has no digest, and then nothing is kept."""
# Their versions say what they do, and they have thousands of files.
_RELEASED = frozenset({"libcst", "fixit"})
_NAMES = Form[tuple[str, ...]](tuple[str, ...])


class Unknown(Exception):
    """The place of some of the code is not known."""


def code_key(plan: Plan, cache: Cache) -> bytes:
    """A digest of the plan and of all the code that carries it out.

    That is this package, the packages of the codemods, what those import of
    other packages that are no part of Python, and Python itself.

    Args:
        plan: what a run does.
        cache: knows the digests of files that have not changed.

    Raises:
        Unknown: a package has no files that could be looked at.
    """
    asked = (*plan.codemods, *plan.checks)
    packs = sorted({type(item).__module__.partition(".")[0] for item in asked} - {"pymodernize"})
    parts = [plan.fingerprint, sys.version, repr(sys.flags), *(_release(name) for name in sorted(_RELEASED))]
    pending, done = ["pymodernize", *packs], set()
    while pending:
        name = pending.pop(0)
        if name in done:
            continue
        done.add(name)
        for path in _files(name):
            digest = _digest(path, cache)
            parts.append(f"{name} {path.name} {digest.hex()}")
            if name in packs and path.suffix == ".py":
                pending += sorted(_foreign(path, digest, cache) - done)
    return key_of("code", [part.encode("utf-8", "surrogateescape") for part in parts])


def _release(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} without a version"


def _digest(path: Path, cache: Cache) -> bytes:
    try:
        return cache.known(path, _MOST)
    except Unreadable as exc:
        raise Unknown(f"{path} {exc}") from exc


def _foreign(path: Path, digest: bytes, cache: Cache) -> set[str]:
    """The packages that a file imports, apart from Python's own."""
    key = key_of("imports", [digest])
    names = cache.get(key, _NAMES)
    if names is None:
        found = {item.module.partition(".")[0] for item in scan_imports(path.read_bytes()) if not item.level}
        names = tuple(sorted(found - sys.stdlib_module_names - _RELEASED - {""}))
        cache.put(key, _NAMES, names)
    return {name for name in names if _spec(name) is not None}


def _spec(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except (ImportError, ValueError):
        return None


def _files(name: str) -> Iterator[Path]:
    """All files of a package, or the one of a module, in order."""
    spec = _spec(name)
    if spec is None:
        raise Unknown(f"{name} is nowhere to be found")
    if spec.submodule_search_locations:
        for folder in sorted(spec.submodule_search_locations):
            yield from _below(Path(folder))
    elif spec.origin and os.path.isfile(spec.origin):
        yield Path(spec.origin)
    elif spec.origin not in ("built-in", "frozen"):
        raise Unknown(f"{name} has no files")


def _below(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda item: item.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _below(Path(entry.path))
        else:
            yield Path(entry.path)
