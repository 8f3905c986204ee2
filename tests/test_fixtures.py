"""Every case under fixtures/: the bytes that come out, and what holds for all cases alike.

``pytest tests/test_fixtures.py -k CODEMOD/CASE`` runs one case; the checks are those of ``pymodernize test``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from running import FIXTURES, installed

from pymodernize.commands.authoring import checks
from pymodernize.commands.authoring.cases import Case, cases_below


@cache
def every_case() -> list[Case]:
    return cases_below(FIXTURES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The cases that a test is for; those alone that ``-k`` can mean, so that one case need not wait for all."""
    if "case" not in metafunc.fixturenames:
        return
    word = metafunc.config.getoption("-k") or ""
    cases = every_case()
    if "/" in word and " " not in word:
        cases = [case for case in cases if word.lower() in str(case).lower()]
    (check,) = (
        item for item in checks.CHECKS if item.of_case.__name__ == metafunc.function.__name__.removeprefix("test_")
    )
    metafunc.parametrize("case", [case for case in cases if check.is_for(case)], ids=str)


# Under a tracer, which takes its time, the code of a case is run once.
again = pytest.mark.no_cover


def test_golden(case: Case, tmp_path: Path, request: pytest.FixtureRequest):
    checks.golden(case, installed(), tmp_path, update=request.config.getoption("--update-fixtures"))


@again
def test_second_run(case: Case, tmp_path: Path):
    checks.second_run(case, installed(), tmp_path)


@again
def test_alone_as_among_all(case: Case, tmp_path: Path):
    checks.alone_as_among_all(case, installed(), tmp_path)


@again
def test_suppressed_file(case: Case, tmp_path: Path):
    checks.suppressed_file(case, installed(), tmp_path)


@again
def test_suppressed_lines(case: Case, tmp_path: Path):
    checks.suppressed_lines(case, installed(), tmp_path)


@again
def test_twins(case: Case, tmp_path: Path):
    checks.twins(case, installed(), tmp_path)


@again
def test_behaves_the_same(case: Case, tmp_path: Path):
    checks.behaves_the_same(case, installed(), tmp_path)


def test_every_check_is_run():
    assert {f"test_{check.of_case.__name__}" for check in checks.CHECKS} <= globals().keys()


@pytest.mark.parametrize("name", installed())
def test_each_codemod_has_its_cases(name: str):
    checks.check_collection(name, [case for case in every_case() if case.codemod == name])


def test_no_case_without_a_codemod():
    assert {case.codemod for case in every_case()} <= set(installed())
