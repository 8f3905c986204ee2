"""The command line, called as a person calls it: in this process where that is enough, in one of its own otherwise."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from unittest import mock

from pymodernize.cli import main
from pymodernize.commands.trying.confinement import Inside, NoConfinement, confinement

# It does something besides printing: what a script prints that does not is left.
SCRIPT = (
    'import time\n\n\ndef main():\n    print("Hello %s" % 1)\n    time.sleep(0)\n'
    '    print("I have")\n    print("four things")\n    print("to say")\n\n\n'
    'if __name__ == "__main__":\n    raise SystemExit(main())\n'
)
# As many messages as are worth what sets up logging, behind a first one.
MORE = 'print("I have")\nprint("four things")\nprint("to say")\n'
# A module that a script uses, with as many messages as are worth what sets up logging; and that script.
HELPER = (
    'import time\n\n\ndef greet(name):\n    print(f"Hello, {name}")\n    time.sleep(0)\n\n\n'
    'if __name__ == "__main__":\n    greet("you")\n' + MORE.replace("print", "    print")
)
USER = 'import helper\n\nhelper.greet("all")\nprint("that is all")\n' + MORE
SAID = b"Hello 1\nI have\nfour things\nto say\n"
CLEAN = "x = 1\n"
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a command gave."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def out(self) -> str:
        """Its stdout as text."""
        return self.stdout.decode("utf-8")


def environment_of(extra: Mapping[str, str]) -> dict[str, str]:
    own = {"NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS", "TERM", "PYTHONWARNINGS"}
    kept = {key: value for key, value in os.environ.items() if key not in own}
    return {**kept, "TERM": "xterm-256color", **extra}


def invoke(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> Outcome:
    """Call the command in this process."""
    outputs = [io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in ("strict", "backslashreplace")]
    code: object = None
    before = Path.cwd()
    os.chdir(cwd)
    try:
        with (
            mock.patch.dict(os.environ, environment_of(environment), clear=True),
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8")),
            contextlib.redirect_stdout(outputs[0]),
            contextlib.redirect_stderr(outputs[1]),
        ):
            try:
                main(arguments)
            except SystemExit as exc:
                code = exc.code
    finally:
        os.chdir(before)
    for output in outputs:
        output.flush()
    stdout, stderr = (output.detach().getvalue() for output in outputs)
    return Outcome(code if isinstance(code, int) else 0, stdout, stderr.decode("utf-8"))


@lru_cache
def confines() -> bool:
    """Whether anything here keeps scripts within a copy of their project."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        try:
            confinement(Inside(folder, folder, folder), [])
        except NoConfinement:
            return False
    return True


def command(*arguments: str) -> list[str]:
    """The command's arguments for a process of its own."""
    return [sys.executable, "-m", "pymodernize", *arguments]


def spawn(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> Outcome:
    """Call the command in a process of its own."""
    done = subprocess.run(
        command(*arguments), cwd=cwd, input=stdin, env=environment_of(environment), capture_output=True, timeout=120
    )
    return Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def script(folder: Path, name: str = "job.py", text: str = SCRIPT) -> Path:
    """Write a script that print-to-logging rewrites."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path
