"""Hand rewritten files to the formatter that their project's settings name."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pymodernize.execution.code_style import code_style
from pymodernize.execution.execute import FileReport
from pymodernize.files.programs import find_program
from pymodernize.transformation.limits import limit_memory

_COMMANDS = {"ruff": ("format", "--quiet"), "black": ("--quiet",)}
_SECONDS = 60


def formatted(reports: Iterable[FileReport], say: Callable[[str], None]) -> Iterator[FileReport]:
    """The reports of a run, with the new texts as the formatter leaves them.

    Args:
        reports: one for each file.
        say: takes a line for a person: why a file is left as the rewrites made
            it, each reason once.
    """
    said: set[str] = set()
    gave_up = False
    for item in reports:
        text = item.result.output
        if text is None or gave_up:
            yield item
            continue
        try:
            text = format_text(text, item.path)
        except NotFormatted as exc:
            gave_up = isinstance(exc, TooSlow)
            if str(exc) not in said:
                said.add(str(exc))
                say(f"{item.path}: not formatted: {exc}")
        yield replace(item, result=replace(item.result, output=text))


class NotFormatted(Exception):
    """A text is left as it is; the message says why."""


class TooSlow(NotFormatted):
    """The formatter has no end, and would have none with the next file."""


def format_text(text: bytes, path: Path) -> bytes:
    """A text as the project's formatter formats it.

    Args:
        text: of a file.
        path: the file, whose project's settings count.

    Raises:
        NotFormatted: the settings name no formatter, or it is not installed or fails.
        TooSlow: it takes too long.
    """
    path = Path(path).absolute()
    name = code_style(path.parent).formatter
    if not name:
        raise NotFormatted("the project's settings name neither ruff nor Black")
    program = find_program(name)
    if program is None:
        raise NotFormatted(f"{name} is not installed")
    command = [program, *_COMMANDS[name], "--stdin-filename", str(path), "-"]
    try:
        done = subprocess.run(  # noqa: S603 - the formatter, by its whole path
            command,
            input=text,
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            cwd=path.parent,
            # Its settings come from the project, and may name what has no end.
            preexec_fn=limit_memory if os.name == "posix" else None,  # noqa: PLW1509 - sets limits alone
        )
        ast.parse(done.stdout)
    except subprocess.TimeoutExpired:
        raise TooSlow(f"{name} takes more than {_SECONDS} seconds; no file is handed to it any more") from None
    except (OSError, subprocess.SubprocessError):
        raise NotFormatted(f"{name} fails on it") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotFormatted(f"what {name} makes of it is no Python") from None
    return done.stdout or text
