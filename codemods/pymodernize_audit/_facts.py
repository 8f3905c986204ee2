"""Facts that several checks ask for, and the forms of fixes that they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from pymodernize.audit.audit_check import CannotRead, NotApplicable, Project
from pymodernize_audit._ci import commands
from pymodernize_audit._python import dependency_names, inner_projects, is_package, test_folder, uses_pytest

Fix: TypeAlias = "Callable[[str], str | None] | None"


def refuse_sdist(project: Project, what: str) -> None:
    """Leave the question open in a source distribution, which need not have what the repository has.

    Raises:
        NotApplicable: it is one.
    """
    if project.is_sdist:
        raise NotApplicable(f"it is a source distribution, which may lack {what} that the repository has")


def refuse_above(project: Project) -> None:
    """Leave questions about a Python project open above several, or one, that are further down.

    Raises:
        NotApplicable: it is such a folder.
    """
    inner = inner_projects(project)
    if inner:
        raise NotApplicable(f"the Python project is {' and '.join(inner[:3])}, which is audited by itself")


def require_repository(project: Project) -> None:
    """Leave the question open where git does not say what is under version control.

    Raises:
        NotApplicable: git does not say, and why.
    """
    _ = project.tracked


def new_file(lines: Sequence[str]) -> Fix:
    """The fix that makes a file; nothing is done to one that is there."""
    return lambda text: None if text else "".join(f"{line}\n" for line in lines)


def text_of(project: Project, name: str) -> str:
    """The text of a file, empty if it is not there or cannot be read."""
    try:
        return project.text(name) or ""
    except CannotRead:
        return ""


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: A, B and C."""
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def mentions(text: str, *words: str) -> bool:
    """Whether a text has one of some words as a word."""
    return re.search(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w])", text) is not None


def test_command(project: Project) -> str | None:
    """The command that runs the tests, None if it cannot be told."""
    folder = test_folder(project)
    if folder is None:
        return None
    if uses_pytest(project):
        return f"{runner(project)}python -m pytest"
    return f"{runner(project)}python -m unittest discover {folder}" if project.has(f"{folder}/__init__.py") else None


def runner(project: Project) -> str:
    """What stands in front of a command that runs in the project's environment, by the tool of its lock file."""
    tools = {
        "uv.lock": "uv run --locked ",
        "poetry.lock": "poetry run ",
        "pdm.lock": "pdm run ",
        "Pipfile.lock": "pipenv run ",
    }
    return next((words for name, words in tools.items() if project.has(name)), "")


def set_up_commands(project: Project) -> list[str]:
    """The commands that set a project up, by the tool that its lock file is of; none if it cannot be installed."""
    for lock, steps in (
        ("uv.lock", ["uv sync --locked"]),
        ("poetry.lock", ["poetry install"]),
        ("pdm.lock", ["pdm sync"]),
        ("Pipfile.lock", ["pipenv sync"]),
    ):
        if project.has(lock):
            return steps
    if is_package(project):
        return ["python -m venv .venv", ".venv/bin/python -m pip install ."]
    if project.has("requirements.txt"):
        return ["python -m venv .venv", ".venv/bin/python -m pip install -r requirements.txt"]
    return []


def uses(project: Project, *tools: str) -> bool:
    """Whether a project uses one of some tools: it requires it, or pre-commit or CI runs it."""
    names = dependency_names(project)
    if any(tool in names for tool in tools):
        return True
    return mentions(text_of(project.repository, ".pre-commit-config.yaml") + commands(project), *tools)
