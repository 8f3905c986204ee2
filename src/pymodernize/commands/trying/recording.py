"""Runs of scripts that somebody types, written into the settings."""

from __future__ import annotations

import json
import os
import select
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pymodernize.commands.trying.running import NoTry, Studio
from pymodernize.files.output_files import NoOutput, write
from pymodernize.files.process_groups import end_group
from pymodernize.files.reading import Unreadable, read
from pymodernize.files.scratch import unnamed
from pymodernize.files.toml import MOST_BYTES, NotToml, parse_toml
from pymodernize.settings.errors import SettingsError
from pymodernize.settings.runs import COMMAND, SCRIPT, Run, read_runs

_MOST_TYPED = 100_000
_TICK = 0.1


def run_of(words: Sequence[str], folder: Path, files: Sequence[str]) -> Run:
    """The run that a command line is.

    Args:
        words: the command line.
        folder: where it is typed, which is that of the settings.
        files: paths of files whose texts belong to it.

    Raises:
        NoTry: no word of it is a script below the folder, or a file is none that settings can hold.
    """
    for number, word in enumerate(words):
        path = os.path.normpath(word)
        if not os.path.isabs(path) and path.split(os.sep)[0] != os.pardir and os.path.isfile(folder / path):
            command = " ".join([*map(shlex.quote, words[:number]), SCRIPT if number else f"./{SCRIPT}"])
            script = Path(path).as_posix()
            texts = tuple((Path(os.path.normpath(name)).as_posix(), _text_of(folder, name)) for name in files)
            return Run(script, tuple(words[number + 1 :]), "", texts, command, folder)
    raise NoTry(f"{shlex.join(words)!r} names no script in {folder}; type it there, such as: python SCRIPT ARGUMENTS")


def _text_of(folder: Path, name: str) -> str:
    path = os.path.normpath(name)
    if os.path.isabs(path) or path.split(os.sep)[0] == os.pardir:
        raise NoTry(f"--file: {name} is not in {folder}")
    try:
        return _decoded(read(folder / path, _MOST_TYPED), f"--file: {name}")
    except Unreadable as exc:
        raise NoTry(f"--file: {name}: {exc}") from None


def _decoded(text: bytes, what: str) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise NoTry(f"{what} is no UTF-8, and settings hold nothing else") from None


def typed_run(studio: Studio, run: Run) -> tuple[int, str]:
    """Run a script with what our own stdin has, and show what it writes.

    Args:
        studio: runs it.
        run: how.

    Returns:
        The exit status, and what was given to it.

    Raises:
        NoTry: it cannot be started, or more is typed than settings hold.
    """
    if os.name == "posix" and sys.stdin is not None and sys.stdin.isatty():
        status, typed = _at_terminal(studio, run, sys.stdin.fileno())
    else:
        typed = sys.stdin.buffer.read(_MOST_TYPED + 1) if sys.stdin is not None else b""
        _check_size(typed)
        with unnamed() as file:
            file.write(typed)
            file.seek(0)
            process = studio.start(run, {}, stdin=file, stdout=None, stderr=None)
            try:
                status = process.wait()
            finally:
                end_group(process)
    return status, _decoded(typed, "what was typed")


def _at_terminal(studio: Studio, run: Run, terminal: int) -> tuple[int, bytes]:
    """Hand on line by line what is typed, until the script ends."""
    process = studio.start(run, {}, stdin=subprocess.PIPE, stdout=None, stderr=None)
    typed = b""
    try:
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        is_open = True
        while process.poll() is None:
            if not is_open:
                process.wait()
            elif select.select([terminal], [], [], _TICK)[0]:
                part = os.read(terminal, _MOST_TYPED)
                typed += part
                _check_size(typed)
                is_open = bool(part) and _handed_on(process.stdin.fileno(), part)
                if not is_open:
                    process.stdin.close()
        return process.returncode, typed
    finally:
        end_group(process)


def _handed_on(descriptor: int, part: bytes) -> bool:
    """Write what is typed to a script; False if it reads no more."""
    try:
        while part:
            part = part[os.write(descriptor, part) :]
    except BrokenPipeError:
        return False
    return True


def _check_size(typed: bytes) -> None:
    if len(typed) > _MOST_TYPED:
        raise NoTry(
            f"more than {_MOST_TYPED:,} bytes are typed; have the script read a file, and name that with --file"
        )


def added(path: Path, run: Run) -> bool:
    """Add a run to a settings file; False if it is there already.

    Raises:
        NoTry: it cannot be added; the message has what is to be written by hand.
    """
    block = block_of(run)
    try:
        old = read(path, MOST_BYTES) if os.path.lexists(path) else b""
        before = _runs(old)
        # Where a file says that it ends its lines in another way, so do we.
        new = (old.rstrip(b"\r\n") + b"\n\n" if old.strip() else b"") + block.encode()
        new = new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if b"\r\n" in old else new
        if _plain(run) in map(_plain, before):
            return False
        if list(map(_plain, _runs(new))) != [*map(_plain, before), _plain(run)]:
            raise NotToml("has runs that are written in another form")
        write(path, new)
    except (Unreadable, NotToml, SettingsError, NoOutput) as exc:
        raise NoTry(f"{path}: {exc}; the run is not added, which is:\n{block}") from None
    return True


def block_of(run: Run) -> str:
    """A run as TOML."""
    lines = ["[[tool.pymodernize.try.runs]]", f"script = {_quoted(run.script)}"]
    if run.command != COMMAND:
        lines.append(f"command = {_quoted(run.command)}")
    if run.arguments:
        lines.append(f"arguments = [{', '.join(map(_quoted, run.arguments))}]")
    if run.stdin:
        lines.append(f"stdin = {_quoted(run.stdin)}")
    if run.files:
        lines.append(f"files = {{ {', '.join(f'{_quoted(name)} = {_quoted(text)}' for name, text in run.files)} }}")
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _runs(data: bytes) -> Sequence[Run]:
    """The runs that a file lists.

    Raises:
        NotToml: it is none.
        SettingsError: they are not as they must be.
    """
    table = parse_toml(data)
    for key in ("tool", "pymodernize"):
        table = table.get(key, {})
        if not isinstance(table, dict):
            raise NotToml(f"has a {key} that is no table")
    return read_runs("try", table.get("try", {}))


def _plain(run: Run) -> tuple[object, ...]:
    """What makes a run."""
    return run.script, run.arguments, run.stdin, run.files, run.command
