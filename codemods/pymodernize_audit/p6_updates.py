"""Updates of dependencies: Renovate or Dependabot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_yaml_lines
from pymodernize_audit._ci import commands, configurations
from pymodernize_audit._facts import Fix, new_file, refuse_sdist
from pymodernize_audit._python import dependencies

_RENOVATE = (
    *("renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"),
    *(f"{folder}/renovate.{suffix}" for folder in (".github", ".gitlab") for suffix in ("json", "json5")),
)
_OTHERS = (".pyup.yml", ".pyup.yaml", ".scala-steward.conf", ".updatecli.yml", "updatecli.yaml", ".updatecli")
_DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")
_UPDATES = re.compile(r"poetry update|pdm update|renovate|pip-audit --fix")
_LOCKS = re.compile(r"uv (?:lock|sync) |pip-compile ")
_ANEW = re.compile(r"--upgrade|-U\b")
_ECOSYSTEMS = {"pip", "uv", "pipenv", "poetry", "pip-compile", "conda"}


def _updates(text: str) -> bool:
    """Whether commands bring the newest versions of what is locked."""
    heads = ((line, _LOCKS.search(line)) for line in text.splitlines())
    return bool(_UPDATES.search(text)) or any(head and _ANEW.search(line, head.end()) for line, head in heads)


def _python_ecosystem(project: Project) -> str | None:
    """What Dependabot calls the way in which the project has its dependencies, None if it has none."""
    if project.has("uv.lock"):
        return "uv"
    return "pip" if dependencies(project) else None


@audit_check("P6-updates")
def updates(project: Project) -> Iterator[Shortfall]:
    """A service proposes updates of dependencies."""
    top = project.repository
    if top.first(*_RENOVATE, *_DEPENDABOT, *_OTHERS) or _in_package_json(top) or _updates(commands(project)):
        return
    refuse_sdist(project, "the settings of such a service")
    ecosystem, workflows = _python_ecosystem(project), configurations(top).get("GitHub Actions")
    if ecosystem is None and not workflows:
        raise NotApplicable("there are no dependencies to update")
    fix = _dependabot([item for item in (ecosystem, "github-actions" if workflows else None) if item])
    message = "neither Renovate nor Dependabot proposes updates"
    if workflows:
        yield Shortfall(_DEPENDABOT[0], message, "list what is to be updated", fix=fix if top is project else None)
    else:
        yield Shortfall("renovate.json", message, "add the settings of one of them")


def _in_package_json(top: Project) -> bool:
    data = top.json("package.json") if top.has("package.json") else None
    return isinstance(data, dict) and "renovate" in data


def _entry(ecosystem: str) -> list[str]:
    return [
        f"  - package-ecosystem: {ecosystem}",
        "    directory: /",
        "    schedule:",
        "      interval: weekly",
    ]


def _dependabot(ecosystems: list[str]) -> Fix:
    return new_file(["version: 2", "updates:", *(line for name in ecosystems for line in _entry(name))])


@audit_check("P6-python")
def python_updates(project: Project) -> Iterator[Shortfall]:
    """Where Dependabot is used, it updates Python's dependencies, too."""
    top = project.repository
    name = top.first(*_DEPENDABOT)
    if name is None:
        raise NotApplicable("Dependabot has no settings")
    if top.first(*_RENOVATE, *_OTHERS):
        raise NotApplicable("another service has settings, too")
    ecosystem = _python_ecosystem(project)
    if ecosystem is None:
        raise NotApplicable("there are no dependencies of Python to update")
    file = top.yaml(name)
    listed = file.get("updates") if file is not None else None
    if file is None or not isinstance(listed, list) or "multi-ecosystem-groups" in (file.data or {}):
        raise NotApplicable(f"{name} has no list of updates")
    names = [str(item.get("package-ecosystem")) for item in listed if isinstance(item, dict)]
    if _ECOSYSTEMS & set(names) or _updates(commands(project)):
        return
    message = f"Dependabot updates {' and '.join(sorted(set(names))) or 'nothing'}, not Python's dependencies"
    fix: Fix = (lambda text: _more(text, len(listed), ecosystem)) if top is project and names else None
    yield Shortfall(name, message, f"add package-ecosystem: {ecosystem}", file.line("updates"), fix)


def _more(text: str, number: int, ecosystem: str) -> str | None:
    """The text with one more entry, indented as those that are there, if the list is the last thing in it."""
    entry = re.search(r"^( *)- ", text[text.find("updates:") :], re.MULTILINE)
    if entry is None:
        return None
    lines = [f"{entry[1]}{line[2:]}" for line in _entry(ecosystem)]

    def expected(data: dict) -> None:
        added = {"package-ecosystem": ecosystem, "directory": "/", "schedule": {"interval": "weekly"}}
        data["updates"].append(added)

    end = len(text.rstrip().split("\n"))
    return with_yaml_lines(text, end, lines, expected)
