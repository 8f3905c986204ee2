"""What the benchmarks work on: copies of the running Python's standard library."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

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
    return sorted(path for path in folder.rglob("*.py") if path.is_file())


def scaled_copy(name: str, number: int) -> Path:
    """A fresh tree of so many files: as often as it takes, the same files of the standard library in another folder."""
    source = copy_of_library("scale-source")
    files = python_files(source)
    random.Random(0).shuffle(files)  # noqa: S311 - a fair sample, the same each time
    sample = files[:1000]
    target = WORK / name
    if target.exists():
        shutil.rmtree(target)
    for count in range(number):
        path = sample[count % len(sample)]
        copy = target / f"part{count // len(sample)}" / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return target


@dataclass(frozen=True)
class Taken:
    """What a command took.

    Attributes:
        cpu: seconds of processor time, of all its processes.
        wall: seconds on the clock.
        status: the exit status.
        memory: the most that all its processes had at one time, in millions
            of bytes; what several share is counted once.
    """

    cpu: float
    wall: float
    status: int
    memory: float = 0.0


def measure(command: Sequence[str], folder: Path, cache: Path | None = None) -> Taken:
    """Run a command to its end and measure it.

    Args:
        command: with its arguments.
        folder: where it runs.
        cache: our own cache's folder; the user's if None.
    """
    environment = dict(os.environ)
    if cache is not None:
        environment["PYMODERNIZE_CACHE_DIR"] = str(cache)
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    most = 0
    while True:
        most = max(most, _memory(process.pid))
        try:
            process.wait(0.1)
            break
        except subprocess.TimeoutExpired:
            continue
    wall = time.perf_counter() - started
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(cpu, wall, process.returncode, most / 1e6)


def _memory(pid: int) -> int:
    """The bytes that a process and those that it has started have now."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in family:
        try:
            info = process.memory_full_info()
        except psutil.Error:
            continue
        total += getattr(info, "pss", info.uss)
    return total
