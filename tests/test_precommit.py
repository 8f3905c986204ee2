"""The hooks, run by pre-commit itself on a repository of a user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import CLEAN, PROJECT, SCRIPT, script

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(not (PROJECT / ".pre-commit-hooks.yaml").exists(), reason="this is not the whole project"),
]
pytest.importorskip("pre_commit")
pytest.importorskip("hatchling")

# What pip needs of the project to build it, and pre-commit to find its hooks.
PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "src", "codemods")
HELPER = 'def greet(name):\n    print("Hello, %s" % name)\n\n\nif __name__ == "__main__":\n    greet("you")\n'
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


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables with which git, pip and pre-commit use what is installed here, and no network."""
    # Without our own package, which the hook has to install for itself.
    libraries = tmp_path_factory.mktemp("libraries")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.lower().startswith(("pymodernize", "_pymodernize", "pip", "_virtualenv", "__pycache__")):
            (libraries / entry.name).symlink_to(entry)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PIP_", "PRE_COMMIT"))}
    return {
        **kept,
        "PYTHONPATH": str(libraries),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this as the value of "build isolation"
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> tuple[Path, str]:
    """The project as it stands, committed to a repository of its own, and the commit."""
    root = tmp_path_factory.mktemp("hooks")
    for part in PARTS:
        if (PROJECT / part).is_dir():
            shutil.copytree(PROJECT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / part, root / part)
    for arguments in (["init", "-q"], ["add", "-f", "."], ["commit", "-q", "-m", "the state"]):
        subprocess.run(["git", *arguments], cwd=root, env=environment, check=True)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    return root, commit.stdout.strip()


def _repository(root: Path, hooks: tuple[Path, str], environment: dict[str, str], hook: str) -> Repository:
    where, commit = hooks
    repository = Repository(root, environment)
    (root / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {where}\n  rev: {commit}\n  hooks:\n  - id: {hook}\n", encoding="utf-8"
    )
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
