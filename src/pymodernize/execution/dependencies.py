"""Where a project declares the libraries that it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pymodernize.files.reading import Unreadable, read
from pymodernize.files.toml import MOST_BYTES, NotToml, parse_toml

_LISTS = (
    "requirements.txt",
    "requirements.in",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
    "pixi.toml",
    "conda.yaml",
)
_PACKAGING = ("setup.py", "setup.cfg")


def declared_in(folder: Path) -> str:
    """The name of the file of a folder that declares dependencies; empty if there is none.

    Args:
        folder: an absolute path. Folders above it are not looked at.
    """
    pyproject = folder / "pyproject.toml"
    if _declares(_text(pyproject)):
        return pyproject.name
    for name in _LISTS:
        if (folder / name).is_file():
            return name
    return next((name for name in _PACKAGING if b"install_requires" in _text(folder / name)), "")


def _text(path: Path) -> bytes:
    try:
        return read(path, MOST_BYTES)
    except Unreadable:
        return b""


def _declares(text: bytes) -> bool:
    """Whether a ``pyproject.toml`` lists dependencies, of the project or of a group."""
    try:
        data = parse_toml(text)
    except NotToml:
        return False
    project = _table(data, "project")
    if project.get("dependencies") or "dependencies" in project.get("dynamic", ()):
        return True
    return bool(data.get("dependency-groups") or _table(data, "tool", "poetry").get("dependencies"))


def _table(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A table in a table; empty if it is none."""
    found: Any = data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
