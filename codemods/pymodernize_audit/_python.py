"""What a project says of itself as a Python project: name, versions, packages, dependencies, tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymodernize.audit.audit_check import CannotRead, NotApplicable, Project

Version = tuple[int, int]

_NO_PACKAGES = re.compile(
    r"(unit|functional|integration|acceptance)?_?tests?|testing|unittests?|docs?|documentation|examples?|samples?|demos?|"
    r"scripts?|tools?|utils?|benchmarks?|bench|build|dist|ci|tasks|migrations|alembic|requirements|typings|stubs|\..*"
)
TEST_FOLDER = re.compile(
    r"(?i)(unit|functional|integration|system|acceptance)?[_-]?tests?|testing|unittests?|test_suite|t"
)
_TEST_FILE = re.compile(r"test_.*\.py|.*_(unit)?tests?\.py|tests?\.py|conftest\.py")
_TEST = re.compile(
    r"def test|class \w*Test|import (unittest|pytest|doctest)|from (unittest|pytest|doctest)|\bTest\w*\(|assert "
)
_OF_OTHERS = re.compile(r"(?i)(third[_-]?party|external|extern|vendor(ed)?|_vendor|submodules)")


@dataclass(frozen=True)
class Said:
    """A value with the file and line that say it."""

    value: str
    path: str
    line: int


def is_package(project: Project) -> bool:
    """Whether a project is built and installed: it has the metadata of a distribution."""
    pyproject = project.pyproject
    if pyproject.get("tool", "poetry", "package-mode") is False or pyproject.get("tool", "uv", "package") is False:
        return False
    if pyproject.get("project", "name") or pyproject.get("tool", "poetry", "name") or pyproject.table("tool", "flit"):
        return True
    return bool(project.setup_cfg.get("metadata", "name")) or _setup_call(project) is not None


def _setup_call(project: Project) -> ast.Call | None:
    """The call of ``setup`` in ``setup.py``."""
    try:
        tree = project.python("setup.py")
    except CannotRead:
        return None
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "setup":
                return node
    return None


def setup_value(project: Project, key: str) -> tuple[Any, int] | None:
    """What ``setup.py`` gives for a keyword of ``setup``, and the line: a literal value, or ``...`` if it cannot be
    told without running it; None if it gives nothing."""
    call = _setup_call(project)
    if call is None:
        return None
    for keyword in call.keywords:
        if keyword.arg == key:
            try:
                return ast.literal_eval(keyword.value), keyword.value.lineno
            except (ValueError, TypeError, MemoryError, RecursionError):
                return ..., keyword.value.lineno
    if any(keyword.arg is None for keyword in call.keywords):
        return ..., call.lineno
    return None


def _written(project: Project, key: str) -> str | None:
    """What the project's metadata say of it, None if nothing is written down."""
    pyproject = project.pyproject
    given = setup_value(project, key)
    values = (
        pyproject.get("project", key),
        pyproject.get("tool", "poetry", key),
        project.setup_cfg.get("metadata", key),
        given[0] if given else None,
    )
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def name_of(project: Project) -> str | None:
    """The name of the distribution, None if it is not written down."""
    return _written(project, "name")


def description_of(project: Project) -> str | None:
    """The sentence that describes the distribution, None if none is written down."""
    found = _written(project, "description")
    return found if found is None or not found.startswith(("file:", "attr:")) else None


def requires_python(project: Project) -> Said | None:
    """The Python versions that a project asks for, with the value ``...`` if only a run could tell; None if it asks
    for none."""
    pyproject = project.pyproject
    for keys in (
        ("project", "requires-python"),
        ("tool", "poetry", "dependencies", "python"),
        ("tool", "flit", "metadata", "requires-python"),
    ):
        value = pyproject.get(*keys)
        if isinstance(value, str) and value:
            return Said(value, "pyproject.toml", pyproject.line(*keys))
    value = project.setup_cfg.get("options", "python_requires")
    if value:
        return Said(value, "setup.cfg", project.setup_cfg.line("options", "python_requires"))
    given = setup_value(project, "python_requires")
    if given is not None:
        return Said(given[0] if isinstance(given[0], str) else "...", "setup.py", given[1])
    return None


