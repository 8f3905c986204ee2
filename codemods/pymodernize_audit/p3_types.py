"""Types: pyright or mypy, set up for the sources and the right version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_settings, with_value
from pymodernize_audit._facts import Fix, refuse_above, refuse_sdist, text_of, uses
from pymodernize_audit._python import asked_python, oldest_python, source_folders

_OTHERS = {
    "ty": ("ty.toml",),
    "pyrefly": ("pyrefly.toml",),
    "pyre": (".pyre_configuration",),
    "pytype": ("pytype.cfg",),
}
_MYPY_OLDEST = (3, 10)
"""Newer releases of mypy take no older version; what asks for less is told of the oldest that they take."""


@dataclass(frozen=True)
class Checker:
    """A type checker's settings.

    Attributes:
        name: the checker.
        path: the file.
        keys: those that lead to them there.
        values: what they say.
        toml: whether the file is TOML.
    """

    name: str
    path: str
    keys: tuple[str, ...]
    values: dict[str, Any]
    toml: bool = True

    def line(self, project: Project, *keys: str) -> int:
        """The line of a key, or of the settings."""
        if self.toml:
            file = project.toml(self.path)
            return file.line(*self.keys, *keys) if file is not None else 1
        text = text_of(project, self.path)
        key = re.escape(keys[0]) if keys else r"\[mypy\]"
        found = re.search(rf"^[ \t\"']*{key}", text, re.MULTILINE)
        return text.count("\n", 0, found.start()) + 1 if found else 1


def _checkers(project: Project) -> list[Checker]:
    found = []
    for name in ("pyright", "basedpyright"):
        values = project.json(f"{name}config.json") if name == "pyright" else None
        if isinstance(values, dict):
            found.append(Checker(name, "pyrightconfig.json", (), values, toml=False))
        elif isinstance(values := project.pyproject.get("tool", name), dict):
            found.append(Checker(name, "pyproject.toml", ("tool", name), values))
    for path in ("mypy.ini", ".mypy.ini", "setup.cfg", "tox.ini"):
        if "[mypy]" in text_of(project, path) and (file := project.ini(path)) is not None and "mypy" in file.data:
            return [*found, Checker("mypy", path, ("mypy",), file.data["mypy"], toml=False)]
    if isinstance(values := project.pyproject.get("tool", "mypy"), dict):
        found.append(Checker("mypy", "pyproject.toml", ("tool", "mypy"), values))
    return found


def _other(project: Project) -> str | None:
    """The type checker beside pyright and mypy that has settings, None if none has."""
    for name, files in _OTHERS.items():
        if project.first(*files) or project.pyproject.get("tool", name) is not None:
            return name
    return None


@audit_check("P3-checker")
def checker(project: Project) -> Iterator[Shortfall]:
    """A type checker has its settings in the project."""
    if _checkers(project) or _other(project):
        return
    if project.repository is not project and (_checkers(project.repository) or _other(project.repository)):
        raise NotApplicable("the type checker has its settings at the top of the repository")
    if not any(path.endswith(".py") for path in project.files):
        raise NotApplicable("there is no Python file")
    refuse_above(project)
    refuse_sdist(project, "settings of a type checker")
    name = "mypy" if uses(project, "mypy") and not uses(project, "pyright") else "pyright"
    message = f"{name} is used and has no settings" if uses(project, name) else "neither pyright nor mypy has settings"
    fix = _settings(project, name)
    yield Shortfall("pyproject.toml", message, f"add [tool.{name}] with the sources and the version", fix=fix)


def _settings(project: Project, name: str) -> Fix:
    """The settings of a type checker by the folders of the sources and the version that is asked for."""
    folders, oldest = source_folders(project), oldest_python(project)
    if not folders:
        return None
    values: dict[str, Any] = {"include" if name == "pyright" else "files": folders}
    if oldest is not None:
        version = oldest if name == "pyright" else max(oldest, _MYPY_OLDEST)
        values["pythonVersion" if name == "pyright" else "python_version"] = f"{version[0]}.{version[1]}"
    return lambda text: with_settings(text, ("tool", name), values) if text else None


def _only_checkers(project: Project) -> list[Checker]:
    """The settings of pyright and mypy.

    Raises:
        NotApplicable: there are none.
    """
    found = _checkers(project)
    if not found:
        other = _other(project)
        raise NotApplicable(f"{other} checks types" if other else "no type checker has settings")
    return found


@audit_check("P3-sources")
def sources(project: Project) -> Iterator[Shortfall]:
    """What the type checker is told to look at is there."""
    for item in _only_checkers(project):
        key = "include" if "pyright" in item.name else "files"
        value = item.values.get(key)
        named = re.split(r"[,\n]", value) if isinstance(value, str) else value if isinstance(value, list) else []
        for name in (str(part).strip() for part in named):
            plain = name.removeprefix("./").rstrip("/")
            if plain and not re.search(r"[*?\[{$~]|\.\.", plain) and not plain.startswith("/"):
                if not (project.has(plain) or project.has_folder(plain)):
                    message = f"{item.name} is told to look at {name}, which is not there"
                    yield Shortfall(item.path, message, "name the folders of the sources", item.line(project, key))


@audit_check("P3-version")
def version(project: Project) -> Iterator[Shortfall]:
    """The type checker works for the oldest Python that the project asks for."""
    found = _only_checkers(project)
    said, oldest = asked_python(project)
    for item in found:
        key = "pythonVersion" if "pyright" in item.name else "python_version"
        value = str(item.values.get(key, "")).strip("\"' ")
        wanted = max(oldest, _MYPY_OLDEST) if item.name == "mypy" else oldest
        text = f"{wanted[0]}.{wanted[1]}"
        if not value:
            fix: Fix = _adding(item, key, text)
            message = f"{item.name} is told no version, and takes that of the Python that runs it"
            yield Shortfall(item.path, message, f'say {key} = "{text}"', item.line(project), fix)
            continue
        match = re.fullmatch(r"(\d+)\.(\d+)", value)
        given = (int(match[1]), int(match[2])) if match else None
        if given is None or given == oldest or item.name == "mypy" and oldest < given <= _MYPY_OLDEST:
            continue
        yield Shortfall(
            item.path,
            f"{item.name} works for Python {value}, the project asks for {said.value}",
            f'say {key} = "{text}"',
            item.line(project, key),
            _changing(item, key, text),
        )


def _adding(item: Checker, key: str, text: str) -> Fix:
    return (lambda old: with_settings(old, item.keys, {key: text})) if item.toml else None


def _changing(item: Checker, key: str, text: str) -> Fix:
    return (lambda old: with_value(old, (*item.keys, key), text)) if item.toml else None
