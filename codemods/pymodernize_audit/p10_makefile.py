"""The Makefile: help, test, phony targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_lines
from pymodernize_audit._facts import Fix, refuse_sdist, runner, test_command, text_of
from pymodernize_audit._ruff import ruff_of

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_RUNNERS = {
    "just": ("justfile", "Justfile", ".justfile"),
    "Task": ("Taskfile.yml", "Taskfile.yaml"),
    "nox": ("noxfile.py",),
    "tox": ("tox.ini", "tox.toml"),
    "invoke": ("tasks.py",),
    "doit": ("dodo.py",),
    "pixi": ("pixi.toml",),
    "mise": ("mise.toml", ".mise.toml"),
}
_TABLES = {
    "hatch": ("hatch", "envs"),
    "poe": ("poe", "tasks"),
    "pdm": ("pdm", "scripts"),
    "tox": ("tox",),
    "pixi": ("pixi", "tasks"),
    "taskipy": ("taskipy", "tasks"),
    "spin": ("spin",),
}
_ACTIONS = frozenset(
    (
        "help test tests lint format fmt check clean distclean install uninstall all types typecheck type-check mypy "
        "coverage cov run release publish deploy upload setup ci serve bump tag bootstrap precommit pre-commit update "
        "upgrade shell logs up down"
    ).split()
)
"""Names of targets that are what is done, not files that are made."""
_TARGET = re.compile(r"^(?![\t#.])((?:[\w.%/-]|\\ )+(?:[ \t]+[\w.%/-]+)*)[ \t]*::?(?![=:])", re.MULTILINE)


def _runner(project: Project) -> str | None:
    """What runs the project's tasks if that is not make; None if nothing is known to."""
    for name, files in _RUNNERS.items():
        if project.first(*files):
            return name
    return next((name for name, keys in _TABLES.items() if project.pyproject.get("tool", *keys) is not None), None)


def _makefile(project: Project) -> tuple[str, str]:
    """The name and the text of the Makefile, with what it includes from the project.

    Raises:
        NotApplicable: there is none.
    """
    name = project.first(*_NAMES)
    if name is None:
        raise NotApplicable("there is no Makefile")
    return name, text_of(project, name)


def _included(project: Project, text: str) -> str:
    """The texts of the files that a Makefile includes.

    Raises:
        NotApplicable: one is not in the project.
    """
    found = []
    for line in re.findall(r"^-?s?include[ \t]+(.+)$", text, re.MULTILINE):
        for name in line.split():
            if not project.has(name):
                raise NotApplicable(f"the Makefile includes {name}, which is not there")
            found.append(text_of(project, name))
    return "\n".join(found)


def _targets(text: str) -> dict[str, int]:
    """The targets of a Makefile, each with its line."""
    found: dict[str, int] = {}
    for match in _TARGET.finditer(text):
        for name in match[1].split():
            found.setdefault(name, text.count("\n", 0, match.start()) + 1)
    return found


@audit_check("P10-makefile")
def makefile(project: Project) -> Iterator[Shortfall]:
    """A Makefile has the commands of development."""
    if project.first(*_NAMES):
        return
    runner = _runner(project) or _runner(project.repository)
    if runner is not None:
        raise NotApplicable(f"{runner} runs the tasks")
    if project.repository is not project and project.repository.first(*_NAMES):
        raise NotApplicable("the Makefile stands at the top of the repository")
    refuse_sdist(project, "a Makefile")
    if not any(path.endswith(".py") for path in project.files):
        raise NotApplicable("there is no Python file")
    yield Shortfall(
        "Makefile",
        "there is no Makefile",
        "have make help list what can be done, and make test run the tests",
        fix=_new(project),
    )


_HELP = [
    "help:  ## list the targets",
    "\t@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\\t/' | expand -t 16",
]


def _new(project: Project) -> Fix:
    """A Makefile with the commands that are known; None if that of the tests is not."""
    command = test_command(project)
    if command is None:
        return None
    ruff = ruff_of(project) is not None
    lines = [".DEFAULT_GOAL := help", f".PHONY: help test{' lint' if ruff else ''}", "", *_HELP]
    lines += ["", "test:  ## run the tests", f"\t{command}"]
    lines += ["", "lint:  ## look at the code with ruff", f"\t{runner(project)}python -m ruff check ."] if ruff else []

    def fix(text: str) -> str | None:
        return None if text else "".join(f"{line}\n" for line in lines)

    return fix


@audit_check("P10-help")
def help_target(project: Project) -> Iterator[Shortfall]:
    """make help lists the targets."""
    name, text = _makefile(project)
    targets = _targets(text + "\n" + _included(project, text))
    if any(re.fullmatch(r"(.*[-_])?(help|list|usage|targets)([-_].*)?", target) for target in targets):
        return
    if re.search(r"^[\w.-]*\$", text, re.MULTILINE) and "help" in text:
        raise NotApplicable("the Makefile makes the names of its targets")
    lines = [
        "",
        ".PHONY: help",
        "help:",
        "\t@grep -hE '^[A-Za-z][A-Za-z0-9_-]*:([^=]|$$)' $(MAKEFILE_LIST) | cut -d: -f1 | sort -u",
    ]
    yield Shortfall(
        name, "there is no target help", "add one that lists the targets", fix=lambda text: with_lines(text, lines)
    )


@audit_check("P10-test")
def test_target(project: Project) -> Iterator[Shortfall]:
    """make test runs the tests."""
    name, text = _makefile(project)
    targets = _targets(text + "\n" + _included(project, text))
    if any(
        re.fullmatch(r"(.*[-_./])?(unit)?(tests?|check|pytest|unittest)([-_./].*)?", target) or "%" in target
        for target in targets
    ):
        return
    command = test_command(project)
    if command is None and project.is_sdist:
        raise NotApplicable("no tests are found")
    fix: Fix = None
    if command is not None:
        lines = ["", ".PHONY: test", "test:", f"\t{command}"]
        fix = partial(with_lines, lines=lines)
    yield Shortfall(name, "there is no target test", "add one that runs the tests", fix=fix)


@audit_check("P10-phony")
def phony(project: Project) -> Iterator[Shortfall]:
    """Targets that make no file are phony."""
    name, text = _makefile(project)
    whole = text + "\n" + _included(project, text)
    declared = re.findall(r"^\.PHONY[ \t]*:((?:.*\\\n)*.*)", whole, re.MULTILINE)
    names = {word for row in declared for word in re.sub(r"\\\n", " ", row).split()}
    if any("$" in word for word in names):
        raise NotApplicable("the Makefile makes the list of its phony targets")
    targets = _targets(text)
    missing = [target for target in targets if target in _ACTIONS - names]
    if missing:
        line = f".PHONY: {' '.join(missing)}"
        them = f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} not declared phony"
        yield Shortfall(
            name, f"{them}: a file of that name would keep make from running", f"add {line}", targets[missing[0]],
            lambda text: with_lines(text, ["", line]),
        )  # fmt: skip
