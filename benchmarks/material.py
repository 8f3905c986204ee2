"""What the benchmarks work on: copies of the running Python's standard library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
# Outside the repository: what is ignored there, and its other files, are not to be part of the measurement.
WORK = Path(tempfile.gettempdir()) / "pymodernize-benchmarks"
ROOT = HERE.parent


def copy_of_library(name: str) -> Path:
    """A fresh copy of the standard library's sources in a temporary folder."""
    target = WORK / name
    if target.exists():
        shutil.rmtree(target)
    ignored = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.a", "*.exe")
    shutil.copytree(sysconfig.get_path("stdlib"), target, ignore=ignored)
    return target


def python_files(folder: Path) -> list[Path]:
    """Every Python file below a folder, in order."""
    return sorted(folder.rglob("*.py"))


@dataclass(frozen=True)
class Taken:
    """What a command took.

    Attributes:
        cpu: seconds of processor time, of all its processes.
        wall: seconds on the clock.
        status: the exit status.
    """

    cpu: float
    wall: float
    status: int


def measure(command: Sequence[str], folder: Path) -> Taken:
    """Run a command to its end and measure it."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603
    wall = time.perf_counter() - started
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(cpu, wall, done.returncode)
