"""Files and folders that are swapped for links while a run is at work: what was found is written, or nothing."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from commands import invoke
from crashing import quick_folder
from forging import NEW, OLD, SECRET, snapshot
from randomised import examples
from test_stores import CODES, SECONDS, SEED, found, limit

from pymodernize.commands import run
from pymodernize.execution.execute import FileReport

CALLS = ("open", "stat", "write", "fsync", "replace", "unlink", "mkdir", "rmdir", "fchmod", "access")
MOMENTS = examples(20)
NAMES = ("a.py", "sub/b.py", "sub/c.py")


def make(folder: Path) -> tuple[Path, Path]:
    """A project, and files that nobody may touch, some of them like the project's own."""
    project, outside = folder / "project", folder / "outside"
    for place in (project, outside):
        (place / "sub").mkdir(parents=True)
        for name in NAMES:
            (place / name).write_bytes(OLD)
    for name in ("journal", "originals", "lock", "id_rsa", ".gitignore"):
        (outside / name).write_bytes(SECRET)
    (outside / "id_rsa").chmod(0o600)
    (outside / "runs").mkdir()
    (project / "sub" / "c.py").chmod(0o4755)
    return project, outside


def _swap(path: Path, target: Path) -> None:
    if os.path.lexists(path):
        path.rename(path.with_name(f"{path.name}-away"))
        path.symlink_to(target)


def _staged(project: Path, outside: Path) -> None:
    for path in list(project.rglob(".*-?.pymodernize")):
        path.unlink()
        path.symlink_to(outside / "id_rsa")


def _each_run(project: Path, outside: Path) -> None:
    for path in list(project.glob(".pymodernize/runs/*")):
        _swap(path, outside)


SWAPS: dict[str, Callable[[Path, Path], None]] = {
    "file": lambda project, outside: _swap(project / "a.py", outside / "a.py"),
    "folder": lambda project, outside: _swap(project / "sub", outside / "sub"),
    "project": lambda project, outside: _swap(project, outside),
    "staged files": _staged,
    "store": lambda project, outside: _swap(project / ".pymodernize", outside),
    "runs": lambda project, outside: _swap(project / ".pymodernize" / "runs", outside),
    "run": _each_run,
    "lock": lambda project, outside: _swap(project / ".pymodernize" / "lock", outside / "id_rsa"),
}


class _Swapper:
    """Counts this process's calls, and swaps something at one of them."""

    def __init__(self, at: int, swap: Callable[[], None]) -> None:
        self.at = at
        self.swap = swap
        self.count = 0

    def arm(self, patch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            patch.setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.count += 1
            if self.count == self.at:
                self.swap()
            return real(*arguments, **keywords)

        return call


@pytest.mark.parametrize("command", ["--apply", "undo"])
@pytest.mark.parametrize("kind", SWAPS)
def test_what_is_swapped_for_a_link_is_not_followed(kind: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run", found)
    arguments = ["-q", "--apply", "."] if command == "--apply" else ["undo", "--project", "."]
    dice = random.Random(f"{SEED}-{kind}-{command}")  # noqa: S311 - chances, not secrets
    calls = _run(arguments, 0, lambda project, outside: None, kind)
    for at in sorted(dice.sample(range(1, calls + 1), min(MOMENTS, calls))):
        _run(arguments, at, SWAPS[kind], kind)


def _run(arguments: list[str], at: int, swap: Callable[[Path, Path], None], kind: str) -> int:
    """Run a command in which something is swapped at some moment; how many calls it made."""
    with quick_folder() as folder:
        project, outside = make(folder)
        if arguments[0] == "undo":
            assert invoke("-q", "--apply", ".", cwd=project).code == 0
            assert {(project / name).read_bytes() for name in NAMES} == {NEW}
        before = snapshot(outside)
        swapper = _Swapper(at, lambda: swap(project, outside))
        with pytest.MonkeyPatch.context() as patch, limit(SECONDS):
            swapper.arm(patch)
            outcome = invoke(*arguments, cwd=project)
        told = f"SIGNAL_SEED={SEED}, {kind} at call {at}: {outcome}"
        assert snapshot(outside) == before, told
        assert outcome.code in CODES, told
        assert "Traceback" not in outcome.stderr, told
        return swapper.count


@pytest.mark.parametrize("kind", ["file", "folder", "project"])
@pytest.mark.parametrize("command", ["--apply", "--check"])
def test_what_became_a_link_before_it_was_read_is_left(
    kind: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, outside = make(tmp_path)
    before = snapshot(outside)

    def late(files: Sequence[Path], *_: object, **__: object) -> Iterator[FileReport]:
        SWAPS[kind](project, outside)
        # By their whole paths: the current folder stays the one that it was.
        for report in found([project / path for path in files]):
            yield FileReport(report.path.relative_to(project), report.source, report.result)

    monkeypatch.setattr(run, "run", late)
    outcome = invoke("-q", command, ".", cwd=project)
    assert snapshot(outside) == before, outcome
    if command == "--check":
        return
    if kind == "project":  # which was open already, and stays the one that it was
        assert outcome.code == 0
        assert {(tmp_path / "project-away" / name).read_bytes() for name in NAMES} == {NEW}
        return
    assert outcome.code == 3
    assert f"{'a.py' if kind == 'file' else 'sub/b.py'}: " in outcome.stderr
    assert "link" in outcome.stderr
