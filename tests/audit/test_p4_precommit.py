"""P4: the hooks of pre-commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import Case

FILE = ".pre-commit-config.yaml"
STANDARD = "repos:\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: v5.0.0\n    hooks:\n"
BASICS = "".join(
    f"      - id: {name}\n"
    for name in ("trailing-whitespace", "end-of-file-fixer", "check-yaml", "check-added-large-files")
)
RUFF = (
    "  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: "
    "v0.17.5\n    hooks:\n      - id: ruff\n        args: [--fix]\n"
)
LOCAL = "  - repo: local\n    hooks:\n      - id: x\n        entry: %s\n        language: system\n"


def hooks(text: str, **files: str) -> dict[str, str | None]:
    """A repository with a configuration of pre-commit."""
    return {FILE: text, **files}


CASES = [
    Case("P4-config", "there is one", hooks(STANDARD)),
    Case("P4-config", "a source distribution may lack it", {"PKG-INFO": ""}, without="it is a source distribution"),
    Case(
        "P4-config",
        "none; a revision of the hooks is nothing that the project says",
        says=(rf"^{FILE}:1: there is no",),
    ),
    Case("P4-basics", "none is another check's", without=f"there is no {FILE}"),
    Case("P4-basics", "a broken one answers nothing", hooks("repos: ["), without=rf"{FILE} is not YAML"),
    Case("P4-basics", "TOML and JSON where there is none of it", hooks(STANDARD + BASICS)),
    Case(
        "P4-basics",
        "JSON with comments, which no check would take",
        hooks(STANDARD + BASICS, **{".vscode/settings.json": "{}", "tsconfig.json": "{}"}),
    ),
    Case(
        "P4-basics",
        "other hooks do it",
        hooks(
            "repos: [{repo: x, hooks: [{id: prettier}, {id: taplo-lint}, {id: check-added-large-files}]}]",
            **{"a.toml": "", "a.json": "{}"},
        ),
    ),
    Case(
        "P4-basics",
        "one after the other, behind those that are there",
        hooks(STANDARD + "".join(BASICS.splitlines(keepends=True)[:2]) + RUFF, **{"a.toml": ""}),
        ("YAML", "TOML", "large files"),
        fixed={
            FILE: (
                r"^      - id: end-of-file-fixer\n      - id: check-yaml\n      "
                r"- id: check-toml\n      - id: check-added-large-files\n  - repo"
            )
        },
    ),
    Case(
        "P4-basics",
        "of a revision that nobody has named",
        hooks("repos:\n" + RUFF),
        ("whitespace", "the end of files", "YAML", "large files"),
    ),
    Case("P4-basics", "no list at all", hooks("x: 1\n"), ("whitespace", "the end of files", "YAML", "large files")),
    Case("P4-ruff", "both", hooks("repos:\n" + RUFF + "      - id: ruff-format\n")),
    Case("P4-ruff", "by the project's own commands", hooks("repos:\n" + LOCAL % "ruff check" + LOCAL % "ruff format")),
    Case("P4-ruff", "what make runs cannot be told", hooks("repos:\n" + LOCAL % "make lint")),
    Case(
        "P4-ruff",
        "the format is missing",
        hooks("repos:\n" + RUFF),
        (rf"^{FILE}:4: no hook runs ruff format$",),
        fixed={FILE: r"^        args: \[--fix\]\n      - id: ruff-format\n\Z"},
    ),
    Case(
        "P4-ruff",
        "Black does not go with it",
        hooks("repos:\n" + RUFF + LOCAL % "black"),
        ("no hook runs ruff format; Black formats",),
    ),
    Case("P4-ruff", "neither", hooks(STANDARD + BASICS), (r":2?1?: no hook runs ruff$", "no hook runs ruff format$")),
    Case("P4-secrets", "any that looks for them", hooks("repos:\n" + LOCAL % "gitleaks git")),
    Case(
        "P4-secrets",
        "none",
        hooks(STANDARD + BASICS + "# the end\n"),
        (rf"^{FILE}:4: no hook looks for secrets",),
        fixed={FILE: r"^      - id: check-added-large-files\n      - id: detect-private-key\n# the end$"},
    ),
    Case("P4-pymodernize", "as a module", hooks("repos:\n" + LOCAL % "python -m pymodernize --check")),
    Case("P4-pymodernize", "none", hooks(STANDARD + BASICS), ("no hook runs pymodernize",)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_hooks(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
