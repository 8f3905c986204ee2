"""``migrate --commit --verify`` that is killed at random moments ends in the same commits, once it is run again."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from randomised import FACTOR
from repositories import git, migrate, repository, subjects, trees
from seeded_numbers import CHECK

from pymodernize import registry
from pymodernize.registry import Entry, entries

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it is killed in a process of its own")
SEED = int(os.environ.get("SIGNAL_SEED", "17"))
NAMES = [*(f"right{number}" for number in range(7)), "wrong0", "right7"]
OPTIONS = (
    "--commit",
    "--select",
    "seeded-numbers",
    "--max-changes",
    "4",
    "--verify",
    f"{shlex.quote(sys.executable)} check.py",
)


@pytest.fixture(autouse=True)
def _seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"seeded-numbers": Entry("seeded-numbers", "seeded_numbers", "tests")}
    monkeypatch.setattr(registry, "entries", lambda: {**entries(), **own})


def started(folder: Path) -> int:
    """Start the migration in a process of its own."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = migrate(folder, *OPTIONS).code
        finally:
            os._exit(status)
    return child


def is_killed(child: int, seconds: float) -> bool:
    """Kill a process after some time; False if it has ended before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def test_killed_at_random_moments(tmp_path: Path) -> None:
    files = {f"part{number}.py": "".join(f"{name} = 1\n" for name in NAMES[number::2]) for number in range(2)}
    new = repository(tmp_path / "new", {**files, "check.py": CHECK})
    whole = shutil.copytree(new, tmp_path / "whole")
    began = time.monotonic()
    assert migrate(whole, *OPTIONS).code == 0
    takes = time.monotonic() - began
    assert len(subjects(whole)) > 1
    dice = random.Random(SEED)  # noqa: S311 - it gives test cases
    kills = number = 0
    while kills < FACTOR:
        number += 1
        folder = shutil.copytree(new, tmp_path / f"case{number}")
        moments = [dice.uniform(0, takes) for _ in range(dice.choice([1, 1, 2, 3]) if FACTOR > 1 else 1)]
        kills += sum(is_killed(started(folder), moment) for moment in moments)
        outcome = migrate(folder, *OPTIONS)
        told = f"SIGNAL_SEED={SEED}, case {number}: killed after {moments} of {takes:.2f} s: {outcome.stderr}"
        assert outcome.code == 0, told
        assert trees(folder) == trees(whole), told
        assert git(folder, "status", "--short") == "", told
        shutil.rmtree(folder)
    print(f"{kills} kills in {number} migrations of {takes:.2f} s")
