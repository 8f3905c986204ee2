"""The lock file: present, tracked, used frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import CannotRead, NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit._ci import configurations
from pymodernize_audit._docker import dockerfiles
from pymodernize_audit._facts import refuse_above, refuse_sdist, text_of
from pymodernize_audit._python import dependencies, dependency_files

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pixi.lock", "conda-lock.yml", "conda-lock.yaml")
_LOOSE = {
    "uv": (
        re.compile(r"\buv\s+sync\b(?P<options>[^\n&|;]*)"),
        re.compile(r"--(locked|frozen|upgrade|resolution)|-U\b"),
    ),
    "pipenv": (
        re.compile(r"\bpipenv\s+install\b(?P<options>[^\n&|;]*)"),
        re.compile(r"--(deploy|ignore-pipfile)|\s[a-z]"),
    ),
    "pdm": (
        re.compile(r"\bpdm\s+install\b(?P<options>[^\n&|;]*)"),
        re.compile(r"--(frozen-lockfile|no-lock|check|lockfile)"),
    ),
}
_INSTEAD = {"uv": "uv sync --locked", "pipenv": "pipenv install --deploy", "pdm": "pdm install --frozen-lockfile"}


def _locks(project: Project) -> list[str]:
    """The lock files of a project, and of the repository that it is in."""
    found = [name for name in _LOCKS if project.has(name)]
    found += [name for name in project.names() if re.fullmatch(r"pylock(\.[\w-]+)?\.toml", name)]
    return found + [name for name in _requirements(project) if _is_pinned(text_of(project, name))]


def _requirements(project: Project) -> list[str]:
    more = [
        name
        for name in project.names()
        if re.fullmatch(r"(?i)([\w-]+[-_.])?(constraints|lock)([-_.][\w-]+)?\.txt", name)
    ]
    return [name for name in (*dependency_files(project), *more) if name.endswith(".txt")]


def _is_pinned(text: str) -> bool:
    """Whether a file of requirements names one version of each package."""
    text = re.sub(r"\\\n", " ", text)
    rows = [row.partition(" #")[0].strip() for row in text.split("\n")]
    names = [row for row in rows if re.match(r"[A-Za-z0-9]", row)]
    return bool(names) and all(re.search(r"===?\s*[\w.!+-]+\s*($|;|--|,)| @ ", row) and "*" not in row for row in names)


@audit_check("P8-lock")
def lock(project: Project) -> Iterator[Shortfall]:
    """A lock file pins the versions of all dependencies."""
    if _locks(project) or _locks(project.repository):
        return
    if not dependencies(project):
        raise NotApplicable("no dependencies are written down")
    refuse_above(project)
    refuse_sdist(project, "a lock file")
    name, command = "uv.lock", "uv lock"
    if project.pyproject.get("tool", "poetry") is not None:
        name, command = "poetry.lock", "poetry lock"
    elif project.pyproject.get("tool", "pdm") is not None:
        name, command = "pdm.lock", "pdm lock"
    elif project.has("Pipfile"):
        name, command = "Pipfile.lock", "pipenv lock"
    elif not project.pyproject.table("project") and (files := dependency_files(project)):
        name, command = files[0], "uv pip compile --generate-hashes"
    yield Shortfall(
        name, "there is no lock file: each set-up gets other versions", f"have {command} make it, and commit it"
    )


@audit_check("P8-tracked")
def tracked(project: Project) -> Iterator[Shortfall]:
    """The lock file is under version control."""
    locks = _locks(project)
    if not locks:
        raise NotApplicable("there is no lock file")
    known = project.tracked
    for name in locks:
        if name not in known and name in _LOCKS:
            yield Shortfall(name, "the lock file is not under version control", f"git add {name}")


@audit_check("P8-frozen")
def frozen(project: Project) -> Iterator[Shortfall]:
    """CI and images install what the lock file says, and nothing newer."""
    tools = [
        tool for tool, name in (("uv", "uv.lock"), ("pipenv", "Pipfile.lock"), ("pdm", "pdm.lock")) if project.has(name)
    ]
    if not tools:
        raise NotApplicable("there is no lock file of uv, pdm or pipenv; others are used as they are")
    top = project.repository
    names = [name for found in configurations(top).values() for name in found] + dockerfiles(top)
    if not names:
        raise NotApplicable("there is neither CI nor a Dockerfile that would use it")
    for name in names:
        for line, text in _parts(top, name):
            for tool in tools:
                pattern, fine = _LOOSE[tool]
                for match in pattern.finditer(re.sub(r"\\\n", "  ", text)):
                    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
                    if (
                        "#" not in before
                        and "name:" not in before
                        and not fine.search(match["options"])
                        and "$" not in match[0]
                    ):
                        command = " ".join(match[0].split())
                        at = line + text.count("\n", 0, match.start())
                        yield Shortfall(name, f"{command} may change what is locked", f"say {_INSTEAD[tool]}", at)


def _parts(top: Project, name: str) -> Iterator[tuple[int, str]]:
    """The commands in a file that set this project up, each with its first line; nothing of one that has them frozen
    by a variable, nor of jobs and steps that work on something else."""
    text = text_of(top, name)
    if re.search(r"\b(UV_LOCKED|UV_FROZEN|PDM_FROZEN_LOCKFILE)\b", text):
        return
    if not name.startswith(".github/workflows/"):
        yield 1, text
        return
    try:
        file = top.yaml(name)
    except CannotRead:
        return
    jobs = file.get("jobs") if file is not None else None
    if file is None or not isinstance(jobs, dict):
        return
    for job, table in jobs.items():
        steps = table.get("steps") if isinstance(table, dict) else None
        steps = [step if isinstance(step, dict) else {} for step in steps] if isinstance(steps, list) else []
        if any("repository" in step["with"] for step in steps if isinstance(step.get("with"), dict)):
            continue
        for number, step in enumerate(steps):
            if isinstance(step.get("run"), str) and "working-directory" not in step:
                run = step["run"]
                line = file.line("jobs", job, "steps", number, "run")
                yield line if "\n" not in run.strip() else line + 1, run
