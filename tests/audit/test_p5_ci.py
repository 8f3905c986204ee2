"""P5 and P6: continuous integration, and updates of dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, TEST, Case

WORKFLOW = ".github/workflows/ci.yml"
SDIST = {"PKG-INFO": ""}


def runs(*commands: str, on: str = "[push, pull_request]", **files: str) -> dict[str, str | None]:
    """A project whose workflow runs commands."""
    steps = "".join(f"      - run: {command}\n" for command in commands)
    text = (
        f"on: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    )
    return {**TEST, WORKFLOW: text, **files}


CASES = [
    Case("P5-ci", "one of GitHub", runs("true")),
    Case("P5-ci", "one of somebody else", {".woodpecker/test.yaml": "steps: []\n"}),
    Case("P5-ci", "a source distribution may lack it", SDIST, without="it is a source distribution"),
    Case("P5-ci", "no service looks at what is in no repository", {"a.py": ""}, without="it is in no repository"),
    Case("P5-ci", "none", {"a.py": ""}, ("there is no configuration of CI",), repository=True),
    Case(
        "P5-pull-requests",
        "no workflows",
        {".gitlab-ci.yml": "test: {script: [pytest]}\n"},
        without="there are no workflows",
    ),
    Case(
        "P5-pull-requests",
        "one of several services",
        {**runs("true", on="{push: {branches: [main]}}"), ".travis.yml": "x: 1\n"},
        without="Travis may run",
    ),
    Case("P5-pull-requests", "as a list", runs("true")),
    Case("P5-pull-requests", "as a word", runs("true", on="pull_request")),
    Case("P5-pull-requests", "a push to any branch", runs("true", on="{push: null}")),
    Case("P5-pull-requests", "a push to branches of any name", runs("true", on="{push: {branches: ['**']}}")),
    Case(
        "P5-pull-requests",
        "only what is merged",
        runs("true", on="{push: {branches: [main]}}"),
        (rf"^{WORKFLOW}:1: no workflow runs on",),
    ),
    Case("P5-lint", "no CI is another check's", without="there is no configuration of CI"),
    Case("P5-lint", "by make", runs("make test", Makefile="test: lint\n\nlint:\n\truff check .\n")),
    Case(
        "P5-lint",
        "by a script that the image has",
        runs("docker compose exec app bash /app/scripts/lint.sh", **{"back/scripts/lint.sh": "flake8"}),
    ),
    Case(
        "P5-lint",
        "by an action of the repository",
        {
            **runs("true"),
            WORKFLOW: "on: push\njobs: {a: {steps: [{uses: ./.github/actions/look}]}}\n",
            ".github/actions/look/action.yml": "runs: {steps: [{run: pylint x}]}\n",
        },
    ),
    Case(
        "P5-lint",
        "pre-commit.ci runs the hooks",
        runs("true", **{".pre-commit-config.yaml": "ci: {autofix_prs: false}\nrepos: [{hooks: [{id: ruff}]}]\n"}),
    ),
    Case(
        "P5-lint",
        "it may run the hooks",
        runs("true", **{".pre-commit-config.yaml": "repos: [{hooks: [{id: ruff}]}]\n"}),
        without="a hook of pre-commit",
    ),
    Case(
        "P5-lint",
        "what is taken in may run it",
        {
            WORKFLOW: "on: push\njobs: {a: {uses: org/repo/.github/workflows/py.yml@v1}}\n".replace(
                "{a: {uses: ", "\n  a:\n    uses: "
            ).replace("}}", "")
        },
        without="CI takes in",
    ),
    Case("P5-lint", "a comment runs nothing", runs("pytest # no ruff here"), (rf"^{WORKFLOW}:1: CI runs no linter",)),
    Case(
        "P5-types",
        "by a script that the image has",
        runs("docker compose exec app bash /app/scripts/look.sh", **{"back/scripts/look.sh": "mypy src\n"}),
    ),
    Case("P5-types", "by tox", runs("tox -e types", **{"tox.ini": "[testenv:types]\ncommands = mypy src\n"})),
    Case("P5-types", "by a job's name alone is enough to be silent", runs("make typecheck")),
    Case(
        "P5-types",
        "the types of an event are none",
        {**TEST, WORKFLOW: "on:\n  pull_request:\n    types: [opened]\njobs: {a: {steps: [{run: pytest}]}}\n"},
        ("CI runs no type checker",),
    ),
    Case("P5-tests", "there are none", {WORKFLOW: "on: push\n"}, without="there are no tests"),
    Case("P5-tests", "pytest", runs("python -m pytest")),
    Case(
        "P5-tests",
        "a deployment alone",
        {"tests/test_a.py": TEST["tests/test_a.py"], WORKFLOW: "on: push\njobs: {a: {steps: [{run: deploy}]}}\n"},
        ("CI runs no tests",),
    ),
    Case("P6-updates", "Renovate", {"renovate.json5": "{}"}),
    Case("P6-updates", "in package.json", {"package.json": '{"renovate": {}}'}),
    Case("P6-updates", "by a job", runs("uv lock --upgrade")),
    Case(
        "P6-updates", "a source distribution may lack it", {**PACKAGE, **SDIST}, without="it is a source distribution"
    ),
    Case("P6-updates", "nothing to update", {"a.py": ""}, without="there are no dependencies"),
    Case(
        "P6-updates",
        "what the project has",
        runs("true", **{"requirements.txt": "requests\n"}),
        (r"^.github/dependabot.yml:1: neither",),
        fixed={
            ".github/dependabot.yml": (
                r"\Aversion: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n   "
                r" schedule:\n      interval: weekly\n  - package-ecosystem: github-actions"
            )
        },
    ),
    Case(
        "P6-updates",
        "a service that nobody has chosen",
        {"requirements.txt": "requests\n"},
        ("neither Renovate nor Dependabot",),
    ),
    Case("P6-python", "no Dependabot", without="Dependabot has no settings"),
    Case(
        "P6-python",
        "it does",
        {".github/dependabot.yml": "updates: [{package-ecosystem: pip}]\n", "requirements.txt": "x\n"},
    ),
    Case(
        "P6-python", "no dependencies", {".github/dependabot.yml": "updates: []\n"}, without="there are no dependencies"
    ),
    Case(
        "P6-python",
        "another service has settings",
        {".github/dependabot.yml": "updates: []\n", "renovate.json": "{}"},
        without="another service",
    ),
    Case(
        "P6-python",
        "no list",
        {".github/dependabot.yml": "updates: x\n", "requirements.txt": "x\n"},
        without=".github/dependabot.yml has no",
    ),
    Case(
        "P6-python",
        "actions alone",
        {
            "uv.lock": "",
            ".github/dependabot.yml": "version: 2\nupdates:\n- package-ecosystem: github-actions\n  directory: /\n",
        },
        (r"^.github/dependabot.yml:2: Dependabot updates github-actions, not Python's",),
        fixed={
            ".github/dependabot.yml": r"^- package-ecosystem: uv\n  directory: /\n  schedule:\n    interval: weekly\n\Z"
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_runs_for_a_repository(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
