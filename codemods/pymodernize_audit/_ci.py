"""What continuous integration runs: its configuration, and what that calls in turn."""

from __future__ import annotations

import fnmatch
import re

from pymodernize.audit.audit_check import Project

_CONFIGURATIONS = {
    "GitHub Actions": (".github/workflows/*.yml", ".github/workflows/*.yaml"),
    "Forgejo": (
        ".forgejo/workflows/*.yml",
        ".forgejo/workflows/*.yaml",
        ".gitea/workflows/*.yml",
        ".gitea/workflows/*.yaml",
    ),
    "GitLab": (".gitlab-ci.yml", ".gitlab-ci.yaml", ".gitlab/*.yml", ".gitlab-ci/*.yml", ".gitlab/ci/*.yml"),
    "CircleCI": (".circleci/config.yml", ".circleci/*.yml"),
    "Azure Pipelines": ("azure-pipelines.yml", ".azure-pipelines/*.yml", "azure-pipelines/*.yml", ".azure/*.yml"),
    "Travis": (".travis.yml",),
    "Jenkins": ("Jenkinsfile", "Jenkinsfile.*", ".jenkins/*"),
    "Bitbucket": ("bitbucket-pipelines.yml",),
    "Woodpecker": (".woodpecker.yml", ".woodpecker.yaml", ".woodpecker/*"),
    "Drone": (".drone.yml",),
    "Cirrus": (".cirrus.yml", ".cirrus.star"),
    "AppVeyor": ("appveyor.yml", ".appveyor.yml"),
    "builds.sr.ht": (".build.yml", ".builds/*.yml"),
    "Buildkite": (".buildkite/*.yml", ".buildkite/*.yaml"),
    "Google Cloud Build": ("cloudbuild.yaml", "cloudbuild.yml"),
    "AWS CodeBuild": ("buildspec.yml", "buildspec.yaml"),
    "Semaphore": (".semaphore/*.yml",),
    "Tekton": (".tekton/*.yaml",),
    "Zuul": (".zuul.yaml", "zuul.yaml", "zuul.d/*.yaml", ".zuul.d/*.yaml"),
    "Packit": (".packit.yaml", ".packit.yml"),
    "Dagger": ("dagger.json",),
    "a script of its own": (".ci/*", "ci/*.yml", "ci/*.yaml", "ci/*.sh"),
}
_RUNNERS = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "tox": ("tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"),
    "nox": ("noxfile.py",),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml"),
    "invoke|inv": ("tasks.py", "tasks/__init__.py"),
    "doit": ("dodo.py",),
    "hatch|poe|pdm|poetry|uv|pixi|rye|taskipy|spin|thx": ("pyproject.toml", "pixi.toml", "hatch.toml"),
    "pre-commit|prek": (".pre-commit-config.yaml",),
    "lefthook": ("lefthook.yml",),
    "docker|docker-compose|podman|bake": (
        "Dockerfile",
        "docker-compose.yml",
        "docker-compose.yaml",
        "compose.yml",
        "compose.yaml",
        "docker-bake.hcl",
    ),
    "npm|yarn|pnpm|bun": ("package.json",),
    "trunk": (".trunk/trunk.yaml",),
    "mise": ("mise.toml", ".mise.toml"),
}
_SCRIPT = re.compile(r"(?<![\w./-])(?:\.?/)?((?:[\w.-]+/)*[\w.-]+)")
_MOST_FILES = 60
_MOST_CHARACTERS = 2_000_000


def configurations(project: Project) -> dict[str, list[str]]:
    """The files that tell services of continuous integration what to do, by the name of the service."""
    found: dict[str, list[str]] = {}
    for service, patterns in _CONFIGURATIONS.items():
        names: list[str] = []
        for pattern in patterns:
            folder, _, last = pattern.rpartition("/")
            matching = [name for name in project.names(folder) if fnmatch.fnmatchcase(name, last)]
            names += [f"{folder}/{name}" if folder else name for name in matching]
        names = [name for name in dict.fromkeys(names) if project.has(name)]
        if names:
            found[service] = names
    return found


def commands(project: Project) -> str:
    """The text of the configuration of CI, and of all files in the project that it seems to run: more than is run
    rather than less."""
    top = project.repository
    pending = [name for names in configurations(top).values() for name in names]
    seen: set[str] = set()
    texts: list[str] = []
    while pending and len(seen) < _MOST_FILES and sum(map(len, texts)) < _MOST_CHARACTERS:
        name = pending.pop(0)
        if name in seen:
            continue
        seen.add(name)
        text = top.glance(name)
        texts.append(text)
        pending += _called(top, project, text)
    return "\n".join(texts)


def _called(top: Project, project: Project, text: str) -> list[str]:
    """The files that a text seems to run: those of task runners that it names, and scripts that it names by path."""
    found = []
    for words, names in _RUNNERS.items():
        if re.search(rf"(?<![\w.-])(?:{words})(?![\w])", text):
            found += [name for name in names if top.has(name)]
    for match in _SCRIPT.finditer(text):
        name = match[1]
        if name.endswith((".sh", ".py", ".bash", ".ps1", ".yml", ".yaml", ".mk", ".cmd", ".bat")) or "/" in name:
            if top.has(name):
                found.append(name)
            elif name.endswith((".sh", ".bash")):  # as an image has it, perhaps
                last = name.rpartition("/")[2]
                found += [path for path in top.files if path.rpartition("/")[2] == last]
            else:
                found += [path for path in (f"{name}/action.yml", f"{name}/action.yaml") if top.has(path)]
    return found
