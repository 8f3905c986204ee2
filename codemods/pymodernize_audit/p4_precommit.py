"""pre-commit: whitespace, ends of files, settings files, large files, ruff, secrets, pymodernize."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.documents import Yaml
from pymodernize.audit.edits import with_yaml_lines
from pymodernize_audit._facts import Fix, refuse_sdist

_FILE = ".pre-commit-config.yaml"
_STANDARD = re.compile(r"(?i)https?://github\.com/pre-commit/pre-commit-hooks(\.git)?/?")
_RUFF = re.compile(r"(?i)https?://github\.com/(astral-sh|charliermarsh)/ruff-pre-commit(\.git)?/?")


@dataclass(frozen=True)
class Hook:
    """A hook.

    Attributes:
        id: its id.
        repo: the repository that has it.
        words: all that its entry, name and arguments say.
        place: the numbers of its repository and of itself in their lists.
    """

    id: str
    repo: str
    words: str
    place: tuple[int, int]


def _config(project: Project) -> tuple[Yaml, list[Hook]]:
    """The configuration of pre-commit, and its hooks.

    Raises:
        NotApplicable: there is none.
    """
    file = project.repository.yaml(_FILE)
    if file is None:
        raise NotApplicable(f"there is no {_FILE}")
    repos = file.get("repos")
    hooks = []
    for number, repo in enumerate(repos if isinstance(repos, list) else []):
        listed = repo.get("hooks") if isinstance(repo, dict) else None
        for place, hook in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(hook, dict):
                words = " ".join(str(hook.get(key, "")) for key in ("id", "name", "entry", "args", "alias"))
                hooks.append(Hook(str(hook.get("id", "")), str(repo.get("repo", "")), words, (number, place)))
    return file, hooks


@audit_check("P4-config")
def config(project: Project) -> Iterator[Shortfall]:
    """pre-commit has its hooks in the repository."""
    if project.repository.has(_FILE) or project.repository.first("prek.toml"):
        return
    refuse_sdist(project, "settings of pre-commit")
    yield Shortfall(_FILE, f"there is no {_FILE}", "add one; pre-commit sample-config shows the first hooks")


@dataclass(frozen=True)
class _Wanted:
    """A kind of hook.

    Attributes:
        id: of the hook that does it.
        what: what that is, for messages.
        known: ids or words of hooks that do it, too.
    """

    id: str
    what: str
    known: str


_BASIC = (
    _Wanted("trailing-whitespace", "trailing whitespace", r"trailing-whitespace|fix-trailing|prettier|biome"),
    _Wanted("end-of-file-fixer", "the end of files", r"end-of-file|fix-end-of-file|prettier|biome"),
    _Wanted("check-yaml", "YAML", r"check-yaml|yamllint|yamlfmt|yamlfix|prettier|check-github-workflows|actionlint"),
    _Wanted(
        "check-toml", "TOML", r"check-toml|taplo|toml-sort|pyproject-fmt|validate-pyproject|tombi|pretty-format-toml"
    ),
    _Wanted("check-json", "JSON", r"check-json5?|pretty-format-json|prettier|biome|jsonlint"),
    _Wanted("check-added-large-files", "large files", r"check-added-large-files|check-large"),
)


def _is_needed(project: Project, wanted: _Wanted) -> bool:
    """Whether there is anything that a hook would look at."""
    suffix = {"check-json": ".json", "check-toml": ".toml"}.get(wanted.id)
    return suffix is None or any(
        path.endswith(suffix) and not _WITH_COMMENTS.search(path) for path in project.repository.files
    )


_WITH_COMMENTS = re.compile(r"(^|/)\.[^/]*/|(^|/)(ts|js)config[^/]*\.json$|pyrightconfig\.json$|\.code-workspace$")
"""Files of JSON in which comments stand, which a check of JSON would refuse."""


@audit_check("P4-basics")
def basics(project: Project) -> Iterator[Shortfall]:
    """Hooks look at whitespace, ends of files, YAML, TOML, JSON and large files."""
    file, hooks = _config(project)
    for wanted in _BASIC:
        if _is_needed(project, wanted) and not _has(hooks, wanted.known):
            at = _standard(file)
            line = file.line("repos", at, "hooks") if at is not None else file.line("repos")
            message = f"no hook looks at {wanted.what}"
            yield Shortfall(_FILE, message, f"add {wanted.id} of pre-commit-hooks", line, _adding(at, wanted.id))


def _has(hooks: list[Hook], words: str) -> bool:
    return any(re.search(rf"(?<![\w])(?:{words})", f"{hook.words} {hook.repo}") for hook in hooks)


def _standard(file: Yaml) -> int | None:
    """The number of the repository of pre-commit's own hooks in the list, None if it is not there."""
    return _number(file, _STANDARD)