def lower_bound(text: str) -> Version | None:
    """The oldest version that a requirement allows, None if it has no lower bound that can be read."""
    found = re.findall(r"(>=|~=|===?|>|\^|~|=)\s*v?(\d+)(?:\.(\d+))?", text)
    bounds = [(int(major), int(minor or 0)) for _, major, minor in found]
    if not bounds and re.fullmatch(r"\s*\d+(\.\d+)+(\.\*)?\s*", text):
        major, minor = re.findall(r"\d+", text)[:2]
        bounds = [(int(major), int(minor))]
    return None if not bounds or "||" in text else max(bounds)


def asked_python(project: Project) -> tuple[Said, Version]:
    """The Python versions that a project asks for, and the oldest of them.

    Raises:
        NotApplicable: it asks for none, or not in a way that tells the oldest.
    """
    said, oldest = requires_python(project), oldest_python(project)
    if said is None:
        raise NotApplicable("the project asks for no Python version")
    if oldest is None:
        raise NotApplicable(f"{said.value!r} of {said.path} names no oldest Python 3")
    return said, oldest


def oldest_python(project: Project) -> Version | None:
    """The oldest Python 3 that a project runs on, by what it asks for; None if it does not say."""
    said = requires_python(project)
    bound = lower_bound(said.value) if said is not None else None
    return bound if bound is None or bound >= (3, 0) else None


def classified_python(project: Project) -> Version | None:
    """The oldest Python 3 that the classifiers name, None if they name none."""
    texts = project.pyproject.get("project", "classifiers") or project.pyproject.get("tool", "poetry", "classifiers")
    given = setup_value(project, "classifiers")
    lists = [texts, given[0] if given else None, (project.setup_cfg.get("metadata", "classifiers") or "").split("\n")]
    names = next((item for item in lists if isinstance(item, (list, tuple)) and any(item)), [])
    found = [re.fullmatch(r"\s*Programming Language :: Python :: 3\.(\d+)\s*", str(name)) for name in names]
    minors = [int(match[1]) for match in found if match]
    return (3, min(minors)) if minors else None


def inner_projects(project: Project) -> list[str]:
    """The folders with a Python project of their own, where the top is none: those of a repository of several."""
    if project.first("pyproject.toml", "setup.py", "setup.cfg"):
        return []
    found = [path.split("/") for path in project.files if path.endswith(("/pyproject.toml", "/setup.py"))]
    places = ["/".join(parts[:-1]) for parts in found if len(parts) <= 3]
    return sorted(
        {place for place in places if not any(map(TEST_FOLDER.fullmatch, place.split("/"))) and "{" not in place}
    )


# --- dependencies ---------------------------------------------------------------------------------------------------


def dependency_files(project: Project) -> list[str]:
    """The files of requirements at the top and in ``requirements/``."""
    top = [name for name in project.names() if "requirement" in name and name.endswith((".txt", ".in"))]
    inside = [
        f"{folder}/{name}"
        for folder in ("requirements", "reqs", "requirements.d")
        for name in project.names(folder)
        if name.endswith((".txt", ".in"))
    ]
    return [name for name in (*top, *inside) if project.has(name)]


def dependencies(project: Project) -> list[str]:
    """The requirements of a project, those of its development too, as far as they are written down; each as its text
    is, or the bare name where it stands as a key."""
    return [text for text in _requirements(project) if text.strip()]


