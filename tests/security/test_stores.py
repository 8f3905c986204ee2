"""Hostile stores: whatever stands in the place of ``.pymodernize/``, nothing outside the project changes.

The cases of a run follow from a seed, which a failure shows. ``make evidence`` has others, and many more.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from commands import invoke
from crashing import quick_folder
from forging import NEW, OLD, Forger, snapshot
from randomised import examples
from watching_commands import commands_run

from pymodernize.commands import run
from pymodernize.execution.execute import FileReport
from pymodernize.transformation.result import Result

SEED = int(os.environ.get("SIGNAL_SEED", "20"))
CASES = examples(120)
GROUPS = 10
SECONDS = 20
PATIENCE = 15
COMMANDS = [
    ["-q", "--apply", "."],
    ["-q", "--apply", "sub"],
    ["undo"],
    ["undo", "--force"],
    ["undo", "--project", ".", "2"],
    ["history"],
    ["-q", "--check", "."],
]
CODES = {0, 1, 2, 3}


def found(files: Sequence[Path], *_: object, **__: object) -> Iterator[FileReport]:
    """Stands for the engine: what is attacked is what writes."""
    for path in files:
        source = path.read_bytes()
        new = source.replace(b"old(", b"repr(")
        yield FileReport(path, source, Result(output=new if new != source else None))


class WaitsForEver(BaseException):
    """No exception that the product may catch."""


@contextlib.contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Fail on what takes more processor time, here and in its workers, and end what waits: for a FIFO, say.

    The clock says nothing of us where the machine has other things to do.
    """

    def end(*_: object) -> None:
        raise WaitsForEver(f"has not ended after {PATIENCE * seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(PATIENCE * seconds)
    began = _processor_time()
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert _processor_time() - began < seconds


def _processor_time() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.mark.parametrize("group", range(GROUPS))
def test_nothing_outside_changes_whatever_the_store_holds(group: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run", found)
    for number in range(group, CASES, GROUPS):
        with quick_folder() as folder:
            _attack(Forger(folder, f"{SEED}-{number}").build(), number)


def _attack(case: Forger, number: int) -> None:
    before = snapshot(case.outside)
    own = [path for path in case.project.iterdir() if path.is_file() and path.suffix != ".py"]
    kept = {path: path.read_bytes() for path in own}
    told = f"SIGNAL_SEED={SEED}, case {number}: {', '.join(case.steps)}"
    for arguments in case.dice.sample(COMMANDS, 3):
        with limit(SECONDS), commands_run() as ran:
            outcome = invoke(*arguments, cwd=case.project)
        assert not ran, (told, arguments)
        assert outcome.code in CODES, (told, arguments, outcome)
        assert "Traceback" not in outcome.stderr, (told, outcome.stderr)
        assert "\x1b" not in outcome.stderr + outcome.out, (told, arguments, "a terminal would obey it")
        assert snapshot(case.outside) == before, (told, arguments, outcome)
        if not case.is_signed:
            texts = {(case.project / name).read_bytes() for name in ("a.py", "sub/b.py")}
            assert texts <= {OLD, NEW}, told
            assert {path: path.read_bytes() for path in own} == kept, (told, arguments, "it was not ours to take back")
