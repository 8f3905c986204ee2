"""Where reports go: bytes to stdout, as they are unless a terminal is there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pymodernize.report.terminal import escaped_lines, is_terminal
from pymodernize.source import SourceFile, UnreadableSource

if TYPE_CHECKING:
    from pymodernize.execution.execute import FileReport


def write_stdout(data: bytes) -> None:
    """Write bytes to stdout, at once, without translating line ends or encodings; to a terminal as readable text."""
    if sys.stdout is None:  # closed by the caller
        return
    if is_terminal():
        data = escaped_lines(data.decode("utf-8", "backslashreplace")).encode(sys.stdout.encoding, "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shows_colour() -> bool:
    """Whether stdout takes colours: a terminal that can, unless $NO_COLOR objects; anything if $FORCE_COLOR asks."""
    if sys.stdout is None or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal() and os.environ.get("TERM") != "dumb"


def column_of(report: FileReport, line: int, column: int) -> int:
    """A column for people, from 1 and in characters, of one of :class:`Finding`, from 0 and in bytes."""
    try:
        source = SourceFile.decode(report.source)
    except UnreadableSource:
        return column + 1
    return len(source.line(line)[:column].decode("utf-8", "replace")) + 1
