"""The project as it stands, in a clone, and variables with which pip installs it without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from commands import PROJECT

# What pip needs of the project to build it, and pre-commit to find its hooks.
PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "src", "codemods")


@pytest.fixture(scope="session")
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
        "PYMODERNIZE_STATE_DIR": str(tmp_path_factory.mktemp("state")),
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


@pytest.fixture(scope="session")
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
