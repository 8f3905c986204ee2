"""Run unknown scripts where they can do no harm, one after the other.

A :class:`Box` starts this file as the first process of new Linux namespaces:
no network, no other processes in sight, and a file system that is read-only
but for the box's own folder, its ``/tmp`` and ``/dev/shm``. What a script has
started ends with its run.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Where a script sees its folder, whatever the folder's name is outside: a path that it prints is the same in each run.
INSIDE = Path("/mnt")
NAMESPACES = "--map-root-user --mount --net --pid --ipc --uts --fork --kill-child --mount-proc".split()
# Mounts are this namespace's own. Devices stay: what is read-only there is the folder, not what /dev/null takes.
SET_UP = """
mount --bind "$1" /mnt && mount --bind "$2" /tmp && mount -t tmpfs tmpfs /dev/shm || exit 1
while read -r _ _ _ _ point _; do
    case "$point" in
        /mnt | /tmp | /dev/*) ;;
        *) mount -o remount,bind,ro "$point" 2> /dev/null || true ;;
    esac
done < /proc/self/mountinfo
if touch / 2> /dev/null; then echo "the file system is not read-only" >&2; exit 1; fi
shift 2
exec "$@"
"""
MOST_OUTPUT = 10_000_000
MOST_MEMORY = 2_000_000_000


class BoxError(RuntimeError):
    """This machine has no namespaces for us."""


@dataclass(frozen=True)
class Outcome:
    """What one run of a script came to.

    Attributes:
        status: the exit status, negative for a signal; None if it was ended after its time.
        stdout: what it wrote there.
        stderr: likewise.
    """

    status: int | None
    stdout: bytes
    stderr: bytes

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself, with status 0."""
        return self.status == 0


class Box:
    """One confined place, for any number of runs.

    Attributes:
        folder: where the scripts are, outside; they see it as :data:`INSIDE`.
        temp: what they see as ``/tmp``.
    """

    def __init__(self, place: Path, python: str) -> None:
        """Start the box.

        Args:
            place: a folder of ours; the box's folders are made in it.
            python: the interpreter of the scripts.

        Raises:
            BoxError: no namespaces can be made.
        """
        self.folder, self.temp = place / "folder", place / "temp"
        for path in (self.folder, self.temp):
            path.mkdir(parents=True, exist_ok=True)
        command = ["unshare", *NAMESPACES, "sh", "-c", SET_UP, "sh", str(self.folder), str(self.temp)]
        command += [python, str(Path(__file__).resolve())]
        try:
            self.process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        except OSError as exc:
            raise BoxError(f"scripts are run confined, for which unshare of util-linux is needed: {exc}") from exc
        if self._answer() is None:
            said = self.process.stderr.read().strip() if self.process.stderr else ""
            raise BoxError(f"scripts are run confined, for which namespaces are needed (as root, or allowed): {said}")

    def _answer(self) -> dict[str, Any] | None:
        line = self.process.stdout.readline() if self.process.stdout else ""
        return json.loads(line) if line else None

    def run(self, script: str, arguments: Sequence[str], typed: str, seconds: float) -> Outcome:
        """Run a script to its end.

        Args:
            script: its path in the box's folder.
            arguments: the words of its command line.
            typed: what stdin holds.
            seconds: after which it is ended.

        Raises:
            BoxError: the box itself has come to an end.
        """
        asked = {"script": script, "arguments": list(arguments), "typed": typed, "seconds": seconds}
        try:
            assert self.process.stdin is not None  # noqa: S101
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            got = self._answer()
        except OSError as exc:
            raise BoxError(f"the box has ended: {exc}") from exc
        if got is None:
            raise BoxError(f"the box has ended at {script}")
        return Outcome(got["status"], base64.b64decode(got["stdout"]), base64.b64decode(got["stderr"]))

    def close(self) -> None:
        """End it, with all that runs in it."""
        self.process.kill()
        self.process.communicate()


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_FSIZE, MOST_OUTPUT),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _environment() -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(INSIDE),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        # Sets in the same order before and after.
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(HERE / "confined_site"),
    }


def _serve(asked: dict[str, Any]) -> dict[str, Any]:
    """Run what is asked for, and end all that is left of it."""
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        typed.write(asked["typed"].encode())
        typed.seek(0)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, asked["script"], *asked["arguments"]],
            cwd=INSIDE,
            stdin=typed,
            stdout=out,
            stderr=err,
            env=_environment(),
            start_new_session=True,
            preexec_fn=_limit,  # noqa: PLW1509 - this process has no threads
        )
        status: int | None
        try:
            status = process.wait(asked["seconds"])
        except subprocess.TimeoutExpired:
            status = None
        # To the first process of its namespace, this is everything but itself.
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        _collect_the_ended()
        out.seek(0)
        err.seek(0)
        texts = {"stdout": out.read(), "stderr": err.read()}
    return {"status": status, **{key: base64.b64encode(text).decode() for key, text in texts.items()}}


def _collect_the_ended() -> None:
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _answer(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Serve one line of JSON after the other."""
    if os.getpid() != 1:
        sys.stderr.write("box.py is started by benchmarks/scripts.py, in namespaces of its own\n")
        return 2
    _answer({"ready": True})
    for line in iter(sys.stdin.readline, ""):
        _answer(_serve(json.loads(line)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
