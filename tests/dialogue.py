"""The command at a pseudo-terminal, where a person answers what it asks."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from commands import command, environment_of

from pymodernize.cli import main

PROMPT = b"?] "
_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Said:
    """What came of it.

    Attributes:
        code: the exit code.
        text: what the terminal showed, without colours.
        unused: the answers that nobody asked for.
        screen: the text with its colours.
    """

    code: int
    text: str
    unused: tuple[str, ...]
    screen: str

    @property
    def asked(self) -> list[str]:
        """What was asked about: the line above each prompt."""
        lines = self.text.splitlines()
        return [line for line, after in zip(lines, lines[1:], strict=False) if after.startswith("Make this change?")]


class _Person:
    """Sits at the terminal: reads what it shows, and types an answer at each prompt."""

    def __init__(self, leader: int, answers: Iterable[str], has_ended: Callable[[], bool]) -> None:
        self.leader = leader
        self.answers = list(answers)
        self.has_ended = has_ended
        self.shown = b""
        self.interrupted_at: float | None = None

    def sit(self) -> None:
        """Answer until the command has ended and nothing more is shown."""
        while True:
            ended = self.has_ended()
            self._interrupt_again()
            if not select.select([self.leader], [], [], 0 if ended else 0.05)[0]:
                if ended:
                    return
                continue
            try:
                part = os.read(self.leader, 65536)
            except OSError:  # Linux: the other end is closed
                return
            self.shown += part
            if self.shown.endswith(PROMPT) and self.answers:
                typed = self.answers.pop(0)
                os.write(self.leader, (typed if typed in "\x03\x04" else f"{typed}\n").encode())
                if typed == "\x03":
                    self.interrupted_at = time.monotonic()

    def _interrupt_again(self) -> None:
        """Press Ctrl-C once more where nothing came of it, as a person does.

        A signal that comes between the prompt and the system call that waits for a key is noticed at the next key only.
        """
        if self.interrupted_at is not None and time.monotonic() - self.interrupted_at > 2:
            self.interrupted_at = time.monotonic()
            os.write(self.leader, b"\x03")

    def said(self, code: int) -> Said:
        """What came of it."""
        screen = self.shown.decode("utf-8", "replace").replace("\r\n", "\n")
        return Said(code, _STYLE.sub("", screen), tuple(self.answers), screen)


def converse(*arguments: str, cwd: Path, answers: Iterable[str], **environment: str) -> Said:
    """Call the command in this process, its three streams at a terminal.

    Args:
        arguments: those of the command.
        cwd: the current folder.
        answers: what is typed at each prompt, without Enter.
        environment: further variables.
    """
    leader, follower = pty.openpty()
    over = threading.Event()
    person = _Person(leader, answers, over.is_set)
    seat = threading.Thread(target=person.sit)
    code: object = None
    before = Path.cwd()
    with contextlib.ExitStack() as stack:
        names = ("stdin", "stdout", "stderr")
        for name, mode in zip(names, ("r", "w", "w"), strict=True):
            stream = stack.enter_context(open(os.dup(follower), mode, encoding="utf-8", buffering=1))
            stack.enter_context(mock.patch.object(sys, name, stream))
        stack.enter_context(mock.patch.dict(os.environ, environment_of(environment), clear=True))
        os.chdir(cwd)
        seat.start()
        try:
            main(arguments)
        except SystemExit as exc:
            code = exc.code
        finally:
            os.chdir(before)
            over.set()
            seat.join(60)
    os.close(follower)
    os.close(leader)
    return person.said(code if isinstance(code, int) else 0)


def converse_apart(*arguments: str, cwd: Path, answers: Iterable[str]) -> Said:
    """Call it in a process of its own, which Ctrl-C at the terminal reaches; the arguments are the same."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment_of({}),
        start_new_session=True,
        preexec_fn=_takes_the_terminal,
    )
    os.close(follower)
    # A command that waits for more than the answers is ended, and its code says so: the test fails, and does not hang.
    limit = threading.Timer(60, process.kill)
    limit.start()
    person = _Person(leader, answers, lambda: process.poll() is not None)
    person.sit()
    limit.cancel()
    os.close(leader)
    return person.said(process.wait())


def _takes_the_terminal() -> None:
    """Have Ctrl-C at the terminal reach the process: in the child, before it becomes the command."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
