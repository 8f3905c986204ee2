"""The rows as checks of repo-review: found by its entry points, run by its own machinery."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from auditing import PACKAGE, make

from pymodernize.audit.packs import rows
from pymodernize.integrations import repo_review as plugin


def test_repo_review_finds_and_runs_them(tmp_path: Path) -> None:
    processor = pytest.importorskip("repo_review.processor", reason="repo-review needs Python 3.11")
    ignored = '\n[tool.pymodernize.audit]\nignore = ["P13"]\n'
    make(tmp_path, {**PACKAGE, "pyproject.toml": PACKAGE["pyproject.toml"] + ignored, "LICENSE": "x"})
    families, results = processor.process(tmp_path)
    found = {result.name: result for result in results if result.family == plugin.FAMILY}
    assert list(found) == sorted(row.id for row in rows())
    assert families[plugin.FAMILY]["name"] == "pymodernize audit"
    assert found["P1"].result is False
    assert "* `README.md:1`: there is no README - " in found["P1"].err_msg
    assert "(`P1-readme`)" in found["P1"].err_msg
    assert found["P9"].result is None
    assert found["P11"].description == "Alembic: no URL in its settings, the models imported, types compared"
    assert found["P13"].result is None, "it is ignored in the settings"
    assert found["P7"].result is False


def test_what_is_only_recommended_fails_nothing(tmp_path: Path) -> None:
    ruff = '\n[tool.ruff]\nline-length = 100\nlint.select = ["E", "F", "W", "I"]\n'
    make(tmp_path, {**PACKAGE, "pyproject.toml": PACKAGE["pyproject.toml"] + ruff})
    assert plugin.pymodernize_audit(tmp_path)["P2"] == ""


def test_a_project_that_is_not_here_has_no_answers(tmp_path: Path) -> None:
    assert plugin.pymodernize_audit(PurePosixPath("github.com/a/b")) == {}
    assert plugin.pymodernize_audit(tmp_path / "nowhere") == {}
    assert {check.check({}) for check in plugin.checks().values()} == {None}


def test_wrong_settings_leave_the_defaults(tmp_path: Path) -> None:
    make(tmp_path, {"pyproject.toml": "[tool.pymodernize]\nno-such-key = 1\n"})
    assert plugin.pymodernize_audit(tmp_path)["P1"]
