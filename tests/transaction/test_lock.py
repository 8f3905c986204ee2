"""Two runs in one project: the second says so and waits; whoever dies leaves nothing in the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from commands import SCRIPT, command, invoke, script

from pymodernize.transaction import lock as module
from pymodernize.transaction.lock import Lock, Locked
from pymodernize.transaction.store import Store

HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom pymodernize.transaction.store import Store\n"
    "store = Store(Path(sys.argv[1]))\nstore.open(print)\nprint('held', flush=True)\ntime.sleep(60)\n"
)


def _holder(root: Path) -> subprocess.Popen[str]:
    """A process that has the lock of a project."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_the_second_says_who_has_it_and_how_long(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    said: list[str] = []
    lock = Store(tmp_path).lock
    assert not lock.is_free()
    with pytest.raises(Locked) as caught:
        lock.acquire(said.append, patience=0.2)
    _end(process)
    start = f"another run is at work here (process {process.pid} on {os.uname().nodename}, for "
    assert str(caught.value).startswith(start)
    (line,) = said
    assert line.startswith(start)
    assert line.endswith(" s); waiting for it to end")


def test_what_a_killed_owner_leaves_is_no_obstacle(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    lock = Store(tmp_path).lock
    assert json.loads(lock.path.read_text())["pid"] == process.pid
    assert lock.is_free()
    said: list[str] = []
    lock.acquire(said.append, patience=0.0)
    assert not said
    lock.release()
    assert lock.path.read_bytes() == b""


def test_the_second_goes_on_when_the_first_ends(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    threading.Timer(2.0, process.kill).start()
    script(tmp_path)
    outcome = invoke("--apply", ".", cwd=tmp_path)
    process.communicate()
    assert outcome.code == 0
    assert f"pymodernize: another run is at work here (process {process.pid} on " in outcome.stderr
    assert (tmp_path / "job.py").read_text() != SCRIPT


def test_a_run_that_never_ends_is_given_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _holder(tmp_path)
    (tmp_path / ".pymodernize" / "runs").mkdir(exist_ok=True)
    script(tmp_path)
    monkeypatch.setattr(Store.open, "__defaults__", (0.1,))
    for arguments in (["--apply", "."], ["undo"]):
        outcome = invoke(*arguments, cwd=tmp_path)
        assert outcome.code == 3, outcome.stderr
        assert "for " in outcome.stderr
        assert "s); nothing is written" in outcome.stderr
    assert invoke(".", cwd=tmp_path).code == 0, "who only looks need not wait"
    _end(process)
    assert (tmp_path / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff", b'{"pid": 1, "since": "soon"}'])
def test_a_lock_that_does_not_say_whose_it_is(tmp_path: Path, content: bytes) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    first.acquire(print)
    first.path.write_bytes(content)
    with pytest.raises(Locked, match=r"^another run is at work here; nothing is written$"):
        second.acquire(lambda _: None, patience=0.0)
    first.release()


def test_a_lock_whose_file_was_removed_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Lock(tmp_path / "lock")
    real = module._take
    removed = []

    def take(descriptor: int) -> bool:
        if not removed:
            removed.append(first.path.unlink())
        return real(descriptor)

    monkeypatch.setattr(module, "_take", take)
    first.acquire(print)
    assert first.path.exists(), "others see the lock that we have"
    assert not Lock(first.path).is_free()
    first.release()


def test_two_runs_at_the_same_time(tmp_path: Path) -> None:
    for number in range(60):
        script(tmp_path, f"job{number:02}.py")
    for _ in range(3):
        processes = [
            subprocess.Popen(command("--apply", "."), cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)
        ]
        texts = [process.communicate(timeout=120)[1] for process in processes]
        assert [process.returncode for process in processes] == [0, 0], texts
        assert sorted(text.count(": rewritten\n") for text in texts) == [0, 60], texts
        assert SCRIPT not in {path.read_text() for path in tmp_path.glob("job*.py")}
        assert invoke("undo", cwd=tmp_path).code == 0
        assert {path.read_text() for path in tmp_path.glob("job*.py")} == {SCRIPT}


def test_a_wait_can_be_interrupted(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    script(tmp_path)
    waiting = subprocess.Popen(
        command("--apply", "."),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert waiting.stderr is not None
    assert "waiting for it to end" in waiting.stderr.readline()
    time.sleep(0.1)
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=30)
    _end(process)
    assert waiting.returncode == 130
    assert (tmp_path / "job.py").read_text() == SCRIPT
