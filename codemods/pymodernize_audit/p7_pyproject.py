"""pyproject.toml: build system, Python version, what development takes, settings of pytest."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import partial

from pymodernize.audit.audit_check import CannotRead, NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_settings
from pymodernize_audit._facts import Fix, mentions, refuse_above, refuse_sdist, text_of
from pymodernize_audit._python import (
    classified_python,
    dependency_files,
    dependency_names,
    is_package,
    requires_python,
    test_files,
    test_folder,
    uses_pytest,
)

_SETUPTOOLS = {"requires": ["setuptools"], "build-backend": "setuptools.build_meta"}


@audit_check("P7-pyproject")
def pyproject(project: Project) -> Iterator[Shortfall]:
    """There is a pyproject.toml."""
    if project.has("pyproject.toml"):
        return
    if not any(path.endswith(".py") for path in project.files):
        raise NotApplicable("there is no Python file")
    refuse_above(project)
    advice = "add one with [build-system]" if is_package(project) else "add one with the settings of the tools"
    yield Shortfall("pyproject.toml", "there is no pyproject.toml", advice, fix=_build_system(project))


@audit_check("P7-build-system")
def build_system(project: Project) -> Iterator[Shortfall]:
    """The build system is named."""
    if not project.has("pyproject.toml"):
        raise NotApplicable("there is no pyproject.toml")
    if not is_package(project):
        raise NotApplicable("it is no package that is built")
    if not project.pyproject.table("build-system"):
        message = "there is no [build-system]: pip takes setuptools"
        yield Shortfall("pyproject.toml", message, "name the build system", fix=_build_system(project))


def _build_system(project: Project) -> Fix:
    """The build system of a project that has setup.py or setup.cfg; None if setup.py needs more than setuptools."""
    if not project.has("setup.py") and not project.has("setup.cfg") or not is_package(project):
        return None
    if not _needs_setuptools_alone(project):
        return None
    return lambda text: with_settings(text, ("build-system",), _SETUPTOOLS)


def _needs_setuptools_alone(project: Project) -> bool:
    """Whether setup.py imports the standard library and setuptools, and nothing that lies beside it."""
    try:
        tree = project.python("setup.py")
    except CannotRead:
        return False
    if project.setup_cfg.get("options", "setup_requires") or any(
        isinstance(node, ast.keyword) and node.arg == "setup_requires" for node in ast.walk(tree or ast.Module([], []))
    ):
        return False
    for node in ast.walk(tree) if tree is not None else ():
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." if node.level else node.module or "."]
        if any(name.partition(".")[0] not in {*sys.stdlib_module_names, "setuptools", "distutils"} for name in names):
            return False
    return True


@audit_check("P7-requires-python")
def python_version(project: Project) -> Iterator[Shortfall]:
    """The Python versions that it runs on are asked for."""
    if not is_package(project):
        raise NotApplicable("it is no package that is installed")
    if requires_python(project) is not None:
        return
    path = next((name for name in ("pyproject.toml", "setup.py", "setup.cfg") if project.has(name)), "pyproject.toml")
    has_table = bool(project.pyproject.table("project"))
    classified = classified_python(project)
    line, fix = 1, None
    if has_table:
        line = project.pyproject.line("project")
        dynamic = project.pyproject.get("project", "dynamic")
        if classified is not None and not (isinstance(dynamic, list) and "requires-python" in dynamic):
            value = f">={classified[0]}.{classified[1]}"
            fix: Fix = partial(with_settings, table=("project",), values={"requires-python": value})
    advice = (
        f'say requires-python = ">={classified[0]}.{classified[1]}", as the classifiers do'
        if classified
        else "say requires-python"
    )
    yield Shortfall(
        path if has_table or path != "pyproject.toml" else "pyproject.toml",
        "no Python version is asked for",
        advice,
        line,
        fix,
    )


@audit_check("P7-dev")
def development(project: Project) -> Iterator[Shortfall]:
    """What development takes is written down."""
    refuse_above(project)
    groups = project.pyproject.table("dependency-groups"), project.pyproject.table("project", "optional-dependencies")
    tools = {
        "pytest",
        "ruff",
        "mypy",
        "pyright",
        "pre-commit",
        "tox",
        "nox",
        "flake8",
        "coverage",
        "pylint",
        "black",
        "hypothesis",
    }
    if any(groups) or tools & dependency_names(project) or len(dependency_files(project)) > 1:
        return
    if project.first(
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "Pipfile",
        "environment.yml",
        "environment.yaml",
        "pixi.toml",
        "shell.nix",
        "flake.nix",
    ):
        return
    if project.setup_cfg.data.get("options.extras_require") or "extras_require" in text_of(project, "setup.py"):
        return
    if "tests_require" in text_of(project, "setup.py") or mentions(
        text_of(project, "pyproject.toml"), "hatch", "tox", "pdm"
    ):
        return
    if not test_files(project) and not project.has("pyproject.toml"):
        raise NotApplicable("there are no tests and no settings of tools")
    refuse_sdist(project, "the list of what development takes")
    advice = "list the tools in [dependency-groups] or [project.optional-dependencies]"
    yield Shortfall("pyproject.toml", "what development takes is not written down", advice)


def _with_pytest(text: str, folder: str) -> str | None:
    """A ``pyproject.toml`` with settings of pytest; none is made for them alone."""
    return with_settings(text, ("tool", "pytest", "ini_options"), {"testpaths": [folder]}) if text else None


@audit_check("P7-pytest")
def pytest_settings(project: Project) -> Iterator[Shortfall]:
    """pytest has its settings in the project."""
    if not test_files(project):
        raise NotApplicable("there are no tests")
    if not uses_pytest(project):
        raise NotApplicable("the tests do not use pytest")
    pyproject = project.pyproject
    if pyproject.get("tool", "pytest") is not None or project.first(
        "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"
    ):
        return
    if "[tool:pytest]" in text_of(project, "setup.cfg") or "[pytest]" in text_of(project, "tox.ini"):
        return
    refuse_above(project)
    if not project.has("tox.ini"):
        refuse_sdist(project, "settings of pytest")
    folder = test_folder(project)
    line = pyproject.line("tool") if pyproject.table("tool") else 1
    fix: Fix = None
    if folder is not None:
        fix = partial(_with_pytest, folder=folder)
    yield Shortfall("pyproject.toml", "pytest has no settings", "say at least testpaths", line, fix)
