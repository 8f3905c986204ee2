"""The hooks, run by pre-commit itself on a repository of a user."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import CLEAN, HELPER, PROJECT, SCRIPT, script

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(not (PROJECT / ".pre-commit-hooks.yaml").exists(), reason="this is not the whole project"),
]
pytest.importorskip("pre_commit")
pytest.importorskip("hatchling")

USER = 'import helper\n\nhelper.greet("all")\n'


@dataclass(frozen=True)
class Repository:
    """A user's repository with our hooks installed."""

    root: Path
    environment: dict[str, str]

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git there."""
        return subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=300
        )

    def commit(self, *names: str) -> subprocess.CompletedProcess[str]:
        """Stage files and commit."""
        assert self.git("add", *names).returncode == 0
        return self.git("commit", "-m", "a change")

    def committed(self, name: str) -> str:
        """A file as of the last commit."""
        return self.git("show", f"HEAD:{name}").stdout


def _repository(root: Path, hooks: tuple[Path, str], environment: dict[str, str], hook: str) -> Repository:
    where, commit = hooks
    return _hooked(root, environment, f"repos:\n- repo: {where}\n  rev: {commit}\n  hooks:\n  - id: {hook}\n")


def _hooked(root: Path, environment: dict[str, str], configuration: str) -> Repository:
    """A repository with the hooks of a configuration installed."""
    repository = Repository(root, environment)
    (root / ".pre-commit-config.yaml").write_text(configuration, encoding="utf-8")
    assert repository.git("init", "-q").returncode == 0
    done = repository.commit(".pre-commit-config.yaml")
    assert done.returncode == 0, done.stderr
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
        cwd=root,
        env=environment,
        check=True,
        capture_output=True,
    )
    return repository


def test_the_first_commit_fails_and_fixes_and_the_second_passes(
    tmp_path: Path, hooks: tuple[Path, str], environment: dict[str, str]
) -> None:
    repository = _repository(tmp_path, hooks, environment, "pymodernize")
    staged, unstaged, tool = script(tmp_path), script(tmp_path, "other.py"), tmp_path / "tool"
    tool.write_text(f"#!/usr/bin/env python3\n{SCRIPT}")
    tool.chmod(0o755)
    text = script(tmp_path, "notes.txt")
    first = repository.commit("job.py", "tool", "notes.txt")
    assert first.returncode == 1, first.stderr
    assert "files were modified by this hook" in first.stderr
    assert "job.py: rewritten" in first.stderr
    assert "logger.info" in staged.read_text()
    assert "logger.info" in tool.read_text(), "a script without an extension"
    assert tool.stat().st_mode & 0o111 == 0o111
    assert unstaged.read_text() == text.read_text() == SCRIPT
    second = repository.commit("job.py", "tool")
    assert second.returncode == 0, second.stderr
    assert repository.committed("job.py") == staged.read_text()
    assert "other.py" not in repository.git("ls-files").stdout


def test_facts_about_other_files_come_from_the_repository(
    tmp_path: Path, hooks: tuple[Path, str], environment: dict[str, str]
) -> None:
    repository = _repository(tmp_path, hooks, environment, "pymodernize")
    helper, user = script(tmp_path, "helper.py", HELPER), script(tmp_path, "user.py", USER)
    done = repository.commit("helper.py")
    assert done.returncode == 0, done.stderr
    assert helper.read_text() == HELPER, "user.py imports it, and nobody would set up its logging"
    assert user.read_text() == USER
    lonely = script(tmp_path, "lonely.py", HELPER)
    assert repository.commit("lonely.py").returncode == 1
    assert lonely.read_text() != HELPER


def test_the_check_fails_and_changes_nothing(
    tmp_path: Path, hooks: tuple[Path, str], environment: dict[str, str]
) -> None:
    repository = _repository(tmp_path, hooks, environment, "pymodernize-check")
    path = script(tmp_path)
    script(tmp_path, "clean.py", CLEAN)
    done = repository.commit("job.py", "clean.py")
    assert done.returncode == 1, done.stderr
    assert "job.py: would be rewritten" in done.stderr
    assert "files were modified" not in done.stderr
    assert path.read_text() == SCRIPT
    assert repository.git("rm", "-q", "--cached", "job.py").returncode == 0
    assert repository.git("commit", "-m", "the clean one").returncode == 0


def test_the_configuration_of_the_documentation(
    tmp_path: Path, hooks: tuple[Path, str], environment: dict[str, str]
) -> None:
    text = (PROJECT / "docs" / "how-to" / "pre-commit.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(repos:.*?)```", text, re.DOTALL)
    (tmp_path / "pymodernize").symlink_to(hooks[0])  # the clone, beside the user's repository
    user = tmp_path / "user"
    user.mkdir()
    repository = _hooked(user, environment, block)
    path = script(user)
    done = repository.commit("job.py")
    assert done.returncode == 1, done.stderr
    assert "job.py: rewritten" in done.stderr
    assert path.read_text() != SCRIPT