def _number(file: Yaml, repo: re.Pattern[str]) -> int | None:
    repos = file.get("repos")
    for number, item in enumerate(repos if isinstance(repos, list) else []):
        if isinstance(item, dict) and repo.fullmatch(str(item.get("repo", ""))) and isinstance(item.get("hooks"), list):
            return number
    return None


def _adding(at: int | None, *ids: str) -> Fix:
    """The fix that adds hooks behind the last one of a repository that is there: its revision is the project's own."""
    if at is None:
        return None

    place: int = at

    def fix(text: str) -> str | None:
        file = Yaml(text)
        number = len((file.data or {})["repos"][place]["hooks"])
        if not number:
            return None
        lines = text.split("\n")
        first = file.line("repos", place, "hooks", number - 1)
        marker = re.match(r"(\s*)- ", lines[first - 1])
        if marker is None:
            return None
        end = first
        while end < len(lines) and lines[end].strip() and lines[end].startswith((f"{marker[1]} ", f"{marker[1]}\t")):
            end += 1

        def expected(data: dict[str, Any]) -> None:
            data["repos"][place]["hooks"] += [{"id": name} for name in ids]

        return with_yaml_lines(text, end, [f"{marker[1]}- id: {name}" for name in ids], expected)

    return fix


@audit_check("P4-ruff")
def ruff_hooks(project: Project) -> Iterator[Shortfall]:
    """Hooks run ruff and ruff format."""
    file, hooks = _config(project)
    at = _number(file, _RUFF)
    line = file.line("repos", at, "hooks") if at is not None else file.line("repos")
    every = [hook for hook in hooks if "ruff" in hook.words or "ruff" in hook.repo]
    lints = [hook for hook in every if hook.id != "ruff-format" and not re.search(r"ruff[ -]format", hook.words)]
    combined = [hook for hook in hooks if re.search(r"\b(make|tox|nox|just|hatch|poe|task|sh|bash)\b", hook.words)]
    if combined:
        return  # what such a hook runs cannot be told from here
    if not lints:
        new = "ruff-check" if any(hook.id == "ruff-check" for hook in every) or not every else "ruff"
        yield Shortfall(_FILE, "no hook runs ruff", f"add {new} of ruff-pre-commit", line, _adding(at, new))
    if not any(hook.id == "ruff-format" or re.search(r"ruff[ -]format", hook.words) for hook in every):
        black = "; Black formats" if _has(hooks, "black") else ""
        message = f"no hook runs ruff format{black}"
        fix = None if black else _adding(at, "ruff-format")
        yield Shortfall(_FILE, message, "add ruff-format of ruff-pre-commit", line, fix)


@audit_check("P4-secrets")
def secrets(project: Project) -> Iterator[Shortfall]:
    """A hook looks for secrets."""
    file, hooks = _config(project)
    known = (
        r"detect-secrets|gitleaks|trufflehog|detect-private-key|detect-aws|talisman|ggshield|ripsecrets|whispers|secret"
    )
    if not _has(hooks, known) and not _has(hooks, r"kingfisher|git-secrets|betterleaks"):
        at = _standard(file)
        line = file.line("repos", at, "hooks") if at is not None else file.line("repos")
        advice = "add gitleaks or detect-secrets, or at least detect-private-key of pre-commit-hooks"
        yield Shortfall(_FILE, "no hook looks for secrets", advice, line, _adding(at, "detect-private-key"))


@audit_check("P4-pymodernize")
def itself(project: Project) -> Iterator[Shortfall]:
    """A hook runs pymodernize."""
    file, hooks = _config(project)
    if not _has(hooks, r"[\w./-]*pymodernize"):
        yield Shortfall(
            _FILE, "no hook runs pymodernize", "add it; its documentation has the lines", file.line("repos")
        )
