"""Killed at any moment, a run leaves whole files; the next one finds all of them old, or all of them new."""

from __future__ import annotations

import os
import random
import signal
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from commands import invoke
from crashing import Killer, forked, leftovers, quick_folder, settle, write_all
from randomised import FACTOR

from pymodernize.cli import main
from pymodernize.commands import run
from pymodernize.execution.execute import FileReport
from pymodernize.transformation.engine import Result

# Slow under a tracer; what it runs is covered by other tests.
pytestmark = pytest.mark.no_cover

# For ``make evidence``, 200 files and 50 kills for each seed.
FILES = min(200, 40 * FACTOR)
KILLS = min(50, 15 * FACTOR)
# As many as it takes to meet one half-way: how long a run takes changes with what else the machine does.
MOST_KILLS = 40 * KILLS
MODES = (0o644, 0o755, 0o600)


@pytest.fixture
def root() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


def _found(files: Sequence[Path], *_: object, **__: object) -> Iterator[FileReport]:
    """Stands for the engine, so that what is killed is nearly always at work on the files themselves."""
    for path in files:
        source = path.read_bytes()
        new = source.replace(b"old(", b"repr(")
        yield FileReport(path, source, Result(output=new if new != source else None))


def _states(root: Path, old: dict[Path, bytes], new: dict[Path, bytes]) -> set[str]:
    """Which of the two each file is; a file that is neither fails the test."""
    found = set()
    for path in old:
        content = path.read_bytes()
        assert content in (old[path], new[path]), f"{path} is neither old nor new: {content!r}"
        found.add("old" if content == old[path] else "new")
    return found


def _modes(paths: dict[Path, bytes]) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(min(6, 3 * FACTOR)))
def test_a_run_over_many_files_killed_again_and_again(root: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(run, "run", _found)
    dice = random.Random(seed)  # noqa: S311 - moments, not secrets
    old = {root / f"job{number:03}.py": b"x = %d\nold(x)\n" % number for number in range(FILES)}
    new = {path: text.replace(b"old(", b"repr(") for path, text in old.items()}
    for number, (path, text) in enumerate(old.items()):
        path.write_bytes(text)
        path.chmod(MODES[number % 3])
    modes = _modes(old)
    started = time.monotonic()
    assert invoke("-q", "--apply", ".", cwd=root).code == 0
    whole = time.monotonic() - started
    assert _states(root, old, new) == {"new"}
    seen, said = set(), 0
    for number in range(MOST_KILLS):
        if number >= KILLS and said:
            break
        if _states(root, old, new) == {"new"}:
            assert invoke("undo", cwd=root).code == 0
        assert _states(root, old, new) == {"old"}
        assert _modes(old) == modes
        _kill_within(root, dice.uniform(0, whole), "--apply" if dice.random() < 0.9 else "undo")
        seen |= {frozenset(_states(root, old, new))}
        outcome = invoke("undo", cwd=root)
        said += "was cut off" in outcome.stderr
        assert len(_states(root, old, new)) == 1, outcome.stderr
        assert _modes(old) == modes
        assert not leftovers(root)
    assert said, "some were killed on the way"


def _kill_within(root: Path, seconds: float, command: str) -> None:
    """Run a command in a process of its own and kill it after a while."""
    child = os.fork()
    if child == 0:
        try:
            os.chdir(root)
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(null, stream)
            main(["-q", "--apply", "."] if command == "--apply" else ["undo"])
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


# --- at each call -------------------------------------------------------------------------------------------------

SMALL = 5


def _small(root: Path) -> dict[Path, tuple[bytes, bytes]]:
    changes = {}
    for number in range(SMALL):
        path = root / f"folder{number % 2}" / f"job{number}.py"
        path.parent.mkdir(exist_ok=True)
        changes[path] = b"old %d" % number, b"the new %d" % number
        path.write_bytes(changes[path][0])
    return changes


@pytest.mark.parametrize("torn", [False, True], ids=["between calls", "in a write"])
def test_a_kill_at_each_call_of_a_transaction(root: Path, torn: bool) -> None:
    changes = _small(root)
    old, new = ({path: pair[side] for path, pair in changes.items()} for side in (0, 1))
    calls = forked(lambda: write_all(root, changes), Killer(None))
    assert calls is not None
    assert calls > 10 * SMALL
    assert _states(root, old, new) == {"new"}
    met = set()
    for number in range(calls):
        for path, text in old.items():
            path.write_bytes(text)
        if forked(lambda number=number: write_all(root, changes), Killer(number, torn=torn)) is not None:
            continue  # a call of its first run, which made the folder
        met |= {frozenset(_states(root, old, new))}
        settle(root)
        assert len(_states(root, old, new)) == 1, number
        assert not leftovers(root), number
        assert settle(root) == [], "once is enough"
    assert met == {frozenset({"old"}), frozenset({"old", "new"}), frozenset({"new"})}


def test_a_kill_at_each_call_of_the_recovery_itself(root: Path) -> None:
    changes = _small(root)
    old, new = ({path: pair[side] for path, pair in changes.items()} for side in (0, 1))
    calls = forked(lambda: write_all(root, changes), Killer(None))
    assert calls is not None
    middle = None
    for number in range(calls):  # the moment when the first files are new
        for path, text in old.items():
            path.write_bytes(text)
        if forked(lambda number=number: write_all(root, changes), Killer(number)) is None:
            states = _states(root, old, new)
            settle(root)
            if len(states) == 2:
                middle = number
                break
    assert middle is not None
    middle += SMALL // 2
    for number in range(200):
        for path, text in old.items():
            path.write_bytes(text)
        assert forked(lambda: write_all(root, changes), Killer(middle)) is None
        assert len(_states(root, old, new)) == 2
        ended = forked(lambda: settle(root), Killer(number))
        settle(root)
        assert _states(root, old, new) == {"old"}, number
        assert not leftovers(root), number
        if ended is not None:
            break
    assert number > 10
