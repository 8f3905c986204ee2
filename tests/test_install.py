"""A fresh machine: what the Makefile installs, and the commands that the README has for installing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from commands import PROJECT

LOCKS = sorted(path for path in PROJECT.glob("requirements/*.txt"))
pytestmark = pytest.mark.skipif(not LOCKS, reason="this is not the whole project")
_PIN = re.compile(r"^([\w.-]+)(\[[\w,]+\])?==(\S+)", re.MULTILINE)


def _installs(text: str) -> list[str]:
    """The commands of a Makefile that install what a file lists."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if " install " in line and re.search(r" (?:-r|--requirement) ", line)]


def test_pinned_files_are_installed_as_they_are() -> None:
    """With hashes, pip wants one for all that it adds by itself, and pips differ in what that is: it adds nothing."""
    commands = _installs((PROJECT / "Makefile").read_text(encoding="utf-8"))
    assert {Path(command.split()[-1]).name for command in commands} == {path.name for path in LOCKS}
    for command in commands:
        assert {"--require-hashes", "--no-deps"} <= set(command.split()), command


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_pins_keep_the_extras_that_are_asked_for(lock: Path) -> None:
    """Where a pip does look at dependencies, the extras of a pin say what they are."""
    pinned = {name.lower(): extras for name, extras, _ in _PIN.findall(lock.read_text(encoding="utf-8"))}
    wanted = re.findall(r"^([\w.-]+)(\[[\w,]+\])", lock.with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: pinned[name] for name, _ in wanted} == dict(wanted)


def test_what_is_pinned_is_complete() -> None:
    """Nothing that a pinned package needs is missing: ``--no-deps`` would not say so."""
    from packaging.markers import default_environment
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pins = _PIN.findall((PROJECT / "requirements" / "dev.txt").read_text(encoding="utf-8"))
    names = {canonicalize_name(name) for name, _, _ in pins}
    checked = 0
    for name, extras, _ in pins:
        try:
            version(name)
        except PackageNotFoundError:
            continue  # for another Python, or another system
        for line in requires(name) or ():
            requirement = Requirement(line)
            given = [{**default_environment(), "extra": extra} for extra in ("", *extras.strip("[]").split(","))]
            if requirement.marker is None or any(requirement.marker.evaluate(item) for item in given):
                assert canonicalize_name(requirement.name) in names, f"{name} needs {line}"
                checked += 1
    assert checked


def _commands() -> list[list[str]]:
    """The commands under "Install" in the README."""
    section = (PROJECT / "README.md").read_text(encoding="utf-8").split("## Install\n")[1].split("\n## ")[0]
    return [line.split("#")[0].split()[1:] for line in section.splitlines() if line.startswith("$ ")]


def _own(folder: Path) -> dict[str, str]:
    """The variables of a user of pipx, who has an index; what pipx writes stays in a folder.

    It builds environments that see nothing of this one: what is installed here cannot stand in for an index.
    """
    places = {"HOME": "home", "BIN_DIR": "bin", "MAN_DIR": "man", "COMPLETION_DIR": "completion"}
    return {**os.environ, **{f"PIPX_{name}": str(folder / place) for name, place in places.items()}}


@pytest.mark.slow
@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_the_commands_of_the_readme(
    command: list[str], tmp_path: Path, hooks: tuple[Path, str], environment: dict[str, str]
) -> None:
    root, own = hooks[0], dict(environment)
    if command[0] == "pip":
        subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
        program = tmp_path / "venv" / "bin" / "pymodernize"
        command = [str(program.parent / "python"), "-m", *command]
    else:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        own = _own(tmp_path)
        program = tmp_path / "bin" / "pymodernize"
    done = subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, timeout=300)
    if "Failed to upgrade shared libraries" in done.stderr:
        pytest.skip("pipx installs a pip of its own first, and finds no index that has one")
    assert done.returncode == 0, done.stderr
    shown = subprocess.run([program, "--version"], env=own, capture_output=True, text=True, timeout=60)
    assert shown.stdout.startswith("pymodernize"), shown.stderr