def _requirements(project: Project) -> Iterator[str]:
    pyproject = project.pyproject
    yield from _texts(pyproject.get("project", "dependencies"))
    for keys in (
        ("project", "optional-dependencies"),
        ("dependency-groups",),
        ("tool", "pdm", "dev-dependencies"),
    ):
        for items in pyproject.table(*keys).values():
            yield from _texts(items)
    yield from _texts(pyproject.get("tool", "uv", "dev-dependencies"))
    poetry = pyproject.table("tool", "poetry")
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    groups = poetry.get("group")
    if isinstance(groups, dict):
        tables += [group.get("dependencies") for group in groups.values() if isinstance(group, dict)]
    for table in tables:
        yield from (name for name in table if name != "python") if isinstance(table, dict) else ()
    for environment in pyproject.table("tool", "hatch", "envs").values():
        if isinstance(environment, dict):
            yield from _texts(environment.get("dependencies"))
            yield from _texts(environment.get("extra-dependencies"))
    options = project.setup_cfg.data
    for text in (
        options.get("options", {}).get("install_requires", ""),
        *options.get("options.extras_require", {}).values(),
    ):
        yield from text.split("\n")
    for key in ("install_requires", "tests_require", "extras_require", "setup_requires"):
        given = setup_value(project, key)
        if given is not None and given[0] is not ...:
            values = given[0].values() if isinstance(given[0], dict) else [given[0]]
            for items in values:
                yield from _texts(items if not isinstance(items, str) else [items])
    for name in dependency_files(project):
        try:
            text = project.text(name) or ""
        except CannotRead:
            continue
        yield from (line for line in text.split("\n") if re.match(r"[A-Za-z0-9]", line))


def _texts(items: object) -> Iterator[str]:
    if isinstance(items, (list, tuple)):
        yield from (item for item in items if isinstance(item, str))


def dependency_names(project: Project) -> frozenset[str]:
    """The names of the packages that a project requires, in lower case with hyphens."""
    found = (re.match(r"[A-Za-z0-9][\w.-]*", text.strip()) for text in dependencies(project))
    return frozenset(re.sub(r"[-_.]+", "-", match[0]).lower().rstrip("-") for match in found if match)


# --- sources and tests ----------------------------------------------------------------------------------------------


def packages_in(project: Project, folder: str) -> list[str]:
    """The import packages that lie in a folder, by their names."""
    prefix = f"{folder}/" if folder else ""
    return [
        name
        for name in project.names(folder)
        if project.has(f"{prefix}{name}/__init__.py") and not _NO_PACKAGES.fullmatch(name)
    ]


def source_folders(project: Project) -> list[str]:
    """The folders that have the sources: ``src`` or ``lib`` where packages lie in it, else the packages at the top."""
    for folder in ("src", "lib"):
        if packages_in(project, folder) or any(name.endswith(".py") for name in project.names(folder)):
            return [folder]
        if any(path.startswith(f"{folder}/") and path.endswith(".py") for path in project.files):
            return [folder]
    return packages_in(project, "")


def test_files(project: Project) -> list[str]:
    """The files of tests, by name and content: those of others, which the project only carries, are left out."""
    return project.once("test files", lambda: [path for path in project.files if _is_test(project, path)])


def _is_test(project: Project, path: str) -> bool:
    if not _TEST_FILE.fullmatch(path.rpartition("/")[2]) or any(map(_OF_OTHERS.fullmatch, path.split("/"))):
        return False
    return _TEST.search(project.glance(path)) is not None


def test_folder(project: Project) -> str | None:
    """The folder at the top that has the tests, None if there is none."""
    names = [name for name in project.names() if TEST_FOLDER.fullmatch(name) and project.has_folder(name)]
    names = [
        name for name in names if any(path.startswith(f"{name}/") and path.endswith(".py") for path in project.files)
    ]
    return next((name for name in ("tests", "test") if name in names), names[0] if names else None)


def uses_pytest(project: Project) -> bool:
    """Whether the tests are run by pytest, by what they import or what the project requires."""
    if "pytest" in dependency_names(project):
        return True
    for path in test_files(project)[:200]:
        if path.endswith("conftest.py"):
            return True
        if re.search(r"^\s*(import pytest|from pytest import)", project.glance(path), re.MULTILINE):
            return True
    return False
