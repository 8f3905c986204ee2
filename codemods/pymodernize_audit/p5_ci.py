"""Continuous integration: lint, types and tests on pull requests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit._ci import commands, configurations
from pymodernize_audit._facts import mentions, refuse_sdist, text_of
from pymodernize_audit._python import test_files

_LINT = (
    r"ruff(-action)?|flake8|pylint|pycodestyle|pyflakes|prospector|pylama|super-linter|megalinter|trunk|lint\w*|flake|"
    r"qlty|pre-commit|prek"
)
_TYPES = r"mypy|pyright|basedpyright|dmypy|pytype|pyre|pyrefly|ty|typecheck\w*|typing|types?"
_TESTS = (
    r"py\.?test|unittest|nose2?|nosetests|trial|testr|stestr|ward|zope-testrunner|tests?|check|runtests?|coverage|tox|"
    r"nox"
)
_MAY_BE_ELSEWHERE = re.compile(
    r"uses:[ \t]*[\w.-]+/[\w.-]+/\.github/workflows/|\btemplate:"
    r"|\binclude:[ \t]*\n[ \t]*(?:-[ \t]*)?(?:project|remote|component)"
)


def _text(project: Project) -> tuple[str, str]:
    """A file of the configuration, and the text of all that CI runs.

    Raises:
        NotApplicable: there is none.
    """
    found = configurations(project.repository)
    if not found:
        raise NotApplicable("there is no configuration of CI")
    names = [name for listed in found.values() for name in listed]
    main = [
        name for name in names if mentions(text_of(project.repository, name), r"py\.?test|tox|nox|unittest|make test")
    ]
    return (main or names)[0], commands(project)


@audit_check("P5-ci")
def continuous_integration(project: Project) -> Iterator[Shortfall]:
    """A service of continuous integration has its configuration in the repository."""
    if configurations(project.repository):
        return
    refuse_sdist(project, "the configuration of CI")
    if not project.repository.is_repository:
        raise NotApplicable("it is in no repository that a service would look at")
    message = "there is no configuration of CI"
    yield Shortfall(".github/workflows/ci.yml", message, "have lint, types and tests run on pull requests")


@audit_check("P5-pull-requests")
def pull_requests(project: Project) -> Iterator[Shortfall]:
    """CI runs on pull requests."""
    found = configurations(project.repository)
    workflows = found.get("GitHub Actions")
    if workflows is None:
        raise NotApplicable("there are no workflows of GitHub, whose triggers stand in them")
    for name in workflows:
        file = project.repository.yaml(name)
        if file is not None and _runs_on_pull_requests(file.get("on")):
            return
    if len(found) > 1:
        raise NotApplicable(f"{' and '.join(name for name in found if name != 'GitHub Actions')} may run on them")
    yield Shortfall(workflows[0], "no workflow runs on pull requests", "add pull_request to on:")


def _runs_on_pull_requests(on: object) -> bool:
    """Whether a workflow runs on pull requests, or on each push to any branch."""
    names = [on] if isinstance(on, str) else on if isinstance(on, list) else list(on) if isinstance(on, dict) else []
    if {"pull_request", "pull_request_target", "merge_group"} & set(map(str, names)):
        return True
    if "push" not in names:
        return False
    push = on.get("push") if isinstance(on, dict) else None
    if not isinstance(push, dict) or not push.keys() & {"branches", "tags", "branches-ignore", "tags-ignore"}:
        return True
    branches = push.get("branches")
    return (
        "branches-ignore" in push
        or isinstance(branches, (str, list))
        and bool({"*", "**"} & {*branches, branches if isinstance(branches, str) else ""})
    )


@audit_check("P5-lint")
def lint(project: Project) -> Iterator[Shortfall]:
    """CI lints."""
    yield from _runs(project, _LINT, "lint", "have it run ruff check")


@audit_check("P5-types")
def types(project: Project) -> Iterator[Shortfall]:
    """CI checks types."""
    yield from _runs(project, _TYPES, "type checker", "have it run pyright or mypy")


@audit_check("P5-tests")
def tests(project: Project) -> Iterator[Shortfall]:
    """CI runs the tests."""
    if not test_files(project):
        raise NotApplicable("there are no tests")
    yield from _runs(project, _TESTS, "tests", "have it run them")


def _runs(project: Project, words: str, what: str, advice: str) -> Iterator[Shortfall]:
    name, text = _text(project)
    if what == "type checker":
        # A word of YAML or of GitHub's own, as "types: [opened]", is none of a checker.
        text = re.sub(r"(?m)^[ \t]*(?:-[ \t]+)?[\w-]*types?[ \t]*:.*$", "", text)
    if mentions(_without_comments(text), words):
        return
    if _MAY_BE_ELSEWHERE.search(text):
        raise NotApplicable("CI takes in what is not in the repository")
    hooks = project.repository.yaml(".pre-commit-config.yaml")
    if hooks is not None and mentions(text_of(project.repository, ".pre-commit-config.yaml"), words):
        if "ci" in (hooks.data or {}):
            return
        raise NotApplicable("a hook of pre-commit does it, which pre-commit.ci may run")
    found = {"lint": "no linter", "type checker": "no type checker", "tests": "no tests"}[what]
    yield Shortfall(name, f"CI runs {found}", advice)


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", "", text)
